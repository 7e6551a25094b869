//! How much is asked at once: AWS throttles who asks too much, and takes it out on everybody in the account.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_account::{Clients, emulator_config};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use drift_tests::stage::Stage;
use reconcile::run::Account;
use serde_json::{Value, json};

/// How many calls are under way, and how many were at the most, by region and service.
type Counts = Arc<Mutex<BTreeMap<String, (usize, usize)>>>;

/// An account that lists vaults, and of everything else knows nothing; it takes some time over it.
#[derive(Debug)]
struct Slow {
    vaults: Value,
    counts: Counts,
}

impl HttpConnector for Slow {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let signed = request.headers().get("authorization").unwrap_or_default();
        let whom = signed.split('/').skip(2).take(2).collect::<Vec<_>>().join("/");
        let is_list = request.uri().trim_end_matches('/').ends_with("/backup-vaults");
        let (status, body) = if is_list { (200, self.vaults.to_string()) } else { (400, String::new()) };
        let counts = Arc::clone(&self.counts);
        let count = move |by: isize| {
            let mut counts = counts.lock().unwrap();
            let (now, most) = counts.entry(whom.clone()).or_default();
            *now = now.saturating_add_signed(by);
            *most = (*most).max(*now);
        };
        HttpConnectorFuture::new(async move {
            count(1);
            tokio::time::sleep(Duration::from_millis(10)).await;
            count(-1);
            Ok(HttpResponse::new(status.try_into().unwrap(), body.into()))
        })
    }
}

#[tokio::test]
async fn no_more_than_a_dozen_calls_of_a_service_in_a_region_are_under_way_at_once() {
    let mut stage = Stage::empty();
    let vault = stage.desired.vaults[0].clone();
    stage.desired.vaults = (0..40)
        .map(|number| {
            let mut vault = vault.clone();
            vault.name = format!("vault_{number}");
            vault
        })
        .collect();
    let members: Vec<Value> = stage
        .desired
        .vaults
        .iter()
        .map(|vault| json!({ "BackupVaultName": vault.name, "BackupVaultArn": vault.arn }))
        .collect();
    let (vaults, counts) = (json!({ "BackupVaultList": members }), Counts::default());
    let shared = Arc::clone(&counts);
    let client = http_client_fn(move |_, _| {
        SharedHttpConnector::new(Slow { vaults: vaults.clone(), counts: Arc::clone(&shared) })
    });
    let config = emulator_config("http://127.0.0.1:1", "tester");
    stage.clients = Clients::new(&config.to_builder().http_client(client).build());
    stage.account().observe(&stage.desired).await;
    let most: BTreeMap<String, usize> =
        counts.lock().unwrap().iter().map(|(whom, (_, most))| (whom.clone(), *most)).collect();
    let busiest = most.get(&format!("{}/backup", vault.region)).copied();
    assert_eq!(busiest, Some(12), "{most:?}");
    assert!(most.values().all(|most| *most <= 12), "{most:?}");
}
