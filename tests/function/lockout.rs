//! A policy that denies its own repair to all but one role is put only by that role, under the ARN that IAM has of it.

use std::sync::Arc;

use aws_account::emulator_config;
use drift_healer::{Healer, Settings};
use lambda_runtime::{Context, LambdaEvent};
use reconcile::spec::Spec;
use sandbox::{AwsError, DEFAULT_ACCOUNT, Fault, FaultKind, Sandbox, Service};
use sandbox_reference::{Deployment, deploy, drift, options};
use serde_json::{Value, json};

const SPEC: &str = include_str!("../../functions/drift-healer/desired.toml");

/// The reference spec with a policy that denies the repair of itself to all but one role.
fn sparing(role: &str) -> Spec {
    let condition = json!({ "ArnNotEquals": { "aws:PrincipalArn": role } });
    let text = SPEC
        .replace(r#""Action": ["#, r#""Action": ["backup:PutBackupVaultAccessPolicy","#)
        .replace(r#""Resource": "*""#, &format!(r#""Resource": "*", "Condition": {condition}"#));
    Spec::parse(&text).unwrap_or_else(|errors| panic!("{errors}"))
}

/// An account in which the function's role has a path, and which holds vault policies against it.
fn account() -> Sandbox {
    let sandbox = Sandbox::start(options()).unwrap();
    deploy(&sandbox, Deployment::Reference).unwrap();
    sandbox
        .change(DEFAULT_ACCOUNT, |change| {
            let trust = json!({ "Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" } });
            let role = json!({ "RoleName": "drift-healer", "Path": "/ops/", "AssumeRolePolicyDocument": trust.to_string() });
            change.call(Service::Iam, "us-east-1", "CreateRole", role)
        })
        .unwrap();
    drift(&sandbox, "vault-policy-deleted").unwrap();
    sandbox
}

async fn run(sandbox: &Arc<Sandbox>, spec: Spec, known: Option<&str>) -> Value {
    let settings = Settings::read(|name| match name {
        "MODE" => Some("repair".to_owned()),
        "HEALER_ROLE_ARN" => known.map(str::to_owned),
        _ => None,
    });
    let healer = Healer::new(settings.unwrap(), &emulator_config(&sandbox.endpoint(), "tester")).unwrap();
    let clock = Arc::clone(sandbox);
    let healer = healer.with_spec(spec).without_pauses().with_clock(Arc::new(move || clock.now()));
    healer.handle(LambdaEvent::new(json!({}), Context::default())).await.unwrap()
}

/// Which vaults got the policy.
fn puts(sandbox: &Sandbox) -> usize {
    sandbox.writes().iter().filter(|call| call.operation == "PutBackupVaultAccessPolicy").count()
}

const REAL: &str = "arn:aws:iam::123456789012:role/ops/drift-healer";
const WITHOUT_PATH: &str = "arn:aws:iam::123456789012:role/drift-healer";

#[tokio::test]
async fn a_policy_that_spares_the_role_under_its_real_arn_is_put_and_can_be_put_again() {
    for known in [Some(REAL), None] {
        let sandbox = Arc::new(account());
        run(&sandbox, sparing(REAL), known).await;
        assert_eq!(puts(&sandbox), 4, "{known:?}");
        // Nobody but the function could mend it now, and it can.
        sandbox
            .change(DEFAULT_ACCOUNT, |change| {
                let vaults = &mut change.account.region("us-east-1").backup.vaults;
                vaults.get_mut("vault_prod_daily").unwrap().policy = None;
                Ok::<(), AwsError>(())
            })
            .unwrap();
        let again = run(&sandbox, sparing(REAL), known).await;
        assert!(again["calls"].as_array().unwrap().iter().all(|call| call["result"] == "ok"), "{again:#}");
        assert_eq!(puts(&sandbox), 5, "{known:?}");
    }
}

#[tokio::test]
async fn a_policy_that_spares_the_role_without_its_path_is_never_put() {
    for known in [Some(REAL), None] {
        let sandbox = Arc::new(account());
        let answer = run(&sandbox, sparing(WITHOUT_PATH), known).await;
        assert_eq!(puts(&sandbox), 0, "{known:?}: {answer:#}");
    }
}

#[tokio::test]
async fn a_role_that_iam_does_not_tell_is_taken_for_one_that_is_shut_out() {
    let sandbox = Arc::new(account());
    let denied = FaultKind::Error { code: "AccessDenied".to_owned(), status: 403, message: "no".to_owned() };
    sandbox.inject(Fault::on("iam", "GetRole", denied).always());
    let answer = run(&sandbox, sparing(REAL), None).await;
    assert_eq!(puts(&sandbox), 0, "{answer:#}");
}
