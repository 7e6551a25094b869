//! Which keys are looked at: those behind the aliases, those that the vaults are on, and where nothing says which is meant those without an
//! alias that look alike.

use std::collections::{BTreeMap, BTreeSet};

use drift_tests::model::{SPEC, resolve};
use reconcile::desired::{Desired, DesiredKey, DesiredVault, VaultKey};
use reconcile::run::Account;
use reconcile::state::{MultiRegion, Observation, Observed, Rotation};
use serde_json::{Value, json};

use crate::records::account;
use crate::scripted::{Asked, Reply, Script, refused};

const HERE: &str = "us-east-1";

/// The spec's first key, and nothing else.
fn one_key() -> Desired {
    let mut desired = resolve(SPEC);
    desired.keys.truncate(1);
    (desired.roles, desired.vaults, desired.plans, desired.region_settings) = Default::default();
    desired
}

fn arn(id: &str) -> String {
    format!("arn:aws:kms:{HERE}:123456789012:key/{id}")
}

/// A key of an account.
#[derive(Clone)]
struct Key {
    id: String,
    is_aliased: bool,
    metadata: Value,
    tags: Value,
}

/// A customer's, without an alias, with or without the spec's description and tags.
fn key(id: &str, want: &DesiredKey, is_described: bool, is_tagged: bool) -> Key {
    let description = if is_described { want.description.as_str() } else { "something else" };
    let tags: Vec<Value> =
        want.tags.iter().map(|(name, value)| json!({ "TagKey": name, "TagValue": value })).collect();
    let metadata =
        json!({ "KeyId": id, "Arn": arn(id), "KeyManager": "CUSTOMER", "Description": description });
    let tags = if is_tagged { tags } else { vec![json!({ "TagKey": "team", "TagValue": "x" })] };
    Key { id: id.to_owned(), is_aliased: false, metadata, tags: json!(tags) }
}

fn body(asked: &Asked) -> Value {
    serde_json::from_str(&asked.body).unwrap_or_default()
}

/// An account with these keys, whose lists have pages of two.
fn account_with(keys: Vec<Key>) -> Script {
    let page = |member: &str, all: Vec<Value>, asked: &Asked| {
        let from = body(asked)["Marker"].as_str().map_or(0, |text| text.parse().unwrap());
        let end = all.len().min(from + 2);
        let mut page = json!({ member: all[from..end] });
        if end < all.len() {
            (page["Truncated"], page["NextMarker"]) = (json!(true), json!(end.to_string()));
        }
        Reply::Now(200, page.to_string())
    };
    Script::new(move |asked, _| {
        let id = body(asked)["KeyId"].as_str().unwrap_or_default().to_owned();
        let meant = keys.iter().find(|key| arn(&key.id) == id);
        match (asked.what.as_str(), meant) {
            ("ListKeys", _) => {
                let all = keys.iter().map(|key| json!({ "KeyId": key.id, "KeyArn": arn(&key.id) }));
                page("Keys", all.collect(), asked)
            }
            ("ListAliases", _) => {
                let aliased = keys.iter().filter(|key| key.is_aliased);
                // One that AWS keeps for a key to come.
                let all = aliased.map(|key| json!({ "TargetKeyId": key.id })).chain([json!({})]);
                page("Aliases", all.collect(), asked)
            }
            ("DescribeKey", Some(key)) => Reply::Now(200, json!({ "KeyMetadata": key.metadata }).to_string()),
            ("ListResourceTags", Some(key)) => Reply::Now(200, json!({ "Tags": key.tags }).to_string()),
            ("DescribeKey", None) => refused("NotFoundException", "no"),
            _ => refused("AccessDeniedException", "no"),
        }
    })
}

fn ids(seen: impl IntoIterator<Item = String>) -> Vec<String> {
    seen.into_iter().map(|arn| arn.rsplit('/').next().unwrap().to_owned()).collect()
}

/// The keys that fit, and those that only look alike.
fn found(seen: &Observed) -> (Vec<String>, Vec<String>) {
    let Some(Observation::Present(fitting)) = seen.unaliased.values().next() else { panic!("{seen:?}") };
    let alike = seen.keys.keys().filter(|arn| !fitting.contains(arn));
    (ids(fitting.clone()), ids(alike.cloned()))
}

