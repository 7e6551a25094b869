//! All that is said about who may use a key: by its policy, by grants, by sharing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document;
use super::key::jobs_fail;
use super::look::look_up;
use super::registry::drifts;
use crate::lockout::{KeyUser, ShutOut};
use crate::say;
use crate::words::{self, Command, Prose, Word, list, policies_apart};

drifts! {
/// A way in which those differ who may use a key.
KeyAccessDrift of Key:

/// The key policy shuts out who needs the key, and the spec has no key policy.
/// A role that AWS Backup works with: its jobs fail. The function itself: it cannot rescue the key. The account: IAM policies give nobody
/// a right to the key, and if nobody can change the policy any more, only AWS Support can.
/// Whether the function is shut out is asked where its role is known: `HEALER_ROLE_ARN`.
PolicyShutsOut "policy-shuts-out" { key_arn: String, who: Vec<ShutOut>, observed: String } => {
    severity: [who.iter().any(|one| one.certainly) => Critical "if that is sure", else High "if it depends on a condition, or on what AWS does not document"],
    attribute: [policy],
    values: Value::Null => json!({ "shuts_out": shut_out(who), "policy": document(observed) }),
    causes: ["PutKeyPolicy"],
    answer: blocked "needs-review",
    key: Some(key_arn.as_str()),
    summary(at): {
        let (surely, perhaps) = told_apart(who);
        let policy = words::document(observed);
        if surely.is_empty() {
            say!("The key policy {} out {}. A condition decides it, or what AWS does not document: [{}].", at.verb("may shut", "may have shut"), list(perhaps), policy)
        } else {
            say!("The key policy {} out {}: [{}].", at.verb("shuts", "shut"), list(surely), policy)
        }
    },
    impact(at): if who.iter().any(|one| matches!(one.user, KeyUser::Role(_)) && one.certainly) {
        jobs_fail(at)
    } else if who.iter().any(|one| matches!(one.user, KeyUser::Role(_) | KeyUser::Backup)) {
        at.choose("Backup, copy and restore jobs may fail.", "Backup, copy and restore jobs may have failed.")
    } else {
        at.choose(
            "If somebody schedules the key for deletion, nobody may be able to rescue it.",
            "If somebody had scheduled the key for deletion, nobody might have been able to rescue it.",
        )
    },
    next_step(at): Prose::own(
        "The spec has no key policy, so none is put. Find out who put this one, and put the right one back; or put it into the spec:",
    ),
    command(at, region): Some(look_up(region, "PutKeyPolicy")),
}

/// The key policy lets somebody from outside the account use the key, and the spec has no key policy.
/// They may decrypt backups, or take the key away from them, as far as the policy lets them.
PolicyLetsIn "policy-lets-in" { key_arn: String, who: BTreeSet<String>, observed: String } => {
    severity: High,
    attribute: [policy],
    values: Value::Null => json!({ "lets_in": who, "policy": document(observed) }),
    causes: ["PutKeyPolicy"],
    answer: blocked "needs-review",
    key: Some(key_arn.as_str()),
    summary(at): {
        let who = list(who.iter().map(|who| if who == "*" { Prose::own("everyone") } else { say!("{}", who) }));
        say!(
            "The key policy {} in somebody from outside the account: {}: [{}].",
            at.verb("lets", "let"), who, words::document(observed)
        )
    },
    impact(at): at.choose(
        "Somebody outside the account may decrypt backups, or do with the key whatever else the policy allows.",
        "Somebody outside the account could decrypt backups, or do with the key whatever else the policy allowed.",
    ),
    next_step(at): Prose::own(
        "The spec has no key policy, so none is put. Find out whose account that is. If nobody there needs the key, take them out of the policy; if they do, put the policy into the spec:",
    ),
    command(at, region): Some(
        Command::aws("kms get-key-policy").with("region", region).with("key-id", key_arn).with("policy-name", "default")
    ),
}

/// The key policy differs from the one in the spec.
/// Whoever it lets in may disable the key or read backups; whoever it leaves out may be AWS Backup.
PolicyDiffers "key-policy-differs" { key_arn: String, who: Vec<ShutOut>, expected: String, observed: String } => {
    severity: [who.iter().any(|one| one.certainly) => Critical "if it shuts out who needs the key", else High "otherwise"],
    attribute: [policy],
    values: document(expected) => document(observed),
    causes: ["PutKeyPolicy"],
    answer: PutKeyPolicy "with what else the policy that was found denies; KMS's lock-out check stays on",
    key: Some(key_arn.as_str()),
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        let (surely, _) = told_apart(who);
        if surely.is_empty() {
            say!("The key policy {}: expected [{}], found [{}].", at.verb("differs", "differed"), expected, observed)
        } else {
            say!("The key policy {} out {}: expected [{}], found [{}].", at.verb("shuts", "shut"), list(surely), expected, observed)
        }
    },
    impact(at): if who.iter().any(|one| matches!(one.user, KeyUser::Role(_)) && one.certainly) {
        jobs_fail(at)
    } else {
        at.choose(
            "Whoever the policy lets in may read or lock away backups; whoever it leaves out may be AWS Backup.",
            "Whoever the policy let in could read or lock away backups; whoever it left out may have been AWS Backup.",
        )
    },
}

