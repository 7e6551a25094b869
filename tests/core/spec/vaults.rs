//! Mistakes in the vaults, their policies and their locks.

use super::*;

const LOCK: &str =
    "{ mode = \"compliance\", changeable_for_days = 3, min_retention_days = 7, max_retention_days = 400 }";
const ACTION: &str = "\"backup:DeleteRecoveryPoint\"";

fn vault(name: &str, region: &str) -> String {
    format!("[[vaults]]\nname = {name:?}\nregion = {region:?}\nkey = \"alias/backup\"\n")
}

fn with_vault(name: &str, region: &str) -> String {
    format!("{}\n[vault_policies]", vault(name, region))
}

#[test]
fn a_vault_has_a_name_that_aws_takes() {
    let long = "v".repeat(51);
    for name in ["", "x", "a b", "a.b", "ä-vault", &long] {
        refuses("[vault_policies]", &with_vault(name, "dr"), "vaults[2].name", name, &["2 to 50 letters"]);
    }
    takes("[vault_policies]", &with_vault(&"v".repeat(50), "dr"));
    takes("[vault_policies]", &with_vault("a-_9", "dr"));
}

#[test]
fn a_vault_is_there_once_in_a_region() {
    refuses(
        "[vault_policies]",
        &with_vault("copies", "dr"),
        "vaults[2].name",
        "copies",
        &["same as that of vaults[1].name"],
    );
    takes("[vault_policies]", &with_vault("daily", "dr"));
}

#[test]
fn a_vault_names_a_key_of_its_own_region() {
    refuses(
        "[vault_policies]",
        &with_vault("cold", "archive"),
        "vaults[2].key",
        "key =",
        &["region archive", "allowed: alias/aws/backup, or an ARN"],
    );
    let other = with_vault("cold", "dr").replace("alias/backup", "alias/other");
    refuses("[vault_policies]", &other, "vaults[2].key", "alias/other", &["allowed: alias/backup"]);
}

#[test]
fn more_than_300_vaults_or_plans_in_a_region_need_a_raised_quota() {
    let warned = |from: &str, to: &str, path: &str| {
        let warnings = takes(from, to).warnings();
        let about = |path: &str| warnings.iter().filter(|one| one.path == path).count();
        assert!(warnings.iter().all(|one| one.path != path || one.message.contains("allows 300")));
        assert_eq!(about(path), 1, "{warnings:?}");
    };
    let vaults = |count: usize| {
        (0..count).map(|n| vault(&format!("v{n}"), "dr")).collect::<String>() + "[vault_policies]"
    };
    takes("[vault_policies]", &vaults(299));
    warned("[vault_policies]", &vaults(400), "vaults[301].name");
    let plan = |n: usize| {
        format!(
            "[[plans]]\nname = \"p{n}\"\n[[plans.rules]]\nname = \"r\"\nvault = \"daily\"\ndelete_after_days = 7\n"
        )
    };
    let plans = |count| (0..count).map(plan).collect::<String>() + "[[exceptions]]";
    takes("[[exceptions]]", &plans(299));
    warned("[[exceptions]]", &plans(400), "plans[300].name");
}

#[test]
fn a_vault_names_a_policy_of_the_spec_and_each_policy_is_used() {
    refuses("policy = \"no_deletes\"", "", "vault_policies.no_deletes", "'''", &["no vault has this policy"]);
    let toml = changed("name = \"copies\"", "name = \"copies\"\npolicy = \"none\"");
    let error = only_mistake(&toml);
    assert_eq!((error.path.as_str(), error.source_line()), ("vaults[1].policy", "policy = \"none\""));
    assert!(error.message.ends_with("allowed: no_deletes"), "{error}");
}

#[test]
fn a_vault_policy_is_a_policy_without_wildcards_in_its_actions() {
    let path = "vault_policies.no_deletes";
    refuses("\"Effect\": \"Deny\", ", "", path, "'''", &["Effect"]);
    refuses("${vault}", "${vualt}", path, "'''", &["${vualt} is not known", "${vault}"]);
    refuses(
        ACTION,
        "[\"backup:DeleteRecoveryPoint\", \"backup:*\"]",
        path,
        "'''",
        &["backup:*", "no wildcards"],
    );
    refuses(ACTION, "\"backup:DeleteRecoveryPoin?\"", path, "'''", &["no wildcards"]);
    takes(ACTION, "\"backup:StartBackupJob\"");
    refuses(
        "\"Action\": \"backup:DeleteRecoveryPoint\"",
        "\"NotAction\": \"backup:*\"",
        path,
        "'''",
        &["no wildcards"],
    );
    let exempt = r#"${vault}", "Condition": {"StringNotLike": {"aws:PrincipalArn": "${aws:PrincipalTag/x}*"}}, "Sid": "s"#;
    takes("${vault}", exempt);
}

#[test]
fn a_vault_policy_that_shuts_out_everyone_is_refused() {
    let path = "vault_policies.no_deletes";
    for action in [
        "DescribeBackupVault",
        "GetBackupVaultAccessPolicy",
        "ListTags",
        "PutBackupVaultAccessPolicy",
        "PutBackupVaultLockConfiguration",
        "TagResource",
    ] {
        let denied = format!("[\"backup:deleterecoverypoint\", \"BACKUP:{action}\"]");
        refuses(ACTION, &denied, path, "'''", &["denies backup:", action, "to everyone"]);
    }
    let account =
        r#""Effect": "Deny", "Principal": {"AWS": "${account}"}, "NotAction": "backup:ListBackupPlans""#;
    refuses(
        "\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"backup:DeleteRecoveryPoint\"",
        account,
        path,
        "'''",
        &["to everyone"],
    );
}

