//! The example in SPEC.md that has every key is a spec.

use reconcile::spec::Spec;

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
