//! Whether backups happen at all, as far as it is told by answers that a look has anyway. These are notes and metrics, never a verdict: a plan
//! may rightly find nothing to back up.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use crate::desired::{CopyRetention, DEFAULT_TIMEZONE, Desired, DesiredPlan, DesiredVault, Rule};
use crate::identity::{PlanChoice, choose_plan};
use crate::resource::{Kind, ResourceId};
use crate::say;
use crate::schedule::{Cron, same_zone};
use crate::state::{Observation, Observed, Plan, place};
use crate::words::{Prose, list};

/// AWS Backup may be this late before it counts as late.
const PATIENCE: Duration = Duration::hours(3);
/// IAM tells the last use of a role hours later.
const IAM_LAG: Duration = Duration::hours(24);
/// No clock is further from UTC.
const FURTHEST_ZONE: Duration = Duration::hours(14);

/// What does not look alive, and what comes next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Liveness {
    /// Plans that have started no job since a rule of theirs was due.
    pub idle_plans: Vec<ResourceId>,
    /// Vaults without recovery points, although a rule that writes or copies to them was due.
    pub empty_vaults: Vec<ResourceId>,
    /// Roles that nobody has used since a rule was due whose backups they make.
    pub unused_roles: Vec<ResourceId>,
    /// The next runs that AWS has scheduled, with plan and rule, the earliest first.
    pub next_runs: Vec<(OffsetDateTime, ResourceId, String)>,
}

impl Liveness {
    /// What an account looks like.
    pub fn of(desired: &Desired, observed: &Observed) -> Self {
        let plans: Vec<Seen<'_>> =
            desired.plans.iter().filter_map(|want| Seen::of(want, desired, observed)).collect();
        let mut next_runs: Vec<_> = plans
            .iter()
            .flat_map(|one| one.plan.next_runs.iter().map(|(at, rule)| (*at, one.id(), rule.clone())))
            .collect();
        next_runs.sort();
        Self {
            idle_plans: plans.iter().filter(|one| one.is_idle(observed.at)).map(Seen::id).collect(),
            empty_vaults: empty_vaults(desired, observed, &plans),
            unused_roles: unused_roles(desired, observed, &plans),
            next_runs,
        }
    }

    /// In words: what does not look alive.
    pub fn notes(&self) -> Vec<Prose> {
        let mut notes = Vec::new();
        if !self.idle_plans.is_empty() {
            notes.push(say!(
                "No job was started since the last scheduled time: {}. Check whether its selections match any resources.",
                list(&self.idle_plans)
            ));
        }
        if !self.empty_vaults.is_empty() {
            notes.push(say!(
                "These vaults hold no recovery point, although a rule was due: {}.",
                list(&self.empty_vaults)
            ));
        }
        if !self.unused_roles.is_empty() {
            notes.push(say!(
                "These roles have not been used since a rule that needs them was due: {}.",
                list(&self.unused_roles)
            ));
        }
        notes
    }

    /// In words: the next runs.
    pub fn next_runs_note(&self) -> Option<Prose> {
        const TOLD: usize = 5;
        // Of each rule the first: an hourly one would hide all others.
        let mut seen = BTreeSet::new();
        let first = self.next_runs.iter().filter(|(_, plan, rule)| seen.insert((plan, rule)));
        let told = first.take(TOLD);
        let each: Vec<Prose> = told.map(|(at, plan, rule)| say!("{} by {} of {}", *at, rule, plan)).collect();
        (!each.is_empty()).then(|| say!("The next scheduled backups: {}.", Prose::joined(each, ", ")))
    }
}

/// A plan of the spec that was read.
struct Seen<'a> {
    want: &'a DesiredPlan,
    plan: &'a Plan,
    created: OffsetDateTime,
    desired: &'a Desired,
}

impl<'a> Seen<'a> {
    fn of(want: &'a DesiredPlan, desired: &'a Desired, observed: &'a Observed) -> Option<Self> {
        let PlanChoice::Ours(plan, _) = choose_plan(want, observed) else { return None };
        let all = observed.plans.get(&place(&want.region, &want.document.name))?.present()?;
        let created = all.iter().find(|one| one.id == plan.id)?.created?;
        Some(Self { want, plan, created, desired })
    }

    fn id(&self) -> ResourceId {
        ResourceId::regional(Kind::Plan, &self.want.region, &self.want.document.name)
    }

