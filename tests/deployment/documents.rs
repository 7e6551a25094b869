//! The documents as they are written: which actions, on what, under which conditions.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::needed::{reading, repairing};
use crate::template::{FULL, REPAIR, SCANNER_ROLE, Template, statements, strings};

/// The role of the spec on any path: IAM has each name once, and its calls reach no other account.
const ROLES: [&str; 2] = ["arn:*:iam::*:role/aws_backup_role", "arn:*:iam::*:role/*/aws_backup_role"];
const ITSELF: &str = "arn:aws:iam::123456789012:role/drift-healer";
/// Never to be given, in whatever words.
const NEVER: &[&str] = &[
    "backup:DeleteRecoveryPoint",
    "backup:DeleteBackupVaultRecoveryPoint",
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteBackupPlan",
    "backup:UpdateRecoveryPointLifecycle",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:DeleteAlias",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:UntagRole",
];

fn granted(given: &[(&str, &str)]) -> BTreeSet<String> {
    let policies = Template::with(given).policies();
    let allows = statements(&policies).into_iter().filter(|(_, one)| one["Effect"] == "Allow");
    allows.flat_map(|(_, one)| strings(one, "Action")).collect()
}

fn statement(policy: &str, sid: &str) -> Value {
    let policies = Template::with(FULL).policies();
    let found = statements(&policies).into_iter().find(|(name, one)| *name == policy && one["Sid"] == sid);
    found.unwrap_or_else(|| panic!("{policy} has no statement {sid}")).1.clone()
}

fn compare(granted: &BTreeSet<String>, needed: &BTreeSet<String>) {
    let missing: Vec<_> = needed.difference(granted).collect();
    let useless: Vec<_> = granted.difference(needed).collect();
    assert!(missing.is_empty(), "the code needs what infra/drift-healer.yaml does not give: {missing:?}");
    assert!(useless.is_empty(), "infra/drift-healer.yaml gives what no code needs: {useless:?}");
}

#[test]
fn the_role_may_do_what_the_code_does_and_nothing_else() {
    compare(&granted(FULL), &repairing());
}

#[test]
fn a_role_that_only_reports_may_only_read_and_report() {
    compare(&granted(&[]), &reading());
}

#[test]
fn a_role_that_only_reports_has_no_right_to_write_whatever_else_is_asked_for() {
    let everything: Vec<_> = FULL.iter().copied().filter(|(name, _)| *name != "Mode").collect();
    compare(&granted(&everything), &reading());
    let policies = Template::with(&everything).policies();
    assert_eq!(policies.keys().collect::<Vec<_>>(), ["never", "observe"]);
}

#[test]
fn what_a_spec_does_not_use_and_nobody_asked_for_is_not_given() {
    let given = granted(REPAIR);
    for (parameter, action) in [
        ("KeyPolicies", "kms:PutKeyPolicy"),
        ("Bootstrap", "kms:CreateKey"),
        ("Notifications", "backup:PutBackupVaultNotifications"),
        ("RegionSettings", "backup:UpdateRegionSettings"),
    ] {
        assert!(!given.contains(action), "{action}");
        assert!(granted(&[("Mode", "repair"), (parameter, "true")]).contains(action), "{action}");
    }
}

#[test]
fn what_is_never_done_is_neither_granted_nor_left_undenied() {
    for given in [FULL, REPAIR, &[]] {
        let policies = Template::with(given).policies();
        for action in NEVER {
            let covers = |one: &Value| {
                strings(one, "Action")
                    .iter()
                    .any(|pattern| glob(&pattern.to_lowercase(), &action.to_lowercase()))
            };
            let (denies, grants): (Vec<_>, Vec<_>) = statements(&policies)
                .into_iter()
                .filter(|(_, one)| covers(one))
                .partition(|(_, one)| one["Effect"] == "Deny");
            assert_eq!(grants, [], "{action} is granted");
            let flat = |one: &&(&str, &Value)| one.1["Resource"] == "*" && one.1["Condition"].is_null();
            assert!(denies.iter().any(|one| flat(&one)), "{action} is not denied under all circumstances");
        }
    }
}

#[test]
fn every_resource_is_pinned() {
    let policies = Template::with(FULL).policies();
    for (name, one) in statements(&policies).into_iter().filter(|(_, one)| one["Effect"] == "Allow") {
        let sid = one["Sid"].as_str().unwrap();
        for resource in strings(one, "Resource") {
            // For these AWS knows no resource.
            let listed = ["Lists", "VaultStorage", "NewKeys", "RegionSettings"].contains(&sid);
            assert_eq!(resource == "*", listed, "{name}/{sid} is about {resource}");
            let own = resource.contains(":123456789012:") || resource.starts_with("arn:of:");
            let of_iam = ROLES.contains(&resource.as_str());
            let by_condition = one["Condition"]["StringEquals"]["aws:ResourceAccount"] == "123456789012";
            assert!(
                listed || own || of_iam || by_condition,
                "{name}/{sid} reaches other accounts by {resource}"
            );
        }
        for action in strings(one, "Action") {
            let topics_key = action == "kms:GenerateDataKey*" && sid == "ReportsKey";
            assert!(!action.contains('*') || topics_key, "{name}/{sid} gives {action}");
            if action.starts_with("iam:") && action != "iam:CreateServiceLinkedRole" {
                let pinned: &[&str] = match sid {
                    "Itself" => &[ITSELF],
                    "PassScannerRole" => &[SCANNER_ROLE],
                    _ => &ROLES,
                };
                assert_eq!(strings(one, "Resource"), pinned, "{name}/{sid}");
            }
        }
    }
}

