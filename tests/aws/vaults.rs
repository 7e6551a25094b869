//! The vaults of a region: which are the account's own, what their lists and answers say, and where nothing is asked.

use drift_tests::model::{SPEC, resolve};
use reconcile::desired::{Desired, DesiredVault};
use reconcile::run::Account;
use reconcile::state::{Notifications, Observation, Observed, Vault};
use serde_json::{Value, json};

use crate::records::account;
use crate::scripted::{Reply, Script, refused};

const HERE: &str = "us-east-1";
const THERE: &str = "us-west-2";
const LIST: &str = "GET /backup-vaults";

/// Vaults of these names and regions, and nothing else.
fn vaults(named: &[(&str, &str)]) -> Desired {
    let mut desired = resolve(SPEC);
    let template = DesiredVault { lock: None, ..desired.vaults[0].clone() };
    let vault = |(name, region): &(&str, &str)| DesiredVault {
        name: (*name).to_owned(),
        region: (*region).to_owned(),
        arn: arn(name, "123456789012"),
        ..template.clone()
    };
    desired.vaults = named.iter().map(vault).collect();
    (desired.roles, desired.keys, desired.plans, desired.region_settings) = Default::default();
    desired
}

fn arn(name: &str, account: &str) -> String {
    format!("arn:aws:backup:{HERE}:{account}:backup-vault:{name}")
}

fn member(name: &str, account: &str) -> Value {
    json!({ "BackupVaultName": name, "BackupVaultArn": arn(name, account) })
}

/// An account that lists these vaults on pages of two, in each region, and of everything else has nothing.
fn listing(vaults: Vec<Value>) -> Script {
    Script::new(move |asked, before| match asked.what.as_str() {
        LIST => {
            assert_eq!(
                asked.query.contains(&format!("nextToken=page{before}")),
                before > 0,
                "{}",
                asked.query
            );
            let mut page =
                json!({ "BackupVaultList": vaults.iter().skip(2 * before).take(2).collect::<Vec<_>>() });
            if vaults.len() > 2 * before + 2 {
                page["NextToken"] = json!(format!("page{}", before + 1));
            }
            Reply::Now(200, page.to_string())
        }
        _ => refused("ResourceNotFoundException", "no"),
    })
}

fn vault<'a>(seen: &'a Observed, name: &str) -> &'a Observation<Vault> {
    let mut found = seen.vaults.iter().filter(|((_, one), _)| one == name);
    found.next().unwrap_or_else(|| panic!("{name}: {:?}", seen.vaults)).1
}

#[tokio::test(start_paused = true)]
async fn a_vault_that_another_account_shares_is_told_and_not_taken_for_ours() {
    let (ours, other) = ("123456789012", "210987654321");
    let nameless = json!({ "BackupVaultName": "old" });
    let script = listing(vec![
        member("shared", other),
        member("both", other),
        member("both", ours),
        member("both", "555555555555"),
        nameless,
        member("unnamed by the spec", ours),
    ]);
    let desired = vaults(&[("shared", HERE), ("both", HERE), ("old", HERE), ("missing", HERE)]);
    let seen = account(&script).observe(&desired).await;
    assert_eq!(seen.vaults.len(), 4);
    assert_eq!(
        (vault(&seen, "shared"), vault(&seen, "missing")),
        (&Observation::Absent, &Observation::Absent)
    );
    let both = vault(&seen, "both").present().unwrap();
    assert_eq!(both.arn, arn("both", ours));
    assert_eq!(both.namesakes, [arn("both", other), arn("both", "555555555555")].into());
    let old = vault(&seen, "old").present().unwrap();
    assert_eq!((old.arn.as_str(), old.namesakes.len()), (&*arn("old", ours), 0), "as the spec has it");
    assert_eq!(script.asked().iter().filter(|one| one.what == LIST).count(), 3, "to the last page");
}

