//! [`Look`]: one run, with all that is said around it at a terminal.

use std::collections::BTreeSet;
use std::time::Duration;

use drift_healer::Mode;
use drift_healer::answer::Answer;
use reconcile::desired::Desired;
use reconcile::drift::Severity;
use reconcile::report::{Outcome, Reported};
use reconcile::words::clean;
use serde_json::{Value, json};

use crate::unmanaged::Unmanaged;

/// One run, with all that is said around it.
#[derive(Debug)]
pub struct Look {
    /// What the run found and did.
    pub answer: Answer,
    /// What it was judged by.
    pub desired: Desired,
    /// Where it happened.
    pub place: Place,
    /// How many requests it took.
    pub requests: usize,
    /// How long.
    pub took: Duration,
    /// What of AWS Backup the spec does not name, if that was asked.
    pub unmanaged: Option<Unmanaged>,
}

/// Where a run happened, and by which spec.
#[derive(Debug, Clone)]
pub struct Place {
    /// The account's alias.
    pub alias: Option<String>,
    /// ARN of whoever looked.
    pub caller: String,
    /// The spec's file, or that it is the shipped one.
    pub spec_file: String,
    /// Where the services are, if that is not AWS.
    pub endpoint: Option<String>,
}

/// The verdict where all that is open could not be read.
pub const NOT_READ: &str = "not read in full";

/// What a finding asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It is still there.
    Open,
    /// It was repaired.
    Repaired,
    /// Somebody answers for it.
    Excepted,
}

impl Look {
    /// The run in a word or two; where nothing is known to differ it does not say that something does.
    pub fn verdict(&self) -> &'static str {
        let report = &self.answer.report;
        if report.is_only_unread() { NOT_READ } else { report.verdict().as_str() }
    }

    /// What a finding asks for.
    pub fn need(one: &Reported) -> Need {
        match &one.outcome {
            Outcome::Repaired => Need::Repaired,
            outcome if outcome.is_excepted() => Need::Excepted,
            Outcome::Planned | Outcome::Blocked(_) | Outcome::Failed(_) => Need::Open,
        }
    }

    /// How bad a finding is.
    pub fn severity(&self, one: &Reported) -> Severity {
        self.answer.story(one).severity(one)
    }

    /// The findings that are at least so bad: open before repaired, and each the worst first.
    pub fn by_need(&self, least: Option<Severity>) -> Vec<&Reported> {
        let indices = self.answer.by_urgency();
        let all = indices.into_iter().map(|index| &self.answer.report.findings[index]);
        let mut shown: Vec<&Reported> =
            all.filter(|one| least.is_none_or(|least| self.severity(one) >= least)).collect();
        // Stable: of equals what cannot be repaired comes first.
        shown.sort_by_key(|one| (Self::need(one), std::cmp::Reverse(self.severity(one))));
        shown
    }

    /// What the process ends with: 0 in sync, 3 drift that is at least so bad, 4 not read in full.
    pub fn exit_code(&self, fail_on: Option<Severity>) -> u8 {
        let mut open = self.answer.report.findings.iter().filter(|one| Self::need(one) == Need::Open);
        let counts = |one: &Reported| fail_on.is_none_or(|least| self.severity(one) >= least);
        if open.clone().any(|one| !one.is_unread() && counts(one)) {
            3
        } else if open.any(Reported::is_unread) {
            4
        } else {
            0
        }
    }

    /// The lines that every output begins with.
    pub fn head(&self) -> Vec<String> {
        let Place { alias, caller, spec_file, endpoint } = &self.place;
        let alias = alias.as_ref().map(|alias| format!(" ({alias})")).unwrap_or_default();
        let session = caller.splitn(6, ':').nth(5).unwrap_or(caller);
        let account = self.answer.account.as_deref().unwrap_or("unknown");
        let digest = self.answer.spec_sha256.get(..8).unwrap_or_default();
        let mut lines = vec![
            format!("account {account}{alias} as {session}"),
            format!(
                "spec {} {digest} from {spec_file}, regions {}, mode {}",
                self.answer.spec_name,
                self.desired.regions().into_iter().collect::<Vec<_>>().join(", "),
                self.answer.mode.as_str()
            ),
        ];
        lines.extend(endpoint.as_ref().map(|endpoint| format!("endpoint {endpoint}: this is not AWS")));
        lines.iter().map(|line| clean(line)).collect()
    }

    /// What a page says of the run beside the answer, as label and value.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let Place { alias, caller, spec_file, endpoint } = &self.place;
        let alias = alias.as_ref().map(|alias| ("account alias", alias.clone()));
        let endpoint = endpoint.as_ref().map(|endpoint| ("endpoint, not AWS", endpoint.clone()));
        let facts =
            [("identity", caller.clone()), ("file of the spec", spec_file.clone()), ("extent", self.foot())];
        let facts = alias.into_iter().chain(facts).chain(endpoint);
        facts.map(|(label, value)| (label, clean(&value))).collect()
    }

    /// The line that every output ends with: what was looked at.
    pub fn foot(&self) -> String {
        let rules = self.desired.plans.iter().map(|plan| plan.document.rules.len()).sum();
        let selections = self.desired.plans.iter().map(|plan| plan.selections.len()).sum();
        let settings: BTreeSet<&str> =
            self.desired.region_settings.iter().map(|settings| settings.region.as_str()).collect();
        let counts = [
            (self.desired.roles.len(), "role"),
            (self.desired.keys.len(), "key"),
            (self.desired.vaults.len(), "vault"),
            (self.desired.plans.len(), "plan"),
            (rules, "rule"),
            (selections, "selection"),
            (settings.len(), "region's settings"),
        ];
        let counts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| plural(*count, name)).collect();
        let passes = match self.answer.mode {
            Mode::Report => String::new(),
            Mode::Repair => format!(", {}", plural(self.answer.report.passes, "pass")),
        };
        let took = self.took.as_secs_f64();
        format!(
            "looked at {}{passes}: {} in {took:.1} s",
            counts.join(", "),
            plural(self.requests, "request")
        )
    }

    /// The answer's JSON, with what a terminal knows beside it.
    pub fn to_json(&self) -> Value {
        let Place { alias, caller, spec_file, endpoint } = &self.place;
        let mut answer = self.answer.to_json();
        answer["look"] = json!({
            "alias": alias,
            "caller": clean(caller),
            "spec_file": clean(spec_file),
            "regions": self.desired.regions(),
            "endpoint": endpoint,
            "requests": self.requests,
            "unmanaged": self.unmanaged.as_ref().map(Unmanaged::to_json),
        });
        answer
    }
}

/// `1 vault`, `2 vaults`.
pub fn plural(count: usize, name: &str) -> String {
    match name {
        "region's settings" if count != 1 => format!("{count} regions' settings"),
        "pass" if count != 1 => format!("{count} passes"),
        _ => format!("{count} {name}{}", if count == 1 { "" } else { "s" }),
    }
}
