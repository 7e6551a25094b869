//! What each read of a look is for.

use reconcile::read::Read;

use super::Document;

#[test]
fn every_read_is_told_with_what_it_is_for() {
    let rows = Read::ALL.iter().map(|read| format!("| `{}` | {} |\n", read.action(), read.purpose()));
    let made = format!("\n\n| read | for |\n|---|---|\n{}\n", rows.collect::<String>());
    Document::open("shared/reconcile/README.md").holds("<!-- reads -->", "<!-- end of reads -->", &made);
}
