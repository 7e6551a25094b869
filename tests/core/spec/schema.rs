//! The schema beside the spec is the one of the readers. `UPDATE=1 cargo test` rewrites it.

use reconcile::spec::schema;
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions/drift-healer/desired.schema.json");

#[test]
fn the_schema_beside_the_spec_is_that_of_the_readers() {
    let made = schema();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, format!("{made:#}\n")).expect("the file can be written");
    }
    let text = std::fs::read_to_string(FILE).unwrap_or_default();
    let checked_in: Value = serde_json::from_str(&text).unwrap_or_default();
    assert!(made == checked_in, "{FILE} is not what the readers say; UPDATE=1 rewrites it");
}
