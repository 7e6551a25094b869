//! Who may write: a clean account is left alone, report only looks, and a payload cannot raise the mode.

use sandbox::{DEFAULT_ACCOUNT, Service};
use serde_json::json;

use super::stage::{SCHEDULE, Stage, calls, outcomes};

/// Drifts that need more than one pass: a rescue in two steps, a role before its selection, a selection in two steps.
const DEEP: [&str; 6] = [
    "key-pending-deletion",
    "selection-emptied",
    "role-deleted",
    "vault-deleted:vault_prod_hourly",
    "plan-deleted:ec2_prod_backups",
    "vault-lock-deleted",
];

const NO_CALLS: [String; 0] = [];

#[tokio::test]
async fn a_clean_account_is_read_and_nothing_else_twice_in_a_row() {
    let mut stage = Stage::deployed(&[]).await;
    for event in [SCHEDULE, "{}"] {
        let answer = stage.invoke(event).await;
        assert_eq!((&answer["verdict"], &answer["passes"]), (&"in_sync".into(), &1.into()));
        assert_eq!(stage.written(), NO_CALLS);
        // Who asks by hand is answered.
        assert_eq!(stage.sandbox.messages().len(), usize::from(event == "{}"));
        assert!(stage.looked_at().len() > 20, "the look is too short: {:?}", stage.looked_at());
        stage.forget();
    }
}

#[tokio::test]
async fn a_report_previews_every_pass_of_the_repair_and_writes_nothing() {
    let mut report = Stage::deployed(&[("MODE", "report")]).await;
    let mut repair = Stage::deployed(&[]).await;
    report.drift(&DEEP);
    repair.drift(&DEEP);
    let (preview, done) = tokio::join!(report.invoke(SCHEDULE), repair.invoke(SCHEDULE));
    assert_eq!(report.written(), NO_CALLS);
    assert_eq!(preview["verdict"], "drifted");
    assert!(
        preview["findings"].as_array().unwrap().iter().all(|one| one["outcome"] == "planned"),
        "{preview:#}"
    );
    assert_eq!(report.sandbox.messages().len(), 1);

    assert_eq!(done["verdict"], "healed", "{:#?}", outcomes(&done));
    assert_eq!(calls(&preview), calls(&done));
    assert_eq!(preview["passes"], done["passes"]);
    let planned = outcomes(&done).join("\n").replace("repaired", "planned");
    assert_eq!(outcomes(&preview).join("\n"), planned);
    assert_eq!(repair.written().len(), calls(&done).len());

    repair.forget();
    assert_eq!(repair.invoke(SCHEDULE).await["verdict"], "in_sync");
    assert_eq!(repair.written(), NO_CALLS);
}

#[tokio::test]
async fn a_payload_lowers_the_mode() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    let mut asked_by_schedule: serde_json::Value = serde_json::from_str(SCHEDULE).unwrap();
    asked_by_schedule["detail"] = json!({ "mode": "report" });
    for event in
        [json!({ "mode": "report" }), json!({ "mode": "destroy" }), json!({ "mode": 5 }), asked_by_schedule]
    {
        let answer = stage.invoke(&event.to_string()).await;
        assert_eq!((&answer["mode"], &answer["verdict"]), (&"report".into(), &"drifted".into()), "{event}");
        assert_eq!(answer["calls"][0]["result"], "planned", "{event}");
        assert_eq!(stage.written(), NO_CALLS, "{event}");
    }
    // The next invocation is the deployment's again.
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "healed");
}

#[tokio::test]
async fn a_payload_cannot_raise_the_mode() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    for event in ["{\"mode\": \"repair\"}", "{\"mode\": \"repair\", \"MODE\": \"repair\"}", SCHEDULE] {
        let answer = stage.invoke(event).await;
        assert_eq!((&answer["mode"], &answer["verdict"]), (&"report".into(), &"drifted".into()), "{event}");
        assert_eq!(answer.get("notes").is_some(), event != SCHEDULE, "{event}");
        assert_eq!(stage.written(), NO_CALLS, "{event}");
    }
}

#[tokio::test]
async fn without_a_mode_nothing_is_written() {
    let mut stage = Stage::deployed(&[("MODE", "")]).await;
    stage.drift(&["everything-deleted"]);
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["mode"], "report");
    assert_eq!(stage.written(), NO_CALLS);
}

#[tokio::test]
async fn an_empty_account_is_left_alone_unless_it_is_to_be_filled() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.reset();
    // There is no topic either, so the report is only in the log and the invocation fails for it.
    let (error, _) = stage.fail(SCHEDULE).await;
    assert_eq!(error, "NotDelivered");
    assert_eq!(stage.written(), NO_CALLS);

    let mut filling =
        Stage::deployed(&[("BOOTSTRAP", "true"), ("MAX_CALLS", "100"), ("TOPIC_ARN", "")]).await;
    filling.sandbox.reset();
    let answer = filling.invoke(SCHEDULE).await;
    assert_eq!(answer["verdict"], "healed", "{:#?}", outcomes(&answer));
    filling.forget();
    assert_eq!(filling.invoke(SCHEDULE).await["verdict"], "in_sync");
    assert_eq!(filling.written(), NO_CALLS);
}

