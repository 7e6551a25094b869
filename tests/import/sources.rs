//! Import from Terraform and from CloudFormation: the account that they describe is in sync with what is written.

use drift_tests::stage::Stage;
use reconcile::run::Account;
use sandbox_reference::{ACME_REGION, Deployment, PRIMARY_REGION, deploy};
use serde_json::{Value, json};
use spec_import::{ImportError, Imported, Written, cloudformation, terraform, write};

const REFERENCE_STATE: &str = include_str!("terraform/reference-state.json");
const ACME_PLAN: &str = include_str!("terraform/acme-plan.json");
const REFERENCE_JSON: &str = include_str!("cloudformation/reference.json");
const ACME_YAML: &str = include_str!("cloudformation/acme.yaml");

type Reader = fn(&str, &str, &str) -> Result<Imported, ImportError>;

#[track_caller]
fn written(read: Reader, text: &str, region: &str) -> Written {
    let imported = read(text, "a test", region).unwrap_or_else(|error| panic!("{error}"));
    write(imported).unwrap()
}

async fn in_sync(deployment: Deployment, written: &Written) {
    let stage = Stage::empty();
    deploy(&stage.sandbox, deployment).unwrap();
    let observed = stage.account().observe(&crate::resolved(&written.text)).await;
    crate::in_sync(&written.text, &observed);
}

fn left_out(written: &Written) -> Vec<&str> {
    written.left_out.iter().map(|left| left.what.as_str()).collect()
}

#[tokio::test]
async fn a_terraform_state_with_nested_modules_is_in_sync_with_its_account() {
    let written = written(terraform::read, REFERENCE_STATE, "ap-south-1");
    in_sync(Deployment::Reference, &written).await;
    assert_eq!(left_out(&written), ["module.backup_dr.aws_backup_report_plan.jobs"]);
    assert!(!written.text.contains("123456789012"), "{}", written.text);
}

#[tokio::test]
async fn a_terraform_plan_is_in_sync_with_the_account_that_it_makes() {
    let written = written(terraform::read, ACME_PLAN, "ap-south-1");
    in_sync(Deployment::Acme, &written).await;
    assert_eq!(left_out(&written), ["aws_backup_logically_air_gapped_vault.safe"]);
    assert!(written.text.contains("dr = \"eu-central-1\""), "{}", written.text);
    assert!(written.text.contains("vault = \"acme-copies\", region = \"dr\""), "{}", written.text);
}

#[tokio::test]
async fn a_template_in_json_is_in_sync_with_the_account_that_it_makes() {
    let written = written(cloudformation::read, REFERENCE_JSON, PRIMARY_REGION);
    in_sync(Deployment::Reference, &written).await;
    // A stack is of one region.
    assert_eq!(left_out(&written), ["vault us-west-2/vault_disaster_recovery"]);
}

#[tokio::test]
async fn a_template_in_yaml_is_in_sync_with_the_account_that_it_makes() {
    let written = written(cloudformation::read, ACME_YAML, ACME_REGION);
    in_sync(Deployment::Acme, &written).await;
    assert_eq!(left_out(&written), ["SafeVault", "vault eu-central-1/acme-copies"]);
    assert!(!written.text.contains("acme-test"), "{}", written.text);
}

#[test]
fn what_a_template_does_not_say_is_to_be_replaced_and_is_listed() {
    let template = r#"
Parameters:
  Retention: { Type: Number }
  Days: { Type: Number, Default: 30 }
Resources:
  Key: { Type: AWS::KMS::Key, Properties: { Description: no alias } }
  Vault:
    Type: AWS::Backup::BackupVault
    Properties: { BackupVaultName: one, EncryptionKeyArn: !GetAtt Key.Arn }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: backup.amazonaws.com }, Action: "sts:AssumeRole" }]
  Locked:
    Type: AWS::Backup::BackupVault
    Properties: { BackupVaultName: two, LockConfiguration: { MinRetentionDays: 7, ChangeableForDays: !Ref Retention } }
  Known:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: known
        BackupPlanRule: [{ RuleName: r, TargetBackupVault: !Ref Vault, Lifecycle: { DeleteAfterDays: !Ref Days } }]
  Selected:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Known
      BackupSelection:
        SelectionName: s
        IamRoleArn: !GetAtt Role.Arn
        Resources: [!Sub "arn:aws:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Cluster}", !ImportValue "Shared:Table"]
  Unknown:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: unknown
        BackupPlanRule: [{ RuleName: r, TargetBackupVault: !Ref Vault, Lifecycle: { DeleteAfterDays: !Ref Retention } }]
"#;
    let written = written(cloudformation::read, template, "eu-west-1");
    for said in ["key/REPLACE-ME-Key", "name = \"REPLACE-ME-Role\"", "cluster:REPLACE-ME-Cluster"] {
        assert!(written.text.contains(said), "{said} in\n{}", written.text);
    }
    // A compliance lock whose days are not known is not taken for one of governance, nor is a plan for one that keeps for ever.
    assert!(!written.text.contains("governance"), "{}", written.text);
    assert!(!written.text.contains("name = \"unknown\""), "{}", written.text);
    let left = left_out(&written);
    for what in ["Key", "Role", "Cluster", "Unknown", "the lock of Locked"] {
        assert!(left.contains(&what), "{what} in {left:?}");
    }
}

