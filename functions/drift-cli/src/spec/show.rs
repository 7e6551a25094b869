//! x
use std::path::Path;
use std::process::ExitCode;
pub(super) fn show(_file: Option<&Path>) -> anyhow::Result<ExitCode> { Ok(ExitCode::SUCCESS) }
