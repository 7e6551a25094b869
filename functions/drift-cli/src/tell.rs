//! Writes a run in every form that was asked for.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use drift_cli::formats::render;
use drift_cli::look::Look;
use drift_cli::output::{Format, Output};
use drift_cli::text::{Extent, Page};
use reconcile::words::clean;

use crate::arguments::Telling;
use crate::failure::Usage;

pub(crate) use drift_cli::output::to_stdout;

impl Telling {
    /// The forms that were asked for, each to a place of its own: to none that another one goes to, and to none of these files.
    pub(crate) fn outputs(&self, others: &[(&str, PathBuf)]) -> anyhow::Result<Vec<Output>> {
        let default = if self.json { Format::Json } else { Format::Text };
        let outputs = match self.output.as_slice() {
            [] => vec![Output { format: default, file: None }],
            asked => asked.to_vec(),
        };
        let to_stdout = outputs.iter().filter(|output| output.file.is_none()).count();
        if to_stdout > 1 {
            return Err(Usage(
                "only one --output can go to standard output; give the others a file: FORMAT=FILE".to_owned(),
            )
            .into());
        }
        let mut taken: Vec<(String, PathBuf)> =
            others.iter().map(|(what, path)| ((*what).to_owned(), really(path))).collect();
        for Output { format, file } in &outputs {
            let Some(file) = file.as_deref() else { continue };
            let place = really(file);
            // What is no file, such as /dev/null, holds nothing that could be lost.
            if place.exists() && !place.is_file() {
                continue;
            }
            if let Some((what, _)) = taken.iter().find(|(_, other)| *other == place) {
                let file = clean(&file.display().to_string());
                return Err(Usage(format!(
                    "--output {}={file} would write over {what}; give it another file",
                    format.as_str()
                ))
                .into());
            }
            taken.push((format!("--output {}", format.as_str()), place));
        }
        Ok(outputs)
    }

    pub(crate) fn extent(&self) -> Extent {
        Extent { least: self.severity, full: self.full }
    }

    /// Writes a run everywhere. What cannot be written to one place is written to the others.
    pub(crate) fn tell(&self, look: &Look) -> anyhow::Result<()> {
        let mut result = Ok(());
        for Output { format, file } in self.outputs(&[])? {
            let written = match &file {
                Some(path) => {
                    render(look, format, self.extent(), Page::of(100)).and_then(|text| to_file(path, &text))
                }
                None => render(look, format, self.extent(), page()).and_then(|text| to_stdout(&text)),
            };
            result = result.and(written);
        }
        result
    }
}

/// The page of standard output.
pub(crate) fn page() -> Page {
    Page::here(std::env::var("COLUMNS").ok().as_deref())
}

/// A path by which a file is known, however it was written, and whether or not it is there yet.
fn really(path: &Path) -> PathBuf {
    let in_its_folder = || {
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(in_its_folder).unwrap_or_else(|| path.to_owned())
}

/// A file has no colours.
fn to_file(path: &Path, text: &str) -> anyhow::Result<()> {
    let plain = anstream::adapter::strip_str(text).to_string();
    std::fs::write(path, plain)
        .with_context(|| format!("{} cannot be written", clean(&path.display().to_string())))
}

/// A line on standard output. Where it cannot be written nothing can be shown, and the program ends.
pub(crate) fn line(text: std::fmt::Arguments<'_>) {
    if let Err(error) = to_stdout(&format!("{text}\n")) {
        let _ = writeln!(anstream::stderr(), "error: {error:#}");
        std::process::exit(1);
    }
}

macro_rules! println {
    ($($text:tt)*) => { $crate::tell::line(format_args!($($text)*)) };
}
pub(crate) use println;
