//! The keys of vaults for which the spec names no alias: one by its ARN, or the one that AWS manages.

use reconcile::call::Call;
use reconcile::drift::{Drift, KeyDrift, Part, Unreadable};
use reconcile::read::{Read, Refusal};
use reconcile::state::{Key, KeyState};

use super::*;
use drift_tests::model::resolve;

const ARN: &str = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";

/// The reference, with the daily vault on a key by its ARN, and the hourly one on the key that AWS manages.
fn spec() -> String {
    let by_arn = ARN.replace("123456789012", "${account}");
    let daily = "name = \"vault_prod_daily\"\nregion = \"primary\"\nkey = \"alias/aws_backup_key\"";
    let hourly = daily.replace("daily", "hourly");
    assert!(SPEC.contains(daily) && SPEC.contains(&hourly));
    SPEC.replace(daily, &daily.replace("alias/aws_backup_key", &by_arn))
        .replace(&hourly, &hourly.replace("alias/aws_backup_key", "alias/aws/backup"))
}

fn key_of_the_region(observed: &Observed) -> Key {
    let mut keys = observed.keys.values().filter_map(Observation::present);
    keys.find(|key| key.customer_managed && key.arn.contains(":us-east-1:")).unwrap().clone()
}

/// The account as that spec has it.
fn account(desired: &Desired) -> Observed {
    let mut observed = in_sync(desired);
    let key = Key { arn: ARN.to_owned(), ..key_of_the_region(&observed) };
    observed.keys.insert(ARN.to_owned(), Observation::Present(key));
    observed
}

fn with_key(desired: &Desired, change: impl Fn(&mut Key)) -> Observed {
    let mut observed = account(desired);
    change(observed.keys.get_mut(ARN).and_then(Observation::present_mut).unwrap());
    observed
}

fn on_key(observed: &mut Observed, vault: &str, arn: &str) {
    let vault = observed.vaults.get_mut(&place("us-east-1", vault)).and_then(Observation::present_mut);
    vault.unwrap().key_arn = arn.to_owned();
}

#[test]
fn a_key_by_its_arn_is_rescued_like_any_other() {
    let desired = resolve(&spec());
    assert_eq!(diff(&desired, &account(&desired)), []);
    let dying = KeyState::PendingDeletion { deletion_at: None };
    let (report, healed) = heal(&desired, with_key(&desired, |key| key.state = dying.clone()));
    assert_eq!(report.verdict(), Verdict::Healed);
    let calls: Vec<&Call> = report.calls.iter().map(|made| &made.call).collect();
    assert!(
        matches!(
            calls.as_slice(),
            [Call::CancelKeyDeletion { key_arn, .. }, Call::EnableKey { key_arn: enabled, .. }]
                if key_arn == ARN && enabled == ARN
        ),
        "{calls:?}"
    );
    assert_eq!(healed.keys[ARN].present().unwrap().state, KeyState::Enabled);
}

#[test]
fn a_key_by_its_arn_has_all_findings_that_need_no_word_of_the_spec() {
    let desired = resolve(&spec());
    let codes = |change: &dyn Fn(&mut Key)| ids(&diff(&desired, &with_key(&desired, change)));
    let nobody = r#"{"Version":"2012-10-17","Statement":[]}"#;
    for (change, code) in [
        (&(|key: &mut Key| key.state = KeyState::Unavailable) as &dyn Fn(&mut Key), "key/unusable"),
        (&|key| key.usage = "SIGN_VERIFY".to_owned(), "key/usage-differs"),
        (&|key| key.valid_to = Some(NOW), "key/material-expires"),
        (&|key| key.policy = Observation::Present(nobody.to_owned()), "key/policy-shuts-out"),
    ] {
        let found = codes(change);
        assert!(found.iter().any(|one| one.starts_with(code)), "{code}: {found:?}");
    }
    // Of these the spec would have to say something.
    let silent = |key: &mut Key| {
        key.description = "another".to_owned();
        key.origin = "EXTERNAL".to_owned();
        key.rotation = Observation::Absent;
        key.tags = Observation::Present(Default::default());
    };
    assert_eq!(codes(&silent), Vec::<String>::new());
}

#[test]
fn a_key_by_its_arn_that_is_gone_or_unread_is_no_silence() {
    let desired = resolve(&spec());
    let mut observed = account(&desired);
    observed.keys.insert(ARN.to_owned(), Observation::Absent);
    assert_eq!(ids(&diff(&desired, &observed)), ["key/missing"]);
    observed.keys.remove(ARN);
    assert_eq!(ids(&diff(&desired, &observed)), ["any/unreadable"]);
}