    /// The last time at which a rule of the plan was due and the plan was there, this long ago or longer.
    fn due<'r>(
        &self,
        rules: impl IntoIterator<Item = &'r Rule>,
        at: OffsetDateTime,
        ago: impl Fn(&Rule) -> Duration,
    ) -> Option<OffsetDateTime> {
        let due = rules.into_iter().filter_map(|rule| last_due(rule, at - ago(rule)));
        due.max().filter(|due| self.created < *due)
    }

    fn is_idle(&self, at: OffsetDateTime) -> bool {
        let ago = |rule: &Rule| start_window(rule) + PATIENCE;
        let due = self.due(&self.plan.document.rules, at, ago);
        due.is_some_and(|due| self.plan.last_run.is_none_or(|run| run < due))
    }

    /// The rules that write or copy to a vault, each with the days for which it keeps what it puts there.
    fn rules_for(&self, vault: &DesiredVault) -> impl Iterator<Item = (&'a Rule, Option<i64>)> {
        let is_here = self.want.region == vault.region;
        let (name, arn) = (vault.name.clone(), vault.arn.clone());
        self.plan.document.rules.iter().filter_map(move |rule| {
            let days = rule.lifecycle.delete_after_days;
            if is_here && rule.target_vault == name {
                return Some((rule, days));
            }
            let copy = rule.copies.iter().find(|copy| copy.destination == arn)?;
            Some((
                rule,
                match copy.lifecycle.kept {
                    CopyRetention::Days(days) => Some(days),
                    CopyRetention::AsItsSource => days,
                },
            ))
        })
    }
}

fn empty_vaults(desired: &Desired, observed: &Observed, plans: &[Seen<'_>]) -> Vec<ResourceId> {
    let is_empty = |vault: &&DesiredVault| {
        let seen = observed.vault(&vault.region, &vault.name);
        let Some(seen) = seen.filter(|seen| seen.recovery_points == Some(0)) else { return false };
        plans.iter().any(|plan| {
            plan.rules_for(vault).any(|(rule, days)| {
                let ago = |rule: &Rule| start_window(rule) + completion_window(rule) + PATIENCE;
                let due = plan.due([rule], observed.at, ago);
                let is_kept = |due: OffsetDateTime| {
                    days.is_none_or(|days| {
                        due.checked_add(Duration::days(days)).is_none_or(|end| end > observed.at)
                    })
                };
                due.is_some_and(|due| is_kept(due) && seen.created.is_some_and(|made| made < due))
            })
        })
    };
    let vaults = desired.vaults.iter().filter(is_empty);
    vaults.map(|vault| ResourceId::regional(Kind::Vault, &vault.region, &vault.name)).collect()
}

fn unused_roles(desired: &Desired, observed: &Observed, plans: &[Seen<'_>]) -> Vec<ResourceId> {
    let mut found = BTreeSet::new();
    for one in plans {
        let ago = |rule: &Rule| start_window(rule) + IAM_LAG;
        let Some(due) = one.due(&one.plan.document.rules, observed.at, ago) else { continue };
        let roles =
            one.want.selections.iter().filter_map(|selection| one.desired.role_of(&selection.role_arn));
        for role in roles {
            let seen = observed.roles.get(&role.name).and_then(Observation::present);
            if seen.is_some_and(|seen| {
                seen.created.is_some_and(|made| made < due) && seen.last_used.is_none_or(|used| used < due)
            }) {
                found.insert(role.name.as_str());
            }
        }
    }
    let roles = desired.roles.iter().filter(|role| found.contains(role.name.as_str()));
    roles.map(|role| ResourceId::role(&role.name)).collect()
}

fn start_window(rule: &Rule) -> Duration {
    Duration::minutes(rule.start_window_minutes)
}

fn completion_window(rule: &Rule) -> Duration {
    Duration::minutes(rule.completion_window_minutes)
}

/// The last time before a moment at which a rule was due. Where its clock is not UTC's, late enough for any.
fn last_due(rule: &Rule, before: OffsetDateTime) -> Option<OffsetDateTime> {
    let is_utc = same_zone(&rule.timezone, DEFAULT_TIMEZONE);
    let before = before.checked_sub(if is_utc { Duration::ZERO } else { FURTHEST_ZONE })?;
    let cron = Cron::parse(&rule.schedule).ok()?;
    // Most rules were due within days, and some within a year.
    [2, 40, 400].into_iter().find_map(|days| {
        let from = before.date().checked_sub(Duration::days(days))?;
        cron.runs(from, days + 1).map(|run| run.assume_utc()).filter(|run| *run <= before).last()
    })
}
