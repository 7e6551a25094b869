//! What deployment knows of regions and partitions is what the function knows.

use reconcile::region::{PARTITIONS, REGION};
use serde_json::json;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/partitions.json");

#[test]
fn deployment_knows_the_same_partitions() {
    let partitions = PARTITIONS
        .map(|one| json!({ "name": one.name, "regions_begin": one.regions, "iam_region": one.iam_region }));
    let made = format!("{:#}\n", json!({ "region": REGION, "partitions": partitions }));
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    if written != made && std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, made).unwrap();
    } else {
        assert_eq!(written, made, "infra/partitions.json is not what region.rs says; UPDATE=1 rewrites it");
    }
}
