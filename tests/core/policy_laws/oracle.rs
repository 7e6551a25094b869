//! A second opinion: who may do what under a policy, asked request by request. It shares nothing with the crate, and knows only what
//! the policies of [`super::denials`] are made of.

use std::collections::BTreeSet;

use super::meaning::{Condition, Meaning, Statement, Terms};

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const VAULT: &str = "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily";
pub(crate) const HEALER: &str = "arn:aws:iam::123456789012:role/ops/healer";

/// Somebody who calls: the ARN by which IAM knows them, or a service.
pub(crate) const CALLERS: &[&str] = &[
    HEALER,
    "arn:aws:iam::123456789012:role/admin",
    "arn:aws:iam::123456789012:user/ada",
    "arn:aws:iam::111111111111:role/admin",
    "backup.amazonaws.com",
];

/// The actions that anybody tries, and what AWS authorizes each on.
const ON_THE_VAULT: &[&str] =
    &["backup:DeleteBackupVault", "backup:StartBackupJob", "backup:PutBackupVaultAccessPolicy"];
const ON_RECOVERY_POINTS: &[&str] = &["backup:DeleteRecoveryPoint", "backup:StartRestoreJob"];
const RECOVERY_POINTS: &[&str] = &[
    "arn:aws:ec2:us-east-1::snapshot/snap-05f426fd8kdjb4224",
    "arn:aws:ec2:us-east-1::snapshot/snap-1",
    "arn:aws:ec2:us-east-1::image/ami-1a2b3e4f5e6f7g890",
    "arn:aws:rds:us-east-1:123456789012:snapshot:awsbackup:job-be59cf2a",
    "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/backup/01547087347000-c8b6kdk3",
    "arn:aws:backup:us-east-1:123456789012:recovery-point:8a92c3f1",
];

#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    pub(crate) caller: &'static str,
    pub(crate) action: &'static str,
    pub(crate) resource: &'static str,
    /// `aws:PrincipalTag/team`.
    team: Option<&'static str>,
    /// `aws:SourceVpc`.
    vpc: Option<&'static str>,
}

/// Every request that anybody makes about the vault.
pub(crate) fn requests() -> Vec<Request> {
    let on = |actions: &'static [&'static str], resources: &'static [&'static str]| {
        actions.iter().flat_map(move |action| resources.iter().map(move |resource| (*action, *resource)))
    };
    let what: Vec<_> = on(ON_THE_VAULT, &[VAULT]).chain(on(ON_RECOVERY_POINTS, RECOVERY_POINTS)).collect();
    let mut all = Vec::new();
    for caller in CALLERS {
        for (action, resource) in &what {
            for (team, vpc) in [
                (None, None),
                (Some("a"), Some("vpc-1")),
                (Some("b"), None),
                (Some("vault_prod_daily"), None),
            ] {
                all.push(Request { caller, action, resource, team, vpc });
            }
        }
    }
    all
}

/// Whether a deny of the policy is about the request.
pub(crate) fn is_denied(policy: &Meaning, request: &Request) -> bool {
    policy.statements.iter().any(|statement| statement.deny && is_about(policy, statement, request))
}

/// Whether an allow of the policy is about the request.
pub(crate) fn is_allowed(policy: &Meaning, request: &Request) -> bool {
    policy.statements.iter().any(|statement| !statement.deny && is_about(policy, statement, request))
}

fn is_about(policy: &Meaning, statement: &Statement, request: &Request) -> bool {
    let variables = policy.version == Some("2012-10-17");
    let principals = statement.principals.as_ref();
    principals.is_some_and(|terms| holds(terms, |(kind, name)| is_named(kind, name, request)))
        && holds(&statement.actions, |action| glob(&action.to_lowercase(), &request.action.to_lowercase()))
        && statement.resources.as_ref().is_some_and(|terms| {
            holds(terms, |pattern| {
                fill(pattern, request, variables).is_some_and(|pattern| glob(&pattern, request.resource))
            })
        })
        && meets(&statement.condition, request, variables)
}

fn holds<T: Ord>((negated, set): &Terms<T>, fits: impl Fn(&T) -> bool) -> bool {
    set.iter().any(fits) != *negated
}

fn is_named(kind: &str, name: &str, request: &Request) -> bool {
    match kind {
        "AWS" if name == "*" => true,
        "AWS" => name == request.caller || Some(name) == account(request.caller),
        _ => name == request.caller,
    }
}

fn account(caller: &str) -> Option<&str> {
    caller.split(':').nth(4)
}

fn meets(condition: &Condition, request: &Request, variables: bool) -> bool {
    condition.iter().all(|(operator, keys)| {
        keys.iter().all(|(key, values)| {
            let (base, if_exists) = match operator.strip_suffix("IfExists") {
                Some(base) => (base, true),
                None => (*operator, false),
            };
            let actual = match *key {
                "aws:PrincipalArn" => Some(request.caller),
                "aws:PrincipalAccount" => account(request.caller),
                "aws:PrincipalTag/team" => request.team,
                "aws:SourceVpc" => request.vpc,
                other => panic!("{other}"),
            };
            let negated = base.contains("Not");
            let Some(actual) = actual else { return if_exists || negated };
            let fits = |value: &&str| {
                let Some(value) = fill(value, request, variables) else { return false };
                match base {
                    "StringEquals" | "StringNotEquals" => value == actual,
                    "StringLike" | "StringNotLike" => glob(&value, actual),
                    "ArnLike" | "ArnNotLike" => {
                        let (value, actual): (Vec<&str>, Vec<&str>) =
                            (value.splitn(6, ':').collect(), actual.splitn(6, ':').collect());
                        value.len() == 6
                            && actual.len() == 6
                            && value.iter().zip(actual).all(|(a, b)| glob(a, b))
                    }
                    other => panic!("{other}"),
                }
            };
            values.iter().any(fits) != negated
        })
    })
}

/// The text with its variables; `None` where one has no value, so that nothing fits.
fn fill(text: &str, request: &Request, variables: bool) -> Option<String> {
    const TEAM: &str = "${aws:PrincipalTag/team}";
    if !variables || !text.contains(TEAM) {
        Some(text.to_owned())
    } else {
        Some(text.replace(TEAM, request.team?))
    }
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| glob(&pattern[1..], &text[at..])),
        Some(c) => text
            .chars()
            .next()
            .is_some_and(|d| (c == d || c == '?') && glob(&pattern[c.len_utf8()..], &text[d.len_utf8()..])),
    }
}

/// Everybody's requests that one policy denies and the other does not, each told once by its action.
pub(crate) fn lost<'r>(one: &Meaning, other: &Meaning, requests: &'r [Request]) -> BTreeSet<&'r str> {
    let gone = requests.iter().filter(|request| is_denied(one, request) && !is_denied(other, request));
    gone.map(|request| request.action).collect()
}
