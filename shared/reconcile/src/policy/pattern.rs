//! The wildcards of IAM: `*` for any text, `?` for one character.

/// Whether `pattern` covers `value`. `value` may be a pattern too (a desired action `backup:Delete*`): `?` then does not
/// stand for its `*`, so that a `true` always means that everything `value` matches is matched by `pattern`.
pub(super) fn covers(pattern: &str, value: &str) -> bool {
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

/// Whether an ARN is covered, as the ARN operators see it: part by part, so that no wildcard reaches over a colon. `None`
/// when one of the two has not the six parts of an ARN.
pub(super) fn covers_arn(pattern: &str, arn: &str) -> Option<bool> {
    let pattern: Vec<&str> = pattern.splitn(6, ':').collect();
    let arn: Vec<&str> = arn.splitn(6, ':').collect();
    (pattern.len() == 6 && arn.len() == 6).then(|| pattern.iter().zip(&arn).all(|(p, v)| covers(p, v)))
}

pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// A policy variable (`${aws:username}`) is filled in when the request is made, so nothing can be said of it here.
pub(super) fn has_variable(text: &str) -> bool {
    text.contains("${")
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
    fn no_wildcard_reaches_over_a_part_of_an_arn() {
        let role = "arn:aws:iam::123456789012:role/ops/healer";
        assert_eq!(covers_arn("arn:*:iam::*:role/*", role), Some(true));
        assert_eq!(covers_arn("arn:*:iam::12*ops/healer:role", role), Some(false));
        assert_eq!(covers_arn("arn:*", role), None);
    }
}
