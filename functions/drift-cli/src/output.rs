//! [`Output`]: in which form a run is told, and where.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context;
use reconcile::suggest::or_else_all;
use strum::{IntoStaticStr, VariantArray};

/// A form in which a run is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// The function's answer, with what a terminal knows beside it.
    Json,
    /// For a ticket or a pull request.
    Markdown,
    /// A page for a browser.
    Html,
    /// Detection Findings of the Open Cybersecurity Schema Framework.
    Ocsf,
    /// For the test reports of CI.
    Junit,
}

impl Format {
    /// The format's name.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A form, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The form.
    pub format: Format,
    /// The file; `None` for standard output.
    pub file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the file has no name".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let named = Format::VARIANTS.iter().copied().find(|format| format.as_str() == name);
        let known = Format::VARIANTS.iter().map(|format| format.as_str());
        let format =
            named.ok_or_else(|| format!("there is no format {name:?}; {}", or_else_all(name, known)))?;
        Ok(Output { format, file })
    }
}

/// Writes all of it to standard output. Whoever closed the pipe has read enough.
///
/// # Errors
///
/// When it cannot be written.
pub fn to_stdout(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_go_to_a_file() {
        let output = |text: &str| text.parse::<Output>().map(|output| (output.format, output.file));
        assert_eq!(output("text"), Ok((Format::Text, None)));
        assert_eq!(output("html=a=b.html"), Ok((Format::Html, Some("a=b.html".into()))));
        assert!(output("jsn").unwrap_err().contains("did you mean \"json\"?"));
        assert!(output("json=").is_err());
    }
}
