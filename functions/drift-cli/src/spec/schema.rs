//! `drift spec schema`: the JSON Schema of specs, for editors.

use std::process::ExitCode;

use anstream::eprintln;
use reconcile::spec;

use super::source;
use crate::paint;

/// How an editor finds the schema.
const EDITOR: &str = "\
Keep it beside the spec, and let the spec's first line be the one below: editors with a TOML language server then complete and check.
#:schema ./desired.schema.json";

pub(super) fn print() -> anyhow::Result<ExitCode> {
    let schema = spec::schema();
    source::write(&format!("{schema:#}\n"), None)?;
    eprintln!("{}", paint::faint(EDITOR));
    Ok(ExitCode::SUCCESS)
}