#[tokio::test(start_paused = true)]
async fn without_an_alias_and_without_vaults_a_key_that_looks_like_the_specs_is_looked_for() {
    let desired = one_key();
    let want = &desired.keys[0];
    let mut aliased = key("aliased", want, true, true);
    aliased.is_aliased = true;
    let mut awss = key("awss", want, true, true);
    awss.metadata["KeyManager"] = json!("AWS");
    let mut later = key("later", want, true, true);
    later.is_aliased = true;
    let keys = vec![
        key("both", want, true, true),
        aliased,
        key("described", want, true, false),
        awss,
        key("tagged", want, false, true),
        key("neither", want, false, false),
        later,
    ];
    let script = account_with(keys);
    let seen = account(&script).observe(&desired).await;
    assert_eq!(found(&seen), (vec!["both".to_owned()], vec!["described".to_owned(), "tagged".to_owned()]));
    // Of one that may be ours our records are asked.
    assert_eq!(ids(seen.made_by_us.into_keys()), ["both"]);
}

#[tokio::test(start_paused = true)]
async fn where_the_spec_has_no_tags_the_description_has_to_do() {
    let mut desired = one_key();
    let keys =
        vec![key("described", &desired.keys[0], true, false), key("tagged", &desired.keys[0], false, true)];
    desired.keys[0].tags.clear();
    let seen = account(&account_with(keys)).observe(&desired).await;
    assert_eq!(found(&seen), (vec!["described".to_owned()], vec![]));
}

#[tokio::test(start_paused = true)]
async fn where_there_are_many_keys_the_tags_of_others_are_not_read_and_where_there_are_too_many_none_is_taken()
 {
    let desired = one_key();
    let want = &desired.keys[0];
    for (others, tags_are_read, is_known) in
        [(48, true, true), (49, false, true), (198, false, true), (199, false, false)]
    {
        let others = (0..others).map(|number| key(&format!("other{number}"), want, false, false));
        let ours = [key("both", want, true, true), key("tagged", want, false, true)];
        let script = account_with(ours.into_iter().chain(others).collect());
        let seen = account(&script).observe(&desired).await;
        if !is_known {
            let Some(Observation::Unreadable(why)) = seen.unaliased.values().next() else { panic!() };
            assert!(why.error.message.starts_with("201 keys without an alias, too many"), "{why}");
            continue;
        }
        let alike = if tags_are_read { vec!["tagged".to_owned()] } else { vec![] };
        assert_eq!(found(&seen), (vec!["both".to_owned()], alike));
    }
}

