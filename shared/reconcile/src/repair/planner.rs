//! Goes through the findings in order and answers each, with what was answered before in view.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::context::{Context, Decision};
use super::decide::decide;
use super::exceptions::{covering, share_a_call};
use super::reason::{BlockReason, Review};
use super::repairs::{CallMade, Limits, RepairPlan, Step};
use crate::desired::Desired;
use crate::drift::Finding;
use crate::identity::{Whose, whose_region};
use crate::state::Observed;

/// Answers every finding: with a call, or with a reason.
pub fn plan_repairs(
    desired: &Desired,
    observed: &Observed,
    findings: &[Finding],
    tried: &[CallMade],
    limits: &Limits,
) -> RepairPlan {
    let mut repairs = RepairPlan::default();
    let context = Context { desired, observed, findings, tried, limits };
    let regions: BTreeMap<Option<&str>, Whose> = findings
        .iter()
        .map(|finding| finding.resource.region.as_deref())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|region| (region, whose_region(desired, observed, region)))
        .collect();
    for finding in findings {
        let whose = &regions[&finding.resource.region.as_deref()];
        match answer(&context, &repairs, finding, whose) {
            Decision::Blocked(reason) => repairs.blocked.push((finding.clone(), reason)),
            // Only what would be called: other reasons stand, because later answers rest on them.
            Decision::Call(_) if context.is_left_out(finding) => {
                repairs.blocked.push((finding.clone(), BlockReason::NotAsked));
            }
            Decision::Call(call) => match repairs.steps.iter_mut().find(|step| step.call == call) {
                Some(step) => step.findings.push(finding.clone()),
                None if context.was_tried(&call) => {
                    repairs.blocked.push((finding.clone(), BlockReason::Tried));
                }
                None => {
                    let resource = finding.resource.clone();
                    repairs.steps.push(Step { call, resource, findings: vec![finding.clone()] });
                }
            },
        }
    }
    keep_the_most_pressing(&mut repairs, limits.max_calls.saturating_sub(tried.len()));
    repairs
}

/// The answer, as far as exceptions and what the region holds let it be given.
fn answer(context: &Context<'_>, repairs: &RepairPlan, finding: &Finding, whose: &Whose) -> Decision {
    if let Some(exception) = covering(context.desired, context.observed, finding) {
        return Decision::Blocked(BlockReason::Excepted(Box::new(exception.clone())));
    }
    if share_a_call(context, finding) {
        return Decision::Blocked(BlockReason::NeedsReview(Review::PartlyExcepted));
    }
    let decision = decide(context, repairs, finding);
    if context.limits.bootstrap {
        return decision;
    }
    match (whose, decision) {
        (Whose::Ours, decision) => decision,
        (Whose::NotOurs, Decision::Blocked(BlockReason::Unreadable)) => {
            Decision::Blocked(BlockReason::Unreadable)
        }
        (Whose::NotOurs, Decision::Call(_) | Decision::Blocked(_)) => {
            Decision::Blocked(BlockReason::EmptyAccount)
        }
        (Whose::Unknown(_), Decision::Call(_)) => Decision::Blocked(BlockReason::Unreadable),
        (Whose::Unknown(_), blocked @ Decision::Blocked(_)) => blocked,
    }
}

/// Leaves out what is over the limit: cosmetics before what loses backups, and of equals what comes later.
fn keep_the_most_pressing(repairs: &mut RepairPlan, most: usize) {
    if repairs.steps.len() <= most {
        return;
    }
    let worst = |step: &Step| step.findings.iter().map(|finding| finding.drift.severity()).max();
    let mut order: Vec<usize> = (0..repairs.steps.len()).collect();
    order.sort_by_key(|index| Reverse(worst(&repairs.steps[*index])));
    let kept: BTreeSet<usize> = order.into_iter().take(most).collect();
    for (index, step) in std::mem::take(&mut repairs.steps).into_iter().enumerate() {
        if kept.contains(&index) {
            repairs.steps.push(step);
        } else {
            repairs
                .blocked
                .extend(step.findings.into_iter().map(|finding| (finding, BlockReason::OverLimit)));
        }
    }
}
