//! Services that never answer: the function is over in time, and what it wrote is told.

use std::time::Duration;

use drift_tests::campaign::Case;
use sandbox::{Fault, FaultKind};

use super::stand::{Stand, outcomes};

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_does_not_outlive_the_invocation_nor_keep_its_repairs_untold() {
    let hangs = [FaultKind::Delay { milliseconds: 400_000 }, FaultKind::SlowAnswer { milliseconds: 400_000 }];
    for (seconds, kind) in [3, 8, 15, 20].into_iter().zip(hangs.iter().cycle()) {
        for service in ["sts", "iam", "kms", "backup", "cloudtrail"] {
            let fault = Fault {
                service: Some(service.to_owned()),
                operation: None,
                ..Fault::on("", "", kind.clone())
            };
            let case = Case {
                drifts: vec!["vault-policy-deleted", "rule-retention-cut"],
                faults: vec![fault.always()],
                time: Duration::from_secs(seconds),
                latency: Duration::from_millis(20),
                ..Case::quiet()
            };
            let stand = Stand::on(case).await;
            let told = stand.invoke().await;
            let answer = told.answer.clone().unwrap_or_else(|| panic!("{service} {seconds}: {told}"));
            assert_eq!(stand.stage.sandbox.messages().len(), 1, "{service} {seconds}");
            let calls = answer["calls"].as_array().unwrap().len();
            assert!(calls >= told.writes.len(), "{service} {seconds}: {told}");
            // Who did it is a courtesy: without STS and the history everything is repaired all the same.
            if ["sts", "cloudtrail"].contains(&service) && seconds > 3 {
                assert_eq!(answer["verdict"], "healed", "{service} {seconds} {:#?}", outcomes(&answer));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_topic_that_hangs_does_not_take_the_next_invocation_tells() {
    for seconds in [3, 8, 15, 20] {
        let fault = Fault::on("sns", "Publish", FaultKind::Delay { milliseconds: 400_000 });
        let case = Case {
            drifts: vec!["vault-policy-deleted"],
            faults: vec![fault.always()],
            time: Duration::from_secs(seconds),
            ..Case::quiet()
        };
        let stand = Stand::on(case).await;
        let told = stand.invoke().await;
        assert_eq!(told.error, Some("NotDelivered"), "{seconds}");
        assert_eq!(stand.stage.sandbox.messages().len(), 0);
        stand.in_peace().await;
        assert_eq!(stand.stage.sandbox.messages().len(), 1, "{seconds}");
    }
}
