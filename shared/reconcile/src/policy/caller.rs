//! Who calls, as far as that is known, and which statements are about them. Where it cannot be told it is said so.

use super::condition::{
    Known, contradicts_itself, is_null, of_a_set, of_any_value, variables, without_the_key,
};
use super::moment::{When, is_of_the_time};
use super::pattern::{has_wildcard, overlaps};
use super::statement::{Condition, Principal, Terms};
use super::ternary::{all, any, same};
use std::collections::{BTreeMap, BTreeSet};

/// A role, or one of several, or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    kind: &'static str,
    /// The role's ARN, a pattern only where it is not known which role it is; or the service's name.
    arn: String,
    /// Whether the account stands for one that is not known: any other may be it as well.
    stands_in: bool,
    /// What else is known of its calls, by condition key: one of these, each of which may be a pattern of what it is.
    circumstances: BTreeMap<&'static str, Vec<String>>,
    /// When it calls, if it matters.
    when: Option<When>,
}

/// What a role of any account may be called.
const ANY_ROLE: &str = "arn:*:iam::*:role/*";

impl Caller {
    /// The role with this ARN, path included, as IAM has it; or an account by the ARN of its root.
    pub fn role(arn: &str) -> Self {
        let circumstances = BTreeMap::new();
        Self { kind: "AWS", arn: arn.to_owned(), stands_in: false, circumstances, when: None }
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
        let circumstances = circumstances.map(|(key, value)| (key, vec![value.to_owned()]));
        Self { circumstances: circumstances.into(), ..self }
    }

    /// The same, when any service of the region uses a key in its name.
    pub fn by_way_of_any_service(self, region: &str) -> Self {
        let circumstances = [("kms:viaservice", vec![format!("*.{region}.*")])];
        Self { circumstances: circumstances.into(), ..self }
    }

    /// The same service, when it assumes a role for what the account has in a region: with what services tell of whom they work for ("Cross-service
    /// confused deputy prevention"). To which of the `requested` regions it sends the request is not documented.
    pub(super) fn on_behalf_of(
        self,
        partition: &str,
        region: &str,
        account: &str,
        requested: &[&str],
        when: When,
    ) -> Self {
        let service = self.arn.split('.').next().unwrap_or_default();
        let one = |value: &str| vec![value.to_owned()];
        let circumstances = [
            ("aws:sourceaccount", one(account)),
            ("aws:sourcearn", vec![format!("arn:{partition}:{service}:{region}:{account}:*")]),
            ("aws:principalisawsservice", one("true")),
            ("aws:principalservicename", one(&self.arn)),
            ("aws:securetransport", one("true")),
            ("aws:requestedregion", requested.iter().map(|&region| region.to_owned()).collect()),
        ];
        Self { circumstances: circumstances.into(), when: Some(when), ..self }
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
        let tests = condition.iter().flat_map(|(operator, keys)| {
            keys.iter().map(move |(key, values)| self.meets_test(operator, key, values))
        });
        let never = || (self.kind != "AWS" && contradicts_itself(condition)).then_some(false);
        all(tests).or_else(never)
    }

    fn meets_test(&self, operator: &str, key: &str, values: &BTreeSet<String>) -> Option<bool> {
        let is_service = self.kind != "AWS";
        let is_void = |value: &str| is_service && variables(value).any(never_comes);
        if let Some(answer) = of_any_value(operator, values, is_void) {
            return Some(answer);
        }
        if let Some(when) = self.when.filter(|_| is_of_the_time(key)) {
            return when.meets(operator, key, values);
        }
        if let Some(known) = self.circumstances.get(key) {
            // Where there is one value, any value is all values.
            let operator = of_a_set(operator).1;
            if operator == "Null" {
                return is_null(values).map(|asks_for_none| !asks_for_none);
            }
            return same(known.iter().map(|known| Known::is(known).meets(operator, values, is_void)));
        }
        if is_service {
            let is_known = !self.circumstances.is_empty();
            return match operator {
                _ if !is_known => None,
                "Null" if ALWAYS_COME.contains(&key) => is_null(values).map(|asks_for_none| !asks_for_none),
                _ if never_comes(key) => without_the_key(operator, values),
                _ => None,
            };
        }
        // Each of these is in every request that a role signs, so `…IfExists` changes nothing.
        let known = match key {
            "aws:principalarn" => Known { surely: &self.arn, possibly: self.possible() },
            "aws:principalaccount" | "kms:calleraccount" => {
                let possibly = if self.stands_in { "*" } else { self.account() };
                Known { surely: self.account(), possibly }
            }
            "aws:principaltype" if self.arn.contains(":role/") => Known::is("AssumedRole"),
            "aws:principalisawsservice" => Known::is("false"),
            // AWS Backup and KMS have no endpoint without TLS.
            "aws:securetransport" => Known::is("true"),
            _ => return None,
        };
        known.meets(operator, values, is_void)
    }
}

/// What comes with every request, whatever it says ("AWS global condition context keys").
const ALWAYS_COME: [&str; 2] = ["aws:useragent", "aws:viaawsservice"];

/// Whether a key, in any case, comes with no call of a service that assumes a role. Of most nobody knows the value, or whether they come.
fn never_comes(key: &str) -> bool {
    // What people and their sessions bring, and networks of customers ("AWS global condition context keys", "IAM and AWS STS condition
    // context keys").
    const PEOPLES: [&str; 10] = [
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
    // Those that services or identity providers bring are of no use in a request to another one ("Policy variables with no value").
    const OF_ANY_ROLE: [&str; 3] = ["aws", "iam", "sts"];
    let key = key.to_ascii_lowercase();
    let others = key.split_once(':').is_some_and(|(prefix, _)| !OF_ANY_ROLE.contains(&prefix));
    others || PEOPLES.contains(&key.as_str())
}

/// Twelve digits.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
