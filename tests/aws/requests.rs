//! What a call says that it sends is what AWS is sent.

use std::collections::BTreeSet;

use drift_tests::stage::Stage;
use reconcile::call::Call;
use reconcile::repair::CallMade;
use reconcile::resource::ResourceId;
use reconcile::run::Account;
use reconcile::state::Notifications;
use sandbox_reference::DRIFTS;
use serde_json::Value;
use strum::VariantNames;

/// Lists whose order means nothing, in one order.
fn in_order(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(in_order).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, in_order(value))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

#[tokio::test]
async fn every_call_tells_the_request_that_it_sends() {
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    let mut compare = |made: &[CallMade], sent: &[sandbox::Call], what: &str| {
        assert_eq!(made.len(), sent.len(), "{what}");
        for (made, sent) in made.iter().zip(sent) {
            let name: &'static str = (&made.call).into();
            let mut params = sent.params.clone();
            // The SDK's own, another one each time.
            params.as_object_mut().unwrap().remove("CreatorRequestId");
            assert_eq!(in_order(made.call.request()), in_order(params), "{what}: {name}");
            assert_eq!(made.call.region().unwrap_or("us-east-1"), sent.region, "{what}: {name}");
            seen.insert(name);
        }
    };
    for drift in DRIFTS {
        let stage = Stage::deployed();
        stage.drift(&[drift.name]);
        let report = stage.heal().await;
        compare(&report.calls, &stage.sandbox.writes(), drift.name);
    }
    // Everything is made anew.
    let mut stage = Stage::empty();
    stage.limits.bootstrap = true;
    let report = stage.heal().await;
    compare(&report.calls, &stage.sandbox.writes(), "empty");
    // What no drift of the reference leads to.
    let stage = Stage::deployed();
    let key = stage.account().observe(&stage.desired).await.keys.keys().next().unwrap().clone();
    let region = key.split(':').nth(3).unwrap().to_owned();
    let (vault, topic) = ("vault_prod_daily".to_owned(), "arn:aws:sns:us-east-1:123456789012:t".to_owned());
    let notifications = Notifications { topic, events: ["BACKUP_JOB_FAILED".to_owned()].into() };
    let (tags, policy) = ([("a".to_owned(), "b".to_owned())].into(), "{}".to_owned());
    for call in [
        Call::TagRole { role: "aws_backup_role".to_owned(), tags },
        Call::PutKeyPolicy { region, key_arn: key, policy },
        Call::PutBackupVaultNotifications { region: "us-east-1".to_owned(), vault, notifications },
        Call::UpdateRegionSettings {
            region: "us-west-2".to_owned(),
            opt_in: ["EBS".to_owned()].into(),
            management: ["DynamoDB".to_owned()].into(),
        },
    ] {
        // Whether it is taken is beside the point: it was sent.
        let _ = stage.account().apply(&call).await;
        let made = CallMade { resource: ResourceId::role("any"), call, pass: 1, result: Ok(()) };
        compare(&[made], &stage.sandbox.calls()[stage.sandbox.calls().len() - 1..], "by itself");
    }
    let missing: Vec<&&str> = Call::VARIANTS.iter().filter(|name| !seen.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