#[test]
fn a_vault_on_any_key_but_the_one_that_aws_manages_differs() {
    let desired = resolve(&spec());
    let foreign = "arn:aws:kms:us-east-1:999988887777:key/11111111-2222-3333-4444-555555555555";
    let gone = "arn:aws:kms:us-east-1:123456789012:key/99999999-2222-3333-4444-555555555555";
    let mut observed = account(&desired);
    observed.keys.insert(gone.to_owned(), Observation::Absent);
    let denied = Refusal::incomplete(Read::DescribeKey, "denied");
    observed.keys.insert(foreign.to_owned(), Observation::Unreadable(denied.clone()));
    for arn in [ARN, foreign, gone] {
        let mut observed = observed.clone();
        on_key(&mut observed, "vault_prod_hourly", arn);
        assert_eq!(ids(&diff(&desired, &observed)), ["vault/key-differs (encryption_key)"], "{arn}");
    }
    // What nobody could look at is not said to be another one.
    observed.keys.insert(gone.to_owned(), Observation::Unreadable(denied));
    for arn in [gone, ""] {
        let mut observed = observed.clone();
        on_key(&mut observed, "vault_prod_hourly", arn);
        let found = diff(&desired, &observed);
        assert!(
            matches!(
                found.as_slice(),
                [Finding { drift: Drift::Unreadable(Unreadable { part: Part::Key, .. }), .. }]
            ),
            "{found:?}"
        );
    }
}

#[test]
fn a_key_that_a_vault_is_on_by_mistake_is_kept_alive_too() {
    let desired = resolve(&spec());
    let mut observed = with_key(&desired, |key| {
        key.arn = ARN.replace("11111111", "22222222");
        key.state = KeyState::Disabled;
    });
    let other = observed.keys.remove(ARN).unwrap();
    let arn = other.present().unwrap().arn.clone();
    observed.keys.insert(arn.clone(), other);
    observed.keys.insert(ARN.to_owned(), account(&desired).keys.remove(ARN).unwrap());
    for vault in ["vault_prod_daily", "vault_prod_hourly"] {
        let mut observed = observed.clone();
        on_key(&mut observed, vault, &arn);
        let found = ids(&diff(&desired, &observed));
        assert_eq!(found, ["key/disabled (state)", "vault/key-differs (encryption_key)"], "{vault}");
    }
}

#[test]
fn a_key_by_its_arn_is_told_once_and_with_the_vaults_that_are_on_it() {
    let desired = resolve(&spec());
    let mut observed = with_key(&desired, |key| key.state = KeyState::Disabled);
    // Another vault is on it by mistake.
    on_key(&mut observed, "vault_prod_hourly", ARN);
    let found = ids(&diff(&desired, &observed));
    assert_eq!(found, ["key/disabled (state)", "vault/key-differs (encryption_key)"]);
    let mut observed = account(&desired);
    observed.keys.insert(ARN.to_owned(), Observation::Absent);
    on_key(&mut observed, "vault_prod_daily", ARN);
    let found = diff(&desired, &observed);
    let [Finding { drift: Drift::Key(KeyDrift::Missing { pinned_by, .. }), .. }] = &found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(*pinned_by, ["vault_prod_daily"]);
}

#[test]
fn of_a_key_that_aws_manages_only_the_state_is_judged() {
    let desired = resolve(&spec());
    let managed = |state: KeyState| {
        with_key(&desired, move |key| {
            key.customer_managed = false;
            key.policy = Observation::Absent;
            key.grants = Observation::Unreadable(Refusal::incomplete(Read::ListGrants, "denied"));
            key.state = state.clone();
        })
    };
    assert_eq!(ids(&diff(&desired, &managed(KeyState::Enabled))), Vec::<String>::new());
    assert_eq!(ids(&diff(&desired, &managed(KeyState::Unavailable))), ["key/unusable (state)"]);
}

#[test]
fn a_key_that_a_vault_is_on_lives_whichever_the_right_one_is() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let right = key_of_the_region(&observed);
    let other = Key { arn: format!("{}-2", right.arn), state: KeyState::Disabled, ..right };
    on_key(&mut observed, "vault_prod_daily", &other.arn);
    observed.keys.insert(other.arn.clone(), Observation::Present(other.clone()));
    let vaults = observed.vaults.values_mut().filter_map(Observation::present_mut);
    vaults.for_each(|vault| {
        vault.created = Some(NOW - time::Duration::days(if vault.key_arn == other.arn { 1 } else { 9 }))
    });
    let found = diff(&desired, &observed);
    let about: Vec<&str> = found.iter().filter_map(|one| one.drift.key_arn()).collect();
    assert_eq!(about, [other.arn.as_str()]);
    assert_eq!(ids(&found), ["key/disabled (state)", "vault/key-differs (encryption_key)"]);
    // The right one is told once.
    for key in observed.keys.values_mut().filter_map(Observation::present_mut) {
        key.state = if key.arn == other.arn { KeyState::Enabled } else { KeyState::Disabled };
    }
    observed.keys.retain(|arn, _| arn.contains(":us-east-1:"));
    observed.aliases.retain(|(region, _), _| region == "us-east-1");
    observed.vaults.retain(|(region, _), _| region == "us-east-1");
    let found = diff(&desired, &observed);
    let here = found.iter().filter(|one| one.resource.region.as_deref() == Some("us-east-1"));
    assert_eq!(ids(here), ["key/disabled (state)", "vault/key-differs (encryption_key)"]);
}
