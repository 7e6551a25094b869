//! What AWS makes as often as it is asked is made once: keys, plans, selections.

use std::time::Duration;

use drift_tests::campaign::{Case, Start};
use sandbox::{Fault, FaultKind};

use super::stand::{Stand, outcomes, plans};

/// In which ways an answer can be lost of a call that was carried out.
fn lost() -> [FaultKind; 4] {
    let answered =
        |status, body: &str| FaultKind::Malformed { status: Some(status), body: Some(body.to_owned()) };
    [
        FaultKind::LostAnswer,
        FaultKind::SlowAnswer { milliseconds: 400_000 },
        answered(500, "{\"__type\":\"InternalFailure\"}"),
        answered(400, "{\"__type\":\"ThrottlingException\"}"),
    ]
}

fn empty(faults: Vec<Fault>) -> Case {
    Case { start: Start::Empty, faults, ..Case::quiet() }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_create_key_makes_no_second_key() {
    for kind in lost() {
        let stand = Stand::on(empty(vec![Fault::on("kms", "CreateKey", kind.clone()).times(2)])).await;
        stand.invoke().await;
        let last = stand.settles().await;
        let keys = stand.carried_out("CreateKey");
        assert_eq!(keys.len(), 2, "one for each region: {kind:?}");
        assert_eq!(last["verdict"], "in_sync", "{kind:?} {:#?}", outcomes(&last));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_makes_no_second_plan_and_no_second_selection() {
    for operation in ["CreateBackupPlan", "CreateBackupSelection"] {
        for kind in lost() {
            let faults = vec![Fault::on("backup", operation, kind.clone())];
            let stand = Stand::on(Case { drifts: vec!["plan-deleted"], faults, ..Case::quiet() }).await;
            stand.invoke().await;
            let last = stand.settles().await;
            assert_eq!(stand.carried_out(operation).len(), 1, "{operation} {kind:?}");
            assert_eq!(last["verdict"], "in_sync", "{kind:?} {:#?}", outcomes(&last));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_functions_that_bootstrap_at_once_end_on_one_key() {
    for later in [0, 6_000, 13_000] {
        let stand = Stand::on(empty(Vec::new())).await;
        // CloudTrail tells who made a key only a quarter of an hour later.
        stand.stage.sandbox.set_trail_lag(Duration::from_secs(900));
        let (first, other) = stand.invoke_twice(later).await;
        let last = stand.settles().await;
        assert_eq!(last["verdict"], "in_sync", "{later} ms {:#?}\n{first}\n{other}", outcomes(&last));
        stand.see(|account| {
            for region in account.regions.values().filter(|region| !region.backup.vaults.is_empty()) {
                let alias = &region.kms.aliases["alias/aws_backup_key"].target;
                let vaults = region.backup.vaults.values();
                assert!(
                    vaults.into_iter().all(|vault| vault.key.ends_with(alias.as_str())),
                    "{later} ms: {}",
                    region.name
                );
            }
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_the_list_has_and_that_is_not_found_once_is_not_made_again() {
    let gone = FaultKind::Error {
        code: "ResourceNotFoundException".to_owned(),
        status: 400,
        message: "Backup plan not found".to_owned(),
    };
    for (operation, times) in
        [("GetBackupPlan", 1), ("GetBackupPlan", 99), ("GetBackupSelection", 1), ("GetBackupSelection", 99)]
    {
        let faults = vec![Fault::on("backup", operation, gone.clone()).times(times)];
        let stand = Stand::on(Case { faults, ..Case::quiet() }).await;
        let answer = stand.answer().await;
        assert!(stand.stage.sandbox.writes().is_empty(), "{operation} {:#?}", outcomes(&answer));
        let expected = if times == 1 { "in_sync" } else { "drifted" };
        assert_eq!(answer["verdict"], expected, "{operation} {:#?}", outcomes(&answer));
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_misses_something_once_makes_nothing() {
    for (operation, body) in [
        ("ListBackupPlans", "{\"BackupPlansList\":[]}"),
        ("ListBackupSelections", "{\"BackupSelectionsList\":[]}"),
        ("ListBackupPlans", "{}"),
        ("ListBackupSelections", "{}"),
        ("ListBackupVaults", "{}"),
        ("GetBackupVaultAccessPolicy", "{}"),
        ("GetKeyRotationStatus", "{}"),
        ("DescribeRegionSettings", ""),
    ] {
        let kind = FaultKind::Malformed { status: None, body: Some(body.to_owned()) };
        let faults =
            vec![Fault::on(if operation.contains("Key") { "kms" } else { "backup" }, operation, kind)];
        let stand = Stand::on(Case { faults, ..Case::quiet() }).await;
        let answer = stand.answer().await;
        assert!(stand.stage.sandbox.writes().is_empty(), "{operation} {:#?}", outcomes(&answer));
        assert_eq!(answer["verdict"], "in_sync", "{operation} {:#?}", outcomes(&answer));
    }
}

#[tokio::test(start_paused = true)]
async fn two_looks_that_agree_are_further_apart_than_reads_lag_behind() {
    let stand = Stand::on(Case { drifts: vec!["plan-deleted"], ..Case::quiet() }).await;
    let began = stand.stage.sandbox.now();
    stand.answer().await;
    let [made] = &stand.carried_out("CreateBackupPlan")[..] else { panic!("one plan") };
    assert!(made.time - began > time::Duration::seconds(10), "{}", made.time - began);
    assert_eq!(stand.see(|account| plans(account, "prod_backups").len()), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_put_once_whatever_becomes_of_the_answer() {
    for kind in lost() {
        let faults = vec![Fault::on("backup", "PutBackupVaultLockConfiguration", kind.clone()).times(9)];
        let stand = Stand::on(Case { drifts: vec!["vault-lock-deleted"], faults, ..Case::quiet() }).await;
        stand.invoke().await;
        assert_eq!(stand.carried_out("PutBackupVaultLockConfiguration").len(), 1, "{kind:?}");
        assert_eq!(stand.settles().await["verdict"], "in_sync", "{kind:?}");
    }
}
