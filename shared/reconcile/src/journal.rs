//! What a run remembers: every finding that it saw, what was answered, and what came of it.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::call::{Call, CallError, OUT_OF_TIME};
use crate::desired::Desired;
use crate::drift::Finding;
use crate::repair::{Attempt, BlockReason, RepairPlan, Step, exceptions};
use crate::report::{Outcome, Report, Reported};
use crate::resource::{Kind, ResourceId};
use crate::state::{Observed, Place, PlanMatch, place};

/// What makes two findings of different passes the same.
type Identity = (ResourceId, &'static str, String);

#[derive(Debug, Default)]
pub(crate) struct Journal {
    passes: usize,
    at: Option<OffsetDateTime>,
    lock_dates: BTreeMap<Place, OffsetDateTime>,
    plans: BTreeMap<String, ResourceId>,
    notes: Vec<String>,
    entries: BTreeMap<Identity, Entry>,
    attempts: Vec<Attempt>,
    out_of_time: bool,
}

#[derive(Debug)]
struct Entry {
    finding: Finding,
    /// The order in which findings were seen first.
    rank: usize,
    /// The last pass that saw it.
    seen: usize,
    /// When it was seen first.
    seen_at: OffsetDateTime,
    /// When a pass did not see it any more.
    gone_at: Option<OffsetDateTime>,
    /// Why the last pass that saw it did not answer with a call.
    blocked: Option<BlockReason>,
    /// The attempts that were made for it.
    attempts: Vec<usize>,
}

impl Journal {
    pub(crate) fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    pub(crate) fn passes(&self) -> usize {
        self.passes
    }

    pub(crate) fn ran_out_of_time(&self) -> bool {
        self.out_of_time
    }

    /// Takes in a pass.
    pub(crate) fn record(&mut self, desired: &Desired, observed: &Observed, plan: &RepairPlan) {
        // Before anything is repaired: a repair can only make an exception superfluous, not the other way round.
        if self.passes == 0 {
            self.notes = exceptions::notes(desired, observed);
        }
        self.passes += 1;
        self.at = Some(observed.at);
        let locked = observed
            .vaults
            .iter()
            .filter_map(|(place, vault)| Some((place.clone(), vault.present()?.lock.lock_date?)));
        self.lock_dates = locked.collect();
        self.plans.extend(observed.plans.iter().filter_map(|((region, name), plan)| match plan.present()? {
            PlanMatch::One(plan) => Some((plan.id.clone(), ResourceId::regional(Kind::Plan, region, name))),
            PlanMatch::Several(_) => None,
        }));
        for finding in plan.steps.iter().flat_map(|step| &step.findings) {
            self.see(finding, observed.at).blocked = None;
        }
        for (finding, reason) in &plan.blocked {
            self.see(finding, observed.at).blocked = Some(reason.clone());
        }
        let (pass, at) = (self.passes, observed.at);
        for entry in self.entries.values_mut() {
            entry.gone_at = (entry.seen < pass).then(|| entry.gone_at.unwrap_or(at));
        }
    }

    fn see(&mut self, finding: &Finding, at: OffsetDateTime) -> &mut Entry {
        let rank = self.entries.len();
        let pass = self.passes;
        let entry = self.entries.entry(identity(finding)).or_insert_with(|| Entry {
            finding: finding.clone(),
            rank,
            seen: pass,
            seen_at: at,
            gone_at: None,
            blocked: None,
            attempts: Vec::new(),
        });
        entry.seen = pass;
        entry
    }

    /// Takes in what came of a step.
    pub(crate) fn attempted(&mut self, step: Step, result: Result<(), CallError>) {
        let index = self.attempts.len();
        self.attempts.push(Attempt { call: step.call, resource: step.resource, result });
        for entry in self.entries_of(&step.findings) {
            entry.attempts.push(index);
        }
    }

    /// Takes in steps that are not made any more.
    pub(crate) fn leave(&mut self, steps: impl IntoIterator<Item = Step>) {
        for step in steps {
            self.out_of_time = true;
            for entry in self.entries_of(&step.findings) {
                entry.blocked = Some(BlockReason::OutOfTime);
            }
        }
    }

    /// The entries of findings that a pass has recorded.
    fn entries_of(&mut self, findings: &[Finding]) -> impl Iterator<Item = &mut Entry> {
        let identities: Vec<Identity> = findings.iter().map(identity).collect();
        self.entries.iter_mut().filter(move |(one, _)| identities.contains(one)).map(|(_, entry)| entry)
    }

    /// Whether a call was accepted whose effect the last pass did not see.
    pub(crate) fn waits_to_be_seen(&self) -> bool {
        self.entries.values().any(|entry| entry.seen == self.passes && self.accepted(entry))
    }

    fn accepted(&self, entry: &Entry) -> bool {
        entry.attempts.last().is_some_and(|&index| self.attempts[index].result.is_ok())
    }

    pub(crate) fn into_report(self) -> Report {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by(|a, b| (&a.finding.resource, a.rank).cmp(&(&b.finding.resource, b.rank)));
        let findings = entries
            .into_iter()
            .map(|entry| {
                let calls: Vec<Call> =
                    entry.attempts.iter().map(|&index| self.attempts[index].call.clone()).collect();
                let immutable_at = calls.last().and_then(|call| self.immutable_at(call));
                let outcome = self.outcome(entry);
                Reported {
                    finding: entry.finding.clone(),
                    calls,
                    immutable_at,
                    seen_at: entry.seen_at,
                    repaired_at: entry.gone_at.filter(|_| outcome == Outcome::Repaired),
                    outcome,
                    attribution: None,
                    contention: None,
                }
            })
            .collect();
        Report {
            findings,
            calls: self.attempts,
            passes: self.passes,
            at: self.at,
            plans: self.plans,
            notes: self.notes,
        }
    }

    /// When what the call did can no longer be undone, as the last pass read it.
    fn immutable_at(&self, call: &Call) -> Option<OffsetDateTime> {
        match call {
            Call::PutBackupVaultLockConfiguration { region, vault, changeable_for_days: Some(_), .. } => {
                self.lock_dates.get(&place(region, vault)).copied()
            }
            _ => None,
        }
    }

    /// Whether the last pass could not have seen the finding, because it could not see what the finding is about.
    fn is_hidden(&self, entry: &Entry) -> bool {
        let Entry { finding, .. } = entry;
        self.entries.values().filter(|other| other.seen == self.passes).any(|other| {
            let Finding { resource, drift } = &other.finding;
            if *resource == finding.resource {
                return drift.hides(resource.kind, &finding.drift);
            }
            // Of an ambiguous or unreadable plan the selections are not judged.
            let plan = ResourceId {
                name: plan_of(&finding.resource).to_owned(),
                ..finding.resource.of_kind(Kind::Plan)
            };
            finding.resource.kind == Kind::Selection && *resource == plan && drift.hides(Kind::Plan, drift)
        })
    }

    fn outcome(&self, entry: &Entry) -> Outcome {
        // A run that stops for want of time has not looked again: nothing of its last pass counts as seen repaired.
        if entry.seen < self.passes {
            return if self.is_hidden(entry) {
                Outcome::Blocked(BlockReason::Tried)
            } else {
                Outcome::Repaired
            };
        }
        let refused = entry.attempts.last().and_then(|&index| self.attempts[index].result.as_ref().err());
        match (refused, &entry.blocked) {
            (Some(error), _) if error.code == OUT_OF_TIME => Outcome::Blocked(BlockReason::OutOfTime),
            (Some(error), _) => Outcome::Failed(error.clone()),
            (None, Some(reason)) => Outcome::Blocked(reason.clone()),
            (None, None) => Outcome::Blocked(BlockReason::Tried),
        }
    }
}

fn identity(finding: &Finding) -> Identity {
    (finding.resource.clone(), finding.drift.code(), finding.drift.subject())
}

/// The plan that a selection belongs to, by its name `plan/selection`.
fn plan_of(selection: &ResourceId) -> &str {
    selection.name.split('/').next().unwrap_or_default()
}
