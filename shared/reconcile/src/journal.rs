//! What a run remembers: every finding that it saw, what was answered, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use crate::call::{Call, CallError, Replaced};
use crate::desired::Desired;
use crate::drift::{Finding, FindingId};
use crate::identity::{PlanChoice, choose_plan};
use crate::liveness::Liveness;
use crate::repair::{BlockReason, CallMade, RepairPlan, Step, notes};
use crate::report::{Outcome, Report, Reported};
use crate::resource::{Kind, ResourceId};
use crate::say;
use crate::state::{Observed, Place, place};
use crate::words::{Command, Prose, list};

#[derive(Debug, Default)]
pub(crate) struct Journal {
    passes: usize,
    at: Option<OffsetDateTime>,
    lock_dates: BTreeMap<Place, OffsetDateTime>,
    plans: BTreeMap<String, ResourceId>,
    keys: BTreeSet<String>,
    notes: Vec<Prose>,
    liveness: Liveness,
    entries: BTreeMap<FindingId, Entry>,
    calls: Vec<CallMade>,
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
    /// The calls that were made for it.
    calls: Vec<usize>,
}

impl Journal {
    pub(crate) fn calls(&self) -> &[CallMade] {
        &self.calls
    }

    pub(crate) fn passes(&self) -> usize {
        self.passes
    }

    pub(crate) fn ran_out_of_time(&self) -> bool {
        self.out_of_time
    }

