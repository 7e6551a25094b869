//! Attacks of somebody who holds a few rights, played to the end: which resource is meant, what is built, what becomes irreversible.
#![allow(clippy::panic)] // what the attacker cannot do fails the test

use drift_tests::model::{SPEC, resolve};
use drift_tests::stage::Stage;
use reconcile::report::{Outcome, Report, Reported, Verdict};
use sandbox::{DEFAULT_ACCOUNT, Fault, FaultKind, Service};
use sandbox_reference::{DR_REGION, PRIMARY_REGION};
use serde_json::{Value, json};
use time::Duration;

const ALIAS: &str = "alias/aws_backup_key";
const DESCRIPTION: &str = "AWS backups kms key used to encrypt backups";

/// A call of the attacker.
fn call(stage: &Stage, service: Service, region: &str, operation: &str, params: Value) -> Value {
    let called =
        stage.sandbox.change(DEFAULT_ACCOUNT, |change| change.call(service, region, operation, params));
    called.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

fn kms(stage: &Stage, operation: &str, params: Value) -> Value {
    call(stage, Service::Kms, PRIMARY_REGION, operation, params)
}

fn backup(stage: &Stage, operation: &str, params: Value) -> Value {
    call(stage, Service::Backup, PRIMARY_REGION, operation, params)
}

/// The key behind the spec's alias; its ARN.
fn behind_the_alias(stage: &Stage) -> String {
    kms(stage, "DescribeKey", json!({ "KeyId": ALIAS }))["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

/// A key of the attacker's that looks like the spec's; its ARN.
fn decoy(stage: &Stage) -> String {
    let tags = ["terraform", "created_by", "environment", "priority", "aws_backup"]
        .into_iter()
        .zip(["true", "ThinkStack", "prod", "critical", "true"])
        .map(|(key, value)| json!({ "TagKey": key, "TagValue": value }))
        .collect::<Vec<_>>();
    let made = kms(stage, "CreateKey", json!({ "Description": DESCRIPTION, "Tags": tags }));
    made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

/// A decoy behind the alias, and the real key without the looks of one.
fn with_a_decoy(stage: &Stage) -> (String, String) {
    let real = behind_the_alias(stage);
    // Whoever plants a key plants it later.
    stage.sandbox.advance(Duration::days(1));
    let decoy = decoy(stage);
    kms(stage, "UpdateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": decoy }));
    kms(stage, "UpdateKeyDescription", json!({ "KeyId": real, "Description": "old" }));
    stage.sandbox.clear_calls();
    (real, decoy)
}

fn lines(report: &Report) -> Vec<String> {
    let findings = report.findings.iter().map(|one| {
        format!("{} {} {}", one.finding.resource, one.finding.drift.code().code, one.outcome.as_str())
    });
    findings.chain(report.calls.iter().map(|made| format!("{:?} {:?}", made.call, made.result))).collect()
}

/// The vaults of a region, by name.
fn vault(stage: &Stage, name: &str) -> Value {
    backup(stage, "DescribeBackupVault", json!({ "BackupVaultName": name }))
}

#[tokio::test]
async fn a_key_that_looks_right_does_not_outvote_the_vaults() {
    let stage = Stage::deployed();
    let (real, decoy) = with_a_decoy(&stage);
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Healed, "{:#?}", lines(&report));
    assert_eq!(behind_the_alias(&stage), real);
    let about_the_decoy: Vec<_> = lines(&report).into_iter().filter(|line| line.contains(&decoy)).collect();
    assert!(about_the_decoy.iter().all(|line| line.starts_with("alias")), "{about_the_decoy:#?}");
    assert_eq!(kms(&stage, "GetKeyRotationStatus", json!({ "KeyId": decoy }))["KeyRotationEnabled"], false);
}

/// What the attacker does to the plans after he made the vaults anew, so that they look younger.
type Rejuvenates = fn(&Stage);

fn nothing(_: &Stage) {}

/// Writes both plans again, with a change of no importance.
fn updates_the_plans(stage: &Stage) {
    for name in ["prod_backups", "ec2_prod_backups"] {
        let (id, mut document) = plan(stage, name);
        rules(&mut document)[0]["StartWindowMinutes"] = json!(61);
        backup(stage, "UpdateBackupPlan", json!({ "BackupPlanId": id, "BackupPlan": document }));
        rules(&mut document)[0]["StartWindowMinutes"] = json!(60);
        backup(stage, "UpdateBackupPlan", json!({ "BackupPlanId": id, "BackupPlan": document }));
    }
}

/// Deletes both plans, and makes them again.
fn makes_the_plans_anew(stage: &Stage) {
    for name in ["prod_backups", "ec2_prod_backups"] {
        let (id, mut document) = plan(stage, name);
        let of_plan = json!({ "BackupPlanId": id });
        let selections =
            backup(stage, "ListBackupSelections", of_plan.clone())["BackupSelectionsList"].clone();
        let mut texts = Vec::new();
        for one in selections.as_array().unwrap() {
            let one = json!({ "BackupPlanId": id, "SelectionId": one["SelectionId"] });
            texts.push(backup(stage, "GetBackupSelection", one.clone())["BackupSelection"].clone());
            backup(stage, "DeleteBackupSelection", one);
        }
        backup(stage, "DeleteBackupPlan", of_plan);
        rules(&mut document);
        let made = backup(stage, "CreateBackupPlan", json!({ "BackupPlan": document }));
        for text in texts {
            let selection = json!({ "BackupPlanId": made["BackupPlanId"], "BackupSelection": text });
            backup(stage, "CreateBackupSelection", selection);
        }
    }
}

/// Makes vaults anew, all of them, on a key that is put behind the alias before: they agree, and about the wrong key.
fn made_anew(stage: &Stage, region: &str, names: &[&str]) {
    let of = |service, operation: &str, params| call(stage, service, region, operation, params);
    let twin = of(Service::Kms, "CreateKey", json!({ "Description": DESCRIPTION }));
    let twin = twin["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    of(Service::Kms, "UpdateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": twin }));
    for name in names {
        let vault = json!({ "BackupVaultName": name });
        of(Service::Backup, "DeleteBackupVaultLockConfiguration", vault.clone());
        of(Service::Backup, "DeleteBackupVaultAccessPolicy", vault.clone());
        of(Service::Backup, "DeleteBackupVault", vault);
        let anew = json!({ "BackupVaultName": name, "EncryptionKeyArn": twin });
        of(Service::Backup, "CreateBackupVault", anew);
    }
}

#[tokio::test]
async fn vaults_that_are_all_made_anew_on_a_younger_key_prove_nothing() {
    let primary = ["vault_prod_hourly", "vault_prod_daily", "vault_prod_monthly"];
    let places = [(DR_REGION, ["vault_disaster_recovery"].as_slice()), (PRIMARY_REGION, &primary)];
    let afterwards: [(&str, Rejuvenates); 3] =
        [("nothing", nothing), ("updated", updates_the_plans), ("made anew", makes_the_plans_anew)];
    for ((region, names), (what, rejuvenates)) in
        places.into_iter().flat_map(|place| afterwards.map(|after| (place, after)))
    {
        let stage = Stage::deployed();
        stage.sandbox.advance(Duration::days(1));
        made_anew(&stage, region, names);
        rejuvenates(&stage);
        stage.sandbox.clear_calls();
        let report = stage.heal().await;
        let writes = stage.sandbox.writes();
        let told = lines(&report);
        let irreversible = writes.iter().any(|call| call.operation == "PutBackupVaultLockConfiguration");
        assert!(
            !irreversible && writes.iter().all(|call| call.service != "kms"),
            "{what}: {writes:?} {told:#?}"
        );
        for name in names {
            let in_question = format!("vault {region}/{name} key-differs blocked");
            assert!(told.contains(&in_question), "{what}: {told:#?}");
        }
    }
}

/// A region that is added to a deployment later: what the plans said before did not write there.
#[tokio::test]
async fn a_region_that_is_added_later_is_no_twin() {
    let stage = Stage::deployed();
    stage.sandbox.advance(Duration::days(1));
    let changed = stage.sandbox.change(DEFAULT_ACCOUNT, |change| {
        let now = change.now;
        let dr = change.account.region(DR_REGION);
        dr.kms.keys.values_mut().for_each(|key| key.created = now);
        dr.backup.vaults.values_mut().for_each(|vault| vault.created = now);
        for plan in change.account.region(PRIMARY_REGION).backup.plans.values_mut() {
            let mut before = plan.versions[0].clone();
            for rule in before.document["Rules"].as_array_mut().unwrap() {
                rule.as_object_mut().unwrap().remove("CopyActions");
            }
            before.id = "before".to_owned();
            plan.versions[0].created = now;
            plan.versions.insert(0, before);
        }
        Ok::<(), sandbox::AwsError>(())
    });
    changed.unwrap();
    stage.sandbox.clear_calls();
    let report = stage.heal().await;
    let asked = stage.sandbox.calls().iter().any(|call| call.operation == "ListBackupPlanVersions");
    assert!(asked, "something is older than the new region");
    assert_eq!(report.verdict(), Verdict::InSync, "{:#?}", lines(&report));
}

#[tokio::test]
async fn what_was_planted_before_a_bootstrap_is_not_built_on() {
    let mut stage = Stage::empty();
    let decoy = decoy(&stage);
    stage.limits.bootstrap = true;
    let report = stage.heal().await;
    for name in ["vault_prod_hourly", "vault_prod_daily", "vault_prod_monthly"] {
        assert_ne!(vault(&stage, name)["EncryptionKeyArn"], json!(decoy), "{:#?}", lines(&report));
    }
}

#[tokio::test]
async fn an_alias_alone_opens_no_region() {
    let stage = Stage::empty();
    let key = kms(&stage, "CreateKey", json!({ "Description": "mine" }))["KeyMetadata"]["KeyId"].clone();
    kms(&stage, "CreateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": key }));
    let report = stage.heal().await;
    assert_eq!(stage.sandbox.writes(), vec![], "{:#?}", lines(&report));
    assert_eq!(report.verdict(), Verdict::Drifted);
}

