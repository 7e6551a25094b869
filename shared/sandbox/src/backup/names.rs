//! Which names AWS Backup takes.

/// Names of rules and selections: `[a-zA-Z0-9-_.]{1,50}`.
pub(super) fn is_name(name: &str) -> bool {
    (1..=50).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Names of plans, which the API takes four times as long as the console.
pub(super) fn is_plan_name(name: &str) -> bool {
    (1..=200).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

pub(super) fn is_vault_name(name: &str) -> bool {
    (2..=50).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