#[tokio::test(start_paused = true)]
async fn lists_that_cannot_be_read_are_not_empty_ones() {
    for (denied, answer) in [
        ("ListKeys", refused as fn(&str, &str) -> Reply),
        ("ListAliases", refused),
        ("ListKeys", |_, _| Reply::Now(200, "{}".to_owned())),
        ("ListAliases", |_, _| Reply::Now(200, "{}".to_owned())),
    ] {
        let script = Script::new(move |asked, _| match asked.what.as_str() {
            what if what == denied => answer("AccessDeniedException", "no"),
            "ListKeys" => Reply::Now(200, r#"{"Keys":[]}"#.to_owned()),
            "ListAliases" => Reply::Now(200, r#"{"Aliases":[]}"#.to_owned()),
            _ => refused("NotFoundException", "no"),
        });
        let seen = account(&script).observe(&one_key()).await;
        let Some(Observation::Unreadable(why)) = seen.unaliased.values().next() else { panic!("{denied}") };
        assert_eq!(why.read.unwrap().operation(), denied);
    }
}

/// An account in which everything has a key, and each of the vaults is on one of its own.
fn account_with_vaults(names: &'static [&'static str]) -> Script {
    Script::new(|asked, _| match asked.what.as_str() {
        "GET /backup-vaults" => {
            let on = |name: &str| json!({ "BackupVaultName": name, "EncryptionKeyArn": format!("of-{name}-in-{}", asked.region) });
            let vaults: Vec<Value> = names.iter().map(|name| on(name)).collect();
            Reply::Now(200, json!({ "BackupVaultList": vaults }).to_string())
        }
        "DescribeKey" => {
            let id = body(asked)["KeyId"].as_str().unwrap().replace("alias/", "behind-");
            Reply::Now(200, json!({ "KeyMetadata": { "KeyId": id, "Arn": id } }).to_string())
        }
        "ListKeys" => Reply::Now(200, r#"{"Keys":[]}"#.to_owned()),
        "ListAliases" => Reply::Now(200, r#"{"Aliases":[]}"#.to_owned()),
        _ => refused("AccessDeniedException", "no"),
    })
}

#[tokio::test(start_paused = true)]
async fn the_keys_of_the_vaults_are_looked_at_and_a_vault_of_the_alias_says_which_is_meant() {
    const THERE: &str = "us-west-2";
    let mut desired = one_key();
    desired.keys[0].alias = "alias/a".to_owned();
    let template = resolve(SPEC).vaults.remove(0);
    let vault = |(name, region, key): &(&str, &str, VaultKey)| DesiredVault {
        name: (*name).to_owned(),
        region: (*region).to_owned(),
        key: key.clone(),
        lock: None,
        ..template.clone()
    };
    let alias = |name: &str| VaultKey::Alias(name.to_owned());
    let named = |id: &str, region: &str| format!("arn:aws:kms:{region}:123456789012:key/{id}");
    let by_arn = |id: &str, region: &str| VaultKey::Arn(named(id, region));
    let [one, two] = ["of-one-in-us-east-1", "of-two-in-us-east-1"].map(str::to_owned);
    for (vaults, mut keys, is_meant) in [
        (vec![], vec![], false),
        (vec![("one", HERE, alias("alias/a"))], vec![one.clone()], true),
        (
            vec![("one", HERE, alias("alias/a")), ("two", HERE, alias("alias/a"))],
            vec![one.clone(), two.clone()],
            true,
        ),
        // Of an alias that is not the spec's.
        (vec![("one", HERE, alias("alias/b"))], vec![], false),
        (vec![("one", HERE, VaultKey::AwsManaged)], vec![one.clone()], false),
        (vec![("one", HERE, by_arn("x", HERE))], vec![one.clone(), named("x", HERE)], false),
        // Two of one name: what is in the other region says nothing here.
        (
            vec![("two", HERE, VaultKey::AwsManaged), ("one", THERE, alias("alias/a"))],
            vec![two.clone()],
            false,
        ),
        (
            vec![("two", HERE, alias("alias/a")), ("one", THERE, by_arn("y", THERE))],
            vec![two.clone(), named("y", THERE), "of-one-in-us-west-2".to_owned()],
            true,
        ),
        (vec![("gone", HERE, alias("alias/a"))], vec![], false),
    ] {
        desired.vaults = vaults.iter().map(vault).collect();
        let script = account_with_vaults(&["one", "two"]);
        let seen = account(&script).observe(&desired).await;
        keys.push("behind-a".to_owned());
        assert_eq!(
            seen.keys.keys().cloned().collect::<BTreeSet<_>>(),
            keys.into_iter().collect(),
            "{vaults:?}"
        );
        let aliases: BTreeMap<_, _> =
            seen.aliases.into_values().map(|to| (to.present().cloned(), ())).collect();
        assert_eq!(aliases.into_keys().collect::<Vec<_>>(), [Some("behind-a".to_owned())]);
        // Where no vault says it, it is looked for, and our records are asked.
        assert_eq!(script.asked().iter().any(|one| one.what == "ListKeys"), !is_meant, "{vaults:?}");
        assert_eq!(seen.unaliased.is_empty(), is_meant, "{vaults:?}");
        assert_eq!(seen.made_by_us.is_empty(), is_meant, "{vaults:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_vaults_cannot_be_listed_no_other_key_is_looked_for() {
    let script = Script::new(|asked, _| match asked.what.as_str() {
        "DescribeKey" => {
            Reply::Now(200, json!({ "KeyMetadata": { "KeyId": "1", "Arn": "behind" } }).to_string())
        }
        _ => refused("AccessDeniedException", "no"),
    });
    let mut desired = one_key();
    desired.vaults = resolve(SPEC).vaults.into_iter().take(1).collect();
    let seen = account(&script).observe(&desired).await;
    assert_eq!(seen.keys.keys().collect::<Vec<_>>(), ["behind"]);
    assert!(seen.unaliased.is_empty() && seen.made_by_us.is_empty());
    assert!(!script.asked().iter().any(|one| one.what == "ListKeys"));
}

/// The key behind the alias, of which DescribeKey and GetKeyRotationStatus tell this.
async fn told(metadata: Value, rotation: Value) -> (reconcile::state::Key, usize) {
    let mut described = json!({ "KeyId": "1", "Arn": "behind" });
    described.as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
    let script = Script::new(move |asked, _| match asked.what.as_str() {
        "DescribeKey" => Reply::Now(200, json!({ "KeyMetadata": described }).to_string()),
        "GetKeyRotationStatus" => Reply::Now(200, rotation.to_string()),
        _ => refused("AccessDeniedException", "no"),
    });
    let seen = account(&script).observe(&one_key()).await;
    let Some(Observation::Present(key)) = seen.keys.into_values().next() else { panic!() };
    let asked = script.asked().iter().filter(|one| one.what == "GetKeyRotationStatus").count();
    (key, asked)
}

#[tokio::test(start_paused = true)]
async fn what_describes_a_key_is_told_as_aws_tells_it() {
    let of = |is: bool, kind: &str| json!({ "MultiRegion": is, "MultiRegionConfiguration": { "MultiRegionKeyType": kind } });
    for (metadata, multi_region) in [
        (json!({}), MultiRegion::No),
        (json!({ "MultiRegion": false }), MultiRegion::No),
        (of(false, "REPLICA"), MultiRegion::No),
        (json!({ "MultiRegion": true }), MultiRegion::Primary),
        (of(true, "PRIMARY"), MultiRegion::Primary),
        (of(true, "REPLICA"), MultiRegion::Replica),
    ] {
        assert_eq!(told(metadata.clone(), json!({})).await.0.multi_region, multi_region, "{metadata}");
    }
    for (metadata, is_customers) in [
        (json!({}), true),
        (json!({ "KeyManager": "CUSTOMER" }), true),
        (json!({ "KeyManager": "AWS" }), false),
    ] {
        let (key, asked) = told(metadata.clone(), json!({})).await;
        // Of one that is AWS's nothing else is read.
        assert_eq!((key.customer_managed, asked), (is_customers, usize::from(is_customers)), "{metadata}");
        assert_eq!(matches!(key.policy, Observation::Absent), !is_customers);
    }
}

#[tokio::test(start_paused = true)]
async fn that_a_key_does_not_rotate_is_believed_only_if_it_is_said() {
    for (answer, expected) in [
        (json!({ "KeyRotationEnabled": true, "RotationPeriodInDays": 90 }), Some((true, Some(90)))),
        (json!({ "KeyRotationEnabled": false }), Some((false, None))),
        (json!({ "KeyRotationEnabled": true, "RotationPeriodInDays": -1 }), Some((true, None))),
        (json!({}), None),
        (json!({ "RotationPeriodInDays": 90 }), None),
    ] {
        let rotation = told(json!({}), answer.clone()).await.0.rotation;
        let told = rotation.present().map(|Rotation { enabled, period_days }| (*enabled, *period_days));
        assert_eq!(told, expected, "{answer}");
        assert_eq!(matches!(rotation, Observation::Unreadable(_)), expected.is_none(), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn grants_are_read_to_a_bound_beyond_which_they_count_as_unread() {
    for (pages, is_known) in [(1, true), (19, true), (20, false), (30, false)] {
        let script = Script::new(move |asked, before| match asked.what.as_str() {
            "DescribeKey" => {
                Reply::Now(200, json!({ "KeyMetadata": { "KeyId": "1", "Arn": "behind" } }).to_string())
            }
            "ListGrants" => {
                let mut page = json!({ "Grants": [{ "GrantId": before.to_string() }] });
                if before + 1 < pages {
                    (page["Truncated"], page["NextMarker"]) = (json!(true), json!(before.to_string()));
                }
                Reply::Now(200, page.to_string())
            }
            _ => refused("AccessDeniedException", "no"),
        });
        let seen = account(&script).observe(&one_key()).await;
        let grants = seen.keys["behind"].present().unwrap().grants.clone();
        assert_eq!(grants.present().map(Vec::len), is_known.then_some(pages), "{pages}");
    }
}