#[tokio::test]
async fn a_harmful_limit_goes_out_of_a_lock_whose_clock_runs_whatever_the_key_is() {
    let mut stage = Stage::deployed();
    with_a_decoy(&stage);
    // Nobody consented to start a clock, and none is started by it.
    stage.limits.compliance_locks = false;
    let lock =
        json!({ "BackupVaultName": "vault_prod_hourly", "ChangeableForDays": 3, "MaxRetentionDays": 1 });
    backup(&stage, "PutBackupVaultLockConfiguration", lock);
    let report = stage.heal().await;
    let found = vault(&stage, "vault_prod_hourly");
    assert_eq!(
        (&found["MaxRetentionDays"], &found["Locked"]),
        (&Value::Null, &json!(true)),
        "{:#?}",
        lines(&report)
    );
}

#[tokio::test]
async fn no_clock_starts_without_its_own_consent() {
    let mut stage = Stage::deployed();
    stage.limits.compliance_locks = false;
    for (region, name) in [(PRIMARY_REGION, "vault_prod_daily"), (DR_REGION, "vault_disaster_recovery")] {
        let vault = json!({ "BackupVaultName": name });
        call(&stage, Service::Backup, region, "DeleteBackupVaultLockConfiguration", vault);
    }
    backup(&stage, "DeleteBackupVaultAccessPolicy", json!({ "BackupVaultName": "vault_prod_daily" }));
    stage.sandbox.clear_calls();
    let report = stage.heal().await;
    let wrote: Vec<_> = stage.sandbox.writes().into_iter().map(|call| call.operation).collect();
    assert_eq!(wrote, ["PutBackupVaultAccessPolicy"], "what can be undone is: {:#?}", lines(&report));
    let waits = |one: &&Reported| matches!(&one.outcome, Outcome::Blocked(reason) if reason.code() == "needs-consent");
    assert_eq!(report.findings.iter().filter(waits).count(), 2, "{:#?}", lines(&report));
}

