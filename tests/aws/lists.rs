//! What there is in a region, for whoever names nothing: all of it or why not.

use aws_account::inventory::{Inventory, ListedPlan, ListedVault};
use reconcile::state::Observation;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::scripted::{Reply, Script, refused};

const HERE: &str = "us-east-1";
const THERE: &str = "us-west-2";

fn answer(value: Value) -> Reply {
    Reply::Now(200, value.to_string())
}

/// One item a page, each named by its place.
fn page(list: &str, items: &[Value], nth: usize) -> Reply {
    let mut page = json!({ list: [items[nth]] });
    if nth + 1 < items.len() {
        // A client stops at a token that it had before.
        let token = json!(format!("after {nth}"));
        (page["NextToken"], page["NextMarker"], page["Truncated"]) = (token.clone(), token, json!(true));
    }
    answer(page)
}

#[tokio::test(start_paused = true)]
async fn vaults_plans_and_aliases_are_listed_to_the_last_page() {
    let script = Script::new(|asked, nth| match asked.what.as_str() {
        "GET /backup-vaults" => {
            let one = json!({ "BackupVaultName": "a", "BackupVaultArn": "arn:a", "EncryptionKeyArn": "k" });
            page(
                "BackupVaultList",
                &[one, json!({ "BackupVaultName": "b", "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" })],
                nth,
            )
        }
        "GET /backup/plans" => {
            let one = |id: &str| json!({ "BackupPlanId": id, "BackupPlanName": "p" });
            let mut deleted = one("2");
            deleted["DeletionDate"] = json!(1);
            page("BackupPlansList", &[one("1"), deleted, one("3")], nth)
        }
        _ => {
            let one = |name: &str, key: &str| json!({ "AliasName": name, "TargetKeyId": key });
            page(
                "Aliases",
                &[one("alias/a", "1"), json!({ "AliasName": "alias/none" }), one("alias/b", "2")],
                nth,
            )
        }
    });
    let lists = script.clients.lists(HERE).await.unwrap();
    assert_eq!(lists.region, HERE);
    let vaults: Vec<_> =
        lists.vaults.iter().map(|one| (one.name.as_str(), one.vault_type.as_str())).collect();
    assert_eq!(vaults, [("a", "BACKUP_VAULT"), ("b", "LOGICALLY_AIR_GAPPED_BACKUP_VAULT")]);
    assert_eq!((lists.vaults[0].arn.as_str(), lists.vaults[0].key_arn.as_str()), ("arn:a", "k"));
    assert_eq!(lists.plans.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
    let aliases = [("alias/a", "1"), ("alias/b", "2")].map(|(name, key)| (name.to_owned(), key.to_owned()));
    assert_eq!(lists.aliases, Observation::Present(aliases.into()));
}

#[tokio::test(start_paused = true)]
async fn without_vaults_or_plans_there_is_no_list_and_without_aliases_there_is() {
    for (denied, read) in [
        ("GET /backup-vaults", Some("ListBackupVaults")),
        ("GET /backup/plans", Some("ListBackupPlans")),
        ("ListAliases", None),
    ] {
        let script = Script::new(move |asked, _| match asked.what.as_str() {
            what if what == denied => refused("AccessDeniedException", "no"),
            _ => answer(json!({})),
        });
        match (script.clients.lists(HERE).await, read) {
            (Err(why), Some(read)) => assert_eq!(why.read.unwrap().operation(), read),
            (Ok(lists), None) => {
                assert!(matches!(lists.aliases, Observation::Unreadable(_)));
                assert!(lists.vaults.is_empty() && lists.plans.is_empty());
            }
            other => panic!("{denied}: {other:?}"),
        }
    }
}

/// Two vaults and two plans in each region, of which the first has something of everything.
fn full(asked: &crate::scripted::Asked, nth: usize) -> Reply {
    let in_region = |name: &str| format!("{name} of {}", asked.region);
    match asked.what.as_str() {
        "GET /backup-vaults" => {
            let one = json!({ "BackupVaultName": "z", "Locked": true, "LockDate": 1_700_000_000, "NumberOfRecoveryPoints": 7 });
            page(
                "BackupVaultList",
                &[one, json!({ "BackupVaultName": "a" }), json!({ "BackupVaultName": "m" })],
                nth,
            )
        }
        "GET /backup-vaults/z/access-policy" => answer(json!({ "Policy": "{}" })),
        "GET /backup-vaults/a/access-policy" => answer(json!({ "Policy": "" })),
        "GET /backup-vaults/m/access-policy" => refused("ResourceNotFoundException", "no"),
        "GET /backup/plans" => {
            let one = |id: &str| json!({ "BackupPlanId": id, "BackupPlanName": in_region(id) });
            page("BackupPlansList", &[one("2"), one("1")], nth)
        }
        what if what.ends_with("/selections") => page(
            "BackupSelectionsList",
            &[json!({ "SelectionName": "s" }), json!({}), json!({ "SelectionName": "t" })],
            nth,
        ),
        _ => refused("AccessDeniedException", "no"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_inventory_has_everything_by_name() {
    let script = Script::new(full);
    let found = script.clients.inventory(&[THERE, HERE]).await;
    let vault = |region: &str, name: &str, policy: Observation<()>| ListedVault {
        region: region.to_owned(),
        name: name.to_owned(),
        locked: name == "z",
        lock_date: (name == "z").then(|| OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap()),
        policy,
        recovery_points: Some(if name == "z" { 7 } else { 0 }),
    };
    let plan = |region: &str, id: &str| ListedPlan {
        region: region.to_owned(),
        name: format!("{id} of {region}"),
        selections: vec!["s".to_owned(), "t".to_owned()],
    };
    let vaults = [HERE, THERE].map(|region| {
        [
            vault(region, "a", Observation::Absent),
            vault(region, "m", Observation::Absent),
            vault(region, "z", Observation::Present(())),
        ]
    });
    let plans = [HERE, THERE].map(|region| [plan(region, "1"), plan(region, "2")]);
    assert_eq!(found, Inventory { vaults: vaults.concat(), plans: plans.concat(), unread: Vec::new() });
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_listed_is_told_and_the_rest_is_there() {
    for (denied, vaults, plans, told) in [
        ("GET /backup-vaults", 0, 2, Some("vaults of us-east-1: ")),
        ("GET /backup/plans", 3, 0, Some("plans of us-east-1: ")),
        ("GET /backup/plans/1/selections", 3, 0, Some("selections of plan us-east-1/1 of us-east-1: ")),
        ("GET /backup-vaults/z/access-policy", 3, 2, None),
    ] {
        let script = Script::new(move |asked, nth| match asked.what.as_str() {
            what if what == denied => refused("AccessDeniedException", "no"),
            _ => full(asked, nth),
        });
        let found = script.clients.inventory(&[HERE]).await;
        assert_eq!((found.vaults.len(), found.plans.len()), (vaults, plans), "{denied}");
        let unread: Vec<String> =
            told.map(|told| format!("{told}AccessDeniedException: no")).into_iter().collect();
        assert_eq!(found.unread, unread);
        let unread = found.vaults.iter().filter(|one| matches!(one.policy, Observation::Unreadable(_)));
        assert_eq!(unread.count(), usize::from(told.is_none()), "{denied}");
    }
}
