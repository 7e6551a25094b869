//! [`Page`]: how wide lines may be.

use std::io::{IsTerminal, stdout};

use textwrap::{Options, WordSplitter, WrapAlgorithm, wrap};

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
        self.hang(text, indent, indent)
    }

    /// As much of a text as fits into one line.
    pub fn line(self, text: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent);
        let indent = " ".repeat(indent);
        if text.chars().count() <= room {
            return format!("{indent}{text}");
        }
        let kept: String = text.chars().take(room.saturating_sub(2)).collect();
        // After a whole word, unless that leaves little.
        let end = kept.rfind(' ').filter(|end| *end > kept.len() / 2).unwrap_or(kept.len());
        format!("{indent}{} …", kept[..end].trim_end())
    }

    /// The same with another margin for the first line.
    pub fn hang(self, text: &str, first: usize, others: usize) -> Vec<String> {
        let (first, others) = (" ".repeat(first), " ".repeat(others));
        let options = Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent(&others)
            .wrap_algorithm(WrapAlgorithm::FirstFit)
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        wrap(text, options).into_iter().map(|line| line.trim_end().to_owned()).collect()
    }
}
