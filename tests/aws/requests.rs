//! What a call says that it sends is what AWS is sent.

use std::collections::BTreeSet;

use drift_tests::model::{SPEC, resolve, specs};
use drift_tests::stage::Stage;
use reconcile::call::{Call, Replaced};
use reconcile::desired::{
    ConditionOperator, Copy, CopyLifecycle, CopyRetention, DesiredPlan, Lifecycle, SelectionCondition,
    SelectionDocument, TagCondition, Tags,
};
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

/// Compares what was made with what was sent.
fn compare(made: &[CallMade], sent: &[sandbox::Call], what: &str) {
    assert_eq!(made.len(), sent.len(), "{what}");
    for (made, sent) in made.iter().zip(sent) {
        let name: &'static str = (&made.call).into();
        let mut params = sent.params.clone();
        // The SDK's own, another one each time.
        params.as_object_mut().unwrap().remove("CreatorRequestId");
        assert_eq!(in_order(made.call.request()), in_order(params), "{what}: {name}");
        assert_eq!(made.call.region().unwrap_or("us-east-1"), sent.region, "{what}: {name}");
    }
}

/// A call by itself. Whether it is taken is beside the point: it was sent.
async fn send(stage: &Stage, call: Call) {
    let before = stage.sandbox.calls().len();
    let _ = stage.account().apply(&call).await;
    let made = CallMade { resource: ResourceId::role("any"), call, pass: 1, result: Ok(()) };
    compare(&[made], &stage.sandbox.calls()[before..], "by itself");
}

#[tokio::test]
async fn what_a_call_does_not_say_is_not_sent() {
    let stage = Stage::empty();
    let s = str::to_owned;
    let region = || s("us-east-1");
    let some: Tags = [(s("a"), s("b")), (s("c"), String::new())].into();
    for tags in [Tags::new(), some.clone()] {
        let (boundary, policy) = (Some(s("arn:aws:iam::aws:policy/x")), Some(s("{}")));
        let document = resolve(SPEC).plans.remove(0).document;
        let key_arn = Some(s("arn:aws:kms:us-east-1:123456789012:key/1"));
        for call in [
            Call::CreateRole {
                role: s("r"),
                path: s("/"),
                trust: s("{}"),
                boundary: None,
                tags: tags.clone(),
            },
            Call::CreateRole { role: s("r"), path: s("/p/"), trust: s("{}"), boundary, tags: tags.clone() },
            Call::CreateKey { region: region(), description: s("d"), policy: None, tags: tags.clone() },
            Call::CreateKey { region: region(), description: s("d"), policy, tags: tags.clone() },
            Call::CreateBackupVault { region: region(), vault: s("v"), key_arn: None, tags: tags.clone() },
            Call::CreateBackupVault { region: region(), vault: s("v"), key_arn, tags: tags.clone() },
            Call::CreateBackupPlan { region: region(), document, tags },
        ] {
            send(&stage, call).await;
        }
    }
    let key_arn = || s("arn:aws:kms:us-east-1:123456789012:key/1");
    let (vault, arn) = (|| s("v"), s("arn:aws:backup:us-east-1:123456789012:backup-vault:v"));
    let kinds = |all: &[&str]| all.iter().map(|kind| s(kind)).collect::<BTreeSet<_>>();
    let lock =
        |changeable_for_days, min_retention_days, max_retention_days| Call::PutBackupVaultLockConfiguration {
            region: region(),
            vault: vault(),
            changeable_for_days,
            min_retention_days,
            max_retention_days,
        };
    let settings = |opt_in, management| Call::UpdateRegionSettings { region: region(), opt_in, management };
    for call in [
        Call::TagRole { role: s("r"), tags: some.clone() },
        Call::TagKey { region: region(), key_arn: key_arn(), tags: some.clone() },
        Call::TagBackupResource { region: region(), arn, tags: some },
        Call::EnableKeyRotation { region: region(), key_arn: key_arn(), period_days: None },
        Call::EnableKeyRotation { region: region(), key_arn: key_arn(), period_days: Some(90) },
        lock(None, None, None),
        lock(Some(3), None, Some(9)),
        lock(None, Some(1), None),
        settings(kinds(&["EBS", "S3"]), kinds(&[])),
        settings(kinds(&[]), kinds(&["EFS"])),
        settings(kinds(&["EBS"]), kinds(&["EFS", "DynamoDB"])),
    ] {
        send(&stage, call).await;
    }
}

