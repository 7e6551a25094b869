//! The plans: which of a name there are, since when, what they say, and what they said before a moment.

use std::collections::BTreeSet;

use drift_tests::model::{SPEC, resolve};
use reconcile::desired::{CopyRetention, Desired};
use reconcile::run::Account;
use reconcile::state::{Observation, Observed, Plan, PlanCandidate};
use serde_json::{Value, json};

use crate::records::account;
use crate::scripted::{Asked, Reply, Script, refused};

const NAME: &str = "prod_backups";
const LIST: &str = "GET /backup/plans";

/// The spec's plan of that name, and nothing else.
fn one_plan() -> Desired {
    let mut desired = resolve(SPEC);
    desired.plans.retain(|plan| plan.document.name == NAME);
    assert_eq!(desired.plans.len(), 1);
    (desired.roles, desired.keys, desired.vaults, desired.region_settings) = Default::default();
    desired
}

fn answer(value: Value) -> Reply {
    Reply::Now(200, value.to_string())
}

fn rule(name: &str) -> Value {
    json!({ "RuleName": name, "RuleId": format!("id of {name}"), "TargetBackupVaultName": "v" })
}

fn document(rules: Vec<Value>) -> Value {
    json!({ "BackupPlan": { "BackupPlanName": NAME, "Rules": rules } })
}

