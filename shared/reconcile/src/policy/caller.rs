//! Who calls, as far as that is known, and which statements are about them. Where it cannot be told it is said so.

use super::pattern::{covers, covers_arn, has_variable, has_wildcard, overlaps, overlaps_arn};
use super::statement::{Condition, Principal, Terms};
use super::ternary::{all, any, not};
use std::collections::{BTreeMap, BTreeSet};

/// A role, or one of several, or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    kind: &'static str,
    /// The role's ARN, a pattern only where it is not known which role it is; or the service's name.
    arn: String,
    /// Whether the account stands for one that is not known: any other may be it as well.
    stands_in: bool,
    /// What else is known of its calls, by condition key.
    circumstances: BTreeMap<&'static str, String>,
}

/// What a role of any account may be called.
const ANY_ROLE: &str = "arn:*:iam::*:role/*";

impl Caller {
    /// The role with this ARN, path included, as IAM has it; or an account by the ARN of its root.
    pub fn role(arn: &str) -> Self {
        Self { kind: "AWS", arn: arn.to_owned(), stands_in: false, circumstances: BTreeMap::new() }
    }

    /// Some role of an account.
    pub fn some_role_of(partition: &str, account: &str) -> Self {
        Self::role(&format!("arn:{partition}:iam::{account}:role/*"))
    }

    /// Some role of an account that is not known yet; what was written for it has `account` in its place.
    pub fn some_role_later(partition: &str, account: &str) -> Self {
        Self { stands_in: true, ..Self::some_role_of(partition, account) }
    }

    /// A service: `backup.amazonaws.com`.
    pub fn service(name: &str) -> Self {
        Self { kind: "Service", ..Self::role(name) }
    }

    /// The same, when AWS Backup uses a vault's key in its name ("Encryption for backups in AWS Backup").
    pub fn by_way_of_backup(self, service: &str) -> Self {
        let circumstances = [
            ("kms:viaservice", service),
            ("kms:encryptioncontextkeys", "aws:backup:backup-vault"),
            ("kms:grantisforawsresource", "true"),
        ];
        let circumstances = circumstances.map(|(key, value)| (key, value.to_owned()));
        Self { circumstances: circumstances.into(), ..self }
    }

    /// The same service, when it assumes a role for what the account has in a region: with what services tell of whom they work for ("Cross-service
    /// confused deputy prevention").
    pub(super) fn on_behalf_of(self, partition: &str, region: &str, account: &str) -> Self {
        let service = self.arn.split('.').next().unwrap_or_default();
        let circumstances = [
            ("aws:sourceaccount", account.to_owned()),
            ("aws:sourcearn", format!("arn:{partition}:{service}:{region}:{account}:*")),
            ("aws:principalisawsservice", "true".to_owned()),
            ("aws:principalservicename", self.arn.clone()),
            ("aws:securetransport", "true".to_owned()),
        ];
        Self { circumstances: circumstances.into(), ..self }
    }

    fn account(&self) -> &str {
        self.arn.split(':').nth(4).unwrap_or_default()
    }

    /// All that the role's ARN may be.
    fn possible(&self) -> &str {
        if self.stands_in { ANY_ROLE } else { &self.arn }
    }

    /// The role's name without its path: a session's ARN has no more.
    fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a statement with these principals is about the caller.
    pub(super) fn is_among(&self, principals: Option<&Terms<Principal>>) -> Option<bool> {
        match principals {
            Some(Terms::Is(set)) => any(set.iter().map(|principal| self.is_named(principal))),
            // NotPrincipal never clears anyone: to spare a role it has to list role, session and account, and a principal with a
            // permissions boundary is denied even then (IAM guide, NotPrincipal).
            Some(Terms::Not(_)) | None => None,
        }
    }

    fn is_named(&self, principal: &Principal) -> Option<bool> {
        let name = principal.name.as_str();
        if *principal == Principal::everyone() {
            return Some(true);
        }
        if principal.kind != "AWS" && principal.kind == self.kind && has_wildcard(name) {
            // It is not documented whether this means all services, or none.
            return None;
        }
        if principal.kind != "AWS" || self.kind != "AWS" {
            return Some(principal.kind == self.kind && name == self.arn);
        }
        if is_account(name) {
            return self.is_of(name);
        }
        let parts: Vec<&str> = name.splitn(6, ':').collect();
        match parts.as_slice() {
            // The unique id of a role, which is what AWS shows of one that was deleted, may be that of any role; a user's cannot.
            [id] => {
                if id.starts_with("AIDA") {
                    Some(false)
                } else {
                    None
                }
            }
            [_, _, "iam", _, account, "root"] => self.is_of(account),
            [_, _, "sts", _, account, resource] => match resource.strip_prefix("assumed-role/") {
                // The session's name is not known here.
                Some(session) => {
                    let role = session.split('/').next().unwrap_or_default();
                    let possible = self.is_of(account) != Some(false) && overlaps(role, self.name());
                    if possible { None } else { Some(false) }
                }
                None => Some(false),
            },
            _ if name == self.arn && !has_wildcard(name) => Some(true),
            _ => {
                if overlaps(name, &self.arn) {
                    None
                } else {
                    Some(false)
                }
            }
        }
    }

