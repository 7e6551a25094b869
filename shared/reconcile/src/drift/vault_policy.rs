//! All that is said about a vault's access policy.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document;
use super::look::{CUT, DELETED, open_vault};
use super::registry::drifts;
use crate::say;
use crate::words::{self, Prose, Word, list, policies_apart};

drifts! {
/// A way in which a vault's access policy differs.
VaultPolicyDrift of VaultPolicy:

/// The vault has no access policy.
/// Nothing denies the deletion of recovery points any more.
Missing "missing" { expected: String } => {
    severity: Critical,
    attribute: [],
    values: document(expected) => Value::Null,
    causes: ["DeleteBackupVaultAccessPolicy", "DeleteBackupVault", "CreateBackupVault"],
    answer: PutBackupVaultAccessPolicy,
    hides: the_rest,
    summary(at): say!("The vault {} no access policy; expected [{}].", at.has(), words::document(expected)),
    impact(at): say!("Anyone with the permission could delete {} and the recovery points in it.", at.name()),
    aftermath(at): at.region().map(|region| open_vault(region, true, true)),
}

/// At least one of the actions that the spec denies is no longer denied to everyone.
/// A Deny with a condition that is never true denies nothing; a policy that cannot be parsed is not trusted to deny anything.
Weakened "weakened" { no_longer_denied: BTreeSet<String>, expected: String, observed: String } => {
    severity: Critical,
    attribute: [],
    values: document(expected) => json!({ "no_longer_denied": no_longer_denied, "policy": document(observed) }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy,
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        if no_longer_denied.is_empty() {
            say!("The access policy {} something that cannot be read: [{}]; expected [{}].", at.verb("holds", "held"), observed, expected)
        } else {
            say!("The access policy no longer {} everyone {}; expected [{}], found [{}].", at.verb("denies", "denied"), list(no_longer_denied), expected, observed)
        }
    },
    impact(at): {
        let mut deeds: Vec<&str> = Vec::new();
        for deed in no_longer_denied.iter().map(|action| deed(action)) {
            if !deeds.contains(&deed) {
                deeds.push(deed);
            }
        }
        say!("Anyone with the permission could {} in {}.", in_a_row(&deeds), at.name())
    },
    aftermath(at): {
        let was_open = |operation| no_longer_denied.is_empty() || no_longer_denied.iter().any(|one| is(one, operation));
        let (deleted, cut) = (was_open(DELETED), was_open(CUT));
        at.region().filter(|_| deleted || cut).map(|region| open_vault(region, deleted, cut))
    },
}

/// The policy says something else, and all that the spec denies is still denied.
/// What was added may let somebody in, or keep somebody out.
Differs "differs" { expected: String, observed: String } => {
    severity: Medium,
    attribute: [],
    values: document(expected) => document(observed),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy,
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!(
            "The access policy {}, and still {} what the spec denies: expected [{}], found [{}].",
            at.verb("differs", "differed"), at.verb("denies", "denied"), expected, observed
        )
    },
    impact(at): at.choose(
        "What the spec denies is still denied. What was added may let somebody in, or keep somebody out.",
        "What the spec denies was still denied. What was added may have let somebody in, or kept somebody out.",
    ),
}

/// Only the policy's Id or a Sid differs.
/// They are labels and authorize nothing.
LabelsDiffer "differs" { expected: String, observed: String } => {
    severity: Low,
    attribute: [labels],
    values: document(expected) => document(observed),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy,
    summary(at): say!("Only the access policy's Id or a Sid {}. These are labels.", at.verb("differs", "differed")),
    impact(at): say!("Labels carry no rights; nothing {} less protected.", at.is()),
}
}

/// What somebody may do whom nothing denies an action any more.
fn deed(action: &str) -> &'static str {
    if is(action, DELETED) {
        "delete recovery points"
    } else if is(action, CUT) {
        "shorten the retention of recovery points"
    } else if is(action, "DeleteBackupVault") {
        "delete the empty vault"
    } else {
        "do what the policy denied"
    }
}

/// Whether an action, as a policy writes it, is this operation.
fn is(action: &str, operation: &str) -> bool {
    action.split(':').next_back().is_some_and(|name| name.eq_ignore_ascii_case(operation))
}

fn in_a_row(deeds: &[&'static str]) -> Prose {
    match deeds {
        [] => Prose::own("delete recovery points"),
        [only] => Prose::own(only),
        [first @ .., last] => {
            let first = Prose::joined(first.iter().map(|deed| Prose::own(deed)), ", ");
            say!("{} and {}", first, Word(last))
        }
    }
}
