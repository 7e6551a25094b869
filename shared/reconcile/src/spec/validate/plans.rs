//! Plans, and the names within them.

use super::{allowed, nothing, region_name, region_quota, rules, selections, tags, unique};
use crate::spec::arns::{GLOBAL, NAMES, Scope};
use crate::spec::raw::{Document, Plan};
use crate::spec::reader::{Choice, Mistakes};
use crate::spec::{names, template};

const MOST_RULES: usize = 10;
const MOST_SELECTIONS: usize = 100;

pub(super) fn check(document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    for plan in &document.plans {
        self::plan(plan, document, scope, mistakes);
        for rule in &plan.rules {
            rules::check(rule, plan, document, scope, mistakes);
        }
        for selection in &plan.selections {
            selections::check(selection, &plan.region.value, document, scope, mistakes);
            nothing::check(selection, &plan.region.value, scope, mistakes);
        }
    }
    for (region, settings) in &document.region_settings {
        region_name(region, document, mistakes);
        let opted = match &settings.opt_in {
            Some(Choice::These(types)) => types.as_slice(),
            Some(Choice::All) | None => &[],
        };
        for kind in opted.iter().chain(&settings.management) {
            mistakes.check(&kind.spot, names::resource_type(&kind.value));
        }
    }
    let named = || document.plans.iter().map(|plan| (plan.region.value.as_str(), &plan.name));
    unique(
        named().map(|(region, name)| ((region, &name.value), &name.spot)),
        "the plan's name in this region",
        mistakes,
    );
    region_quota(named().map(|(region, name)| (region, &name.spot)), "plan", mistakes);
}

fn plan(plan: &Plan, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&plan.name.spot, template::check(&plan.name.value, &NAMES));
    mistakes.check(&plan.name.spot, names::plan(&scope.fill_regional(&plan.name.value, &plan.region.value)));
    region_name(&plan.region, document, mistakes);
    tags::check(&plan.tags, &document.tags, &plan.spot.field("tags"), mistakes);
    advanced_settings(plan, mistakes);
    scan_settings(plan, scope, mistakes);
    if plan.rules.is_empty() {
        mistakes.add(&plan.spot.field("rules"), "is missing; a plan has at least one [[plans.rules]]");
    }
    if plan.selections.is_empty() {
        mistakes
            .warn(&plan.spot, "has no selection, so nothing is backed up by it; add [[plans.selections]]");
    }
    continuous(plan, mistakes);
    if let Some(extra) = plan.rules.get(MOST_RULES) {
        mistakes.add(&extra.spot, format!("one rule too many; AWS Backup allows {MOST_RULES} in a plan"));
    }
    if let Some(extra) = plan.selections.get(MOST_SELECTIONS) {
        let reason = format!("one selection too many; AWS Backup allows {MOST_SELECTIONS} in a plan");
        mistakes.add(&extra.spot, reason);
    }
    let rules = plan.rules.iter().map(|rule| (&rule.name.value, &rule.name.spot));
    unique(rules, "the rule's name in this plan", mistakes);
    let selections = plan.selections.iter().map(|selection| (&selection.name.value, &selection.name.spot));
    unique(selections, "the selection's name in this plan", mistakes);
}

/// AWS Backup refuses a plan with continuous backups in several vaults ("Continuous backups and point-in-time recovery").
fn continuous(plan: &Plan, mistakes: &mut Mistakes) {
    let mut all = plan.rules.iter().filter(|rule| rule.continuous());
    let Some(first) = all.next() else { return };
    for other in all.filter(|rule| rule.vault.value != first.vault.value) {
        let reason = format!(
            "continuous backups of a plan go to one vault, and those of {} go to {}; write the same vault, or another plan",
            first.name.value, first.vault.value
        );
        mistakes.add(&other.spot.field("continuous_backup"), reason);
    }
}

fn scan_settings(plan: &Plan, scope: &Scope, mistakes: &mut Mistakes) {
    for setting in plan.scan_settings.iter().flatten() {
        mistakes.check(&setting.scanner.spot, names::constant(&setting.scanner.value));
        mistakes.check(&setting.role.spot, template::check(&setting.role.value, &GLOBAL));
        mistakes.check(&setting.role.spot, names::role_arn(&scope.fill_global(&setting.role.value)));
        if setting.resource_types.is_empty() {
            mistakes
                .add(&setting.spot.field("resource_types"), "is missing; name what is scanned, such as EBS");
        }
        for kind in &setting.resource_types {
            mistakes.check(&kind.spot, names::resource_type(&kind.value));
        }
    }
}

/// The options of EC2 are known; what other types take changes with AWS Backup, and is left to it.
fn advanced_settings(plan: &Plan, mistakes: &mut Mistakes) {
    for (option, value) in plan.advanced_settings.get("EC2").into_iter().flatten() {
        if option != "WindowsVSS" {
            mistakes.add(&value.spot, format!("{option:?} is no option of EC2; allowed: WindowsVSS"));
        } else if !["enabled", "disabled"].contains(&value.value.as_str()) {
            let words = allowed(["enabled", "disabled"].into_iter());
            mistakes.add(&value.spot, format!("{:?} is not known here; {words}", value.value));
        }
    }
}
