//! What a run remembers: every finding that it saw, what was answered, and what came of it.

mod notes;

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use crate::call::{Call, CallError};
use crate::desired::Desired;
use crate::drift::{Drift, Finding, FindingId, RoleDrift, SelectionDrift, VaultDrift};
use crate::identity::{PlanChoice, choose_plan};
use crate::liveness::Liveness;
use crate::repair::{self, BlockReason, CallMade, RepairPlan, Step};
use crate::report::{Outcome, Report, Reported};
use crate::resource::{Kind, ResourceId};
use crate::state::{Observation, Observed, Place, place};
use crate::words::{Note, Prose};

#[derive(Debug, Default)]
pub(crate) struct Journal {
    passes: usize,
    at: Option<OffsetDateTime>,
    lock_dates: BTreeMap<Place, OffsetDateTime>,
    plans: BTreeMap<String, ResourceId>,
    keys: BTreeSet<String>,
    notes: Vec<Prose>,
    /// What the first look saw and this program does not know.
    unknown_members: BTreeMap<ResourceId, BTreeSet<String>>,
    liveness: Liveness,
    entries: BTreeMap<FindingId, Entry>,
    calls: Vec<CallMade>,
    out_of_time: bool,
    /// The roles of which the last pass did not learn what they may do.
    unasked: BTreeSet<String>,
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
    /// Whether it was seen both before and after a wait that is longer than reads may lag behind.
    agreed: bool,
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

    /// Keeps back what AWS would make a second time, until two looks that are far enough apart agree that it is not there.
    pub(crate) fn hold_unsure(&self, repairs: &mut RepairPlan) {
        let agreed = |finding: &Finding| {
            self.entries.get(&finding.id()).is_some_and(|entry| entry.agreed && entry.seen == self.passes)
        };
        let is_sure =
            |step: &mut Step| !step.calls().any(Call::makes_another) || step.findings.iter().all(agreed);
        repairs.unsure = repairs.steps.extract_if(.., |step| !is_sure(step)).collect();
    }

    /// Takes in that the next look is far enough from the last one to confirm it.
    pub(crate) fn waited_to_agree(&mut self) {
        for entry in self.entries.values_mut() {
            entry.agreed |= entry.seen == self.passes;
        }
    }

    /// Takes in a pass.
    pub(crate) fn record(&mut self, desired: &Desired, observed: &Observed, repairs: &RepairPlan) {
        // Before anything is repaired: a repair can only make an exception superfluous, not the other way round.
        if self.passes == 0 {
            let answered = repairs.steps.iter().chain(&repairs.unsure).flat_map(|step| &step.findings);
            let findings = answered.chain(repairs.blocked.iter().map(|(finding, _)| finding));
            self.notes = repair::notes(desired, observed, findings);
            self.notes.extend(desired.keys.iter().filter_map(|key| notes::spare(desired, key, observed)));
            self.liveness = Liveness::of(desired, observed);
            self.notes.extend(self.liveness.notes());
            self.notes.extend(notes::namesakes(observed));
            self.unknown_members = notes::unknown_members(desired, observed);
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
        let unasked = observed.roles.iter().filter(|(_, seen)| {
            seen.present().is_some_and(|role| matches!(role.denied_actions, Observation::Absent))
        });
        self.unasked = unasked.map(|(name, _)| name.clone()).collect();
        for finding in repairs.steps.iter().chain(&repairs.unsure).flat_map(|step| &step.findings) {
            self.see(finding, observed.at).blocked = None;
        }
        for (finding, reason) in &repairs.blocked {
            self.see(finding, observed.at).blocked = Some(reason.clone());
        }
        let (pass, at) = (self.passes, observed.at);
        for entry in self.entries.values_mut() {
            entry.gone_at = (entry.seen < pass).then(|| entry.gone_at.unwrap_or(at));
            entry.agreed &= entry.seen == pass;
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
            agreed: false,
            blocked: None,
            calls: Vec::new(),
        });
        entry.seen = pass;
        entry
    }

