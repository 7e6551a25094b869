//! `${name}` in the spec's strings: which ones stand in a text, and filling them in.

/// Refuses a text with a template that is not among the `allowed`.
pub(super) fn check(text: &str, allowed: &[&str]) -> Result<(), String> {
    check_names(text, allowed, |_| false)
}

/// As [`check`], for a policy. What IAM fills in itself when it evaluates a policy, `${aws:PrincipalTag/team}` and the
/// escapes `${*}`, `${?}` and `${$}`, is not ours: those have a colon or one of the three signs, ours never do.
pub(super) fn check_policy(text: &str, allowed: &[&str]) -> Result<(), String> {
    check_names(text, allowed, |name| name.contains(':') || matches!(name, "*" | "?" | "$"))
}

fn check_names(text: &str, allowed: &[&str], foreign: fn(&str) -> bool) -> Result<(), String> {
    for rest in text.split("${").skip(1) {
        let Some((name, _)) = rest.split_once('}') else {
            return Err("a \"${\" is never closed; write ${name}".to_owned());
        };
        if foreign(name) || allowed.contains(&name) {
            continue;
        }
        if allowed.is_empty() {
            return Err(format!("${{{name}}} is not filled in here; write the text itself"));
        }
        let allowed: Vec<String> = allowed.iter().map(|name| format!("${{{name}}}")).collect();
        return Err(format!("${{{name}}} is not known here; allowed: {}", allowed.join(", ")));
    }
    Ok(())
}

/// The text with the values in place of their templates.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    if !text.contains('$') {
        return text.to_owned();
    }
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_wherever_they_stand() {
        let values = [("a", "1"), ("b", "2")];
        assert_eq!(fill("${a}-${b}-${a}-$a-${c}", &values), "1-2-1-$a-${c}");
    }

    #[test]
    fn an_unclosed_template_is_refused() {
        assert_eq!(check("arn:${partition}", &["partition"]), Ok(()));
        assert!(check("arn:${partition", &["partition"]).is_err());
    }

    #[test]
    fn what_iam_fills_in_itself_is_left_to_iam() {
        assert_eq!(check_policy("${aws:username} ${*} ${$} ${vault}", &["vault"]), Ok(()));
        assert!(check("${aws:username}", &["vault"]).is_err());
    }
}
