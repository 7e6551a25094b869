//! What is written about keys and aliases, and what is not because AWS KMS would refuse it or because it would be the wrong key.

use reconcile::resource::ResourceId;
use reconcile::state::{AWS_KMS, Key, MultiRegion};

use super::memory::{apply, drifted, outcomes};
use super::*;

const OF_ANOTHER_TYPE: [&str; 2] = ["key/spec-differs (key_spec)", "key/usage-differs (key_usage)"];
const IMMUTABLE: Outcome = Outcome::Blocked(BlockReason::Immutable);

type Change = fn(&mut Key);

fn calls(report: &Report) -> Vec<&'static str> {
    report.calls.iter().map(|made| made.call.action()).collect()
}

/// The key that the first alias means, and only that.
fn with_key(observed: &mut Observed, change: impl Fn(&mut Key)) {
    let keys = observed.keys.values_mut().filter_map(Observation::present_mut);
    keys.filter(|key| key.arn.contains(":us-east-1:")).for_each(change);
}

#[test]
fn nothing_is_written_to_a_key_that_encrypts_nothing_for_aws_backup() {
    let desired = desired();
    for other in OF_ANOTHER_TYPE {
        for beside in
            ["key/description-differs (description)", "key/tags-differ (tags)", "key/rotation-off (rotation)"]
        {
            let mut observed = drifted(&desired, other);
            apply(&mut observed, &desired, beside);
            let (report, _) = heal(&desired, observed);
            assert_eq!(calls(&report), Vec::<&str>::new(), "{other} {beside}");
            assert_eq!(outcomes(&report, beside), [IMMUTABLE], "{other} {beside}");
        }
        // A vault on it would be refused.
        let mut observed = drifted(&desired, other);
        apply(&mut observed, &desired, "vault/missing");
        let (report, _) = heal(&desired, observed);
        assert_eq!(calls(&report), Vec::<&str>::new(), "{other}");
        let key = ResourceId::regional(Kind::Key, "us-east-1", "alias/aws_backup_key");
        assert_eq!(outcomes(&report, "vault/missing"), [Outcome::Blocked(BlockReason::WaitingOn(key))]);
    }
}

#[test]
fn an_alias_on_a_key_of_another_type_is_not_moved_because_kms_refuses_that() {
    let desired = desired();
    let code = "alias/target-differs (target)";
    let changes: [(Change, bool); 3] = [
        (|_| (), true),
        (|key| key.spec = "RSA_2048".to_owned(), false),
        (|key| key.usage = "GENERATE_VERIFY_MAC".to_owned(), false),
    ];
    for (change, is_moved) in changes {
        let mut observed = drifted(&desired, code);
        let alias = observed
            .aliases
            .values()
            .find_map(|alias| alias.present().filter(|arn| arn.ends_with("/another")));
        let arn = alias.expect("the other key").clone();
        change(observed.keys.get_mut(&arn).and_then(Observation::present_mut).unwrap());
        let (report, _) = heal(&desired, observed);
        assert_eq!(calls(&report), if is_moved { vec!["kms:UpdateAlias"] } else { vec![] });
        assert_eq!(outcomes(&report, code), [if is_moved { Outcome::Repaired } else { IMMUTABLE }]);
    }
}

#[test]
fn rotation_is_switched_on_where_kms_rotates_such_a_key() {
    let desired = desired();
    let code = "key/rotation-off (rotation)";
    let changes: [(Change, bool); 6] = [
        (|_| (), true),
        (|key| key.multi_region = MultiRegion::Primary, true),
        (|key| key.multi_region = MultiRegion::Replica, false),
        (|key| key.origin = "EXTERNAL".to_owned(), false),
        (|key| key.origin = "AWS_CLOUDHSM".to_owned(), false),
        (|key| key.spec = "RSA_2048".to_owned(), false),
    ];
    assert_eq!(AWS_KMS, "AWS_KMS");
    for (index, (change, is_switched_on)) in changes.into_iter().enumerate() {
        let mut observed = drifted(&desired, code);
        with_key(&mut observed, change);
        let (report, _) = heal(&desired, observed);
        assert_eq!(
            calls(&report),
            if is_switched_on { vec!["kms:EnableKeyRotation"] } else { vec![] },
            "{index}"
        );
        let expected = if is_switched_on { Outcome::Repaired } else { IMMUTABLE };
        assert_eq!(outcomes(&report, code), [expected], "{index}");
    }
}

#[test]
fn a_vault_that_could_be_on_either_of_two_keys_is_not_made() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    // One of the others is on another key of the same age, so that nothing tells which is meant.
    apply(&mut observed, &desired, "vault/missing");
    let (mut other, place) = (None, place("us-east-1", "vault_prod_hourly"));
    with_key(&mut observed, |_| ());
    for key in
        observed.keys.values().filter_map(Observation::present).filter(|key| key.arn.contains(":us-east-1:"))
    {
        other = Some(Key { arn: format!("{}-2", key.arn), ..key.clone() });
    }
    let other = other.unwrap();
    observed
        .vaults
        .get_mut(&place)
        .and_then(Observation::present_mut)
        .unwrap()
        .key_arn
        .clone_from(&other.arn);
    observed.keys.insert(other.arn.clone(), Observation::Present(other));
    let ambiguous = Outcome::Blocked(BlockReason::Ambiguous);
    let (report, _) = heal(&desired, observed.clone());
    assert_eq!(calls(&report), Vec::<&str>::new());
    assert_eq!(outcomes(&report, "vault/missing"), std::slice::from_ref(&ambiguous));
    let on_either = outcomes(&report, "vault/key-differs (encryption_key)");
    assert_eq!(on_either, [ambiguous.clone(), ambiguous.clone()]);
    // Nor is an alias that is not there.
    observed.aliases.clear();
    let (report, _) = heal(&desired, observed);
    let alias = report.findings.iter().find(|one| one.finding.resource.kind == Kind::Alias).unwrap();
    assert_eq!(alias.outcome, ambiguous);
}

#[test]
fn an_alias_without_a_key_waits_for_the_key() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let here = |region: &str| region == "us-east-1";
    observed.aliases.retain(|(region, _), _| !here(region));
    observed.vaults.retain(|(region, _), _| !here(region));
    let (report, _) = heal(&desired, observed);
    let key = ResourceId::regional(Kind::Key, "us-east-1", "alias/aws_backup_key");
    assert_eq!(outcomes(&report, "alias/missing"), [Outcome::Blocked(BlockReason::WaitingOn(key))]);
}
