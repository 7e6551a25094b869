//! The end of the time, at every call: what was written is told, and what could not be told is not begun.

use std::time::Duration;

use drift_tests::campaign::Case;
use serde_json::Value;

use super::stand::Stand;

const SOME: [&str; 4] =
    ["vault-policy-deleted", "key-pending-deletion", "rule-retention-cut", "selection-emptied"];

/// An invocation of this length, and what AWS carried out of it: what the report of this or the next invocation does not tell.
async fn untold(case: Case) -> Vec<String> {
    let stand = Stand::on(case).await;
    let told = stand.invoke().await;
    stand.in_peace().await;
    let calls: Vec<Value> = stand
        .stage
        .sandbox
        .messages()
        .iter()
        .filter_map(|message| serde_json::from_str::<Value>(&message.message).ok())
        .filter_map(|bodies| serde_json::from_str::<Value>(bodies["default"].as_str()?).ok())
        .flat_map(|answer| answer["calls"].as_array().cloned().unwrap_or_default())
        .collect();
    let written = told.writes.iter().filter(|call| call.error.is_none());
    let names = written.map(|call| format!("{}:{}", call.service, call.operation));
    names.filter(|name| !calls.iter().any(|call| call["call"] == name.as_str())).collect()
}

#[tokio::test(start_paused = true)]
async fn wherever_the_time_ends_what_was_written_is_told() {
    for latency in [250] {
        for tenths in (10..=60).step_by(10).chain((80..=300).step_by(40)) {
            let case = Case {
                drifts: SOME.to_vec(),
                time: Duration::from_millis(tenths * 100),
                latency: Duration::from_millis(latency),
                ..Case::quiet()
            };
            assert_eq!(
                untold(case).await,
                Vec::<String>::new(),
                "{tenths} tenths of a second at {latency} ms"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn where_a_name_is_taken_the_wrong_selection_goes_only_if_the_right_one_can_follow() {
    for tenths in (120..=260).step_by(35) {
        for max_calls in [2, 3] {
            let case = Case {
                drifts: vec!["selection-emptied", "vault-policy-deleted"],
                time: Duration::from_millis(tenths * 100),
                latency: Duration::from_millis(200),
                unique_names: true,
                max_calls,
                ..Case::quiet()
            };
            let stand = Stand::on(case).await;
            let told = stand.invoke().await;
            let left = stand.see(|account| {
                let plans = super::stand::plans(account, "prod_backups");
                plans.iter().map(|plan| plan.selections.len()).sum::<usize>()
            });
            assert_eq!(left, 1, "{tenths} tenths of a second, {max_calls} calls\n{told}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_with_three_seconds_says_so() {
    for latency in [40, 250, 400] {
        let case = Case {
            drifts: SOME.to_vec(),
            time: Duration::from_secs(3),
            latency: Duration::from_millis(latency),
            ..Case::quiet()
        };
        let stand = Stand::on(case).await;
        let answer = stand.answer().await;
        assert_eq!(stand.stage.sandbox.messages().len(), 1, "{latency}");
        assert!(
            answer["notes"].to_string().contains("The invocation had 3 seconds"),
            "{latency} {}",
            answer["notes"]
        );
    }
}
