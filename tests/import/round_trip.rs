//! What an account that is in sync with a spec is imported as says the same as that spec.

use drift_tests::model::{ACME, SPEC, in_sync as account_of, resolve};
use reconcile::desired::{Desired, DesiredPlan, PlanDocument};
use reconcile::policy::Policy;
use spec_import::{Imported, write};

use crate::in_sync;

/// Without what an import says and a spec need not: what AWS Backup is switched on for, and what is empty.
fn comparable(desired: &Desired) -> Desired {
    let mut same = desired.clone();
    same.name.clear();
    same.sha256.clear();
    same.exceptions.clear();
    same.region_settings.clear();
    same.healer_role = None;
    same.roles.sort_by_key(|role| role.name.clone());
    same.keys.sort_by_key(|key| (key.region.clone(), key.alias.clone()));
    same.vaults.sort_by_key(|vault| (vault.region.clone(), vault.name.clone()));
    same.plans.sort_by_key(|plan| plan.document.name.clone());
    for plan in &mut same.plans {
        plan.document = plan.document.as_stored();
    }
    let vaults = same.vaults.iter_mut().filter_map(|vault| vault.policy.as_mut());
    let keys = same.keys.iter_mut().filter_map(|key| key.policy.as_mut());
    let trusts = same.roles.iter_mut().map(|role| &mut role.trust);
    vaults.chain(keys).chain(trusts).for_each(canonical);
    for role in &mut same.roles {
        role.inline_policies.values_mut().flatten().for_each(canonical);
    }
    same
}

fn canonical(policy: &mut String) {
    *policy = Policy::parse(policy).unwrap().to_canonical_json();
}

fn imported(desired: &Desired) -> Imported {
    let observed = account_of(desired);
    let primary = desired.plans.first().unwrap().region.clone();
    spec_import::account::imported(desired, &observed, "account 123456789012", &primary)
}

#[test]
fn the_account_of_a_spec_is_imported_as_that_spec() {
    for (name, text) in [("reference", SPEC), ("acme", ACME)] {
        let desired = resolve(text);
        let written = write(imported(&desired)).unwrap();
        in_sync(&written.text, &account_of(&desired));
        assert!(written.left_out.is_empty(), "{:#?}", written.left_out);
        assert_eq!(comparable(&crate::resolved(&written.text)), comparable(&desired), "{name}");
    }
}

#[test]
fn a_plan_that_the_rules_of_a_spec_refuse_stands_as_a_comment_and_the_rest_stays() {
    let desired = resolve(SPEC);
    let mut imported = imported(&desired);
    let DesiredPlan { document: PlanDocument { rules, .. }, .. } = imported.desired.plans.last_mut().unwrap();
    rules.last_mut().unwrap().schedule = "cron(0/5 * * * ? *)".to_owned();
    let written = write(imported).unwrap();
    assert!(written.text.contains("# [[plans]]\n# name = \"ec2_prod_backups\""), "{}", written.text);
    assert_eq!(written.left_out.len(), 1);
    assert!(written.left_out[0].why.contains("more than once an hour"), "{:?}", written.left_out);
    assert_eq!(crate::resolved(&written.text).plans.len(), 1);
}
