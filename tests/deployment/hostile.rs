//! Rights at work where somebody prepared the ground first: marks that the rights could go by were taken off or put on.

use std::collections::BTreeMap;

use drift_tests::model::{ACME, resolve};
use drift_tests::stage::Stage;
use reconcile::call::Call;
use reconcile::desired::{Desired, Tags};
use reconcile::report::Verdict;
use reconcile::run::Account;
use sandbox::{AwsError, DEFAULT_ACCOUNT, Service};
use sandbox_reference::PRIMARY_REGION;
use serde_json::{Value, json};

use crate::enforced::{enforce, full, outcome};
use crate::template::{REPAIR, Template};

const ALIAS: &str = "alias/aws_backup_key";
/// Anybody who may make an alias can put it on the key.
const SECOND: &str = "alias/somebody-elses";

/// The reference deployment with a second alias on its key; the key's ARN.
fn with_a_second_alias() -> (Stage, String) {
    let stage = Stage::deployed();
    let aliases = kms(&stage, "ListAliases", json!({}));
    let is_ours = |alias: &&Value| alias["AliasName"] == ALIAS;
    let key = aliases["Aliases"].as_array().unwrap().iter().find(is_ours).unwrap()["TargetKeyId"].clone();
    kms(&stage, "CreateAlias", json!({ "AliasName": SECOND, "TargetKeyId": key }));
    (stage, key.as_str().unwrap().to_owned())
}

/// A call of somebody who may do it.
fn kms(stage: &Stage, operation: &str, params: Value) -> Value {
    let called: Result<Value, AwsError> = stage
        .sandbox
        .change(DEFAULT_ACCOUNT, |change| change.call(Service::Kms, PRIMARY_REGION, operation, params));
    called.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

async fn is_healed_with_the_templates_rights(stage: &Stage) {
    // A clock that stands: where somebody waits for IAM, the pauses end.
    *stage.time_left.lock().unwrap() = time::Duration::seconds(2);
    enforce(stage, &Template::with(REPAIR).policies());
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Healed, "{:#?}", outcome(&report));
}

#[tokio::test]
async fn a_dying_key_is_rescued_whatever_other_alias_it_carries() {
    let (stage, key) = with_a_second_alias();
    kms(&stage, "ScheduleKeyDeletion", json!({ "KeyId": key, "PendingWindowInDays": 7 }));
    is_healed_with_the_templates_rights(&stage).await;
}

#[tokio::test]
async fn a_dying_key_is_rescued_that_carries_only_another_alias() {
    let (stage, key) = with_a_second_alias();
    kms(&stage, "DeleteAlias", json!({ "AliasName": ALIAS }));
    kms(&stage, "ScheduleKeyDeletion", json!({ "KeyId": key, "PendingWindowInDays": 7 }));
    is_healed_with_the_templates_rights(&stage).await;
}

#[tokio::test]
async fn a_disabled_key_is_enabled_whose_alias_was_moved_to_another_key() {
    let (stage, key) = with_a_second_alias();
    let other = kms(&stage, "CreateKey", json!({}))["KeyMetadata"]["KeyId"].clone();
    kms(&stage, "UpdateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": other }));
    kms(&stage, "DisableKey", json!({ "KeyId": key }));
    is_healed_with_the_templates_rights(&stage).await;
}

#[tokio::test]
async fn the_rescue_reaches_no_alias_but_the_specs_and_no_region_but_the_specs() {
    let (stage, key) = with_a_second_alias();
    enforce(&stage, &full());
    let (home, abroad) = ("us-east-1".to_owned(), "eu-west-1".to_owned());
    for call in [
        Call::UpdateAlias { region: home, alias: SECOND.to_owned(), key_arn: key.clone() },
        Call::EnableKey { region: abroad.clone(), key_arn: key.clone() },
        Call::CancelKeyDeletion { region: abroad.clone(), key_arn: key },
        Call::CreateKey { region: abroad, description: String::new(), policy: None, tags: Tags::new() },
    ] {
        let code = stage.account().apply(&call).await.map_err(|error| error.code);
        assert_eq!(code, Err("AccessDeniedException".to_owned()), "{call:?}");
    }
}

/// What `infra/deploy` makes of that spec; `infra/check` holds it.
const ACME_PARAMETERS: &str = include_str!("acme-parameters.json");

#[tokio::test]
async fn the_rights_that_follow_from_another_spec_are_enough_for_it() {
    let given: BTreeMap<String, String> = serde_json::from_str(ACME_PARAMETERS).unwrap();
    let given = given.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let consents = [("Mode", "repair"), ("ComplianceLocks", "start"), ("Bootstrap", "true")];
    let policies = Template::with(&given.chain(consents).collect::<Vec<_>>()).policies();
    let mut outcomes = Vec::new();
    for bound in [false, true] {
        let mut stage = Stage::empty();
        stage.desired = Desired { healer_role: stage.desired.healer_role.clone(), ..resolve(ACME) };
        stage.limits.bootstrap = true;
        *stage.time_left.lock().unwrap() = time::Duration::seconds(2);
        if bound {
            enforce(&stage, &policies);
        }
        outcomes.push(outcome(&stage.heal().await));
        let denied = |call: &sandbox::Call| call.error.as_deref().is_some_and(|e| e.contains("Denied"));
        let denied: Vec<_> = stage.sandbox.calls().into_iter().filter(denied).collect();
        assert_eq!(denied, vec![]);
    }
    assert!(outcomes[0].len() > 30, "{:#?}", outcomes[0]);
    assert_eq!(outcomes[0], outcomes[1]);
}

#[tokio::test]
async fn the_role_writes_only_from_the_code_of_its_own_function() {
    for (function, healed) in [("drift-healer", true), ("another", false)] {
        let stage = Stage::deployed();
        stage.drift(&["vault-policy-deleted"]);
        enforce(&stage, &Template::with(REPAIR).policies());
        let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
        stage.sandbox.adjust(|settings| settings.source_function = Some(arn));
        let report = stage.heal().await;
        assert_eq!(report.verdict() == Verdict::Healed, healed, "{function}: {:?}", outcome(&report));
    }
}
