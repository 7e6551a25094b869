//! Answers each finding with a call or with the reason why not.

mod answer;
mod context;
pub mod exceptions;
mod keys;
mod plans;

use crate::call::{Call, CallError};
use crate::desired::{Desired, Exception};
use crate::drift::{Drift, Finding};
use crate::resource::ResourceId;
use crate::state::{Observation, Observed, PlanMatch, place};
use answer::{Answer, answer};
use context::Context;

/// How far a run may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most calls in one run.
    pub max_calls: usize,
    /// Whether an account in which nothing of the spec exists may be filled.
    pub bootstrap: bool,
}

/// The answer to all findings of one pass: each finding is in exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RepairPlan {
    /// What to call, in dependency order.
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
    let empty = !limits.bootstrap && nothing_exists(observed);
    let context = Context { desired, observed, findings, tried };
    for finding in findings {
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
                let reason = if empty && reason != BlockReason::Unreadable {
                    BlockReason::EmptyAccount
                } else {
                    reason
                };
                plan.blocked.push((finding.clone(), reason));
                continue;
            }
            Answer::Call(call) => call,
        };
        if empty {
            plan.blocked.push((finding.clone(), BlockReason::EmptyAccount));
        } else if let Some(step) = plan.steps.iter_mut().find(|step| step.call == call) {
            step.findings.push(finding.clone());
        } else if context.was_tried(&call) {
            plan.blocked.push((finding.clone(), BlockReason::Tried));
        } else if tried.len() + plan.steps.len() >= limits.max_calls {
            plan.blocked.push((finding.clone(), BlockReason::OverLimit));
        } else {
            let resource = finding.resource.clone();
            plan.steps.push(Step { call, resource, findings: vec![finding.clone()] });
        }
    }
    plan
}

/// Whether nothing that the spec names was seen. What could not be read does not count as seen: an account of which we
/// see nothing is not one to fill. A key that carries the spec's description and tags is something: where everything
/// else was deleted, keys are what AWS keeps longest.
fn nothing_exists(observed: &Observed) -> bool {
    let Observed { at: _, cut_short: _, role, aliases, keys, unaliased: _, vaults, plans } = observed;
    role.present().is_none()
        && keys.values().all(|key| key.present().is_none())
        && aliases.values().all(|alias| alias.present().is_none())
        && vaults.values().all(|vault| vault.present().is_none())
        && plans.values().all(|plan| plan.present().is_none())
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