#[tokio::test(start_paused = true)]
async fn a_region_is_asked_for_its_own_vaults_and_only_if_it_should_have_any() {
    let desired = vaults(&[("one", HERE), ("two", THERE)]);
    let script = listing(vec![member("one", "123456789012")]);
    let seen = account(&script).observe(&desired).await;
    assert!(vault(&seen, "one").present().is_some());
    assert_eq!(vault(&seen, "two"), &Observation::Absent);
    let places: Vec<(&str, &str)> =
        seen.vaults.keys().map(|(region, name)| (region.as_str(), name.as_str())).collect();
    assert_eq!(places, [(HERE, "one"), (THERE, "two")]);
    let mut elsewhere = vaults(&[("one", HERE)]);
    elsewhere.keys = resolve(SPEC).keys;
    assert!(elsewhere.keys.iter().any(|key| key.region == THERE));
    let script = listing(Vec::new());
    account(&script).observe(&elsewhere).await;
    let lists = script.asked().into_iter().filter(|one| one.what == LIST);
    assert_eq!(lists.map(|one| one.region).collect::<Vec<_>>(), [HERE]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_failed_or_says_nothing_is_not_an_empty_one() {
    let desired = vaults(&[("one", HERE)]);
    let answers: [fn() -> Reply; 2] =
        [|| refused("AccessDeniedException", "no"), || Reply::Now(200, "{}".to_owned())];
    for answer in answers {
        let script = Script::new(move |_, _| answer());
        let seen = account(&script).observe(&desired).await;
        let Observation::Unreadable(why) = vault(&seen, "one") else { panic!("{seen:?}") };
        assert_eq!(why.read.unwrap().operation(), "ListBackupVaults");
        assert_eq!(script.asked().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn no_limit_may_be_written_in_many_ways() {
    for (written, days) in [
        (json!(null), None),
        (json!(-1), None),
        (json!(0), None),
        (json!(1), Some(1)),
        (json!(365), Some(365)),
    ] {
        let mut one = member("one", "123456789012");
        (one["Locked"], one["MinRetentionDays"], one["MaxRetentionDays"]) =
            (json!(true), written.clone(), written);
        one["CreationDate"] = json!(1_700_000_000.25);
        let seen = account(&listing(vec![one])).observe(&vaults(&[("one", HERE)])).await;
        let vault = vault(&seen, "one").present().unwrap();
        assert_eq!((vault.lock.min_retention_days, vault.lock.max_retention_days), (days, days));
        assert!(vault.lock.locked && vault.lock.lock_date.is_none());
        let created = vault.created.unwrap();
        assert_eq!(
            (created.unix_timestamp(), created.millisecond()),
            (1_700_000_000, 250),
            "as finely as told"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_and_notifications_are_missing_only_if_aws_says_so() {
    let mut desired = vaults(&[("one", HERE)]);
    let topic = Notifications { topic: "arn:t".to_owned(), events: ["E".to_owned()].into() };
    desired.vaults[0].notifications = Some(topic.clone());
    let what = ["access-policy", "notification-configuration"];
    type Answer = fn() -> Reply;
    let cases: [(Answer, Option<bool>, Option<bool>); 6] = [
        (|| refused("ResourceNotFoundException", "no"), Some(false), Some(false)),
        (|| refused("AccessDeniedException", "no"), None, None),
        (|| Reply::Now(200, "{}".to_owned()), None, None),
        (|| Reply::Now(200, r#"{"Policy":""}"#.to_owned()), Some(false), None),
        (|| Reply::Now(200, r#"{"Policy":"{}"}"#.to_owned()), Some(true), None),
        (
            || Reply::Now(200, r#"{"SNSTopicArn":"arn:t","BackupVaultEvents":["E"]}"#.to_owned()),
            None,
            Some(true),
        ),
    ];
    for (nth, (answer, policy, notifications)) in cases.into_iter().enumerate() {
        let list = json!({ "BackupVaultList": [member("one", "123456789012")] }).to_string();
        let script = Script::new(move |asked, _| match asked.what.as_str() {
            LIST => Reply::Now(200, list.clone()),
            "GET /backup-vaults/one/access-policy" | "GET /backup-vaults/one/notification-configuration" => {
                answer()
            }
            _ => refused("AccessDeniedException", "no"),
        });
        let seen = account(&script).observe(&desired).await;
        let vault = vault(&seen, "one").present().unwrap();
        fn told<T>(seen: &Observation<T>) -> Option<bool> {
            match seen {
                Observation::Present(_) => Some(true),
                Observation::Absent => Some(false),
                Observation::Unreadable(_) => None,
            }
        }
        assert_eq!((told(&vault.policy), told(&vault.notifications)), (policy, notifications), "{nth}");
        assert!(vault.notifications.present().is_none_or(|seen| *seen == topic));
        // What the spec leaves alone is not read.
        let mut silent = desired.clone();
        (silent.vaults[0].policy, silent.vaults[0].notifications) = (None, None);
        let before = script.asked().len();
        let seen = account(&script).observe(&silent).await;
        let asked = &script.asked()[before..];
        assert!(!asked.iter().any(|one| what.iter().any(|what| one.what.ends_with(what))));
        assert!(seen.vaults.values().all(|one| one.present().unwrap().policy == Observation::Absent));
    }
}

#[tokio::test(start_paused = true)]
async fn tags_are_read_to_their_last_page_and_those_of_a_vault_that_is_gone_are_unread() {
    let tags = |name: &str, more: Option<&str>| {
        let mut page = json!({ "Tags": { name: "v" } });
        if let Some(token) = more {
            page["NextToken"] = json!(token);
        }
        Reply::Now(200, page.to_string())
    };
    for (fails, expected) in [(false, Some(2)), (true, None)] {
        let list = json!({ "BackupVaultList": [member("one", "123456789012")] }).to_string();
        let script = Script::new(move |asked, before| match asked.what.as_str() {
            LIST => Reply::Now(200, list.clone()),
            what if what.starts_with("GET /tags/") => match before {
                0 => tags("a", Some("more")),
                _ if fails => refused("ResourceNotFoundException", "no"),
                _ => tags("b", None),
            },
            _ => refused("AccessDeniedException", "no"),
        });
        let seen = account(&script).observe(&vaults(&[("one", HERE)])).await;
        let tags = &vault(&seen, "one").present().unwrap().tags;
        assert_eq!(tags.present().map(|tags| tags.len()), expected);
        assert_eq!(matches!(tags, Observation::Unreadable(_)), fails);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_region_is_switched_on_for_is_asked_where_the_spec_says_something_of_it() {
    let mut desired = vaults(&[("one", HERE), ("two", THERE)]);
    desired.region_settings =
        resolve(SPEC).region_settings.into_iter().filter(|one| one.region == HERE).collect();
    assert_eq!(desired.region_settings.len(), 1);
    let opt_in = json!({ "EBS": true, "S3": false });
    for (answer, expected) in [
        (
            json!({ "ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": { "EFS": true } }),
            Some((2, 1)),
        ),
        (json!({ "ResourceTypeOptInPreference": opt_in }), Some((2, 0))),
        (json!({ "ResourceTypeManagementPreference": { "EFS": true } }), None),
    ] {
        let told = answer.to_string();
        let script = Script::new(move |asked, _| match asked.what.as_str() {
            "GET /account-settings" => Reply::Now(200, told.clone()),
            _ => refused("AccessDeniedException", "no"),
        });
        let settings = account(&script).observe(&desired).await.region_settings;
        assert_eq!(settings.keys().collect::<Vec<_>>(), [HERE]);
        let seen = settings[HERE].present();
        assert_eq!(seen.map(|one| (one.opt_in.len(), one.management.len())), expected, "{answer}");
        if let Some(seen) = seen {
            assert_eq!((seen.opt_in["EBS"], seen.opt_in["S3"]), (true, false));
        }
        let asked = script.asked().into_iter().filter(|one| one.what == "GET /account-settings");
        assert_eq!(asked.map(|one| one.region).collect::<Vec<_>>(), [HERE]);
    }
}
