//! The part of the findings that a run is asked to repair, as a person writes it.

use reconcile::repair::Only;

#[test]
fn a_part_is_a_code_a_kind_both_or_a_resource() {
    for (text, words) in [
        ("retention-differs", "retention-differs"),
        ("vault-lock", "vault-lock"),
        ("plan/retention-differs", "plan/retention-differs"),
        ("vault us-east-1/daily", "vault us-east-1/daily"),
        ("vault daily", "vault daily"),
        ("selection plan/all", "selection plan/all"),
    ] {
        let only: Only = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(only.in_words(), words);
        let is_quoted = only.to_string().starts_with('"');
        assert_eq!(is_quoted, text.contains(' '), "{only}");
    }
    for (text, meant) in [("vault-lok", "vault-lock"), ("retention-difers", "retention-differs")] {
        let error = text.parse::<Only>().expect_err("no part").to_string();
        assert!(error.contains(&format!("did you mean {meant:?}?")), "{error}");
    }
    assert!("".parse::<Only>().is_err());
}
