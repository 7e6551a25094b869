//! Laws of the policy comparison over random policies: another spelling of a policy is equal to it, a policy with one
//! change of meaning is not.

mod denials;
mod meaning;
mod oracle;
mod spelling;

use proptest::prelude::*;
use proptest::sample::Index;
use reconcile::policy::{Caller, Policy, no_longer_denied, with_denials_of};

use denials::{any_statement, stricter, tampered, vault_policies};
use meaning::{CHANGES, Meaning, alter, meanings};
use oracle::{ACCOUNT, HEALER, VAULT, is_allowed, is_denied, lost, requests};
use spelling::spell;

fn parse(meaning: &Meaning, seed: u64) -> Policy {
    let text = spell(meaning, seed);
    Policy::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn another_spelling_is_equal(meaning in meanings(), one in any::<u64>(), other in any::<u64>()) {
        let (one, other) = (parse(&meaning, one), parse(&meaning, other));
        prop_assert_eq!(&one, &one.clone());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(&other, &one);
        prop_assert_eq!(one.to_canonical_json(), other.to_canonical_json());
        prop_assert!(no_longer_denied(&one, &other, "arn:aws:s3:::Bucket/a%2Fb+c").is_empty());
    }

    #[test]
    fn one_change_of_meaning_is_a_difference(
        meaning in meanings(), at in any::<Index>(), one in any::<u64>(), other in any::<u64>(),
    ) {
        for change in 0..CHANGES {
            let altered = alter(&meaning, change, &at);
            prop_assert_ne!(&meaning, &altered, "change {} changes nothing", change);
            let (left, right) = (parse(&meaning, one), parse(&altered, other));
            prop_assert!(left != right, "change {}: {:?}", change, left);
            prop_assert!(right != left, "change {}: {:?}", change, left);
            prop_assert!(!left.same_labels(&right));
            prop_assert_ne!(left.to_canonical_json(), right.to_canonical_json());
        }
    }

    #[test]
    fn policies_are_equal_when_their_meanings_are(
        one in meanings(), other in meanings(), seed in any::<u64>(),
    ) {
        let (left, right) = (parse(&one, seed), parse(&other, seed));
        prop_assert_eq!(left == right, one == other);
        prop_assert_eq!(right == left, one == other);
    }

    #[test]
    fn the_canonical_text_is_a_policy_with_that_meaning(meaning in meanings(), seed in any::<u64>()) {
        let policy = parse(&meaning, seed);
        prop_assert_eq!(&Policy::parse(&policy.to_canonical_json()).unwrap(), &policy);
    }

    #[test]
    fn a_deny_of_everyone_binds_every_role(meaning in meanings(), seed in any::<u64>(), role in "[a-z/]{1,9}") {
        let policy = parse(&meaning, seed);
        let arn = format!("arn:aws:iam::222222222222:role/{role}");
        for action in ["backup:DeleteBackupVault", "kms:Decrypt", "iam:passrole"] {
            for resource in ["arn:aws:s3:::Bucket/a%2Fb+c", "arn:aws:s3:::else"] {
                if policy.denies_everyone(action, resource) {
                    prop_assert!(policy.denies(&arn, action, resource));
                }
            }
        }
    }

    #[test]
    fn no_text_is_too_strange_to_be_refused(text in any::<String>(), json_like in "[\\[\\]{}\":,%0-9a-eEfS*.+ \n-]{0,60}") {
        let _ = Policy::parse(&text);
        let _ = Policy::parse(&json_like);
    }

    #[test]
    fn a_document_cut_anywhere_is_refused(meaning in meanings(), seed in any::<u64>(), at in any::<Index>()) {
        let text = spell(&meaning, seed);
        let text = text.trim_end().trim_end_matches("%0A");
        let cut = at.index(text.chars().count());
        prop_assert!(Policy::parse(&text.chars().take(cut).collect::<String>()).is_err());
    }

    #[test]
    fn a_stricter_policy_has_lost_nothing(
        policy in vault_policies(), other in any_statement(), how in 0_usize..5, seed in any::<u64>(),
    ) {
        let strict = stricter(&policy, how, other);
        let told = no_longer_denied(&parse(&policy, seed), &parse(&strict, seed), VAULT);
        prop_assert!(told.is_empty(), "{:?}", told);
    }

    #[test]
    fn whoever_is_told_to_be_spared_is_spared_and_whoever_is_told_to_be_bound_is_bound(
        policy in vault_policies(), seed in any::<u64>(),
    ) {
        let parsed = parse(&policy, seed);
        for caller in [HEALER, "arn:aws:iam::123456789012:role/admin"] {
            let mut told = std::collections::BTreeMap::new();
            let some_role = Caller::some_role_of("aws", ACCOUNT);
            for request in requests().iter().filter(|request| request.caller == caller) {
                let answers = told.entry(request.action).or_insert_with(|| [
                    parsed.denies_to(&Caller::role(caller), request.action, VAULT),
                    parsed.denies_to(&some_role, request.action, VAULT),
                ]);
                let denied = is_denied(&policy, request);
                for answer in answers {
                    prop_assert!(answer.is_none_or(|answer| answer == denied), "{:?}: {:?}", request, answer);
                }
            }
        }
    }

    #[test]
    fn a_put_brings_back_what_is_lost_and_takes_away_no_denial_but_those_that_do_harm(
        (desired, observed) in prop_oneof![tampered(), (vault_policies(), vault_policies())], seed in any::<u64>(),
    ) {
        const NEEDED: [&str; 2] = ["backup:PutBackupVaultAccessPolicy", "backup:StartBackupJob"];
        // What variables mean depends on the version, and only one of the two can be put.
        prop_assume!(desired.version == observed.version);
        let text = |policy: &Meaning| parse(policy, seed).to_canonical_json();
        let want = parse(&desired, seed);
        let put = with_denials_of(&text(&desired), &text(&observed), VAULT, |denial| {
            let harms = |action: &&&str| {
                denial.denies(HEALER, action, VAULT) && !want.denies_as_far_as(denial, action, VAULT)
            };
            NEEDED.iter().filter(harms).copied().collect()
        });
        let put = put.unwrap_or_else(|| text(&desired));
        let (put_policy, have) = (Policy::parse(&put).unwrap(), parse(&observed, seed));
        prop_assert!(no_longer_denied(&want, &put_policy, VAULT).is_empty(), "{}", put);
        prop_assert!(no_longer_denied(&have, &put_policy, VAULT).iter().all(|action| {
            NEEDED.iter().any(|needed| needed.eq_ignore_ascii_case(action)) || action.starts_with("every action but ")
        }), "{}", put);
        for action in NEEDED {
            prop_assert!(!put_policy.denies(HEALER, action, VAULT) || want.denies(HEALER, action, VAULT), "{}", put);
        }
        // Once it is there, it is what a put would make of it again.
        let again = with_denials_of(&text(&desired), &put, VAULT, |_| Default::default()).unwrap_or_else(|| text(&desired));
        prop_assert_eq!(Policy::parse(&again).unwrap(), put_policy);
    }

    #[test]
    fn nobody_is_let_in_from_outside_who_is_not_told(policy in vault_policies(), seed in any::<u64>()) {
        let told = parse(&policy, seed).lets_in(ACCOUNT);
        for request in requests().iter().filter(|request| request.caller.contains(":111111111111:")) {
            let known = told.contains("*") || told.contains("111111111111") || told.contains(request.caller);
            prop_assert!(known || !is_allowed(&policy, request), "{:?}", request);
        }
    }
}

proptest! {
    // More of them: a single value in a condition decides.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(768) })]

    #[test]
    fn what_is_not_told_as_lost_is_still_denied(
        (desired, observed) in prop_oneof![tampered(), (vault_policies(), vault_policies())], seed in any::<u64>(),
    ) {
        let told = no_longer_denied(&parse(&desired, seed), &parse(&observed, seed), VAULT);
        let requests = requests();
        for action in lost(&desired, &observed, &requests) {
            let is_told = |name: &String| name.eq_ignore_ascii_case(action) || name.starts_with("every action but ");
            prop_assert!(told.iter().any(is_told), "{} is lost, told is {:?}", action, told);
        }
    }
}
