//! "Did you mean": of some names, the one that a misspelt one is most like.

/// Less alike than this is another word.
const ALIKE: f64 = 0.6;

/// The name that was most likely meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name that is written in part is as good as one with a slip.
    let part = |name: &str| written.len() > 3 && (name.contains(written) || written.contains(name));
    let likeness = |name: &str| {
        strsim::normalized_damerau_levenshtein(written, name).max(if part(name) { ALIKE } else { 0.0 })
    };
    let alike = |name: &'a str| (likeness(name), name);
    let (likeness, name) = known.into_iter().map(alike).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness >= ALIKE).then_some(name)
}

/// What a message says of the name that was most likely meant.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|name| format!("did you mean {name:?}?"))
}

/// What a message says: the name that was meant, or else all that there are.
pub fn or_else_all<'a>(written: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(meant) = did_you_mean(written, known.clone()) {
        return meant;
    }
    let all: Vec<&str> = known.into_iter().collect();
    if all.is_empty() { "there is none".to_owned() } else { format!("allowed: {}", all.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_what_was_meant() {
        let codes = ["retention-differs", "rotation-off", "tags-differ"];
        assert_eq!(nearest("retention-difers", codes), Some("retention-differs"));
        assert_eq!(nearest("retetnion-differs", codes), Some("retention-differs"));
        assert_eq!(nearest("missing", codes), None);
        assert_eq!(or_else_all("missing", codes), "allowed: retention-differs, rotation-off, tags-differ");
    }
}
