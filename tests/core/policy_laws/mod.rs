//! Laws of the policy comparison over random policies: another spelling of a policy is equal to it, a policy with one
//! change of meaning is not.

mod meaning;
mod spelling;

use proptest::prelude::*;
use proptest::sample::Index;
use reconcile::policy::{Policy, no_longer_denied};

use meaning::{CHANGES, Meaning, alter, meanings};
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
}
