//! Which plan the spec means by a name: AWS lets several share one.

use time::OffsetDateTime;

use super::carries_tags;
use crate::desired::DesiredPlan;
use crate::read::Refusal;
use crate::state::{Observation, Observed, Plan, PlanCandidate, place};

/// Which plan the spec means by a name.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanChoice<'a> {
    /// There is none of the name.
    Absent,
    /// It could not be read; why.
    Unknown(Refusal),
    /// This one; the others are somebody else's, by id.
    Ours(&'a Plan, Vec<&'a PlanCandidate>),
    /// One of these, and nothing tells which.
    Tie(Vec<&'a Plan>),
}

/// A plan that is the only one of its name is meant. Of several it is the oldest that carries anything of the spec beside the name: a
/// selection, a rule, the tags. Nobody can date a plan back.
pub fn choose_plan<'a>(want: &DesiredPlan, observed: &'a Observed) -> PlanChoice<'a> {
    let candidates = match observed.plans.get(&place(&want.region, &want.document.name)) {
        None | Some(Observation::Absent) => return PlanChoice::Absent,
        Some(Observation::Unreadable(why)) => return PlanChoice::Unknown(why.clone()),
        Some(Observation::Present(candidates)) => candidates,
    };
    match candidates.as_slice() {
        [] => return PlanChoice::Absent,
        [only] => {
            return match &only.plan {
                Observation::Present(plan) => PlanChoice::Ours(plan, Vec::new()),
                // The list has it: that it is not found now is no proof that it is gone.
                Observation::Absent => PlanChoice::Unknown(Refusal::contradicted()),
                Observation::Unreadable(why) => PlanChoice::Unknown(why.clone()),
            };
        }
        _ => {}
    }
    let carrying =
        || candidates.iter().filter(|one| one.plan.present().is_some_and(|plan| carries(want, plan)));
    let age = |one: &&PlanCandidate| (one.created.is_none(), one.created);
    let Some(oldest) = carrying().min_by_key(age) else {
        // None of those that could be read carries anything.
        let unread = candidates.iter().find_map(unread);
        let all = || candidates.iter().filter_map(|one| one.plan.present()).collect();
        return unread.map_or_else(|| PlanChoice::Tie(all()), PlanChoice::Unknown);
    };
    let is_younger = |other: &PlanCandidate| is_before(oldest.created, other.created);
    let others = || candidates.iter().filter(|other| other.id != oldest.id);
    // One that could not be read may be ours, unless it came later.
    if let Some(why) = others().filter(|other| !is_younger(other)).find_map(unread) {
        return PlanChoice::Unknown(why);
    }
    let tied: Vec<&Plan> =
        carrying().filter(|other| !is_younger(other)).filter_map(|other| other.plan.present()).collect();
    match (tied.as_slice(), oldest.plan.present()) {
        ([_], Some(plan)) => PlanChoice::Ours(plan, others().collect()),
        _ => PlanChoice::Tie(tied),
    }
}

fn unread(candidate: &PlanCandidate) -> Option<Refusal> {
    match &candidate.plan {
        Observation::Present(_) => None,
        Observation::Absent => Some(Refusal::contradicted()),
        Observation::Unreadable(why) => Some(why.clone()),
    }
}

fn is_before(one: Option<OffsetDateTime>, other: Option<OffsetDateTime>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one < other)
}

/// Whether a plan carries anything of the spec beside its name.
pub(super) fn carries(want: &DesiredPlan, plan: &Plan) -> bool {
    let selections = plan.selections.present().map(Vec::as_slice).unwrap_or_default();
    let selected = want.selections.iter().any(|want| selections.iter().any(|one| one.name == want.name));
    let ruled =
        want.document.rules.iter().any(|want| plan.document.rules.iter().any(|one| one.name == want.name));
    selected || ruled || carries_tags(&want.tags, &plan.tags)
}
