//! What a plan said before the vaults were there: asked only where something is older than they are, and taken from versions that nobody can
//! date back.

use drift_tests::model::{SPEC, resolve};
use reconcile::desired::Desired;
use reconcile::run::Account;
use reconcile::state::{FormerPlan, Observation, Observed};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::records::account;
use crate::scripted::{Asked, Reply, Script, refused};

/// When the vault and its key were made. A plan is asked what it said an hour before.
const BEGAN: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1";
const PLAN: &str = "prod_backups";

/// The first key, vault, plan and role of the spec.
fn one_of_each() -> Desired {
    let mut desired = resolve(SPEC);
    desired.keys.truncate(1);
    desired.vaults.truncate(1);
    desired.plans.retain(|plan| plan.document.name == PLAN);
    desired.region_settings.clear();
    desired.healer_role = Some("arn:aws:iam::123456789012:role/drift-healer".to_owned());
    desired
}

fn seconds(after: i64) -> i64 {
    BEGAN.unix_timestamp() + after
}

const HOUR: i64 = 3600;

/// A version, so many seconds after the moment before which it matters.
fn version(id: &str, after: i64) -> Value {
    json!({ "VersionId": id, "CreationDate": seconds(after - HOUR) })
}

struct Former {
    /// How long before vault and key the role was made.
    role: i64,
    versions: fn(&str) -> Reply,
    /// The answer for a plan and a version.
    get: fn(&str, &str) -> Reply,
}

fn answer(value: Value) -> Reply {
    Reply::Now(200, value.to_string())
}

fn document(rule: &str, vault: &str) -> Reply {
    let rule = json!({ "RuleName": rule, "TargetBackupVaultName": vault });
    answer(json!({ "BackupPlan": { "BackupPlanName": PLAN, "Rules": [rule] } }))
}

fn versions(all: &[Value]) -> Reply {
    answer(json!({ "BackupPlanVersionsList": all }))
}

