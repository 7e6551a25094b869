//! The example in SPEC.md that has every key is a spec, and the schema beside the shipped spec is the one that the readers make.

use reconcile::spec::{Spec, schema};

use super::Document;

/// The first block of that language.
fn block(text: &str, language: &str) -> String {
    let opening = format!("```{language}\n");
    let (_, rest) = text.split_once(&opening).unwrap_or_else(|| panic!("no block of {language}"));
    rest.split_once("```\n").expect("the block ends").0.to_owned()
}

#[test]
fn the_example_with_every_key_is_a_spec() {
    let document = Document::open("functions/drift-healer/SPEC.md");
    let parsed = Spec::parse(&block(&document.text, "toml"));
    assert!(parsed.is_ok(), "{}", parsed.err().map(|errors| errors.to_string()).unwrap_or_default());
}

#[test]
fn the_schema_that_is_checked_in_is_that_of_the_readers() {
    let document = Document::open("functions/drift-healer/desired.schema.json");
    let made = format!("{:#}\n", schema());
    if document.text != made && std::env::var_os("UPDATE").is_some() {
        std::fs::write(&document.path, made).expect("the file can be written");
    } else {
        assert!(document.text == made, "{}: UPDATE=1 rewrites it", document.path.display());
    }
}

#[test]
fn the_shipped_spec_begins_with_the_line_for_editors() {
    let first = Document::open("functions/drift-healer/desired.toml").text;
    assert_eq!(first.lines().next(), Some("#:schema ./desired.schema.json"));
}
