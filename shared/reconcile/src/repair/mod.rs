//! Answers each finding with a call or with the reason why not.

mod answer;
mod context;
pub mod exceptions;
mod keys;
mod plans;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::call::{Call, CallError};
use crate::desired::{Desired, Exception};
use crate::drift::{Drift, Finding};
use crate::resource::ResourceId;
use crate::state::{Observation, Observed, Place, PlanMatch, place};
use answer::{Answer, answer};
use context::Context;

/// How far a run may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most calls in one run.
    pub max_calls: usize,
    /// Whether a region in which nothing of the spec exists may be filled.
    pub bootstrap: bool,
}

/// The answer to all findings of one pass: each finding is in exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RepairPlan {
    /// What to call, in dependency order; over the limit the most pressing of it.
    pub steps: Vec<Step>,
    /// What is left alone, and why.
    pub blocked: Vec<(Finding, BlockReason)>,
}

/// One call and the findings that it answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The call.
    pub call: Call,
    /// The resource that it is made for.
    pub resource: ResourceId,
    /// The findings that it answers; an update of a plan may answer many.
    pub findings: Vec<Finding>,
}

/// Why nothing is called for a finding.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
pub enum BlockReason {
    /// It could not be read, so nothing is known well enough to write.
    Unreadable,
    /// Another resource has to be repaired first.
    WaitingOn(ResourceId),
    /// AWS has no way to change it.
    Immutable,
    /// It cannot be told which one is meant.
    Ambiguous,
    /// A person has to judge.
    NeedsReview,
    /// The call was made in this run already.
    Tried,
    /// The run has made as many calls as it may.
    OverLimit,
    /// The invocation is about to end.
    OutOfTime,
    /// This exception in the spec covers it.
    Excepted(Box<Exception>),
    /// Nothing of the spec exists here: perhaps it is the wrong account or region.
    EmptyAccount,
}

impl BlockReason {
    /// The reason's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            BlockReason::Unreadable => "unreadable",
            BlockReason::WaitingOn(_) => "waiting-on",
            BlockReason::Immutable => "immutable",
            BlockReason::Ambiguous => "ambiguous",
            BlockReason::NeedsReview => "needs-review",
            BlockReason::Tried => "tried",
            BlockReason::OverLimit => "over-limit",
            BlockReason::OutOfTime => "out-of-time",
            BlockReason::Excepted(_) => "excepted",
            BlockReason::EmptyAccount => "empty-account",
        }
    }
}

/// A call that this run has made, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The call.
    pub call: Call,
    /// The resource that it was made for.
    pub resource: ResourceId,
    /// AWS's answer.
    pub result: Result<(), CallError>,
}

/// Answers every finding: with a call, or with a reason.
pub fn plan_repairs(
    desired: &Desired,
    observed: &Observed,
    findings: &[Finding],
    tried: &[Attempt],
    limits: &Limits,
) -> RepairPlan {
    let mut plan = RepairPlan::default();
    let context = Context { desired, observed, findings, tried };
    for finding in findings {
        let left_alone = match seen(observed, finding.resource.region.as_deref()) {
            _ if limits.bootstrap => None,
            Seen::Something => None,
            Seen::Nothing => Some(BlockReason::EmptyAccount),
            Seen::Unknown => Some(BlockReason::Unreadable),
        };
        if let Some(exception) = exceptions::covering(desired, observed, finding) {
            plan.blocked.push((finding.clone(), BlockReason::Excepted(Box::new(exception.clone()))));
            continue;
        }
        if exceptions::share_a_call(&context, finding) {
            plan.blocked.push((finding.clone(), BlockReason::NeedsReview));
            continue;
        }
        let call = match answer(&context, &plan, finding) {
            Answer::Blocked(reason) => {
                let reason = match &left_alone {
                    Some(BlockReason::EmptyAccount) if reason != BlockReason::Unreadable => {
                        BlockReason::EmptyAccount
                    }
                    _ => reason,
                };
                plan.blocked.push((finding.clone(), reason));
                continue;
            }
            Answer::Call(call) => call,
        };
        if let Some(reason) = left_alone {
            plan.blocked.push((finding.clone(), reason));
        } else if let Some(step) = plan.steps.iter_mut().find(|step| step.call == call) {
            step.findings.push(finding.clone());
        } else if context.was_tried(&call) {
            plan.blocked.push((finding.clone(), BlockReason::Tried));
        } else {
            let resource = finding.resource.clone();
            plan.steps.push(Step { call, resource, findings: vec![finding.clone()] });
        }
    }
    keep_the_most_pressing(&mut plan, limits.max_calls.saturating_sub(tried.len()));
    plan
}

