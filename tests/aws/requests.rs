//! What a call says that it sends is what AWS is sent.

use std::collections::BTreeSet;

use drift_tests::stage::Stage;
use reconcile::call::Call;
use sandbox_reference::DRIFTS;
use serde_json::Value;

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
    let mut compare = |made: &[reconcile::repair::CallMade], sent: &[sandbox::Call], what: &str| {
        assert_eq!(made.len(), sent.len(), "{what}");
        for (made, sent) in made.iter().zip(sent) {
            let name: &'static str = (&made.call).into();
            assert_eq!(in_order(made.call.request()), in_order(sent.params.clone()), "{what}: {name}");
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
    let missing: Vec<&&str> =
        <Call as strum::VariantNames>::VARIANTS.iter().filter(|name| !seen.contains(*name)).collect();
    // The reference spec asks for neither notifications nor more than its selections need.
    assert!(missing.iter().all(|name| ["PutBackupVaultNotifications"].contains(*name)), "{missing:?}");
}
