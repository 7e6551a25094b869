//! `drift spec validate`: every mistake and every doubt of a spec, as the build tells them.

use std::path::Path;
use std::process::ExitCode;

use anstream::{eprintln, println};
use reconcile::spec::Spec;
use reconcile::words::clean;
use time::OffsetDateTime;

use super::source;
use crate::paint;

pub(super) fn validate(file: &Path) -> anyhow::Result<ExitCode> {
    let name = file.display().to_string();
    let today = OffsetDateTime::now_utc().date();
    match Spec::parse_on(&source::text(file)?, today) {
        Err(errors) => {
            eprintln!("{}", errors.in_file(&name));
            Ok(ExitCode::FAILURE)
        }
        Ok(spec) => {
            for warning in spec.warnings() {
                eprintln!("{} {name}:{warning}\n", paint::doubtful("warning:"));
            }
            println!(
                "{} {name}: spec {}, sha256 {}",
                paint::good("valid"),
                clean(spec.name()),
                spec.sha256()
            );
            Ok(ExitCode::SUCCESS)
        }
    }
}
