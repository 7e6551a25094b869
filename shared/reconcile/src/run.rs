//! The run: look, compare, answer, call, and look again until a pass would do nothing new.

use std::future::Future;

use crate::call::{Call, CallError};
use crate::desired::Desired;
use crate::diff::diff;
use crate::journal::Journal;
use crate::repair::{BlockReason, CallMade, Limits, Step, plan_repairs};
use crate::report::Report;
use crate::state::Observed;

/// The border of the pure core: an AWS account that can be looked at and written to.
pub trait Account {
    /// Reads everything that the spec names. Errors are part of what is observed, and so is that the time was over.
    fn observe(&self, desired: &Desired) -> impl Future<Output = Observed> + Send;
    /// Makes one call.
    fn apply(&self, call: &Call) -> impl Future<Output = Result<(), CallError>> + Send;
    /// Waits a little for what was written to become visible.
    fn settle(&self) -> impl Future<Output = ()> + Send;
    /// Whether the next call might not be answered before the invocation ends.
    fn out_of_time(&self) -> bool;
    /// Whether somebody asked to stop: the call that is under way is finished, and the account is looked at once more.
    fn interrupted(&self) -> bool {
        false
    }
    /// Hears which call is made next.
    fn begins(&self, _step: &Step) {}
    /// Hears what came of it.
    fn made(&self, _call: &CallMade) {}
}

/// More passes than the longest chain of dependencies (role, key, alias, vault, plan, selection, superseded selection,
/// proof) needs, so that two writers who fight cannot keep a run going.
const MOST_PASSES: usize = 16;

/// How often a pass is repeated for repairs that were accepted and are not seen yet. IAM and KMS settle within seconds,
/// sometimes minutes: what is not seen by then is left to the next run.
const MOST_LOOKS: usize = 3;

/// Runs until a pass would do nothing new. That last pass is the proof: it changes nothing, and only what it no longer
/// sees counts as repaired.
pub async fn run<A: Account + Sync>(account: &A, desired: &Desired, limits: &Limits) -> Report {
    let mut journal = Journal::default();
    let mut looks = 0;
    loop {
        let observed = account.observe(desired).await;
        // A look that could not be finished proves nothing: what the pass before it saw stands.
        if observed.cut_short && journal.passes() > 0 {
            break;
        }
        let findings = diff(desired, &observed);
        let repairs = plan_repairs(desired, &observed, &findings, journal.calls(), limits);
        journal.record(desired, &observed, &repairs);
        let proven = repairs.steps.is_empty() && !journal.waits_to_be_seen();
        if proven || looks == MOST_LOOKS || journal.passes() == MOST_PASSES || account.out_of_time() {
            journal.leave(repairs.steps, &BlockReason::OutOfTime);
            break;
        }
        // This look was the last: what was written is in it.
        if account.interrupted() {
            journal.leave(repairs.steps, &BlockReason::Interrupted);
            break;
        }
        looks = if repairs.steps.is_empty() { looks + 1 } else { 0 };
        for step in repairs.steps {
            if account.out_of_time() {
                journal.leave([step], &BlockReason::OutOfTime);
                continue;
            }
            if account.interrupted() {
                journal.leave([step], &BlockReason::Interrupted);
                continue;
            }
            account.begins(&step);
            let result = account.apply(&step.call).await;
            account.made(journal.called(step, result));
        }
        if journal.ran_out_of_time() {
            break;
        }
        account.settle().await;
    }
    journal.into_report()
}