    /// Takes in a pass.
    pub(crate) fn record(&mut self, desired: &Desired, observed: &Observed, repairs: &RepairPlan) {
        // Before anything is repaired: a repair can only make an exception superfluous, not the other way round.
        if self.passes == 0 {
            let answered = repairs.steps.iter().flat_map(|step| &step.findings);
            let findings = answered.chain(repairs.blocked.iter().map(|(finding, _)| finding));
            self.notes = notes(desired, observed, findings);
            self.liveness = Liveness::of(desired, observed);
            self.notes.extend(self.liveness.notes());
        }
        self.passes += 1;
        self.at = Some(observed.at);
        let locked = observed
            .vaults
            .iter()
            .filter_map(|(place, vault)| Some((place.clone(), vault.present()?.lock.lock_date?)));
        self.lock_dates = locked.collect();
        for want in &desired.plans {
            if let PlanChoice::Ours(plan, _) = choose_plan(want, observed) {
                let id = ResourceId::regional(Kind::Plan, &want.region, &want.document.name);
                self.plans.insert(plan.id.clone(), id);
            }
        }
        self.keys.extend(observed.keys.keys().cloned());
        for finding in repairs.steps.iter().flat_map(|step| &step.findings) {
            self.see(finding, observed.at).blocked = None;
        }
        for (finding, reason) in &repairs.blocked {
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
        let entry = self.entries.entry(finding.id()).or_insert_with(|| Entry {
            finding: finding.clone(),
            rank,
            seen: pass,
            seen_at: at,
            gone_at: None,
            blocked: None,
            calls: Vec::new(),
        });
        entry.seen = pass;
        entry
    }

    /// Takes in what came of a step.
    pub(crate) fn called(&mut self, step: Step, result: Result<(), CallError>) -> &CallMade {
        let index = self.calls.len();
        let Step { call, resource, findings } = step;
        self.calls.push(CallMade { call, resource, pass: self.passes, result });
        for entry in self.entries_of(&findings) {
            entry.calls.push(index);
        }
        &self.calls[index]
    }

    /// Takes in steps that are not made any more, and why.
    pub(crate) fn leave(&mut self, steps: impl IntoIterator<Item = Step>, why: &BlockReason) {
        for step in steps {
            self.out_of_time |= *why == BlockReason::OutOfTime;
            for entry in self.entries_of(&step.findings) {
                entry.blocked = Some(why.clone());
            }
        }
    }

    /// The entries of findings that a pass has recorded.
    fn entries_of(&mut self, findings: &[Finding]) -> impl Iterator<Item = &mut Entry> {
        let ids: Vec<FindingId> = findings.iter().map(Finding::id).collect();
        self.entries.iter_mut().filter(move |(one, _)| ids.contains(one)).map(|(_, entry)| entry)
    }

    /// Whether a call was accepted whose effect the last pass did not see.
    pub(crate) fn waits_to_be_seen(&self) -> bool {
        self.entries.values().any(|entry| entry.seen == self.passes && self.accepted(entry))
    }

    fn accepted(&self, entry: &Entry) -> bool {
        entry.calls.last().is_some_and(|&index| self.calls[index].result.is_ok())
    }

    pub(crate) fn into_report(self) -> Report {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by(|a, b| (&a.finding.resource, a.rank).cmp(&(&b.finding.resource, b.rank)));
        let findings = entries
            .into_iter()
            .map(|entry| {
                let calls: Vec<Call> =
                    entry.calls.iter().map(|&index| self.calls[index].call.clone()).collect();
                let immutable_at = calls.last().and_then(|call| self.immutable_at(call));
                let outcome = self.outcome(entry);
                Reported {
                    finding: entry.finding.clone(),
                    calls,
                    immutable_at,
                    seen_at: entry.seen_at,
                    repaired_at: entry.gone_at.filter(|_| outcome == Outcome::Repaired),
                    outcome,
                }
            })
            .collect();
        let replaced = self.calls.iter().filter(|made| made.result.is_ok()).flat_map(replaced);
        let notes = self.notes.iter().cloned().chain(replaced).collect();
        let Self { calls, passes, at, plans, keys, liveness, .. } = self;
        Report { findings, calls, passes, at, plans, keys, notes, liveness }
    }

    /// When what the call did can no longer be undone, as the last pass read it.
    fn immutable_at(&self, call: &Call) -> Option<OffsetDateTime> {
        let Call::PutBackupVaultLockConfiguration { region, vault, changeable_for_days: Some(_), .. } = call
        else {
            return None;
        };
        self.lock_dates.get(&place(region, vault)).copied()
    }

    /// Whether the last pass could not have seen the finding, because it could not see what the finding is about.
    fn is_hidden(&self, Entry { finding, .. }: &Entry) -> bool {
        let its_plan = finding.resource.its_plan();
        self.entries.values().filter(|other| other.seen == self.passes).any(
            |Entry { finding: other, .. }| {
                if other.resource == finding.resource {
                    other.drift.hides(&finding.drift)
                } else {
                    // Of a plan that is ambiguous or cannot be read the selections are not judged.
                    its_plan.as_ref() == Some(&other.resource) && other.drift.hides_everything()
                }
            },
        )
    }

    fn outcome(&self, entry: &Entry) -> Outcome {
        // A run that stops because its time is over has not looked again: nothing of its last pass counts as seen repaired.
        if entry.seen < self.passes {
            return if self.is_hidden(entry) {
                Outcome::Blocked(BlockReason::Tried)
            } else {
                Outcome::Repaired
            };
        }
        let refused = entry.calls.last().and_then(|&index| self.calls[index].result.as_ref().err());
        match (refused, &entry.blocked) {
            (Some(error), _) if error.is_out_of_time() => Outcome::Blocked(BlockReason::OutOfTime),
            (Some(_), Some(reason)) if reason.explains_a_refusal() => Outcome::Blocked(reason.clone()),
            (Some(error), _) => Outcome::Failed(error.clone()),
            (None, Some(reason)) => Outcome::Blocked(reason.clone()),
            (None, None) => Outcome::Blocked(BlockReason::Tried),
        }
    }
}

/// How to get back what an update of a plan replaces, and what goes with it that nobody asked for.
fn replaced(made: &CallMade) -> Vec<Prose> {
    let Call::UpdateBackupPlan { region, plan_id, replaces, .. } = &made.call else { return Vec::new() };
    let Replaced { version, unknown_members } = replaces;
    let show = Command::aws("backup get-backup-plan")
        .with("region", region)
        .with("backup-plan-id", plan_id)
        .with("version-id", version);
    let mut notes = vec![say!("AWS keeps the replaced document of {}: {}", made.resource, show)];
    if !unknown_members.is_empty() {
        notes.push(say!(
            "The update takes away what this program does not know of {}: {}. Put it back from there, and update drift-healer.",
            made.resource,
            list(unknown_members)
        ));
    }
    notes
}
