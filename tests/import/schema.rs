//! What editors say of a spec: the schema that is checked in takes every spec that is valid, and refuses a key that is misspelt.

use drift_tests::model::{ACME, SPEC};
use drift_tests::schema::Schema;
use serde_json::Value;
use spec_import::{cloudformation, terraform, write};

/// As an editor sees it: a date is a text.
fn seen(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(plain).collect(),
            toml::Value::Table(members) => {
                members.into_iter().map(|(name, value)| (name, plain(value))).collect()
            }
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(is_so) => is_so.into(),
        }
    }
    plain(toml::Value::Table(text.parse().unwrap()))
}

#[test]
fn every_valid_spec_fits_the_schema() {
    let state = include_str!("terraform/acme-state.json");
    let template = include_str!("cloudformation/acme.yaml");
    let imported = [
        terraform::read(state, "a test", "eu-west-1"),
        cloudformation::read(template, "a test", "eu-west-1"),
    ];
    let imported = imported.map(|read| write(read.unwrap()).unwrap().text);
    let base = include_str!("../core/spec/base.toml");
    let start = drift_cli::spec::START;
    for text in [SPEC, ACME, base, start].into_iter().chain(imported.iter().map(String::as_str)) {
        assert_eq!(Schema::of_specs().misfits(&seen(text)), Vec::<String>::new(), "{text}");
    }
    for text in [SPEC, start, &imported[0]] {
        assert_eq!(text.lines().next(), Some("#:schema ./desired.schema.json"));
    }
}

#[test]
fn a_misspelt_key_a_wrong_type_and_a_missing_key_do_not_fit() {
    let (schema, good) = (Schema::of_specs(), seen(include_str!("../core/spec/base.toml")));
    for (at, name, value) in [
        ("", "vault", Value::Null),
        ("/vaults/0", "polcy", "x".into()),
        ("/vaults/0/lock", "mode", "strict".into()),
        ("/plans/0/rules/0", "delete_after_day", 7.into()),
        ("/plans/0/rules/0", "delete_after_days", "7".into()),
        ("/plans/0/selections/0", "resource", "*".into()),
        ("/exceptions/0", "code", "mising".into()),
        ("/role", "polices", Value::Null),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(at).unwrap()[name] = value;
        assert_eq!(schema.misfits(&bad).len(), 1, "{at}/{name}: {:?}", schema.misfits(&bad));
    }
    let mut bad = good.clone();
    bad["plans"][0].as_object_mut().unwrap().remove("name");
    assert_eq!(schema.misfits(&bad).len(), 1);
    assert!(schema.misfits(&good).is_empty());
}
