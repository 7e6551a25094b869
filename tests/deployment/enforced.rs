//! The documents at work: with exactly these policies every repair succeeds, and without any one of their actions one fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_account::emulator_config;
use drift_healer::{Healer, HealerError, Settings};
use drift_tests::model::{SPEC, resolve};
use drift_tests::stage::Stage;
use lambda_runtime::{Context, LambdaEvent};
use reconcile::report::Report;
use serde_json::{Value, json};
use time::Duration;

use crate::needed::NOT_PLAYED;
use crate::template::{FULL, REPAIR, TOPIC_ARN, Template, statements, strings};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer";
/// The access key of a [`Stage`].
const KEY: &str = "tester";
const KEY_POLICY: &str = r#"policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${account}:root"},"Action":"kms:*","Resource":"*"}}'
rotation = true"#;

const A_VAULT: &str = "name = \"vault_prod_hourly\"";
const NOTIFIED: &str = r#"name = "vault_prod_hourly"
notifications = { topic = "arn:${partition}:sns:${region}:${account}:drift-healer", events = ["BACKUP_JOB_FAILED"] }"#;
const OPT_IN: &str = "\n[region_settings.primary]\nopt_in = \"all\"\nmanagement = [\"DynamoDB\"]\n";
const INLINE_POLICY: &str = r#"[role]
inline_policies = [{ name = "quarantine", policy = '{"Version":"2012-10-17","Statement":[]}' }]"#;

const ROLE_TAGS: &str = "[role]\ntags = { owner = \"backup-team\" }";

/// An account that is to be repaired.
#[derive(Debug, Clone, Copy)]
enum Scene {
    /// A named drift of the sandbox.
    Drift(&'static str),
    /// Nothing of the spec is there, and all is made.
    Bootstrap,
    /// The spec sets key policies and tags of the role, and the account has others.
    FullSpec,
    /// The spec sets notifications and opts in, and the account does not.
    MoreOfRegions,
    /// The spec has inline policies of the role, and the account has others.
    InlinePolicies,
}

impl Scene {
    fn all() -> Vec<Scene> {
        let drifts = sandbox_reference::DRIFTS.iter().map(|drift| Scene::Drift(drift.name));
        let others = [Scene::Bootstrap, Scene::FullSpec, Scene::MoreOfRegions, Scene::InlinePolicies];
        others.into_iter().chain(drifts).collect()
    }

    fn stage(self) -> Stage {
        let mut stage = match self {
            Scene::Bootstrap => Stage::empty(),
            Scene::FullSpec | Scene::MoreOfRegions | Scene::InlinePolicies | Scene::Drift(_) => {
                Stage::deployed()
            }
        };
        match self {
            Scene::Drift(name) => stage.drift(&[name]),
            Scene::Bootstrap => stage.limits.bootstrap = true,
            Scene::FullSpec => {
                stage.desired =
                    resolve(&SPEC.replace("rotation = true", KEY_POLICY).replace("[role]", ROLE_TAGS));
                stage.drift(&["key-policy-changed"]);
            }
            Scene::MoreOfRegions => {
                stage.desired = resolve(&format!("{}{OPT_IN}", SPEC.replace(A_VAULT, NOTIFIED)));
                stage.drift(&["opt-in-off"]);
            }
            Scene::InlinePolicies => {
                stage.desired = resolve(&SPEC.replace("[role]", INLINE_POLICY));
                stage.drift(&["role-inline-policy-added"]);
            }
        }
        // The clock stands, so that whoever waits for IAM would wait for ever: pauses end where they would exceed this.
        *stage.time_left.lock().unwrap() = Duration::seconds(2);
        stage
    }