/// A question that may not be asked any more is no answer to the one before (campaign, seed 3000447).
#[tokio::test]
async fn what_may_no_longer_be_asked_is_not_called_repaired() {
    let stage = Stage::deployed();
    stage.drift(&["role-inline-policy-added", "vault-policy-deleted"]);
    let denied = Fault { nth: 2, ..Fault::on("iam", "SimulatePrincipalPolicy", FaultKind::Denied) };
    stage.sandbox.inject(denied.times(usize::MAX));
    let report = stage.heal().await;
    let told = lines(&report);
    assert!(
        told.contains(&"vault-policy us-east-1/vault_prod_daily missing repaired".to_owned()),
        "{told:#?}"
    );
    assert!(told.contains(&"role aws_backup_role action-denied blocked".to_owned()), "{told:#?}");
}

#[tokio::test]
async fn what_a_role_may_do_is_asked_once_a_run() {
    let stage = Stage::deployed();
    stage.drift(&["vault-policy-deleted", "key-pending-deletion"]);
    stage.sandbox.clear_calls();
    let report = stage.heal().await;
    assert_eq!(report.calls.len(), 3, "{:#?}", lines(&report));
    let asked = stage.sandbox.calls().into_iter().filter(|call| call.operation == "SimulatePrincipalPolicy");
    assert_eq!(asked.count(), 1);
}

