//! Puts `${account}`, `${partition}`, `${region}`, `${role}` and `${vault}` where a text names them, so that one spec fits every account.

use std::collections::BTreeMap;

use reconcile::desired::DesiredVault;

/// What stands for what.
#[derive(Debug)]
pub(super) struct Templates {
    pub(super) partition: String,
    pub(super) account: String,
    /// The ARN of the spec's first role.
    pub(super) role: Option<String>,
    /// The spec's names of regions, by region.
    pub(super) regions: BTreeMap<String, String>,
}

impl Templates {
    /// The spec's name of a region.
    pub(super) fn region<'a>(&'a self, region: &'a str) -> &'a str {
        self.regions.get(region).map_or(region, String::as_str)
    }

    pub(super) fn global(&self, text: &str) -> String {
        let text = text.replace(&format!("arn:{}:", self.partition), "arn:${partition}:");
        replace(&text, &self.account, "${account}", |c| c.is_ascii_alphanumeric())
    }

    pub(super) fn regional(&self, text: &str, region: &str) -> String {
        let own = self.global(text);
        // A region that the spec has no name for is no region of a resource of ours.
        if !self.regions.contains_key(region) {
            return own;
        }
        replace(&own, region, "${region}", |c| c.is_ascii_alphanumeric())
    }

    pub(super) fn key_policy(&self, text: &str, region: &str) -> String {
        let text = match &self.role {
            Some(role) => replace(text, role, "${role}", is_in_a_name),
            None => text.to_owned(),
        };
        self.regional(&text, region)
    }

    pub(super) fn vault_policy(&self, text: &str, vault: &DesiredVault) -> String {
        self.key_policy(&replace(text, &vault.arn, "${vault}", is_in_a_name), &vault.region)
    }
}

/// What names of roles and vaults are made of.
fn is_in_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c)
}

/// Puts a template where the whole word stands, and not where it is a part of another one.
fn replace(text: &str, word: &str, template: &str, is_of_word: fn(char) -> bool) -> String {
    if word.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let starts = !before.chars().next_back().or(out.chars().next_back()).is_some_and(is_of_word);
        let ends = !after.chars().next().is_some_and(is_of_word);
        out.push_str(before);
        out.push_str(if starts && ends { template } else { word });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_replaced_and_a_part_of_one_is_not() {
        let account = |text: &str| replace(text, "123456789012", "${account}", |c| c.is_ascii_alphanumeric());
        assert_eq!(account("arn:aws:iam::123456789012:root"), "arn:aws:iam::${account}:root");
        assert_eq!(account("b-123456789012-c"), "b-${account}-c");
        assert_eq!(account("9123456789012 1234567890123"), "9123456789012 1234567890123");
        assert_eq!(account("123456789012123456789012"), "123456789012123456789012");
        let region = |text: &str| replace(text, "us-east-1", "${region}", |c| c.is_ascii_alphanumeric());
        assert_eq!(region("us-east-1a us-east-10 x.us-east-1.y"), "us-east-1a us-east-10 x.${region}.y");
    }
}