#[test]
fn the_role_gets_only_the_policies_of_the_spec_and_goes_only_to_aws_backup() {
    let policies = [
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
    ];
    let attach = statement("repair", "RolePolicies");
    assert_eq!(attach["Condition"], json!({ "ArnLike": { "iam:PolicyARN": policies } }));
    assert_eq!(strings(&attach, "Action"), ["iam:AttachRolePolicy"]);
    let pass = statement("repair", "PassRole");
    assert_eq!(
        pass["Condition"],
        json!({ "StringEquals": { "iam:PassedToService": "backup.amazonaws.com" } })
    );
}

#[test]
fn a_role_is_made_only_with_a_boundary_where_the_spec_has_one() {
    assert_eq!(statement("repair", "NewRoles")["Condition"], Value::Null);
    let boundary = "arn:aws:iam::????????????:policy/team";
    let policies = Template::with(&[("Mode", "repair"), ("BackupRoleBoundaries", boundary)]).policies();
    let found = statements(&policies).into_iter().find(|(_, one)| one["Sid"] == "NewRoles").unwrap();
    assert_eq!(found.1["Condition"], json!({ "StringLike": { "iam:PermissionsBoundary": [boundary] } }));
}

#[test]
fn several_roles_and_known_plans_are_pinned_by_name_and_by_id() {
    let given = [("Mode", "repair"), ("BackupRoles", "one,two"), ("PlanIds", "4f1d,77aa")];
    let policies = Template::with(&given).policies();
    let resources = |sid: &str| {
        let found =
            statements(&policies).into_iter().find(|(name, one)| *name == "repair" && one["Sid"] == sid);
        strings(found.unwrap().1, "Resource")
    };
    let roles = ["one", "two"].map(|name| format!("arn:*:iam::*:role/{name}"));
    let below = ["one", "two"].map(|name| format!("arn:*:iam::*:role/*/{name}"));
    assert_eq!(resources("PassRole"), [roles, below].concat());
    let plans = ["4f1d", "77aa"].map(|id| format!("arn:*:backup:*:*:backup-plan:{id}"));
    assert_eq!(resources("Plans"), plans);
}

/// AWS takes this much text, without white space, in a role's own policies.
const MOST_POLICY_TEXT: usize = 10_240;

#[test]
fn the_policies_fit_into_the_role_with_room_for_more_vaults() {
    let size: usize = Template::with(FULL).policies().values().map(|one| one.to_string().len()).sum();
    assert!(size < MOST_POLICY_TEXT * 9 / 10, "{size} of {MOST_POLICY_TEXT} characters are used");
}

#[test]
fn vaults_are_pinned_by_name_and_keys_by_their_alias() {
    let vaults =
        ["hourly", "daily", "monthly"].map(|name| format!("arn:*:backup:*:*:backup-vault:vault_prod_{name}"));
    let dr = "arn:*:backup:*:*:backup-vault:vault_disaster_recovery".to_owned();
    let vaults: Vec<String> = vaults.into_iter().chain([dr]).collect();
    assert_eq!(strings(&statement("observe", "Vaults"), "Resource"), vaults);
    assert_eq!(strings(&statement("repair", "Vaults"), "Resource"), vaults);
    assert_eq!(strings(&statement("repair", "Aliases"), "Resource"), ["arn:*:kms:*:*:alias/aws_backup_key"]);
    let behind = json!({ "ForAnyValue:StringLike": { "kms:ResourceAliases": ["alias/aws_backup_key"] } });
    assert_eq!(statement("repair", "KeysBehindAlias")["Condition"], behind);
    let without = json!({ "Null": { "kms:ResourceAliases": "true" } });
    assert_eq!(statement("repair", "KeysWithoutAlias")["Condition"], without);
    // Whoever attacks could change what a rescue went by.
    let rescue = statement("repair", "Rescue");
    assert_eq!(strings(&rescue, "Resource"), ["arn:aws:kms:*:123456789012:key/*"]);
    assert!(!rescue["Condition"].to_string().contains("kms:ResourceAliases"), "{rescue}");
}

/// `*` stands for any run of characters.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| glob(rest, &text[at..]))
        }),
    }
}