/// Whatever policies a role has: what is selected with it is backed up with it.
#[tokio::test]
async fn a_role_is_asked_for_what_is_selected_with_it() {
    let mut stage = Stage::deployed();
    let policy = "service-role/AWSBackupServiceRolePolicyForBackup";
    stage.desired = resolve(&SPEC.replace(&format!("\"arn:${{partition}}:iam::aws:policy/{policy}\","), ""));
    let role = |operation: &str, mut params: Value| {
        params["RoleName"] = json!("aws_backup_role");
        call(&stage, Service::Iam, PRIMARY_REGION, operation, params)
    };
    role("DetachRolePolicy", json!({ "PolicyArn": format!("arn:aws:iam::aws:policy/{policy}") }));
    let denied = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "ec2:*", "Resource": "*" } });
    role("PutRolePolicy", json!({ "PolicyName": "quiet", "PolicyDocument": denied.to_string() }));
    let told = lines(&stage.heal().await);
    assert!(told.contains(&"role aws_backup_role action-denied blocked".to_owned()), "{told:#?}");
}

/// What AWS does not take is not lost without a word.
#[tokio::test]
async fn a_denial_that_aws_does_not_take_back_is_told() {
    let stage = Stage::deployed();
    let found = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Deny", "Principal": "*", "Action": "backup:DisassociateRecoveryPoint", "Resource": "*" },
    ] });
    let put = json!({ "BackupVaultName": "vault_prod_daily", "Policy": found.to_string() });
    backup(&stage, "PutBackupVaultAccessPolicy", put);
    let refused = FaultKind::Error {
        code: "InvalidParameterValueException".to_owned(),
        status: 400,
        message: "injected".to_owned(),
    };
    stage.sandbox.inject(Fault::on("backup", "PutBackupVaultAccessPolicy", refused).times(1));
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Healed, "{:#?}", lines(&report));
    let told = report.notes.iter().any(|note| {
        note.text.as_str().starts_with("For vault-policy us-east-1/vault_prod_daily AWS refused")
    });
    assert!(told, "{:#?}", report.notes);
}