    async fn run(self, policies: Option<&BTreeMap<String, Value>>) -> (Vec<String>, Stage) {
        let stage = self.stage();
        if let Some(policies) = policies {
            enforce(&stage, policies);
        }
        let report = stage.heal().await;
        (outcome(&report), stage)
    }
}

pub(crate) fn enforce(stage: &Stage, policies: &BTreeMap<String, Value>) {
    let documents: Vec<String> = policies.values().map(Value::to_string).collect();
    stage.sandbox.enforce(KEY, &documents.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    stage.sandbox.adjust(|settings| settings.source_function = Some(FUNCTION.to_owned()));
}

/// What was found and what became of it, in words.
pub(crate) fn outcome(report: &Report) -> Vec<String> {
    let findings = report.findings.iter().map(|one| {
        format!("{} {} {}", one.finding.resource, one.finding.drift.code().code, one.outcome.as_str())
    });
    let calls = report.calls.iter().map(|attempt| format!("{} {:?}", attempt.call.action(), attempt.result));
    findings.chain(calls).chain([report.verdict().as_str().to_owned()]).collect()
}

/// Everything that a spec may ask for.
pub(crate) fn full() -> BTreeMap<String, Value> {
    let given = FULL.iter().copied().filter(|(name, _)| *name != "LockRetention").collect::<Vec<_>>();
    Template::with(&given).policies()
}

fn without(policies: &BTreeMap<String, Value>, action: &str) -> BTreeMap<String, Value> {
    let mut fewer = policies.clone();
    for document in fewer.values_mut() {
        for statement in document["Statement"].as_array_mut().unwrap() {
            if statement["Effect"] == "Allow" {
                let left: Vec<String> =
                    strings(statement, "Action").into_iter().filter(|one| one != action).collect();
                statement["Action"] = json!(left);
            }
        }
    }
    fewer
}

#[tokio::test]
async fn with_the_templates_policies_every_repair_works() {
    let policies = full();
    for scene in Scene::all() {
        let (free, _) = scene.run(None).await;
        let (bound, stage) = scene.run(Some(&policies)).await;
        assert_eq!(bound, free, "{scene:?}: the policies are in the way");
        let denied: Vec<_> = stage
            .sandbox
            .calls()
            .into_iter()
            .filter(|call| call.error.as_deref().is_some_and(|e| e.contains("Denied")))
            .collect();
        assert_eq!(denied, vec![], "{scene:?}");
    }
}

#[tokio::test]
async fn without_any_one_action_a_repair_fails() {
    let policies = full();
    let mut scenes = Vec::new();
    for scene in Scene::all() {
        let (free, stage) = scene.run(None).await;
        let made: BTreeSet<String> = stage
            .sandbox
            .calls()
            .into_iter()
            .map(|call| format!("{}:{}", call.service, call.operation))
            .collect();
        scenes.push((scene, free, made));
    }
    let all: BTreeSet<String> = statements(&policies)
        .into_iter()
        .filter(|(_, one)| one["Effect"] == "Allow")
        .flat_map(|(_, one)| strings(one, "Action"))
        .filter(|action| !NOT_PLAYED.contains(&action.as_str()))
        // These two have tests of their own: no repair needs them.
        .filter(|action| {
            ![aws_account::permissions::REPORT, aws_account::permissions::HISTORY].contains(&action.as_str())
        })
        .collect();
    for action in all {
        let fewer = without(&policies, &action);
        // First where the call was made; what no call has the name of can be anywhere.
        let (likely, others): (Vec<_>, Vec<_>) =
            scenes.iter().partition(|(_, _, made)| made.contains(&action));
        let mut missed = false;
        for (scene, free, _) in likely.into_iter().chain(others) {
            if scene.run(Some(&fewer)).await.0 != *free {
                missed = true;
                break;
            }
        }
        assert!(missed, "nothing fails without {action}: no code needs it");
    }
}

#[tokio::test]
async fn a_role_that_only_reports_previews_every_repair() {
    let policies = Template::with(&[]).policies();
    let scene = Scene::Drift("everything-deleted");
    let free = outcome(&scene.stage().preview().await);
    let stage = scene.stage();
    enforce(&stage, &policies);
    assert_eq!(outcome(&stage.preview().await), free);
    assert!(free.len() > 5, "{free:?}");
    let made = outcome(&Scene::Drift("vault-policy-deleted").run(Some(&policies)).await.1.heal().await);
    assert!(made.iter().any(|line| line.contains("AccessDenied")), "and it could not write: {made:?}");
}

/// A vault without its policy, looked at by the function itself under these policies.
async fn invoked(policies: &BTreeMap<String, Value>) -> (Result<Value, HealerError>, Stage) {
    let settings = |name: &str| match name {
        "MODE" => Some("repair".to_owned()),
        "TOPIC_ARN" => Some(TOPIC_ARN.to_owned()),
        _ => None,
    };
    let stage = Stage::deployed();
    stage.drift(&["vault-policy-deleted"]);
    enforce(&stage, policies);
    let config = emulator_config(&stage.sandbox.endpoint(), KEY);
    let sandbox = Arc::clone(&stage.sandbox);
    let healer = Healer::new(Settings::read(settings).unwrap(), &config).unwrap().without_pauses();
    let healer = healer.with_clock(Arc::new(move || sandbox.now()));
    (healer.handle(LambdaEvent::new(json!({}), Context::default())).await, stage)
}

#[tokio::test]
async fn a_report_leaves_only_with_the_right_to_publish() {
    let cases = [(full(), true), (without(&full(), aws_account::permissions::REPORT), false)];
    for (policies, delivered) in cases {
        let (answer, stage) = invoked(&policies).await;
        assert_eq!(answer.is_ok(), delivered, "{answer:?}");
        assert_eq!(stage.sandbox.messages().len(), usize::from(delivered));
    }
}

#[tokio::test]
async fn who_did_it_is_known_only_with_the_right_to_ask_and_repairs_do_not_need_it() {
    let cases = [(full(), true), (without(&full(), aws_account::permissions::HISTORY), false)];
    for (policies, known) in cases {
        let (answer, stage) = invoked(&policies).await;
        let answer = answer.unwrap();
        assert_eq!(answer["verdict"], "healed", "{answer:#}");
        let actor = &answer["findings"][0]["attribution"]["actor"];
        assert_eq!(actor.is_string(), known, "{answer:#}");
        let mail = &stage.sandbox.messages()[0].message;
        assert_eq!(mail.contains("could not be asked in full"), !known, "{mail}");
    }
}

#[tokio::test]
async fn a_spec_without_compliance_locks_cannot_start_one() {
    let policies = Template::with(&[REPAIR, &[("LocksInCompliance", "false")]].concat()).policies();
    let (made, _) = Scene::Drift("vault-lock-deleted").run(Some(&policies)).await;
    assert!(
        made.iter()
            .any(|line| line.contains("PutBackupVaultLockConfiguration") && line.contains("explicit deny")),
        "{made:?}"
    );
}

#[tokio::test]
async fn what_the_spec_does_not_name_is_out_of_reach() {
    let others = [("Vaults", "vault_prod_hourly"), ("KeyAliases", "alias/other")];
    let policies = Template::with(&[REPAIR, &others].concat()).policies();
    let (made, _) = Scene::Drift("vault-policy-deleted").run(Some(&policies)).await;
    assert!(
        made.iter().any(|line| line.contains("unreadable")),
        "another vault's policy is not read: {made:?}"
    );
    let (made, _) = Scene::Drift("key-rotation-off").run(Some(&policies)).await;
    assert!(
        made.iter().any(|line| line.contains("kms:EnableKeyRotation") && line.contains("AccessDenied")),
        "{made:?}"
    );
}