    /// Whether the caller is of this account. What is said of an account is said of all that is in it.
    fn is_of(&self, account: &str) -> Option<bool> {
        match (self.account() == account, self.stands_in) {
            (false, true) => None,
            (is_own, _) => Some(is_own),
        }
    }

    /// Whether the conditions hold when the caller calls.
    pub(super) fn meets(&self, condition: &Condition) -> Option<bool> {
        all(condition.iter().flat_map(|(operator, keys)| {
            keys.iter().map(move |(key, values)| self.meets_test(operator, key, values))
        }))
    }

    fn meets_test(&self, operator: &str, key: &str, values: &BTreeSet<String>) -> Option<bool> {
        if self.kind != "AWS" && self.circumstances.is_empty() {
            return None;
        }
        if self.kind != "AWS" && !self.circumstances.contains_key(key) {
            return without_the_key(operator, key, values);
        }
        // Each of these is in every request that a role signs, so `…IfExists` changes nothing.
        let known = self.circumstances.get(key).map(String::as_str);
        let actual = match key {
            // What a service works for is one of many: the value is a pattern of all of them.
            _ if known.is_some() => known.unwrap_or_default(),
            "aws:principalarn" => self.arn.as_str(),
            "aws:principalaccount" | "kms:calleraccount" => self.account(),
            "aws:principaltype" if self.arn.contains(":role/") => "AssumedRole",
            "aws:principalisawsservice" => "false",
            // AWS Backup and KMS have no endpoint without TLS.
            "aws:securetransport" => "true",
            _ => return None,
        };
        // What it is sure to be, and all that it may be.
        let (actual, possible) = match key {
            "aws:principalarn" => (actual, self.possible()),
            "aws:principalaccount" | "kms:calleraccount" if self.stands_in => (actual, "*"),
            _ => (actual, actual),
        };
        let equal = |value: &str| either(value == actual && !has_wildcard(actual), overlaps(value, possible));
        let equal_in_any_case = |value: &str| {
            if has_wildcard(possible) { None } else { Some(value.eq_ignore_ascii_case(actual)) }
        };
        let like = |value: &str| either(covers(value, actual), overlaps(value, possible));
        // The IAM guide: ArnEquals and ArnLike behave identically.
        let arn_like = |value: &str| either(covers_arn(value, actual)?, overlaps_arn(value, possible)?);
        let operator = operator.strip_suffix("IfExists").unwrap_or(operator);
        // Where there is one value, any value is all values.
        let of_a_set = ["ForAnyValue:", "ForAllValues:"].iter().find_map(|set| operator.strip_prefix(set));
        match of_a_set.filter(|_| known.is_some()).unwrap_or(operator) {
            "Null" if known.is_some() => is_null(values).map(|asks_for_none| !asks_for_none),
            "StringEquals" => one_of(values, equal),
            "StringNotEquals" => not(one_of(values, equal)),
            "StringEqualsIgnoreCase" | "Bool" => one_of(values, equal_in_any_case),
            "StringNotEqualsIgnoreCase" => not(one_of(values, equal_in_any_case)),
            "StringLike" => one_of(values, like),
            "StringNotLike" => not(one_of(values, like)),
            "ArnEquals" | "ArnLike" => one_of(values, arn_like),
            "ArnNotEquals" | "ArnNotLike" => not(one_of(values, arn_like)),
            _ => None,
        }
    }
}

/// Whether a test holds of a key that comes with no call of a service. Of all others nobody knows the value, or whether they come.
fn without_the_key(operator: &str, key: &str, values: &BTreeSet<String>) -> Option<bool> {
    // What people and their sessions bring, and networks of customers ("AWS global condition context keys", "IAM and AWS STS condition
    // context keys").
    const NEVER_COME: [&str; 10] = [
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:sourceidentity",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:username",
        "aws:vpcsourceip",
        "sts:externalid",
        "sts:sourceidentity",
    ];
    if !NEVER_COME.contains(&key) {
        return None;
    }
    // "IAM JSON policy elements: Condition operators": what is asked of a key that is not there.
    let (operator, if_exists) = match operator.strip_suffix("IfExists") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    if operator == "Null" {
        return is_null(values);
    }
    let (of_all, of_any) = (operator.starts_with("ForAllValues:"), operator.starts_with("ForAnyValue:"));
    Some(if_exists || of_all || operator.contains("Not") && !of_any)
}

/// Whether a test with `Null` asks for a key that is not there.
fn is_null(values: &BTreeSet<String>) -> Option<bool> {
    match values.first().filter(|_| values.len() == 1).map(String::as_str) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    }
}

/// Twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn either(surely: bool, perhaps: bool) -> Option<bool> {
    match (surely, perhaps) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

fn one_of(values: &BTreeSet<String>, matches: impl Fn(&str) -> Option<bool>) -> Option<bool> {
    if values.is_empty() {
        return None;
    }
    any(values.iter().map(|value| if has_variable(value) { None } else { matches(value) }))
}