/// The part of a path that names a plan, and what comes after it.
fn of_plan(asked: &Asked) -> Option<(&str, &str)> {
    let rest = asked.what.strip_prefix("GET /backup/plans/")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

fn candidates(seen: &Observed) -> Vec<PlanCandidate> {
    let Some(Observation::Present(found)) = seen.plans.values().next() else { panic!("{:?}", seen.plans) };
    found.clone()
}

/// An account whose plans have this list, in pages, and these versions; each plan says the same.
fn listing(pages: Vec<Value>, versions: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Script {
    Script::new(move |asked, before| match (asked.what.as_str(), of_plan(asked)) {
        (LIST, _) => {
            assert_eq!(
                asked.query.contains(&format!("nextToken=page{before}")),
                before > 0,
                "{}",
                asked.query
            );
            let mut page = json!({ "BackupPlansList": pages[before] });
            if before + 1 < pages.len() {
                page["NextToken"] = json!(format!("page{}", before + 1));
            }
            answer(page)
        }
        (_, Some((id, "versions"))) => versions(id),
        (_, Some((_, "selections"))) => answer(json!({ "BackupSelectionsList": [] })),
        (_, Some((_, ""))) => answer(document(vec![rule("daily")])),
        _ => refused("AccessDeniedException", "no"),
    })
}

fn listed(id: &str, name: &str) -> Value {
    json!({ "BackupPlanId": id, "BackupPlanName": name, "CreationDate": 1_700_000_000 })
}

#[tokio::test(start_paused = true)]
async fn the_plans_of_a_name_are_all_that_live_and_that_aws_does_not_keep_for_others() {
    let mut gone = listed("gone", NAME);
    gone["DeletionDate"] = json!(1_700_000_001);
    let pages = vec![
        json!([listed("one", NAME), gone, listed("another", "another")]),
        json!([listed("aws/efs/1", NAME), listed("orgs/1", NAME), listed("two", NAME)]),
    ];
    let script = listing(pages, |_| answer(json!({ "BackupPlanVersionsList": [] })));
    let seen = account(&script).observe(&one_plan()).await;
    let ids: Vec<String> = candidates(&seen).into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["one", "two"]);
    assert_eq!(seen.plans.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_of_plans_that_share_a_name_the_first_version_is_asked_for() {
    let versions = |id: &str| match id {
        "one" => answer(
            json!({ "BackupPlanVersionsList": [{ "CreationDate": 1_600_000_005 }, { "CreationDate": 1_600_000_001 }] }),
        ),
        "two" => refused("AccessDeniedException", "no"),
        _ => answer(json!({ "BackupPlanVersionsList": [] })),
    };
    for (ids, expected) in [
        (vec!["one"], vec![Some(1_700_000_000)]),
        (vec!["one", "two", "three"], vec![Some(1_600_000_001), None, None]),
    ] {
        let list = ids.iter().map(|id| listed(id, NAME)).collect();
        let script = listing(vec![list], versions);
        let seen = account(&script).observe(&one_plan()).await;
        let created: Vec<_> =
            candidates(&seen).iter().map(|one| one.created.map(|at| at.unix_timestamp())).collect();
        assert_eq!(created, expected, "{ids:?}");
        let asked = script.asked().iter().filter(|one| one.what.ends_with("/versions")).count();
        assert_eq!(asked, if ids.len() == 1 { 0 } else { ids.len() });
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_missing_only_if_the_list_lacks_it_and_only_its_own_region_is_asked() {
    let mut desired = one_plan();
    let (here, there) = ("us-east-1", "us-west-2");
    desired.vaults = resolve(SPEC).vaults.into_iter().filter(|vault| vault.region == there).collect();
    for (page, is_absent) in
        [(json!([]), true), (json!([listed("another", "another")]), true), (json!(null), false)]
    {
        let script = listing(vec![page.clone()], |_| refused("AccessDeniedException", "no"));
        let seen = account(&script).observe(&desired).await;
        let [((region, name), seen)] = &seen.plans.iter().collect::<Vec<_>>()[..] else { panic!() };
        assert_eq!((region.as_str(), name.as_str()), (here, NAME));
        assert_eq!(matches!(seen, Observation::Absent), is_absent, "{page}");
        assert_eq!(matches!(seen, Observation::Unreadable(_)), !is_absent, "{page}");
        let asked = script.asked().into_iter().filter(|one| one.what == LIST).map(|one| one.region);
        assert_eq!(asked.collect::<Vec<_>>(), [here]);
    }
}

/// The only plan of the list, of which AWS answers this.
async fn described(get: impl Fn() -> Reply + Send + Sync + 'static) -> Observation<Plan> {
    let script = Script::new(move |asked, _| match (asked.what.as_str(), of_plan(asked)) {
        (LIST, _) => answer(json!({ "BackupPlansList": [listed("one", NAME)] })),
        (_, Some((_, "selections"))) => answer(json!({ "BackupSelectionsList": [] })),
        (_, Some((_, ""))) => get(),
        _ => refused("AccessDeniedException", "no"),
    });
    candidates(&account(&script).observe(&one_plan()).await).remove(0).plan
}

async fn read(value: Value) -> Plan {
    let Observation::Present(plan) = described(move || answer(value.clone())).await else { panic!() };
    plan
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_deleted_since_it_was_listed_is_gone_and_an_answer_without_one_says_nothing() {
    let mut deleted = document(vec![rule("daily")]);
    deleted["DeletionDate"] = json!(1_700_000_000);
    let seen = described(move || answer(deleted.clone())).await;
    assert!(matches!(seen, Observation::Absent), "{seen:?}");
    assert!(matches!(described(|| refused("ResourceNotFoundException", "no")).await, Observation::Absent));
    assert!(matches!(described(|| refused("AccessDeniedException", "no")).await, Observation::Unreadable(_)));
    assert!(matches!(described(|| answer(json!({}))).await, Observation::Unreadable(_)));
}

#[tokio::test(start_paused = true)]
async fn settings_may_stand_beside_the_plan_or_in_it_and_without_options_they_say_nothing() {
    let setting = |kind: &str, options: Value| json!({ "ResourceType": kind, "BackupOptions": options });
    let (ec2, s3) = (
        setting("EC2", json!({ "WindowsVSS": "enabled" })),
        setting("S3", json!({ "BackupACLs": "disabled" })),
    );
    for (beside, inside, expected) in [
        (json!([ec2]), json!([]), vec!["EC2"]),
        (json!([]), json!([s3]), vec!["S3"]),
        (json!([ec2]), json!([s3]), vec!["EC2"]),
        (json!([setting("EC2", json!({})), s3]), json!([]), vec!["S3"]),
        (json!([setting("EC2", json!(null))]), json!([]), vec![]),
        (json!(null), json!(null), vec![]),
    ] {
        let mut plan = document(vec![rule("daily")]);
        plan["AdvancedBackupSettings"] = beside.clone();
        plan["BackupPlan"]["AdvancedBackupSettings"] = inside.clone();
        let settings = read(plan).await.document.advanced_settings;
        let kinds: Vec<&str> = settings.iter().map(|one| one.resource_type.as_str()).collect();
        assert_eq!(kinds, expected, "{beside} {inside}");
        assert!(settings.iter().all(|one| one.options.len() == 1));
    }
}

#[tokio::test(start_paused = true)]
async fn never_may_be_written_in_many_ways() {
    for (written, days) in
        [(json!(null), None), (json!(-1), None), (json!(0), None), (json!(1), Some(1)), (json!(90), Some(90))]
    {
        let mut daily = rule("daily");
        daily["Lifecycle"] = json!({ "DeleteAfterDays": written, "MoveToColdStorageAfterDays": written });
        daily["CopyActions"] =
            json!([{ "DestinationBackupVaultArn": "arn:v", "Lifecycle": daily["Lifecycle"] }]);
        let read = read(document(vec![daily])).await.document.rules.remove(0);
        let kept = &read.lifecycle;
        assert_eq!((kept.delete_after_days, kept.cold_storage_after_days), (days, days), "{written}");
        let copy = &read.copies[0].lifecycle;
        assert_eq!(copy.kept, days.map_or(CopyRetention::AsItsSource, CopyRetention::Days), "{written}");
        assert_eq!(copy.cold_storage_after_days, days, "{written}");
    }
    for (written, is_on) in [(json!(null), false), (json!(false), false), (json!(true), true)] {
        let mut daily = rule("daily");
        daily["Lifecycle"] = json!({ "OptInToArchiveForSupportedResources": written });
        daily["CopyActions"] =
            json!([{ "DestinationBackupVaultArn": "arn:v", "Lifecycle": daily["Lifecycle"] }]);
        let read = read(document(vec![daily])).await.document.rules.remove(0);
        assert_eq!(read.lifecycle.opt_in_to_archive, Some(is_on), "{written}");
        assert_eq!(read.copies[0].lifecycle.opt_in_to_archive, Some(is_on), "{written}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_runs_are_those_of_rules_that_the_plan_has() {
    let run = |rule: &str, at: i64| json!({ "RuleId": format!("id of {rule}"), "ExecutionTime": at });
    let mut plan = document(vec![rule("hourly"), rule("daily")]);
    plan["ScheduledRunsPreview"] = json!([run("daily", 1_700_000_000), run("gone", 1_700_000_001), run("hourly", 1_700_000_002), { "RuleId": "id of daily" }]);
    let told = read(plan).await.next_runs.into_iter().map(|(at, rule)| (at.unix_timestamp(), rule));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(1_700_000_000, "daily".to_owned()), (1_700_000_002, "hourly".to_owned())]
    );
}

#[tokio::test(start_paused = true)]
async fn members_that_are_new_are_told_of_the_answer_that_has_them() {
    let mut plan = document(vec![rule("daily")]);
    plan["BackupPlan"]["Novelty"] = json!("shiny");
    assert_eq!(read(plan).await.unknown_members, ["Novelty".to_owned()].into());
    assert_eq!(read(document(vec![rule("daily")])).await.unknown_members, BTreeSet::new());
}

/// The selections of the plan, of which AWS answers these.
async fn selections(list: impl Fn(usize) -> Reply + Send + Sync + 'static, one: fn(&str) -> Reply) -> Plan {
    let script = Script::new(move |asked, before| match (asked.what.as_str(), of_plan(asked)) {
        (LIST, _) => answer(json!({ "BackupPlansList": [listed("one", NAME)] })),
        (_, Some((_, "selections"))) => list(before),
        (_, Some((_, rest))) if rest.starts_with("selections/") => one(&rest["selections/".len()..]),
        (_, Some((_, ""))) => answer(document(vec![rule("daily")])),
        _ => refused("AccessDeniedException", "no"),
    });
    let seen = account(&script).observe(&one_plan()).await;
    let Observation::Present(plan) = candidates(&seen).remove(0).plan else { panic!() };
    plan
}

#[tokio::test(start_paused = true)]
async fn selections_are_told_oldest_first_and_one_that_the_list_has_is_not_missing() {
    let one = |id: &str| match id {
        "gone" => refused("ResourceNotFoundException", "no"),
        "empty" => answer(json!({})),
        "denied" => refused("AccessDeniedException", "no"),
        id => {
            answer(json!({ "BackupSelection": { "SelectionName": id, "IamRoleArn": "arn:r", "News": true } }))
        }
    };
    let listed =
        |id: &str, made: i64| json!({ "SelectionId": id, "SelectionName": id, "CreationDate": made });
    let list = move |before| match before {
        0 => answer(
            json!({ "BackupSelectionsList": [listed("young", 9), listed("gone", 3), listed("denied", 4)], "NextToken": "t" }),
        ),
        _ => answer(
            json!({ "BackupSelectionsList": [listed("old", 1), listed("empty", 5), { "SelectionId": "undated" }] }),
        ),
    };
    let Observation::Present(all) = selections(list, one).await.selections else { panic!() };
    let told: Vec<(&str, &str)> = all
        .iter()
        .map(|one| match &one.document {
            Observation::Present(_) => (one.id.as_str(), "read"),
            Observation::Absent => (one.id.as_str(), "absent"),
            Observation::Unreadable(why) => (one.id.as_str(), why.error.code.as_str()),
        })
        .collect();
    assert_eq!(
        told,
        [
            ("undated", "read"),
            ("old", "read"),
            ("gone", "Contradicted"),
            ("denied", "AccessDeniedException"),
            ("empty", "UnreadableAnswer"),
            ("young", "read"),
        ]
    );
    let news: Vec<usize> = all.iter().map(|one| one.unknown_members.len()).collect();
    assert_eq!(news, [1, 1, 0, 0, 0, 1]);
}

#[tokio::test(start_paused = true)]
async fn selections_that_cannot_be_listed_are_unread() {
    type Answer = fn(usize) -> Reply;
    let answers: [(Answer, &str); 3] = [
        (|_| refused("ResourceNotFoundException", "no"), "Contradicted"),
        (|_| refused("AccessDeniedException", "no"), "AccessDeniedException"),
        (|_| answer(json!({})), "UnreadableAnswer"),
    ];
    for (list, code) in answers {
        let Observation::Unreadable(why) = selections(list, |_| answer(json!({}))).await.selections else {
            panic!("{code}")
        };
        assert_eq!(why.error.code, code);
    }
}
