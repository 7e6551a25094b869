//! [`Page`]: how wide lines may be.

use std::io::{IsTerminal, stdout};

use textwrap::{Options, WordSplitter, wrap};

/// How wide lines may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    width: usize,
}

/// Where nothing says how wide a line may be.
const ELSEWHERE: usize = 100;

impl Page {
    /// Of so many columns, within reason.
    pub fn of(width: usize) -> Self {
        Self { width: width.clamp(40, 140) }
    }

    /// Of standard output: the terminal's, else what `COLUMNS` says.
    pub fn here(columns: Option<&str>) -> Self {
        let said = columns.and_then(|columns| columns.parse().ok());
        Self::of(match said {
            Some(said) => said,
            None if stdout().is_terminal() => textwrap::termwidth(),
            None => ELSEWHERE,
        })
    }

    /// A text in lines, each that far from the margin. Names and commands are not broken: they are to be copied.
    pub fn wrap(self, text: &str, indent: usize) -> Vec<String> {
        let indent = " ".repeat(indent);
        let options = Options::new(self.width)
            .initial_indent(&indent)
            .subsequent_indent(&indent)
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
    }
}
