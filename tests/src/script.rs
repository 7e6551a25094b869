//! Transcripts: one file is both script and expected output. Lines that start with `> ` are commands; what follows each is
//! what it prints.

use std::collections::BTreeSet;
use std::fmt::Write;

use reconcile::drift::Finding;
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Report};
use reconcile::run::Account;
use reconcile::state::{Observation, place};
use sandbox::{Fault, FaultKind};
use time::Duration;
use time::format_description::well_known::Rfc3339;
use toml::Table;

use crate::company::Company;
use crate::kept::short;
use crate::model::resolve;
use crate::stage::Stage;

/// What a transcript showed, by the names of the variants, for the test that nothing is left unshown.
#[derive(Debug, Default)]
pub struct Shown {
    /// Drift codes, as `Code::id` writes them.
    pub codes: BTreeSet<String>,
    /// Variants of `Call`.
    pub calls: BTreeSet<&'static str>,
    /// Variants of `BlockReason`.
    pub reasons: BTreeSet<&'static str>,
}

/// Runs a script; the transcript as it really is.
pub async fn perform(script: &str, shown: &mut Shown) -> String {
    let mut transcript = String::new();
    let mut play = Play::new(Company::Reference);
    for line in script.lines() {
        if let Some(command) = line.strip_prefix("> ") {
            writeln!(transcript, "{line}").unwrap();
            transcript.push_str(&play.command(command, shown).await);
        } else if line.starts_with('#') {
            writeln!(transcript, "{line}").unwrap();
        }
    }
    transcript
}

/// A stage, and the spec that changes on it.
pub(crate) struct Play {
    pub(crate) stage: Stage,
    company: Company,
    spec: Table,
}

impl Play {
    pub(crate) fn new(company: Company) -> Play {
        let stage = Stage::with(company.deployment(), company.spec());
        Play { stage, company, spec: company.spec().parse().expect("the spec is TOML") }
    }

    /// The spec as it is by now.
    pub(crate) fn spec_text(&self) -> String {
        self.spec.to_string()
    }

    pub(crate) async fn command(&mut self, command: &str, shown: &mut Shown) -> String {
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        match verb {
            "drift" => {
                rest.split(", ").for_each(|name| self.stage.drift(&[&self.company.drift_of_its_own(name)]));
            }
            "plant" => self.plant(rest),
            "spec" => self.change_spec(&self.company.in_its_words(rest)),
            "empty" => self.stage.sandbox.reset(),
            "advance" => self.stage.sandbox.advance(duration(rest)),
            "time" => *self.stage.time_left.lock().unwrap() = duration(rest),
            "healer" => self.stage.desired.healer_role = Some(rest.to_owned()),
            "limit" => self.stage.limits.max_calls = rest.parse().expect("a number of calls"),
            "only" => self.stage.limits.only = vec![rest.parse().expect("a code or a resource")],
            "stop" => self.stage.stop_after = rest.parse().expect("a number of calls"),
            "bootstrap" => self.stage.limits.bootstrap = true,
            "pages" => self.stage.sandbox.set_page_size(rest.parse().ok()),
            "unique-names" => self.stage.sandbox.set_selection_names_unique(true),
            "fail" => self.fail(rest),
            "hide" => self.hide(rest),
            "fail-role" => self.fail_role(rest),
            "late" => self.late(rest),
            "restore" => self.stage.sandbox.clear_faults(),
            "lock" => return self.lock(rest).await,
            "run" if rest == "brief" => return show_brief(&self.stage.heal().await, shown),
            "run" => return show(&self.stage.heal().await, shown),
            "report" => return show(&self.stage.preview().await, shown),
            _ => panic!("there is no command {verb}"),
        }
        String::new()
    }

    /// `path = value`, the path with dots and numbers, the value as TOML.
    fn change_spec(&mut self, change: &str) {
        let (path, value) = change.split_once(" = ").expect("path = value");
        let value: Table = format!("value = {value}").parse().expect("the value is TOML");
        let mut place = toml::Value::Table(std::mem::take(&mut self.spec));
        let mut here = &mut place;
        let keys: Vec<&str> = path.split('.').collect();
        for key in &keys[..keys.len() - 1] {
            here = match key.parse::<usize>() {
                Ok(index) => here.get_mut(index).expect("an item of that number"),
                Err(_) => here.get_mut(key).expect("a table of that name"),
            };
        }
        let last = (*keys.last().expect("a path")).to_owned();
        here.as_table_mut().expect("a table").insert(last, value["value"].clone());
        self.spec = place.as_table().expect("a table").clone();
        self.stage.desired = resolve(&self.spec.to_string());
    }

    /// What the sandbox's tool `plant` takes.
    fn plant(&self, body: &str) {
        let body = serde_json::from_str(body).expect("what is planted is JSON");
        self.stage.sandbox.plant_described("123456789012", &body).expect("it can be planted");
    }

    /// `service operation code [times]`; without a number, for ever.
    fn fail(&self, rest: &str) {
        let words: Vec<&str> = rest.split(' ').collect();
        let [service, operation, code, times @ ..] = words.as_slice() else {
            panic!("service operation code")
        };
        let kind = FaultKind::Error {
            code: (*code).to_owned(),
            status: if *code == "AccessDeniedException" { 403 } else { 400 },
            message: "injected".to_owned(),
        };
        let times = times.first().map_or(usize::MAX, |times| times.parse().expect("a number"));
        self.stage.sandbox.inject(Fault::on(service, operation, kind).times(times));
    }

