//! Values in as few words as fit a phone.

use std::collections::BTreeSet;
use std::fmt;

use super::clip::{LONGEST, clip};
use super::foreign::{clean, unlinked};
use super::prose::{Prose, Say, Word};
use crate::desired::{CopyLifecycle, CopyRetention, Tags};
use crate::say;

/// Somebody's sentence, such as AWS's error: cleaned, without links, and not in quotation marks.
#[derive(Debug, Clone, Copy)]
pub struct Verbatim<'a>(pub &'a str);

impl Say for Verbatim<'_> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clip(&unlinked(&clean(self.0)), 400))
    }
}

/// A schedule: it stands as it is, if it looks like one.
#[derive(Debug, Clone, Copy)]
pub struct Schedule<'a>(pub &'a str);

impl Say for Schedule<'_> {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = ["cron(", "rate("].iter().find_map(|start| self.0.strip_prefix(start)?.strip_suffix(')'));
        let is_field = |c: char| c.is_ascii_alphanumeric() || " ,-*/?#".contains(c);
        match inner.filter(|inner| inner.len() < 100 && inner.chars().all(is_field)) {
            Some(_) => f.write_str(self.0),
            None => self.0.say(f),
        }
    }
}

/// A number with its unit, in the plural where it has to be.
pub fn count(number: impl Say + fmt::Display, unit: &'static str) -> Prose {
    let plural = if number.to_string() == "1" { "" } else { "s" };
    say!("{} {}{}", number, Word(unit), Word(plural))
}

/// How long recovery points are kept; no number is no end.
pub fn kept(days: Option<i64>) -> Prose {
    days.map_or_else(|| Prose::own("for ever"), |days| say!("for {}", count(days, "day")))
}

/// A move to cold storage.
pub fn cold(days: Option<i64>) -> Prose {
    days.map_or_else(|| Prose::own("never"), |days| say!("after {}", count(days, "day")))
}

/// How long a copy is kept; one without a time of its own follows its rule.
pub fn copied(lifecycle: &CopyLifecycle) -> Prose {
    match lifecycle.kept {
        CopyRetention::Days(days) => say!("kept for {}", count(days, "day")),
        CopyRetention::AsItsSource => Prose::own("kept as long as its source"),
    }
}

/// The limits of a lock.
pub fn retention(min: Option<i64>, max: Option<i64>) -> Prose {
    match (min, max) {
        (None, None) => Prose::own("without retention limits"),
        (Some(min), None) => say!("for retentions of {} or more", count(min, "day")),
        (None, Some(max)) => say!("for retentions of {} or less", count(max, "day")),
        (Some(min), Some(max)) => say!("for retentions of {} to {}", min, count(max, "day")),
    }
}

/// Names in a row; of many the first few.
pub fn list<T: Say>(items: impl IntoIterator<Item = T>) -> Prose {
    const MOST: usize = 5;
    let items: Vec<Prose> = items.into_iter().map(|item| say!("{}", item)).collect();
    if items.is_empty() {
        return Prose::own("nothing");
    }
    let left = items.len().saturating_sub(MOST);
    let text = Prose::joined(items.into_iter().take(MOST), ", ");
    let text = if left > 0 { say!("{} and {} more", text, left) } else { text };
    text.clipped(LONGEST)
}

/// What two sets do not share: "c instead of a", "no a", "a in addition".
pub fn difference<T: Say + Ord>(expected: &BTreeSet<T>, observed: &BTreeSet<T>) -> Prose {
    let missing = || expected.difference(observed);
    let more = || observed.difference(expected);
    match (missing().next(), more().next()) {
        (Some(_), Some(_)) => say!("{} instead of {}", list(more()), list(missing())),
        (Some(_), None) => say!("no {}", list(missing())),
        (None, _) => say!("{} in addition", list(more())),
    }
}

/// The tags that are not as they should be: three right ones say nothing about the fourth.
pub fn tags_apart(expected: &Tags, observed: &Tags) -> Prose {
    let wrong = expected.iter().filter(|(key, value)| observed.get(*key) != Some(value));
    list(wrong.map(|(key, value)| match observed.get(key) {
        Some(other) => say!("{}={} instead of {}", key, other, value),
        None => say!("no {}={}", key, value),
    }))
}

/// Two texts that differ, each short enough: where their beginnings agree for longer than that, from where they differ.
pub fn texts_apart(expected: &str, observed: &str) -> (Prose, Prose) {
    const ROOM: usize = LONGEST / 2;
    let same: usize =
        expected.chars().zip(observed.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    if same < ROOM {
        return (say!("{}", expected), say!("{}", observed));
    }
    let from = |text: &str| say!("...{}", text[same..]);
    (from(expected), from(observed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: &[&str]) -> BTreeSet<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn numbers_carry_their_unit_and_an_absent_retention_is_for_ever() {
        let text = |prose: Prose| prose.to_string();
        assert_eq!(text(kept(Some(1))), "for 1 day");
        assert_eq!(text(kept(Some(30))), "for 30 days");
        assert_eq!(text(kept(None)), "for ever");
        assert_eq!((text(cold(Some(8))), text(cold(None))), ("after 8 days".into(), "never".into()));
    }

    #[test]
    fn of_sets_and_tags_only_the_difference_is_told() {
        let told = |a: &[&str], b: &[&str]| difference(&set(a), &set(b)).to_string();
        assert_eq!(told(&["a", "b"], &["b", "c"]), "c instead of a");
        assert_eq!(told(&["a", "b"], &["b"]), "no a");
        assert_eq!(told(&["b"], &["a", "b"]), "a in addition");
        let tags_of = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Tags>()
        };
        let expected = tags_of(&[("env", "prod"), ("priority", "critical"), ("terraform", "true")]);
        let observed = tags_of(&[("env", "prod"), ("priority", "low"), ("mine", "too")]);
        assert_eq!(
            tags_apart(&expected, &observed).as_str(),
            "priority=low instead of critical, no terraform=true"
        );
    }

    #[test]
    fn long_values_are_cut_and_long_lists_counted() {
        assert!(say!("{}", "ü".repeat(1000)).as_str().len() <= LONGEST);
        assert_eq!(list(1_i64..=7).as_str(), "1, 2, 3, 4, 5 and 2 more");
    }

    #[test]
    fn two_long_texts_are_told_from_where_they_differ() {
        let long = "x".repeat(1000);
        let (a, b) = texts_apart(&format!("{long}a"), &format!("{long}b"));
        assert_eq!((a.as_str(), b.as_str()), ("...a", "...b"));
        let (a, b) = texts_apart("fine", "fine\u{202e}");
        assert_ne!(a, b);
    }
}