/// Whoever renames a vault in the spec gets a second one, and hears what becomes of the first.
#[tokio::test]
async fn a_vault_that_is_renamed_in_the_spec_is_made_beside_the_old_one_and_that_is_told() {
    let mut stage = Stage::deployed();
    stage.limits.compliance_locks = false;
    let old = vault(&stage, "vault_prod_daily");
    stage.desired = resolve(&SPEC.replace("vault_prod_daily", "vault_prod_nightly"));
    let report = stage.heal().await;
    let outcome = |resource: &str, code: &str| {
        let is_it = |one: &&Reported| {
            one.finding.resource.to_string() == resource && one.finding.drift.code().code == code
        };
        let found = report.findings.iter().find(is_it);
        found.map(|one| (one.outcome.as_str(), one.impact().to_string()))
    };
    let (repaired, blocked) = (Some("repaired"), Some("blocked"));
    let new = "us-east-1/vault_prod_nightly";
    let of = |found: &Option<(&'static str, String)>| found.as_ref().map(|(outcome, _)| *outcome);
    assert_eq!(of(&outcome(&format!("vault {new}"), "missing")), repaired, "{:#?}", lines(&report));
    assert_eq!(of(&outcome(&format!("vault-policy {new}"), "missing")), repaired, "{:#?}", lines(&report));
    assert_eq!(of(&outcome(&format!("vault-lock {new}"), "missing")), blocked, "no clock on the first day");
    let moved = outcome("plan us-east-1/prod_backups", "target-vault-differs");
    assert_eq!(of(&moved), repaired, "{:#?}", lines(&report));
    let (_, impact) = moved.unwrap();
    assert!(impact.contains("What is in vault_prod_daily stays there"), "{impact}");
    assert_eq!(vault(&stage, "vault_prod_daily"), old);
}

/// The id of a plan of the reference, and its document.
fn plan(stage: &Stage, name: &str) -> (String, Value) {
    let plans = backup(stage, "ListBackupPlans", json!({}));
    let mut plans = plans["BackupPlansList"].as_array().unwrap().iter();
    let id = plans.find(|one| one["BackupPlanName"] == name).unwrap()["BackupPlanId"].clone();
    let document = backup(stage, "GetBackupPlan", json!({ "BackupPlanId": id }))["BackupPlan"].clone();
    (id.as_str().unwrap().to_owned(), document)
}

/// The document as an update takes it.
fn rules(document: &mut Value) -> &mut Vec<Value> {
    let rules = document["Rules"].as_array_mut().unwrap();
    rules.iter_mut().for_each(|rule| drop(rule.as_object_mut().unwrap().remove("RuleId")));
    rules
}

#[tokio::test]
async fn a_second_plan_of_the_name_does_not_end_the_watch_over_the_first() {
    let stage = Stage::deployed();
    let (id, mut document) = plan(&stage, "prod_backups");
    stage.sandbox.advance(Duration::hours(1));
    let mut second = document.clone();
    rules(&mut second).truncate(1);
    let second = backup(&stage, "CreateBackupPlan", json!({ "BackupPlan": second }))["BackupPlanId"].clone();
    rules(&mut document)[1]["Lifecycle"]["DeleteAfterDays"] = json!(1);
    rules(&mut document).remove(2);
    backup(&stage, "UpdateBackupPlan", json!({ "BackupPlanId": id, "BackupPlan": document }));
    stage.sandbox.clear_calls();
    let report = stage.heal().await;
    let repaired = backup(&stage, "GetBackupPlan", json!({ "BackupPlanId": id }))["BackupPlan"].clone();
    assert_eq!(repaired["Rules"].as_array().unwrap().len(), 3, "{:#?}", lines(&report));
    let other = backup(&stage, "GetBackupPlan", json!({ "BackupPlanId": second }))["BackupPlan"].clone();
    assert_eq!(other["Rules"].as_array().unwrap().len(), 1, "the other one is never touched");
    assert_eq!(report.verdict(), Verdict::Drifted, "and is told: {:#?}", lines(&report));
}

#[tokio::test]
async fn what_cannot_be_read_elsewhere_holds_up_no_repair_of_the_same_plan() {
    let stage = Stage::deployed();
    let (id, mut document) = plan(&stage, "prod_backups");
    let foreign = "arn:aws:backup:us-west-2:210987654321:backup-vault:theirs";
    let daily = &mut rules(&mut document)[1];
    daily["Lifecycle"]["DeleteAfterDays"] = json!(1);
    daily["CopyActions"].as_array_mut().unwrap().push(json!({ "DestinationBackupVaultArn": foreign }));
    backup(&stage, "UpdateBackupPlan", json!({ "BackupPlanId": id, "BackupPlan": document }));
    let kind =
        FaultKind::Error { code: "AccessDeniedException".to_owned(), status: 403, message: "no".to_owned() };
    let unread =
        Fault { region: Some(DR_REGION.to_owned()), ..Fault::on("backup", "ListBackupVaults", kind) };
    stage.sandbox.inject(unread.times(usize::MAX));
    let report = stage.heal().await;
    let daily =
        backup(&stage, "GetBackupPlan", json!({ "BackupPlanId": id }))["BackupPlan"]["Rules"][1].clone();
    assert_eq!(daily["Lifecycle"]["DeleteAfterDays"], 30, "{:#?}", lines(&report));
    assert!(!daily["CopyActions"].to_string().contains(foreign), "{daily:#}");
    assert!(daily["CopyActions"].to_string().contains("vault_disaster_recovery"), "{daily:#}");
}

#[tokio::test]
async fn a_plan_of_our_name_in_a_wrong_account_is_not_ours() {
    for compliance_locks in [false, true] {
        let mut stage = Stage::empty();
        stage.limits.compliance_locks = compliance_locks;
        let rule = json!({ "RuleName": "theirs", "TargetBackupVaultName": "Default", "ScheduleExpression": "cron(0 5 ? * * *)",
            "Lifecycle": { "DeleteAfterDays": 3650 } });
        backup(&stage, "CreateBackupVault", json!({ "BackupVaultName": "Default" }));
        let document = json!({ "BackupPlanName": "prod_backups", "Rules": [rule] });
        backup(&stage, "CreateBackupPlan", json!({ "BackupPlan": document }));
        stage.sandbox.clear_calls();
        let report = stage.heal().await;
        assert_eq!(stage.sandbox.writes(), vec![], "{:#?}", lines(&report));
    }
}