    /// `service operation times`: the resource's own policy denies it.
    fn hide(&self, rest: &str) {
        let words: Vec<&str> = rest.split(' ').collect();
        let [service, operation, times] = words.as_slice() else { panic!("service operation times") };
        let kind = FaultKind::Error {
            code: "AccessDeniedException".to_owned(),
            status: 403,
            message: format!(
                "{service}:{operation} is denied with an explicit deny in a resource-based policy"
            ),
        };
        let times = times.parse().expect("a number");
        self.stage.sandbox.inject(Fault::on(service, operation, kind).times(times));
    }

    /// `service operation calls`: the effect is seen only after so many calls.
    fn late(&self, rest: &str) {
        let words: Vec<&str> = rest.split(' ').collect();
        let [service, operation, calls] = words.as_slice() else { panic!("service operation calls") };
        let calls = calls.parse().expect("a number of calls");
        self.stage.sandbox.inject(Fault::on(service, operation, FaultKind::Late { calls }));
    }

    /// AWS Backup does not see the role, so often or for ever.
    fn fail_role(&self, times: &str) {
        let kind = FaultKind::Error {
            code: "InvalidParameterValueException".to_owned(),
            status: 400,
            message: format!("IAM Role {} cannot be assumed by AWS Backup", self.stage.desired.roles[0].arn),
        };
        let times = times.parse().unwrap_or(usize::MAX);
        self.stage.sandbox.inject(Fault::on("backup", "CreateBackupSelection", kind).times(times));
    }

    async fn lock(&self, vault: &str) -> String {
        let observed = self.stage.account().observe(&self.stage.desired).await;
        let (region, name) = vault.split_once('/').expect("region/vault");
        let Some(Observation::Present(vault)) = observed.vaults.get(&place(region, name)) else {
            return "  no such vault\n".to_owned();
        };
        let until = vault.lock.lock_date.map_or("no date".to_owned(), |date| date.format(&Rfc3339).unwrap());
        let retention = format!("{:?} to {:?}", vault.lock.min_retention_days, vault.lock.max_retention_days);
        format!("  {}, {until}, retention {retention}\n", vault.lock.state(observed.at).mode())
    }
}

/// `3 days`, `2 hours`, `0`.
pub(crate) fn duration(text: &str) -> Duration {
    let (number, unit) = text.split_once(' ').unwrap_or((text, "seconds"));
    let number: i64 = number.parse().expect("a number");
    match unit.trim_end_matches('s') {
        "day" => Duration::days(number),
        "hour" => Duration::hours(number),
        "minute" => Duration::minutes(number),
        "second" => Duration::seconds(number),
        other => panic!("there is no unit {other}"),
    }
}

/// A line for each finding, for stories with many.
fn show_brief(report: &Report, shown: &mut Shown) -> String {
    let full = show(report, shown);
    let mut text = full.lines().take(1).fold(String::new(), |text, line| text + line + "\n");
    for one in &report.findings {
        let code = one.finding.drift.code().code;
        writeln!(text, "  {}: {code} {}", one.finding.resource, outcome(&one.outcome)).unwrap();
    }
    writeln!(text, "  {} calls", report.calls.len()).unwrap();
    text
}

fn show(report: &Report, shown: &mut Shown) -> String {
    let mut text = String::new();
    let passes = if report.passes == 1 { "pass" } else { "passes" };
    writeln!(text, "{} after {} {passes}", report.verdict().as_str(), report.passes).unwrap();
    for one in &report.findings {
        let Finding { resource, drift } = &one.finding;
        let code = drift.code();
        shown.codes.insert(code.id());
        let attribute = drift.attribute();
        let attribute = if attribute.is_whole() { String::new() } else { format!(" ({attribute})") };
        writeln!(text, "  {} {resource}: {}{attribute}", drift.severity().as_str(), code.code).unwrap();
        writeln!(text, "    expected {}", short(&drift.expected())).unwrap();
        writeln!(text, "    observed {}", short(&drift.observed())).unwrap();
        if let Outcome::Blocked(reason) = &one.outcome {
            shown.reasons.insert(reason.into());
        }
        writeln!(text, "    {}", outcome(&one.outcome)).unwrap();
        if let Some(next_step) = one.next_step() {
            writeln!(text, "    {next_step}").unwrap();
        }
        if let Some(command) = one.command("us-east-1") {
            writeln!(text, "    $ {command}").unwrap();
        }
    }
    for note in &report.notes {
        writeln!(text, "  note: {note}").unwrap();
    }
    for attempt in &report.calls {
        shown.calls.insert((&attempt.call).into());
        let result = attempt.result.as_ref().map_or_else(ToString::to_string, |()| "ok".to_owned());
        writeln!(text, "  call {} for {}: {result}", attempt.call.action(), attempt.resource).unwrap();
    }
    text
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Repaired | Outcome::Planned => outcome.as_str().to_owned(),
        Outcome::Blocked(BlockReason::WaitingOn(other)) => format!("blocked: waiting-on {other}"),
        Outcome::Blocked(reason) => format!("blocked: {}", reason.code()),
        Outcome::Failed(error) => format!("failed: {error}"),
    }
}