/// The key policy is narrower than the spec's: it denies more, or allows less, and still lets everybody in whom the deployment needs.
/// It is left alone: no put takes a protection away that was found, or opens what was closed.
PolicyStronger "policy-stronger" {
    key_arn: String,
    perhaps: Vec<ShutOut>,
    also_denied: BTreeSet<String>,
    no_longer_allowed: BTreeSet<String>,
    expected: String,
    observed: String,
} => {
    severity: [!perhaps.is_empty() => High "if it denies what AWS Backup may need in ways that are not documented", else Low "otherwise"],
    attribute: [policy],
    values: document(expected) => narrower(perhaps, also_denied, no_longer_allowed, observed),
    causes: ["PutKeyPolicy"],
    answer: blocked "needs-review",
    key: Some(key_arn.as_str()),
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        let less = || list(no_longer_allowed);
        let what = match (also_denied.is_empty(), no_longer_allowed.is_empty()) {
            (false, true) => say!("also {} {}", at.verb("denies", "denied"), list(also_denied)),
            (true, _) => say!("{} less of {}", at.verb("allows", "allowed"), less()),
            (false, false) => say!(
                "also {} {}, and {} less of {}",
                at.verb("denies", "denied"), list(also_denied), at.verb("allows", "allowed"), less()
            ),
        };
        say!("The key policy {}: expected [{}], found [{}].", what, expected, observed)
    },
    impact(at): if perhaps.is_empty() {
        Prose::own("Nobody is shut out who needs the key, and nothing is less protected.")
    } else {
        say!("It may shut out {}: whether jobs need that is not documented. Copies and restores may fail.", list(told_apart(perhaps).1))
    },
    next_step(at): Prose::own(
        "It is left as it is: no run takes away a denial that it found, or opens what was closed. If it is meant, put it into the spec; if not, put the spec's policy back yourself.",
    ),
}

/// Somebody of another account may use the key by a grant.
/// A grant needs no policy and is not seen in one. Grants of AWS services are not judged.
ForeignGrant "foreign-grant" { key_arn: String, grant: String, grantee: String, operations: BTreeSet<String> } => {
    severity: High,
    attribute: [grants (Other grant)],
    values: Value::Null => json!({ "grantee": grantee, "operations": operations }),
    causes: ["CreateGrant"],
    answer: blocked "needs-review",
    key: Some(key_arn.as_str()),
    summary(at): say!("A grant {} {} use the key for {}.", at.verb("lets", "let"), grantee, list(operations)),
    impact(at): at.choose(
        "Another account may decrypt backups, or use the key until somebody ends the grant.",
        "Another account could decrypt backups, or use the key until somebody ended the grant.",
    ),
    next_step(at): Prose::own("Find out whose account that is. If nobody needs the grant, revoke it:"),
    command(at, region): Some(
        Command::aws("kms revoke-grant").with("region", region).with("key-id", key_arn).with("grant-id", grant)
    ),
}

/// The key is shared with other accounts through AWS RAM.
/// The policy that does it is not the key policy, and is changed in AWS RAM only.
Shared "shared" { key_arn: String, policy: String } => {
    severity: High,
    attribute: [shared],
    values: Value::Null => document(policy),
    causes: [],
    answer: blocked "needs-review",
    key: Some(key_arn.as_str()),
    summary(at): say!("The key {} shared through AWS RAM: [{}].", at.is(), words::document(policy)),
    impact(at): at.choose("Other accounts may use the key.", "Other accounts could use the key."),
    next_step(at): Prose::own("Find the resource share in AWS RAM, and end it if nobody needs it."),
    command(at, region): Some(Command::aws("ram list-resources").with("region", region).with("resource-owner", "SELF").with("resource-arns", key_arn)),
}
}

/// A policy and in what it is narrower than the spec's.
fn narrower(
    perhaps: &[ShutOut],
    also_denied: &BTreeSet<String>,
    no_longer_allowed: &BTreeSet<String>,
    policy: &str,
) -> Value {
    let mut value = json!({ "also_denied": also_denied, "policy": document(policy) });
    if !no_longer_allowed.is_empty() {
        value["no_longer_allowed"] = json!(no_longer_allowed);
    }
    if !perhaps.is_empty() {
        value["may_shut_out"] = shut_out(perhaps);
    }
    value
}

/// Who is shut out of what, as reports hold it.
fn shut_out(who: &[ShutOut]) -> Value {
    let each = who.iter().map(|ShutOut { user, actions, certainly }| {
        let who = match user {
            KeyUser::Role(name) => format!("role {name}"),
            KeyUser::Backup => "AWS Backup".to_owned(),
            KeyUser::Account => "account".to_owned(),
            KeyUser::Healer => "function".to_owned(),
        };
        json!({ "who": who, "actions": actions, "certain": certainly })
    });
    each.collect()
}

/// Who is shut out for sure, and who perhaps.
fn told_apart(who: &[ShutOut]) -> (Vec<Prose>, Vec<Prose>) {
    let tell = |one: &ShutOut| {
        let user = match &one.user {
            KeyUser::Role(name) => say!("the role {}", name),
            KeyUser::Backup => Prose::own("AWS Backup itself"),
            KeyUser::Account => Prose::own("the IAM policies of the account"),
            KeyUser::Healer => Prose::own("the function's own role"),
        };
        say!("{} ({})", user, list(one.actions.iter().copied().map(Word)))
    };
    let (surely, perhaps): (Vec<&ShutOut>, Vec<&ShutOut>) = who.iter().partition(|one| one.certainly);
    (surely.into_iter().map(tell).collect(), perhaps.into_iter().map(tell).collect())
}
