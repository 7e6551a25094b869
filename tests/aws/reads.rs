//! A clean sweep makes as many reads as the document says, and for each it says what for.

use drift_tests::stage::Stage;

const DOCUMENT: &str = include_str!("../../shared/reconcile/README.md");

#[tokio::test]
async fn a_clean_sweep_reads_what_is_written_down_and_nothing_else() {
    let stage = Stage::deployed();
    assert!(stage.heal().await.findings.is_empty());
    let calls = stage.sandbox.calls();
    for call in &calls {
        let row = format!("| `{}:{}` | ", call.service, call.operation);
        assert!(DOCUMENT.contains(&row), "{row}");
    }
    let told = format!("reference these are {} reads", calls.len());
    assert!(DOCUMENT.replace('\n', " ").contains(&told), "{told}");
}
