//! Wildcards.

/// `*` stands for any run of characters and `?` for one.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    fn matches(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
            Some(('?', rest)) => text.split_first().is_some_and(|(_, tail)| matches(rest, tail)),
            Some((letter, rest)) => {
                text.split_first().is_some_and(|(first, tail)| first == letter && matches(rest, tail))
            }
        }
    }
    matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
}
