//! Cuts text to a length, between characters and with dots where something is missing.

/// The most bytes of one foreign value: what is longer is read in the account, not in a message.
pub(super) const LONGEST: usize = 300;

/// Text in no more than so many bytes, cut between characters, with dots where something is missing.
pub fn clip(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most.saturating_sub(3);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("ééééé", 8), "éé...");
    }
}
