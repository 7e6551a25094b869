//! What AWS Backup is switched on for in a region: it matters for what a plan that is there selects, or what the spec asks for.

use reconcile::drift::{Drift, RegionSettingsDrift, Severity};

use super::*;

/// The types that are told, each with the selections that need it and how bad that is.
fn told(desired: &Desired, observed: &Observed) -> Vec<(String, Vec<String>, Severity)> {
    let findings = diff(desired, observed).into_iter();
    let settings = findings.filter_map(|one| {
        let severity = one.drift.severity();
        let Drift::RegionSettings(drift) = one.drift else { return None };
        let (RegionSettingsDrift::OptInOff { resource_type, covered_by, .. }
        | RegionSettingsDrift::ManagementOff { resource_type, covered_by, .. }) = drift;
        Some((resource_type, covered_by, severity))
    });
    settings.collect()
}

fn with_off(desired: &Desired, opt_in: &[&str], management: &[&str]) -> Observed {
    let mut observed = in_sync(desired);
    let settings = observed.region_settings.get_mut("us-east-1").and_then(Observation::present_mut).unwrap();
    settings.opt_in.extend(opt_in.iter().map(|one| ((*one).to_owned(), false)));
    settings.management.extend(management.iter().map(|one| ((*one).to_owned(), false)));
    observed
}

fn needed(resource_type: &str) -> (String, Vec<String>, Severity) {
    (resource_type.to_owned(), vec!["prod_backups/all_except_ec2_and_s3".to_owned()], Severity::Critical)
}

#[test]
fn what_a_selection_needs_is_told_and_what_it_leaves_out_is_not() {
    let desired = desired();
    assert_eq!(told(&desired, &with_off(&desired, &["RDS", "S3"], &[])), [needed("RDS")]);
    // Of the types that a service may keep to itself only DynamoDB loses by it.
    assert_eq!(told(&desired, &with_off(&desired, &[], &["DynamoDB", "EFS"])), [needed("DynamoDB")]);
    assert_eq!(told(&desired, &with_off(&desired, &[], &["EFS"])), []);
}

#[test]
fn a_plan_that_is_not_there_selects_nothing_yet() {
    let desired = desired();
    let mut observed = with_off(&desired, &["RDS"], &["DynamoDB"]);
    observed.plans.insert(place("us-east-1", "prod_backups"), Observation::Absent);
    assert_eq!(told(&desired, &observed), []);
    let denied = refused(reconcile::read::Read::GetBackupPlan, "AccessDeniedException");
    observed.plans.insert(place("us-east-1", "prod_backups"), Observation::Unreadable(denied));
    assert_eq!(told(&desired, &observed).len(), 2, "it may be there");
    // Nor does one in another region.
    let mut elsewhere = desired.clone();
    elsewhere.plans.iter_mut().for_each(|plan| plan.region = "us-west-2".to_owned());
    let mut moved = with_off(&desired, &["RDS"], &[]);
    moved.plans =
        moved.plans.into_iter().map(|((_, name), plan)| (place("us-west-2", &name), plan)).collect();
    assert_eq!(told(&elsewhere, &moved), []);
}

#[test]
fn what_only_the_spec_asks_for_is_told_too() {
    let mut desired = desired();
    for settings in &mut desired.region_settings {
        settings.management = ["EFS".to_owned()].into();
    }
    let observed = with_off(&desired, &[], &["EFS"]);
    assert_eq!(told(&desired, &observed), [("EFS".to_owned(), vec![], Severity::Medium)]);
}
