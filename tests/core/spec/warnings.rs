//! What a spec may say, and its owner probably does not mean.

use super::changed;
use reconcile::spec::{Spec, SpecWarning};

const REFERENCE: &str = include_str!("../../../functions/drift-healer/desired.toml");

fn warnings(toml: &str) -> Vec<SpecWarning> {
    Spec::parse(toml).unwrap_or_else(|errors| panic!("{errors}")).warnings().to_vec()
}

/// The warnings at a path.
fn at<'w>(warnings: &'w [SpecWarning], path: &str) -> Vec<&'w str> {
    warnings.iter().filter(|one| one.path == path).map(|one| one.message.as_str()).collect()
}

#[test]
fn the_references_monthly_rule_hides_the_daily_one_and_its_copy() {
    let all = warnings(REFERENCE);
    let [only] = all.as_slice() else { panic!("{all:#?}") };
    assert_eq!(only.path, "plans[0].rules[1].name");
    for words in [
        "monthly_backup_rule hides daily_backup_rule",
        "day 1 of the month",
        "vault_disaster_recovery in us-west-2",
    ] {
        assert!(only.message.contains(words), "{only}");
    }
}

#[test]
fn a_region_that_is_not_known_is_doubted_and_taken() {
    let all = warnings(&REFERENCE.replace("primary = \"us-east-1\"", "primary = \"us-esat-1\""));
    let told = at(&all, "regions.primary");
    assert_eq!(told, ["us-esat-1 is none of the regions that this version knows; did you mean us-east-1?"]);
}

/// The reference, with one thing of its monthly rule changed.
fn monthly(from: &str, to: &str) -> Vec<SpecWarning> {
    let (before, rule) = REFERENCE.split_once("name = \"monthly_backup_rule\"").expect("the rule");
    assert!(rule.contains(from), "{from}");
    warnings(&format!("{before}name = \"monthly_backup_rule\"{}", rule.replacen(from, to, 1)))
}

#[test]
fn rules_hide_each_other_only_where_their_start_windows_overlap() {
    assert_eq!(monthly("20 7 1", "20 8 1"), [], "one window begins where the other ends");
    assert_eq!(monthly("20 7 1", "19 8 1").len(), 1, "a minute of both is the same");
    assert_eq!(monthly("20 7 1", "21 6 1").len(), 1);
    assert_eq!(monthly("20 7 1", "20 6 1"), []);
    let copy =
        "\ncopies = [{ vault = \"vault_disaster_recovery\", region = \"dr\" }]\ndelete_after_days = 365";
    assert_eq!(monthly("\ndelete_after_days = 365", copy), [], "the copy is made by the rule that runs");
}

#[test]
fn rules_of_two_time_zones_are_compared_by_one_clock() {
    let said = |zone: &str, schedule: &str| {
        let all = monthly(
            "\nschedule = \"cron(20 7 1 * ? *)\"",
            &format!("\ntimezone = \"{zone}\"\nschedule = \"cron({schedule})\""),
        );
        all.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(said("Europe/Berlin", "20 7 1 * ? *"), "", "an hour or two earlier than it says");
    let winter = said("Europe/Berlin", "20 8 1 * ? *");
    assert!(winter.contains("hides daily_backup_rule on 5 days of the year"), "{winter}");
    let summer = said("Europe/Berlin", "20 9 1 * ? *");
    assert!(summer.contains("hides daily_backup_rule on 7 days of the year"), "{summer}");
    let always = said("Asia/Kolkata", "50 12 1 * ? *");
    assert!(always.contains("hides daily_backup_rule on day 1 of the month"), "{always}");
    // By the clock of the hidden rule, whose day is another one.
    let eve = said("Pacific/Auckland", "20 20 1 * ? *");
    assert!(eve.contains("hides daily_backup_rule on 7 days of the year"), "{eve}");
}

#[test]
fn the_rule_that_keeps_less_is_the_one_that_is_hidden() {
    let weekly = monthly("20 7 1 * ? *", "20 7 ? * SUN *");
    assert!(weekly[0].message.contains("on each Sunday"), "{weekly:#?}");
    let shorter = monthly("delete_after_days = 365", "delete_after_days = 29");
    let [never] = shorter.as_slice() else { panic!("{shorter:#?}") };
    assert_eq!(never.path, "plans[0].rules[2].name");
    assert!(
        never.message.contains("daily_backup_rule hides monthly_backup_rule at all of its runs"),
        "{never}"
    );
    let equal = monthly("delete_after_days = 365", "delete_after_days = 30");
    assert!(
        at(&equal, "plans[0].rules[1].name")[0]
            .contains("AWS Backup runs one of them and does not say which")
    );
}

#[test]
fn tags_beside_everything_narrow_nothing() {
    let toml = changed("\"arn:${partition}:ec2:${region}:${account}:instance/*\"", "\"*\"");
    let all = warnings(&toml);
    let told = at(&all, "plans[0].selections[0].resources[0]");
    assert!(told[0].contains("\"backup\" as a condition"), "{told:#?}");
}

#[test]
fn a_deny_that_its_resource_cannot_reach_is_told() {
    let base = warnings(super::BASE);
    let told = at(&base, "vault_policies.no_deletes");
    assert!(told[0].contains("denies backup:DeleteRecoveryPoint"), "{told:#?}");
    assert!(told[0].contains("does not reach recovery points"), "{told:#?}");
    let everything = warnings(&changed("\"${vault}\"", "\"*\""));
    assert_eq!(at(&everything, "vault_policies.no_deletes"), Vec::<&str>::new());
}

#[test]
fn what_the_build_cannot_know_of_the_function_it_says() {
    for condition in [
        r#""ArnNotEquals": { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/healer" }"#,
        r#""StringNotLike": { "aws:userId": "AROAEXAMPLE:*" }"#,
    ] {
        let to = format!(
            r#""Action": ["backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy"], "Resource": "*", "Condition": {{ {condition} }}"#
        );
        let toml = changed(r#""Action": "backup:DeleteRecoveryPoint", "Resource": "${vault}""#, &to);
        let all = warnings(&toml);
        let told = at(&all, "vault_policies.no_deletes");
        assert!(
            told[0].contains("whether it denies backup:PutBackupVaultAccessPolicy to the function"),
            "{told:#?}"
        );
    }
}

#[test]
fn what_may_select_or_scan_nothing_is_told() {
    for (from, to, path, word) in [
        ("ec2:${region}:", "ec2:us-east-1:", "plans[0].selections[0].resources[0]", "region us-east-1"),
        ("value = \"yes\"", "value = \"*\"", "plans[0].selections[0].tags[0].value", "stands for itself"),
        ("value = \"prod\"", "value = \"prod*\"", "plans[0].selections[0].conditions[0].value", "StringLike"),
        (
            "copies = [",
            "scan_actions = [{ scanner = \"GUARDDUTY\", mode = \"FULL_SCAN\" }]\ncopies = [",
            "plans[0].rules[0].scan_actions[0].scanner",
            "scan_settings",
        ),
    ] {
        let found = warnings(&changed(from, to));
        let told = at(&found, path);
        assert!(told.iter().any(|one| one.contains(word)), "{to}: {found:#?}");
    }
    let base = changed("name = \"base\"", "name = \"base\"");
    let (before, rest) = base.split_once("[[plans.selections]]").unwrap();
    let (_, after) = rest.split_once("[[exceptions]]").unwrap();
    let found = warnings(&format!("{before}[[exceptions]]{after}"));
    assert!(at(&found, "plans[0]").iter().any(|one| one.contains("has no selection")), "{found:#?}");
}
