//! The wildcards of IAM: `*` for any text, `?` for one character.

/// Whether `pattern` covers `value`. `value` may be a pattern too (a desired action `backup:Delete*`): `?` then does not
/// stand for its `*`, so that a `true` always means that everything `value` matches is matched by `pattern`.
pub(crate) fn covers(pattern: &str, value: &str) -> bool {
    if !has_wildcard(pattern) {
        return pattern == value;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let value: Vec<char> = value.chars().collect();
    let (mut p, mut v) = (0, 0);
    // The last `*` and where its text ends: the only place to come back to, since an earlier `*` can do no better.
    let mut star: Option<(usize, usize)> = None;
    while v < value.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, v));
                p += 1;
            }
            Some(&c) if c == value[v] || (c == '?' && value[v] != '*') => {
                p += 1;
                v += 1;
            }
            _ => match star {
                Some((at, end)) => {
                    star = Some((at, end + 1));
                    p = at + 1;
                    v = end + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether anything at all is matched by both patterns.
pub(super) fn overlaps(one: &str, other: &str) -> bool {
    match (has_wildcard(one), has_wildcard(other)) {
        (false, false) => return one == other,
        (true, false) => return covers(one, other),
        (false, true) => return covers(other, one),
        (true, true) => {}
    }
    // Most that do not overlap differ before the first wildcard of either.
    let literal = |c: &char| !matches!(c, '*' | '?');
    if one.chars().zip(other.chars()).take_while(|(a, b)| literal(a) && literal(b)).any(|(a, b)| a != b) {
        return false;
    }
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    // `rest[j]`: whether what is left of `one` overlaps with `other[j..]`; from the ends to the beginnings.
    let mut rest: Vec<bool> = (0..=other.len()).map(|j| other[j..].iter().all(|c| *c == '*')).collect();
    for c in one.iter().rev() {
        let shorter = rest.clone();
        for j in (0..=other.len()).rev() {
            rest[j] = match (*c, other.get(j)) {
                ('*', None) => shorter[j],
                ('*', Some(_)) => shorter[j] || rest[j + 1],
                (_, Some('*')) => rest[j + 1] || shorter[j],
                (c, Some(&d)) => (c == d || c == '?' || d == '?') && shorter[j + 1],
                (_, None) => false,
            };
        }
    }
    rest[0]
}

/// Whether an ARN is covered, as the ARN operators see it: part by part, so that no wildcard reaches over a colon. `None`
/// when one of the two has not the six parts of an ARN.
pub(super) fn covers_arn(pattern: &str, arn: &str) -> Option<bool> {
    let pattern: Vec<&str> = pattern.splitn(6, ':').collect();
    let arn: Vec<&str> = arn.splitn(6, ':').collect();
    (pattern.len() == 6 && arn.len() == 6).then(|| pattern.iter().zip(&arn).all(|(p, v)| covers(p, v)))
}

/// As [`overlaps`], part by part.
pub(super) fn overlaps_arn(one: &str, other: &str) -> Option<bool> {
    let one: Vec<&str> = one.splitn(6, ':').collect();
    let other: Vec<&str> = other.splitn(6, ':').collect();
    (one.len() == 6 && other.len() == 6).then(|| one.iter().zip(&other).all(|(a, b)| overlaps(a, b)))
}

pub(crate) fn has_wildcard(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

/// A policy variable (`${aws:username}`) is filled in when the request is made, so nothing can be said of it here.
pub(super) fn has_variable(text: &str) -> bool {
    text.contains("${")
}

/// The text with any text in place of each policy variable: a pattern of everything that it may stand for.
pub(super) fn filled(text: &str) -> String {
    let mut parts = text.split("${");
    let mut pattern = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        pattern.push('*');
        pattern.push_str(part.split_once('}').map_or("*", |(_, rest)| rest));
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_a_question_mark_for_one_character() {
        for (pattern, value, expected) in [
            ("*", "", true),
            ("backup:*", "backup:deletebackupvault", true),
            ("backup:*vault", "backup:deletebackupvault", true),
            ("backup:*vault", "backup:deletebackupvaultaccesspolicy", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a?", "aé", true),
            ("a**", "a", true),
            ("", "a", false),
            ("a", "", false),
        ] {
            assert_eq!(covers(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn a_pattern_covers_a_narrower_pattern_only() {
        assert!(covers("backup:*", "backup:delete*"));
        assert!(covers("a?", "a?"));
        assert!(!covers("backup:delete*", "backup:*"));
        assert!(!covers("backup:delete?", "backup:delete*"));
    }

    #[test]
    fn patterns_overlap_where_one_text_fits_both() {
        for (one, other, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a", "a", true),
            ("a", "b", false),
            ("a*", "*b", true),
            ("a*b", "ab", true),
            ("a*b", "a", false),
            ("a?c", "a*d", false),
            ("a?c", "*bc", true),
            ("a?", "a", false),
            ("*:role/*", "arn:user/*", true),
            ("arn:role/*", "arn:user/*", false),
            ("arn:*:role/x", "arn:aws:iam::*:role/*", true),
            ("arn:*:user/x", "arn:aws:iam::1:role/*", true),
            ("*a*", "*b*", true),
        ] {
            assert_eq!(overlaps(one, other), expected, "{one} {other}");
            assert_eq!(overlaps(other, one), expected, "{other} {one}");
        }
        assert_eq!(overlaps_arn("arn:*:iam::*:user/x", "arn:aws:iam::1:role/*"), Some(false));
    }

    #[test]
    fn a_variable_stands_for_any_text() {
        assert_eq!(filled("a${aws:x}b${*}c"), "a*b*c");
        assert_eq!(filled("a${never closed"), "a**");
        assert_eq!(filled("plain"), "plain");
    }

    #[test]
    fn no_wildcard_reaches_over_a_part_of_an_arn() {
        let role = "arn:aws:iam::123456789012:role/ops/healer";
        assert_eq!(covers_arn("arn:*:iam::*:role/*", role), Some(true));
        assert_eq!(covers_arn("arn:*:iam::12*ops/healer:role", role), Some(false));
        assert_eq!(covers_arn("arn:*", role), None);
    }
}