fn script(former: Former) -> Script {
    let desired = one_of_each();
    let (vault, role) = (desired.vaults[0].clone(), desired.roles[0].arn.clone());
    let Former { role: before, versions, get } = former;
    Script::new(move |asked: &Asked, _| {
        let plan = asked.what.strip_prefix("GET /backup/plans/").unwrap_or_default();
        let (id, rest) = plan.split_once('/').unwrap_or((plan, ""));
        let listed = |id: &str, name: &str| json!({ "BackupPlanId": id, "BackupPlanName": name, "CreationDate": seconds(9 * HOUR) });
        match (asked.what.as_str(), rest) {
            ("GetRole", _) => {
                let made = OffsetDateTime::from_unix_timestamp(seconds(-before)).unwrap();
                let made = made.format(&time::format_description::well_known::Rfc3339).unwrap();
                let body = format!(
                    "<GetRoleResponse><GetRoleResult><Role><Path>/</Path><RoleName>r</RoleName><RoleId>i</RoleId><Arn>{role}</Arn>\
                    <CreateDate>{made}</CreateDate></Role></GetRoleResult></GetRoleResponse>"
                );
                Reply::Now(200, body)
            }
            ("DescribeKey", _) => {
                answer(json!({ "KeyMetadata": { "KeyId": "1", "Arn": KEY, "CreationDate": seconds(0) } }))
            }
            ("GET /backup-vaults", _) => answer(json!({ "BackupVaultList": [{
                "BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "EncryptionKeyArn": KEY, "CreationDate": seconds(0) }] })),
            ("GET /backup/plans", _) if asked.query.contains("includeDeleted=true") => {
                let mut deleted = listed("deleted", PLAN);
                deleted["DeletionDate"] = json!(seconds(HOUR));
                answer(
                    json!({ "BackupPlansList": [listed("other", "other"), listed("ours", PLAN), deleted] }),
                )
            }
            ("GET /backup/plans", _) => answer(json!({ "BackupPlansList": [listed("ours", PLAN)] })),
            (_, "versions") => versions(id),
            (_, "selections") => answer(json!({ "BackupSelectionsList": [] })),
            (_, "") if asked.query.contains("versionId=") => {
                let version = asked.query.split("versionId=").nth(1).unwrap();
                get(id, version.split('&').next().unwrap())
            }
            (_, "") if !plan.is_empty() => document("now", &vault.name),
            ("LookupEvents", _) => answer(json!({ "Events": [] })),
            _ => refused("AccessDeniedException", "no"),
        }
    })
}

async fn look(former: Former) -> (Observed, Vec<Asked>) {
    let script = script(former);
    let seen = account(&script).observe(&one_of_each()).await;
    (seen, script.asked())
}

/// How often it was asked who made a key.
fn makers(asked: &[Asked]) -> usize {
    asked.iter().filter(|one| one.what == "LookupEvents" && one.body.contains("CreateKey")).count()
}

fn told(seen: &Observed) -> Vec<(i64, String)> {
    let Some(Observation::Present(former)) = seen.former_plans.values().next() else {
        panic!("{:?}", seen.former_plans)
    };
    let told = |one: &FormerPlan| {
        (one.written.unix_timestamp() - seconds(-HOUR), one.document.rules[0].name.clone())
    };
    former.iter().map(told).collect()
}

#[tokio::test(start_paused = true)]
async fn of_each_plan_of_the_name_the_last_version_before_the_moment_counts() {
    type Case = (fn(&str) -> Reply, &'static [(i64, &'static str)]);
    let cases: [Case; 6] = [
        (|_| versions(&[]), &[]),
        (|_| versions(&[version("b", 0), version("c", 1)]), &[]),
        (
            |id| if id == "ours" { versions(&[version("a", -1), version("b", 0)]) } else { versions(&[]) },
            &[(-1, "ours a")],
        ),
        (
            |_| versions(&[version("b", -2), version("a", -900), version("c", 5)]),
            &[(-2, "ours b"), (-2, "deleted b")],
        ),
        // Whether AWS tells the versions of a plan that was deleted, it does not say.
        (
            |id| {
                if id == "deleted" {
                    refused("ResourceNotFoundException", "no")
                } else {
                    versions(&[version("a", -7)])
                }
            },
            &[(-7, "ours a")],
        ),
        (
            |_| versions(&[json!({ "VersionId": "undated" }), json!({ "CreationDate": seconds(-9 * HOUR) })]),
            &[],
        ),
    ];
    for (nth, (versions, expected)) in cases.into_iter().enumerate() {
        let get = |id: &str, version: &str| document(&format!("{id} {version}"), "elsewhere");
        let (seen, asked) = look(Former { role: 9 * HOUR, versions, get }).await;
        let expected: Vec<_> = expected.iter().map(|(after, rule)| (*after, (*rule).to_owned())).collect();
        assert_eq!(told(&seen), expected, "{nth}");
        assert!(!asked.iter().any(|one| one.what.contains("/other")), "{nth}");
        // It wrote into something else, so that the key is not in question.
        assert_eq!(makers(&asked), 0, "{nth}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_where_nothing_is_older_than_vaults_and_key() {
    let get = |_: &str, _: &str| document("r", "elsewhere");
    for (role, is_asked) in [(0, false), (HOUR, false), (HOUR + 1, true)] {
        let (seen, asked) = look(Former { role, versions: |_| versions(&[]), get }).await;
        assert_eq!(asked.iter().any(|one| one.what.ends_with("/versions")), is_asked, "{role}");
        assert_eq!(seen.former_plans.is_empty(), !is_asked, "{role}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_plan_said_and_could_not_be_read_is_unread_and_a_version_that_is_gone_says_nothing() {
    let fine: fn(&str) -> Reply = |_| versions(&[version("a", -1)]);
    let gone: fn(&str, &str) -> Reply = |_, _| refused("ResourceNotFoundException", "no");
    type Case = (fn(&str) -> Reply, fn(&str, &str) -> Reply, Option<&'static str>);
    let cases: [Case; 4] = [
        (|_| refused("AccessDeniedException", "no"), gone, Some("ListBackupPlanVersions")),
        (fine, |_, _| refused("AccessDeniedException", "no"), Some("GetBackupPlan")),
        (fine, |_, _| answer(json!({})), Some("GetBackupPlan")),
        (fine, gone, None),
    ];
    for (versions, get, unread) in cases {
        let (seen, _) = look(Former { role: 9 * HOUR, versions, get }).await;
        match (seen.former_plans.values().next(), unread) {
            (Some(Observation::Unreadable(why)), Some(read)) => {
                assert_eq!(why.read.unwrap().operation(), read)
            }
            (Some(Observation::Present(former)), None) => assert!(former.is_empty()),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_made_the_key_is_asked_if_a_plan_wrote_into_its_vaults_before_they_were_there() {
    let versions: fn(&str) -> Reply = |_| versions(&[version("a", -1)]);
    let get = |_: &str, _: &str| document("r", &one_of_each().vaults[0].name);
    let (seen, asked) = look(Former { role: 9 * HOUR, versions, get }).await;
    assert_eq!(seen.made_by_us.keys().collect::<Vec<_>>(), [KEY]);
    assert_eq!(makers(&asked), 1);
}
