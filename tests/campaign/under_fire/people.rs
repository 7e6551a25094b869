//! What people are left with: doubts about one thing hold up nothing else, and one run makes one report.

use drift_tests::campaign::{Case, Start};
use sandbox::{DEFAULT_ACCOUNT, Service};
use serde_json::json;

use super::stand::{Stand, outcomes};

#[tokio::test(start_paused = true)]
async fn a_wrong_dr_region_tells_one_report_of_one_run() {
    for drifts in [vec![], vec!["vault-policy-deleted", "rule-retention-cut"]] {
        let case = Case { drifts, ..Case::quiet() };
        let mut stand = Stand::on(case.clone()).await;
        stand.function = stand.stage.function_with(&case, "function", &[("DR_REGION", "eu-west-1")]);
        for run in 1..=3 {
            let answer = stand.answer().await;
            assert_eq!(answer["verdict"], "drifted");
            assert_eq!(stand.stage.sandbox.messages().len(), run, "{:#?}", outcomes(&answer));
            tokio::time::sleep(std::time::Duration::from_secs(3_600)).await;
        }
        let elsewhere = stand.stage.sandbox.writes().into_iter().filter(|call| call.region == "eu-west-1");
        assert_eq!(elsewhere.count(), 0, "nothing is made in a region that is not ours");
    }
}

#[tokio::test(start_paused = true)]
async fn behind_an_ambiguous_key_the_rest_of_the_region_is_repaired() {
    let drifts = vec![
        "vault-deleted:vault_prod_hourly",
        "vault-deleted:vault_prod_monthly",
        "vault-recreated-on-twin-key:vault_prod_daily",
        "vault-policy-deleted:vault_prod_daily",
        "rule-retention-cut",
        "copy-dropped:ec2_prod_backups/daily_backup_rule",
        "selection-deleted",
        "role-policy-detached",
    ];
    let stand = Stand::on(Case { drifts, ..Case::quiet() }).await;
    let answer = stand.answer().await;
    let told = outcomes(&answer);
    let is = |what: &str, how: &str| told.iter().any(|one| one.starts_with(what) && one.contains(how));
    assert!(is("alias", "ambiguous") || is("vault vault_prod_daily key-differs", "ambiguous"), "{told:#?}");
    for what in [
        "role aws_backup_role policy-detached",
        "vault-policy vault_prod_daily missing",
        "plan prod_backups retention-differs",
        "plan ec2_prod_backups copy-missing",
        "selection prod_backups/all_except_ec2_and_s3 missing",
    ] {
        assert!(is(what, "repaired"), "{what}: {told:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_several_equal_keys_that_nothing_is_on_the_oldest_is_taken_and_the_rest_told() {
    let stand = Stand::on(Case { start: Start::Empty, ..Case::quiet() }).await;
    // As runs of ours left them whose answers were lost.
    let tags = [
        ("aws_backup", "true"),
        ("created_by", "ThinkStack"),
        ("environment", "prod"),
        ("priority", "critical"),
        ("terraform", "true"),
    ];
    let tags = tags.map(|(key, value)| json!({ "TagKey": key, "TagValue": value }));
    let key = json!({ "Description": "AWS backups kms key used to encrypt backups", "Tags": tags });
    stand.stage.sandbox.change_as(sandbox::Actor {
        arn: "arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer".to_owned(),
        user_agent: Some("app/drift-healer".to_owned()),
        source_ip: "192.0.2.1".to_owned(),
    });
    let mut made = Vec::new();
    for _ in 0..3 {
        let arn = stand.stage.sandbox.change(DEFAULT_ACCOUNT, |change| {
            change.call(Service::Kms, "us-east-1", "CreateKey", key.clone())
        });
        made.push(arn.unwrap()["KeyMetadata"]["Arn"].as_str().unwrap().to_owned());
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(3_600)).await;
    let answer = stand.answer().await;
    assert_eq!(answer["verdict"], "healed", "{:#?}", outcomes(&answer));
    let target =
        stand.see(|account| account.regions["us-east-1"].kms.aliases["alias/aws_backup_key"].target.clone());
    assert!(made[0].ends_with(&target), "{target} {made:?}");
    assert!(stand.carried_out("CreateKey").iter().all(|call| call.region != "us-east-1"));
    let notes = answer["notes"].to_string();
    assert!(notes.contains(&made[1]) && notes.contains(&made[2]), "{notes}");
}

#[tokio::test(start_paused = true)]
async fn rotation_is_never_asked_for_where_kms_refuses_it() {
    for drift in ["key-imported", "key-unavailable"] {
        let stand = Stand::on(Case { drifts: vec![drift, "key-rotation-off"], ..Case::quiet() }).await;
        stand.answer().await;
        stand.settles().await;
        let calls = stand.stage.sandbox.calls();
        let refused: Vec<_> = calls.iter().filter(|call| call.write && call.error.is_some()).collect();
        assert!(refused.is_empty(), "{drift}: {refused:#?}");
    }
}
