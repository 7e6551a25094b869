//! Reading and writing files: what cannot be read says why, and nothing that is there is written over.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anstream::stdout;
use anyhow::{Context, anyhow, bail};
use reconcile::spec::{Spec, SpecErrors};
use reconcile::words::clean;
use time::OffsetDateTime;

use super::annotated::refusal;
use crate::output::to_stdout;

/// The text of the spec that is shipped.
pub const REFERENCE: &str = include_str!("../../../drift-healer/desired.toml");

/// A file's text; `-` is standard input.
pub(super) fn text(file: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let (name, read) = if file == Path::new("-") {
        ("standard input".to_owned(), std::io::stdin().read_to_end(&mut bytes))
    } else {
        let read = std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes));
        (clean(&file.display().to_string()), read)
    };
    read.with_context(|| format!("{name} cannot be read"))?;
    decoded(bytes).with_context(|| format!("{name} is neither UTF-8 nor UTF-16"))
}

/// Windows marks its texts, and `>` of its older shells writes UTF-16.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let units = |unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes[2..].as_chunks();
        let text = String::from_utf16(&pairs.iter().map(|pair| unit(*pair)).collect::<Vec<_>>());
        text.ok().filter(|_| rest.is_empty())
    };
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] => String::from_utf8(text.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// A valid spec; `reference` is the shipped one, as it is for every other command.
pub(super) fn spec(file: &Path) -> anyhow::Result<Spec> {
    if is_shipped(file) {
        return shipped();
    }
    let name = file.display().to_string();
    let today = OffsetDateTime::now_utc().date();
    Spec::parse_on(&text(file)?, today).map_err(|errors| refused(errors.in_file(&name)))
}

/// Whether the shipped spec is meant.
pub(super) fn is_shipped(file: &Path) -> bool {
    file == Path::new("reference") && !file.exists()
}

/// The reference that is shipped.
pub(super) fn shipped() -> anyhow::Result<Spec> {
    Spec::parse(REFERENCE).map_err(refused)
}

fn refused(errors: SpecErrors) -> anyhow::Error {
    anyhow!("the spec is refused\n\n{}", refusal(&errors))
}

/// Refuses a file that is there, before any work is done for it.
pub(super) fn must_be_new(file: Option<&Path>) -> anyhow::Result<()> {
    if let Some(file) = file.filter(|file| file.exists()) {
        let name = clean(&file.display().to_string());
        bail!("{name} is there already, and is not written over; choose another name");
    }
    Ok(())
}

/// Lines on standard output.
pub(super) fn print(lines: &[String]) -> anyhow::Result<()> {
    to_stdout(&(lines.join("\n") + "\n"))
}

/// Writes a new file, or to standard output.
pub(super) fn write(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    let Some(file) = file else {
        return stdout().write_all(text.as_bytes()).context("standard output cannot be written");
    };
    let name = clean(&file.display().to_string());
    let mut made = match OpenOptions::new().write(true).create_new(true).open(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return must_be_new(Some(file)),
        made => made.with_context(|| format!("{name} cannot be made"))?,
    };
    made.write_all(text.as_bytes()).with_context(|| format!("{name} cannot be written"))
}
