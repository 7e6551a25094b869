//! The function's clock is wrong, and nothing is done by it.

use drift_tests::campaign::Case;
use time::Duration;

use super::stand::Stand;

const DAYS: Duration = Duration::days(3);

#[tokio::test(start_paused = true)]
async fn a_lock_gets_the_right_days_whatever_our_clock_says() {
    for ahead in [-7_200, 1_800] {
        for drift in ["vault-lock-retention", "vault-lock-postponed"] {
            let case = Case { drifts: vec![drift], clock_ahead: ahead, ..Case::quiet() };
            let stand = Stand::on(case).await;
            stand.answer().await;
            let [put] = &stand.carried_out("PutBackupVaultLockConfiguration")[..] else {
                panic!("{drift} {ahead}")
            };
            assert_eq!(put.params["ChangeableForDays"], 3, "{drift}, {ahead} s ahead");
            let date =
                stand.see(|account| account.regions["us-east-1"].backup.vaults["vault_prod_daily"].lock);
            assert_eq!(date.and_then(|lock| lock.date), Some(put.time + DAYS));
            assert_eq!(stand.settles().await["verdict"], "in_sync", "{drift}, {ahead} s ahead");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_differs_by_more_than_a_minute_is_told() {
    for (ahead, told) in [(0, false), (40, false), (1_800, true), (-7_200, true)] {
        let case = Case { drifts: vec!["vault-policy-deleted"], clock_ahead: ahead, ..Case::quiet() };
        let answer = Stand::on(case).await.answer().await;
        let notes = answer["notes"].as_array().cloned().unwrap_or_default();
        let says = notes.iter().any(|note| note.as_str().is_some_and(|note| note.contains("clock is")));
        assert_eq!(says, told, "{ahead}: {notes:?}");
    }
}