/// The same answer in every mode, with whatever else was agreed to but filling.
#[tokio::test]
async fn a_wrong_account_is_left_alone_in_every_mode_whatever_its_plan_is_called() {
    for (mode, locks) in [("report", "hold"), ("report", "start"), ("repair", "hold"), ("repair", "start")] {
        let mut stage =
            Stage::deployed(&[("MODE", mode), ("COMPLIANCE_LOCKS", locks), ("TOPIC_ARN", "")]).await;
        stage.sandbox.reset();
        let rule = json!({ "RuleName": "theirs", "TargetBackupVaultName": "Default",
            "ScheduleExpression": "cron(0 5 ? * * *)", "Lifecycle": { "DeleteAfterDays": 3650 } });
        let made = stage.sandbox.change(DEFAULT_ACCOUNT, |change| {
            let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
                "Principal": { "Service": "backup.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
            let role = json!({ "RoleName": "theirs", "AssumeRolePolicyDocument": trust.to_string() });
            change.call(Service::Iam, "us-east-1", "CreateRole", role)?;
            let policy = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";
            let attached = json!({ "RoleName": "theirs", "PolicyArn": policy });
            change.call(Service::Iam, "us-east-1", "AttachRolePolicy", attached)?;
            let key = change.call(Service::Kms, "us-west-2", "CreateKey", json!({ "Description": "theirs" }))?;
            let mut backup = |region, operation, params| change.call(Service::Backup, region, operation, params);
            backup("us-east-1", "CreateBackupVault", json!({ "BackupVaultName": "Default" }))?;
            // Whatever comes with a plan is no second witness: tags, selections.
            for (name, selection) in [("prod_backups", "all_except_ec2_and_s3"), ("ec2_prod_backups", "all_ec2")] {
                let tags = json!({ "terraform": "true", "created_by": "ThinkStack", "environment": "prod",
                    "priority": "critical", "aws_backup": "true" });
                let plan = json!({ "BackupPlan": { "BackupPlanName": name, "Rules": [rule] }, "BackupPlanTags": tags });
                let id = backup("us-east-1", "CreateBackupPlan", plan)?["BackupPlanId"].clone();
                let selection = json!({ "SelectionName": selection, "Resources": ["*"],
                    "IamRoleArn": "arn:aws:iam::123456789012:role/theirs" });
                let selection = json!({ "BackupPlanId": id, "BackupSelection": selection });
                backup("us-east-1", "CreateBackupSelection", selection)?;
            }
            // Nor is the key that a vault of our name is on.
            let vault = json!({ "BackupVaultName": "vault_disaster_recovery", "EncryptionKeyArn": key["KeyMetadata"]["Arn"] });
            backup("us-west-2", "CreateBackupVault", vault)?;
            Ok::<(), sandbox::AwsError>(())
        });
        made.unwrap();
        stage.forget();
        let answer = stage.invoke(SCHEDULE).await;
        assert_eq!((&answer["mode"], &answer["verdict"]), (&mode.into(), &"drifted".into()));
        assert_eq!(stage.written(), NO_CALLS, "{mode} {locks}: {:#?}", outcomes(&answer));
    }
}

#[tokio::test]
async fn a_payload_gives_no_consent() {
    let mut stage = Stage::deployed(&[("COMPLIANCE_LOCKS", "hold")]).await;
    stage.drift(&["vault-lock-deleted"]);
    for event in [
        json!({ "mode": "repair", "compliance_locks": "start", "COMPLIANCE_LOCKS": "start" }),
        json!({ "bootstrap": true, "BOOTSTRAP": "true", "max_calls": 1000 }),
        json!({ "detail": { "compliance_locks": "start", "mode": "repair" }, "source": "aws.scheduler",
            "detail-type": "Scheduled Event" }),
    ] {
        let answer = stage.invoke(&event.to_string()).await;
        let waits = ["vault-lock us-east-1 vault_prod_daily missing blocked needs-consent"];
        assert_eq!(outcomes(&answer), waits, "{event}");
        assert_eq!(stage.written(), NO_CALLS, "{event}");
    }
}

#[tokio::test]
async fn a_run_makes_no_more_calls_than_it_may_and_the_next_one_goes_on() {
    let mut stage = Stage::deployed(&[("MAX_CALLS", "2")]).await;
    stage.drift(&[
        "vault-policy-deleted",
        "rule-retention-cut",
        "alias-deleted",
        "key-rotation-off:us-west-2",
    ]);
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!((answer["verdict"].as_str(), stage.written().len()), (Some("drifted"), 2));
    let over = outcomes(&answer).iter().filter(|line| line.ends_with("blocked over-limit")).count();
    assert_eq!(over, 2, "{:#?}", outcomes(&answer));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!((answer["verdict"].as_str(), stage.written().len()), (Some("healed"), 4));
}
