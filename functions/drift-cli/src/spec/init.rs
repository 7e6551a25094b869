//! `drift spec init`: a commented spec to start from.

use std::path::Path;
use std::process::ExitCode;

use anstream::eprintln;

use super::source;
use crate::paint;

/// The spec to start from. A test holds that it is valid.
pub const START: &str = include_str!("init.toml");

pub(super) fn init(out: Option<&Path>) -> anyhow::Result<ExitCode> {
    source::must_be_new(out)?;
    source::write(START, out)?;
    if let Some(out) = out {
        let file = out.display();
        eprintln!("{} {file}: change it, then `drift spec validate {file}`", paint::good("written"));
    }
    Ok(ExitCode::SUCCESS)
}