#[tokio::test]
async fn every_part_of_a_plan_and_of_a_selection_is_sent_and_nothing_else() {
    let stage = Stage::empty();
    let plan_id = || "p".to_owned();
    for desired in specs() {
        for DesiredPlan { region, document, selections, .. } in desired.plans {
            for one in selections {
                send(
                    &stage,
                    Call::CreateBackupSelection { region: region.clone(), plan_id: plan_id(), document: one },
                )
                .await;
            }
            let replaces = Replaced::default();
            send(&stage, Call::UpdateBackupPlan { region, plan_id: plan_id(), document, replaces }).await;
        }
    }
    let region = || "us-east-1".to_owned();
    let mut plan = resolve(SPEC).plans.remove(0).document;
    plan.rules.truncate(1);
    let arn = "arn:aws:backup:us-east-1:123456789012:backup-vault:v";
    for (delete, cold, archive) in [
        (None, None, None),
        (None, None, Some(false)),
        (None, None, Some(true)),
        (Some(1), None, None),
        (None, Some(2), None),
        (Some(99), Some(2), Some(true)),
    ] {
        let kept = delete.map_or(CopyRetention::AsItsSource, CopyRetention::Days);
        let copied = CopyLifecycle { kept, cold_storage_after_days: cold, opt_in_to_archive: archive };
        plan.rules[0].lifecycle = Lifecycle {
            delete_after_days: delete,
            cold_storage_after_days: cold,
            opt_in_to_archive: archive,
        };
        plan.rules[0].copies = vec![Copy { destination: arn.to_owned(), lifecycle: copied }];
        let (document, replaces) = (plan.clone(), Replaced::default());
        send(&stage, Call::UpdateBackupPlan { region: region(), plan_id: plan_id(), document, replaces })
            .await;
    }
    let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>();
    let tag = |key: &str| TagCondition { key: key.to_owned(), value: "v".to_owned() };
    let condition = |operator| SelectionCondition {
        operator,
        key: "aws:ResourceTag/k".to_owned(),
        value: "v".to_owned(),
    };
    let operators = [
        ConditionOperator::StringEquals,
        ConditionOperator::StringLike,
        ConditionOperator::StringNotEquals,
        ConditionOperator::StringNotLike,
    ];
    let all = operators.map(condition).into_iter().collect::<BTreeSet<_>>();
    for (resources, not_resources, tags, conditions) in [
        (list(&["*"]), list(&[]), vec![], BTreeSet::new()),
        (list(&[]), list(&["arn:aws:s3:::*", "arn:aws:ec2:*:*:instance/*"]), vec![], BTreeSet::new()),
        (list(&[]), list(&[]), vec![tag("a"), tag("b")], BTreeSet::new()),
        (list(&["*"]), list(&[]), vec![], [condition(ConditionOperator::StringLike)].into()),
        (list(&["*"]), list(&[]), vec![tag("a")], all),
    ] {
        let (name, role_arn) = ("s".to_owned(), "arn:aws:iam::123456789012:role/r".to_owned());
        let tags = tags.into_iter().collect();
        let document = SelectionDocument { name, role_arn, resources, not_resources, tags, conditions };
        send(&stage, Call::CreateBackupSelection { region: region(), plan_id: plan_id(), document }).await;
    }
}

#[tokio::test]
async fn every_call_tells_the_request_that_it_sends() {
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    let mut compare = |made: &[CallMade], sent: &[sandbox::Call], what: &str| {
        compare(made, sent, what);
        seen.extend(made.iter().map(|made| <&'static str>::from(&made.call)));
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