#[test]
fn a_vault_policy_that_spares_somebody_is_taken() {
    let denied = "\"backup:PutBackupVaultAccessPolicy\"";
    takes(
        ACTION,
        &format!(
            "{denied}, \"Condition\": {{\"ArnNotEquals\": {{\"aws:PrincipalArn\": \"arn:aws:iam::1:role/x\"}}}}"
        ),
    );
    let all_but_one = changed("\"Principal\": \"*\"", "\"NotPrincipal\": {\"AWS\": \"${role}\"}");
    Spec::parse(&all_but_one.replace(ACTION, denied)).unwrap_or_else(|errors| panic!("{errors}"));
    let one =
        changed("\"Principal\": \"*\"", "\"Principal\": {\"AWS\": \"arn:aws:iam::${account}:role/intern\"}");
    Spec::parse(&one.replace(ACTION, denied)).unwrap_or_else(|errors| panic!("{errors}"));
    let other = changed("\"${vault}\"", "\"arn:aws:backup:eu-west-1:000000000000:backup-vault:another\"");
    Spec::parse(&other.replace(ACTION, denied)).unwrap_or_else(|errors| panic!("{errors}"));
    let allowed = changed("\"Deny\"", "\"Allow\"");
    Spec::parse(&allowed.replace(ACTION, denied)).unwrap_or_else(|errors| panic!("{errors}"));
}

#[test]
fn a_lock_has_a_mode() {
    refuses(
        "mode = \"governance\"",
        "mode = \"legal\"",
        "vaults[1].lock.mode",
        "legal",
        &["allowed: governance, compliance"],
    );
}

#[test]
fn a_compliance_lock_has_a_grace_time_and_a_governance_lock_has_none() {
    let path = "vaults[0].lock.changeable_for_days";
    refuses("changeable_for_days = 3, ", "", path, "lock =", &["is missing", "3 to 36500"]);
    for days in ["2", "0", "36501"] {
        refuses(
            "changeable_for_days = 3",
            &format!("changeable_for_days = {days}"),
            path,
            days,
            &["3 to 36500 days"],
        );
    }
    takes("changeable_for_days = 3", "changeable_for_days = 36500");
    let to = "\"governance\", changeable_for_days = 3,";
    refuses(
        "\"governance\",",
        to,
        "vaults[1].lock.changeable_for_days",
        "governance",
        &["compliance", "drop it"],
    );
}

#[test]
fn a_locks_retention_is_a_range_of_days() {
    let words = ["1 to 36500 days"];
    refuses(
        "min_retention_days = 7",
        "min_retention_days = 0",
        "vaults[0].lock.min_retention_days",
        "= 0",
        &words,
    );
    let to = "max_retention_days = 36501";
    refuses("max_retention_days = 400", to, "vaults[0].lock.max_retention_days", "36501", &words);
    refuses(
        "min_retention_days = 7",
        "min_retention_days = 401",
        "vaults[0].lock.min_retention_days",
        "401",
        &["400"],
    );
    takes(LOCK, "{ mode = \"compliance\", changeable_for_days = 3 }");
    takes(LOCK, "{ mode = \"governance\" }");
    takes("max_retention_days = 400", "max_retention_days = 100");
    takes("min_retention_days = 7", "min_retention_days = 100");
    takes(
        "min_retention_days = 7, max_retention_days = 400",
        "min_retention_days = 100, max_retention_days = 100",
    );
}

#[test]
fn a_rules_retention_fits_the_lock_of_its_vault() {
    let path = "plans[0].rules[0].delete_after_days";
    refuses(
        "max_retention_days = 400",
        "max_retention_days = 99",
        path,
        "100",
        &["kept for 100 days", "lock of daily", "7 to 99 days"],
    );
    refuses("min_retention_days = 7", "min_retention_days = 101", path, "100", &["101 to 400 days"]);
    refuses(
        "min_retention_days = 7, max_retention_days = 400",
        "max_retention_days = 9",
        path,
        "100",
        &["1 to 9 days"],
    );
    refuses("delete_after_days = 100\n", "", path, "[[plans.rules]]", &["kept without end", "lock of daily"]);
    takes("max_retention_days = 400", "max_retention_days = 100");
}

#[test]
fn a_copys_retention_fits_the_lock_of_its_destination() {
    let path = "plans[0].rules[0].copies[0].delete_after_days";
    refuses(
        "delete_after_days = 50",
        "delete_after_days = 9",
        path,
        "copies",
        &["lock of copies", "10 days or more"],
    );
    takes("delete_after_days = 50", "delete_after_days = 10");
    // The copy follows its rule, which keeps 100 days.
    let copy = "plans[0].rules[0].copies[0]";
    let follows = changed(", delete_after_days = 50", "");
    Spec::parse(&follows).unwrap_or_else(|errors| panic!("{errors}"));
    let error = only_mistake(
        &follows
            .replace("\"governance\", min_retention_days = 10", "\"governance\", max_retention_days = 90"),
    );
    assert_eq!(error.path, copy, "{error}");
    assert!(error.message.starts_with("kept for 100 days"), "{error}");
    let by_arn = "{ vault_arn = \"arn:${partition}:backup:eu-central-1:${account}:backup-vault:copies\", delete_after_days = 9 }";
    refuses(
        "{ vault = \"copies\", region = \"dr\", delete_after_days = 50 }",
        by_arn,
        path,
        "vault_arn",
        &["lock of copies"],
    );
    takes(
        "{ vault = \"copies\", region = \"dr\", delete_after_days = 50 }",
        &by_arn.replace("${account}", "999999999999"),
    );
}
