//! `drift spec validate`: every mistake and every doubt of a spec, as the build tells them.

use std::path::Path;
use std::process::ExitCode;

use anstream::eprintln;
use reconcile::spec::{PRINTED, Spec};
use reconcile::words::clean;
use time::OffsetDateTime;

use super::annotated::{doubt, more, refusal};
use super::source;
use crate::paint;

pub(super) fn validate(file: &Path) -> anyhow::Result<ExitCode> {
    let name = file.display().to_string();
    let today = OffsetDateTime::now_utc().date();
    let text = if source::is_shipped(file) { source::REFERENCE.to_owned() } else { source::text(file)? };
    match Spec::parse_on(&text, today) {
        Err(errors) => {
            eprintln!("{}", refusal(&errors.in_file(&name)));
            Ok(ExitCode::FAILURE)
        }
        Ok(spec) => {
            let warnings = spec.warnings();
            for warning in warnings.iter().take(PRINTED) {
                eprintln!("{}\n", doubt(warning, &name));
            }
            more(&warnings);
            let (valid, spec_name) = (paint::good("valid"), clean(spec.name()));
            source::print(&[format!(
                "{valid} {}: spec {spec_name}, sha256 {}",
                clean(&name),
                spec.sha256()
            )])?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