#[test]
fn what_is_no_source_says_so() {
    let told = |read: Reader, text: &str| read(text, "", "eu-west-1").unwrap_err().to_string();
    assert!(told(terraform::read, "resource \"aws_backup_vault\" {}").contains("terraform show -json"));
    assert!(
        told(terraform::read, r#"{"version":4,"lineage":"x","resources":[]}"#).contains("own state file")
    );
    assert!(told(terraform::read, r#"{"values":{}}"#).contains("no vault and no plan"));
    assert!(told(cloudformation::read, "a: [").contains("YAML"));
    assert!(told(cloudformation::read, "{").contains("JSON"));
    assert!(told(cloudformation::read, "AWSTemplateFormatVersion: x").contains("Resources"));
    assert!(told(cloudformation::read, "Resources: {}").contains("no vault and no plan"));
}

#[test]
fn a_template_that_never_ends_comes_to_an_end() {
    let mut template = "Resources:\n".to_owned();
    for index in 0..60 {
        let next = index + 1;
        template += &format!(
            "  V{index}: {{ Type: AWS::Backup::BackupVault, Properties: {{ BackupVaultName: !Sub \"${{V{next}}}${{V{next}}}\" }} }}\n"
        );
    }
    template += "  V60: { Type: AWS::Backup::BackupVault, Properties: { BackupVaultName: !Ref V60 } }\n";
    too_much(&template);
}

#[track_caller]
fn too_much(template: &str) {
    let read = cloudformation::read(template, "a test", "eu-west-1");
    assert!(matches!(read, Err(ImportError::TooMuch(_))), "{:?}", read.err());
}

/// One vault, its name made by a function, and what it refers to.
fn named_by(function: &Value, beside: &Value) -> String {
    let vault = json!({ "Type": "AWS::Backup::BackupVault", "Properties": { "BackupVaultName": function } });
    json!({ "Parameters": beside, "Resources": { "V": vault } }).to_string()
}

#[test]
fn a_template_that_makes_much_of_little_is_refused() {
    let large = json!({ "P": { "Type": "String", "Default": "x".repeat(100_000) } });
    let list = json!({ "P": { "Type": "CommaDelimitedList", "Default": "a,".repeat(100_000) } });
    let many = |one: Value| Value::Array(vec![one; 20_000]);
    let refer = json!({ "Ref": "P" });
    too_much(&named_by(&json!({ "Fn::Join": ["", many(refer.clone())] }), &large));
    too_much(&named_by(&json!({ "Fn::Join": ["y".repeat(500_000), many("a".into())] }), &json!({})));
    too_much(&named_by(&json!({ "Fn::Sub": "${P}".repeat(20_000) }), &large));
    too_much(&named_by(&json!({ "Fn::Join": ["", many(json!({ "Fn::Select": [0, refer] }))] }), &list));
    let split = json!({ "Fn::Select": [0, { "Fn::Split": ["x", { "Ref": "P" }] }] });
    too_much(&named_by(&json!({ "Fn::Join": ["", many(split)] }), &large));
    too_much(&format!("Resources: {}", "[".repeat(100_000)));
    too_much(&format!("Resources: {}", "{a: ".repeat(100_000)));
    too_much(&format!("Resources: {{}} # {}", "x".repeat(1 << 20)));
}

#[test]
fn five_hundred_resources_with_conditions_are_not_too_much() {
    let resource =
        |kind: &str, properties: Value| json!({ "Type": kind, "Condition": "C9", "Properties": properties });
    let mut resources = serde_json::Map::new();
    for n in 0..250 {
        let rule = |n: usize| json!({ "RuleName": format!("r{n}"), "TargetBackupVault": { "Ref": "V" }, "ScheduleExpression": format!("cron(0 {n} * * ? *)") });
        let plan = json!({ "BackupPlan": { "BackupPlanName": format!("p{n}"), "BackupPlanRule": (0..10).map(rule).collect::<Vec<_>>() } });
        resources.insert(format!("P{n}"), resource("AWS::Backup::BackupPlan", plan));
        let role = "arn:aws:iam::123456789012:role/backup";
        let all = json!({ "SelectionName": "all", "IamRoleArn": role, "Resources": ["*"] });
        let selection = json!({ "BackupPlanId": { "Ref": format!("P{n}") }, "BackupSelection": all });
        resources.insert(format!("S{n}"), resource("AWS::Backup::BackupSelection", selection));
    }
    resources
        .insert("V".to_owned(), resource("AWS::Backup::BackupVault", json!({ "BackupVaultName": "vault" })));
    // Each is made of the next one twice.
    let both = |n: usize| {
        (
            format!("C{n}"),
            json!({ "Fn::And": [{ "Condition": format!("C{}", n - 1) }, { "Condition": format!("C{}", n - 1) }] }),
        )
    };
    let mut conditions: serde_json::Map<String, Value> = (1..=30).map(both).collect();
    conditions.insert("C0".to_owned(), json!({ "Fn::Equals": ["a", "a"] }));
    conditions.insert("C9".to_owned(), json!({ "Fn::Or": [{ "Condition": "C30" }] }));
    conditions.insert("C10".to_owned(), json!({ "Fn::Equals": ["a", "a"] }));
    let template = json!({ "Conditions": conditions, "Resources": resources });
    let written = written(cloudformation::read, &template.to_string(), "eu-west-1");
    assert_eq!(crate::resolved(&written.text).plans.len(), 250);
}

#[test]
fn what_nobody_sees_is_written_out_and_means_the_same() {
    let hidden = "\u{202e}\u{2066}\u{2028}\u{9b}";
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Sid": hidden, "Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": format!("*{hidden}") }] });
    let vault = |name: &str| json!({ "Type": "AWS::Backup::BackupVault", "Properties": { "BackupVaultName": name, "AccessPolicy": policy, "BackupVaultTags": { format!("k{hidden}"): format!("v{hidden}") } } });
    let named = format!("R{hidden}");
    let template = json!({ "Resources": { "V": vault("fine"), "W": vault(hidden), named: { "Type": "AWS::Backup::ReportPlan" } } });
    let read = cloudformation::read(&template.to_string(), hidden, "eu-west-1").unwrap();
    let written = write(read).unwrap();
    assert!(!written.text.contains(|c| hidden.contains(c)), "{:?}", written.text);
    assert!(written.left_out.iter().all(|left| !left.to_string().contains(|c| hidden.contains(c))));
    let vault = &crate::resolved(&written.text).vaults[0];
    assert_eq!(vault.tags[&format!("k{hidden}")], format!("v{hidden}"));
    assert_eq!(serde_json::from_str::<Value>(vault.policy.as_ref().unwrap()).unwrap(), policy);
}

#[test]
fn what_others_wrote_stays_in_strings_and_comments() {
    let template = r#"{"Resources":{
        "A\n[[vaults]]\nname=\"x\"": {"Type":"AWS::Backup::ReportPlan"},
        "V": {"Type":"AWS::Backup::BackupVault","Properties":{"BackupVaultName":"a\"]\n[[plans]]","BackupVaultTags":{"k\"\n[x]":"'''\n[y]"}}},
        "W": {"Type":"AWS::Backup::BackupVault","Properties":{"BackupVaultName":"fine","AccessPolicy":"'''\nname = 1","BackupVaultTags":{"k\"\n[x]":"'''\n[y]"}}}
    }}"#;
    let written = written(cloudformation::read, template, "eu-west-1");
    let desired = crate::resolved(&written.text);
    assert_eq!(desired.vaults.iter().map(|vault| vault.name.as_str()).collect::<Vec<_>>(), ["fine"]);
    assert!(desired.plans.is_empty());
    assert_eq!(desired.vaults[0].tags["k\"\n[x]"], "'''\n[y]");
}

#[test]
fn a_number_that_is_none_is_not_taken_for_ever() {
    for days in [json!(1e20), json!("soon"), json!(1.5), json!([30])] {
        let rule =
            json!({ "RuleName": "r", "TargetBackupVault": "fine", "Lifecycle": { "DeleteAfterDays": days } });
        let plan = json!({ "BackupPlan": { "BackupPlanName": "p", "BackupPlanRule": [rule] } });
        let lock = json!({ "BackupVaultName": "fine", "LockConfiguration": { "ChangeableForDays": days } });
        let template = json!({ "Resources": {
            "V": { "Type": "AWS::Backup::BackupVault", "Properties": lock },
            "P": { "Type": "AWS::Backup::BackupPlan", "Properties": plan },
        } });
        let written = written(cloudformation::read, &template.to_string(), "eu-west-1");
        assert_eq!(left_out(&written), ["the lock of V", "P"], "{days}");
        assert!(crate::resolved(&written.text).plans.is_empty());
        let state = REFERENCE_STATE.replacen("\"delete_after\": 30", &format!("\"delete_after\": {days}"), 1);
        assert_ne!(state, REFERENCE_STATE);
        let written = self::written(terraform::read, &state, "us-east-1");
        assert_eq!(crate::resolved(&written.text).plans.len(), 1, "{days}");
        assert!(
            written.left_out.iter().any(|left| left.why == "delete_after is no number"),
            "{:?}",
            written.left_out
        );
    }
    let whole = REFERENCE_STATE.replacen("\"delete_after\": 30", "\"delete_after\": 30.0", 1);
    let same = written(terraform::read, REFERENCE_STATE, "us-east-1");
    assert_eq!(written(terraform::read, &whole, "us-east-1").text, same.text);
}
