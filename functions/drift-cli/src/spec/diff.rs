//! x
use std::path::Path;
use std::process::ExitCode;
pub(super) fn diff(_from: &Path, _to: &Path) -> anyhow::Result<ExitCode> { Ok(ExitCode::SUCCESS) }