    /// Takes in what came of a call of a step.
    pub(crate) fn called(&mut self, step: &Step, call: &Call, result: Result<(), CallError>) -> &CallMade {
        let index = self.calls.len();
        let (call, resource) = (call.clone(), step.resource.clone());
        self.calls.push(CallMade { call, resource, pass: self.passes, result });
        for entry in self.entries_of(&step.findings) {
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

    /// Whether another look may read what the last one could not, for a reason that passes.
    pub(crate) fn may_see_more(&self) -> bool {
        let passing =
            |entry: &Entry| matches!(&entry.finding.drift, Drift::Unreadable(one) if one.refusal.passes());
        self.entries.values().any(|entry| entry.seen == self.passes && passing(entry))
    }

    fn accepted(&self, entry: &Entry) -> bool {
        entry.calls.last().is_some_and(|&index| self.calls[index].result.is_ok())
    }

    pub(crate) fn into_report(self) -> Report {
        let (gone, mut entries): (Vec<&Entry>, Vec<&Entry>) =
            self.entries.values().partition(|entry| self.went_by_itself(entry));
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
        let replaced = self.calls.iter().filter(|made| made.result.is_ok()).flat_map(notes::replaced);
        let gone: Vec<Prose> =
            gone.into_iter().filter_map(|entry| notes::gone_by_itself(&entry.finding)).collect();
        let poorer: Vec<Prose> = notes::poorer_policies(&self.calls).collect();
        let unknown: Vec<Prose> = notes::unknown(&self.unknown_members, &self.calls).collect();
        let said = |notes: Vec<Prose>| notes.into_iter().map(Note::from);
        let notes = said(self.notes.clone())
            .chain(said(unknown))
            .chain(replaced)
            .chain(said(poorer))
            .chain(said(gone))
            .collect();
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
        let is_about_rights = matches!(finding.drift, Drift::Role(RoleDrift::ActionDenied { .. }));
        if is_about_rights && self.unasked.contains(&finding.resource.name) {
            return true;
        }
        let its_plan = finding.resource.its_plan();
        // What the spec does not name is seen in the list of its plan only, which is unread with any of the plan's selections.
        let is_in_a_list = matches!(finding.drift, Drift::Selection(SelectionDrift::Unmanaged { .. }));
        self.entries.values().filter(|other| other.seen == self.passes).any(
            |Entry { finding: other, .. }| {
                if other.resource == finding.resource {
                    other.drift.hides(&finding.drift)
                } else if is_in_a_list
                    && matches!(&other.drift, Drift::Unreadable(unread) if unread.is_of_a_list())
                {
                    its_plan == other.resource.its_plan() || its_plan.as_ref() == Some(&other.resource)
                } else if other.resource.kind == Kind::Key {
                    // While it cannot be told which key is meant nothing is said of its alias, nor of vaults on another key.
                    let alias = finding.resource == other.resource.of_kind(Kind::Alias);
                    let vault = finding.resource.region == other.resource.region
                        && matches!(finding.drift, Drift::Vault(VaultDrift::KeyDiffers { .. }));
                    (alias || vault) && other.drift.hides_everything()
                } else {
                    // Of a plan that is ambiguous or cannot be read the selections are not judged.
                    its_plan.as_ref() == Some(&other.resource) && other.drift.hides_everything()
                }
            },
        )
    }

    /// Whether it was seen and then was not any more, and no call of this run can be why.
    fn went_by_itself(&self, entry: &Entry) -> bool {
        let may_be_why = |made: &CallMade| !made.result.as_ref().is_err_and(CallError::is_refusal);
        let by_its_own = entry.calls.iter().any(|&index| may_be_why(&self.calls[index]));
        // What is missing is made by a call for it, or by somebody else.
        let is_missing = entry.finding.drift.code().code == "missing";
        let may_touch = |made: &&CallMade| !is_missing || made.resource == entry.finding.resource;
        let by_another = entry.calls.is_empty() && self.calls.iter().filter(may_touch).any(may_be_why);
        let could_be_read = matches!(entry.finding.drift, Drift::Unreadable(_));
        entry.seen < self.passes && !self.is_hidden(entry) && (could_be_read || !by_its_own && !by_another)
    }

    fn outcome(&self, entry: &Entry) -> Outcome {
        // A run that stops because its time is over has not looked again: nothing of its last pass counts as seen repaired.
        if entry.seen < self.passes {
            return match (self.is_hidden(entry), &entry.blocked) {
                (false, _) => Outcome::Repaired,
                (true, Some(reason)) => Outcome::Blocked(reason.clone()),
                // It was called for in the last pass that saw it.
                (true, None) => Outcome::Blocked(BlockReason::Tried),
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