/// Leaves out what is over the limit: cosmetics before what loses backups, and of equals what comes later.
fn keep_the_most_pressing(plan: &mut RepairPlan, most: usize) {
    if plan.steps.len() <= most {
        return;
    }
    let worst = |step: &Step| step.findings.iter().map(|finding| finding.drift.severity()).max();
    let mut order: Vec<usize> = (0..plan.steps.len()).collect();
    order.sort_by_key(|index| Reverse(worst(&plan.steps[*index])));
    let kept: BTreeSet<usize> = order.into_iter().take(most).collect();
    for (index, step) in std::mem::take(&mut plan.steps).into_iter().enumerate() {
        if kept.contains(&index) {
            plan.steps.push(step);
        } else {
            plan.blocked.extend(step.findings.into_iter().map(|finding| (finding, BlockReason::OverLimit)));
        }
    }
}

/// What a region, or for the role any region, holds of what the spec names.
enum Seen {
    Something,
    Nothing,
    /// Nothing was seen, and something could not be read.
    Unknown,
}

/// The role is no sign: it is in every region at once, and may be there from somewhere else. A region of which we see nothing is not
/// one to fill. A key that carries the spec's description and tags is something: where everything else was deleted, keys are what AWS
/// keeps longest.
fn seen(observed: &Observed, region: Option<&str>) -> Seen {
    let Observed { at: _, cut_short: _, role: _, aliases, keys, unaliased: _, vaults, plans } = observed;
    let here = |there: &str| region.is_none_or(|region| there == region);
    let of_key = |arn: &String| arn.split(':').nth(3).is_some_and(here);
    let named = |place: &Place| here(&place.0);
    let all = [of(keys, of_key), of(aliases, named), of(vaults, named), of(plans, named)];
    if all.iter().any(|(present, _)| *present) {
        Seen::Something
    } else if all.iter().any(|(_, unreadable)| *unreadable) {
        Seen::Unknown
    } else {
        Seen::Nothing
    }
}

/// Whether any of these is there, and whether any could not be read.
fn of<K, T>(all: &BTreeMap<K, Observation<T>>, is_here: impl Fn(&K) -> bool) -> (bool, bool) {
    let here = || all.iter().filter(|(key, _)| is_here(key)).map(|(_, one)| one);
    (here().any(|one| one.present().is_some()), here().any(|one| matches!(one, Observation::Unreadable(_))))
}

/// The id of the one plan of a name.
fn plan_id<'a>(observed: &'a Observed, region: &str, name: &str) -> Option<&'a str> {
    match observed.plans.get(&place(region, name)) {
        Some(Observation::Present(PlanMatch::One(plan))) => Some(&plan.id),
        Some(
            Observation::Present(PlanMatch::Several(_)) | Observation::Absent | Observation::Unreadable(_),
        )
        | None => None,
    }
}

/// Whether a drift keeps what depends on its resource from being repaired.
fn holds_up_dependants(drift: &Drift) -> bool {
    matches!(
        drift,
        Drift::RoleMissing { .. }
            | Drift::RolePathDiffers { .. }
            | Drift::TrustDiffers { .. }
            | Drift::PolicyDetached { .. }
            | Drift::KeyMissing { .. }
            | Drift::KeyPendingDeletion { .. }
            | Drift::KeyDisabled { .. }
            | Drift::KeyUnusable { .. }
            | Drift::VaultMissing { .. }
            | Drift::VaultTypeDiffers { .. }
            | Drift::PlanMissing
    )
}
