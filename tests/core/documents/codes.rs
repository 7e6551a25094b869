//! The tables of all drift codes, of the reasons, and of the kinds.

use reconcile::drift::codes;
use reconcile::repair::{BlockReason, REASONS};
use reconcile::resource::Kind;

use super::Document;

const CODES: &str = "shared/reconcile/README.md";

#[test]
fn the_table_of_codes_is_the_registry() {
    let mut table =
        "\n| code | it says | severity | attribute | answer |\n|---|---|---|---|---|\n".to_owned();
    for code in codes() {
        let attribute = match code.attribute_in_words().as_str() {
            "" => String::new(),
            words => format!("`{words}`"),
        };
        let cells = [
            format!("`{}`", code.path()),
            code.explained(),
            code.severity_in_words(),
            attribute,
            code.answer_in_words(),
        ];
        table += &format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    Document::open(CODES).holds("<!-- codes -->\n", "\n<!-- end of codes -->", &table);
}

#[test]
fn the_table_of_reasons_is_their_declaration() {
    let mut table = "\n| reason | means | what to do |\n|---|---|---|\n".to_owned();
    for reason in REASONS {
        let explanation: Vec<&str> = reason.explanation.iter().map(|line| line.trim()).collect();
        table += &format!("| `{}` | {} | {} |\n", reason.code, explanation.join(" "), reason.to_do);
    }
    Document::open(CODES).holds("<!-- reasons -->\n", "\n<!-- end of reasons -->", &table);
    let declared: Vec<&str> = REASONS.iter().map(|reason| reason.code).collect();
    assert_eq!(declared, BlockReason::codes());
}

#[test]
fn every_kind_has_its_row_in_the_readme() {
    let readme = Document::open("README.md");
    for kind in Kind::ALL {
        assert!(
            readme.text.contains(&format!("\n| `{kind}` |")),
            "README.md, \"What it heals\", has no row for {kind}"
        );
    }
}
