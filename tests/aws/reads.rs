//! What a clean sweep reads is what the document says, and for each read it says what for.

use std::collections::BTreeMap;

use drift_tests::stage::Stage;

const DOCUMENT: &str = include_str!("../../shared/aws-account/README.md");

#[tokio::test]
async fn a_clean_sweep_reads_what_is_written_down_and_nothing_else() {
    let stage = Stage::deployed();
    assert!(stage.heal().await.findings.is_empty());
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for call in stage.sandbox.calls() {
        *made.entry(format!("{}:{}", call.service, call.operation)).or_default() += 1;
    }
    let written: BTreeMap<String, usize> = DOCUMENT
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let read = cells.next()?.trim_end_matches('`').to_owned();
            Some((read, cells.next()?.parse().ok()?))
        })
        .collect();
    assert_eq!(made, written);
}
