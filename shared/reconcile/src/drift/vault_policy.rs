//! All that is said about a vault's access policy.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document;
use super::look::{CUT, DELETED, look_up, missed, open_vault};
use super::registry::drifts;
use crate::policy::{AuthorizedOn, authorized_on};
use crate::say;
use crate::words::{self, Prose, Verbatim, Word, list, policies_apart};

drifts! {
/// A way in which a vault's access policy differs.
VaultPolicyDrift of VaultPolicy:

/// The vault has no access policy.
/// What the spec's policy denies is no longer denied, such as the deletion of recovery points, and whom it lets in is shut out.
Missing "missing" { expected: String } => {
    severity: [!denied_by(expected).is_empty() => Critical "if the spec's policy denies anything", else High "otherwise"],
    attribute: [],
    values: document(expected) => Value::Null,
    causes: ["DeleteBackupVaultAccessPolicy", "DeleteBackupVault", "CreateBackupVault"],
    answer: PutBackupVaultAccessPolicy,
    hides: the_rest,
    summary(at): say!("The vault {} no access policy; expected [{}].", at.has(), words::document(expected)),
    impact(at): {
        let denied = denied_by(expected);
        if denied.is_empty() {
            let fail = at.verb("fail", "failed");
            say!("The spec's policy only lets somebody in: calls of those who rely on it for {} {}.", list(allowed_by(expected)), fail)
        } else {
            let deeds = deeds(&denied);
            say!("Anyone with the permission could {} in {}.", in_a_row(&deeds), at.name())
        }
    },
    aftermath(at): {
        let denied = denied_by(expected);
        let was_open = |operation| denied.iter().any(|one| is(one, operation) || one.contains('*'));
        open_vault(at, was_open(DELETED), was_open(CUT))
    },
}

/// The vault's own policy denies the function reading it.
/// Nothing is known of what else it denies, or no longer denies, and who put it meant nobody to see. A missing right of the function is
/// `unreadable` instead.
Hidden "hidden" { expected: String, said: String } => {
    severity: Critical,
    attribute: [],
    values: document(expected) => json!({ "error": said }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: blocked "needs-review",
    hides: the_rest,
    summary(at): say!(
        "The vault's own access policy {} reading it. AWS's words: {}; expected [{}].",
        at.verb("denies", "denied"), Verbatim(said.trim_end_matches('.')), words::document(expected)
    ),
    impact(at): say!(
        "Somebody may have removed the protection of {} and hidden it: we do not know whether recovery points can be deleted.",
        at.name()
    ),
    next_step(at): Prose::own(
        "The function cannot put the policy back, because the same policy may deny that. Whoever it spares can: try a role that it exempts, then the account's root user, then AWS Support. Find out who put it:",
    ),
    command(at, region): Some(look_up(region, "PutBackupVaultAccessPolicy")),
}

/// At least one of the actions that the spec denies is not sure to be denied as far as that any more: to all whom the spec names, on all
/// that AWS authorizes the action on, without further conditions.
/// A Deny of `DeleteRecoveryPoint` on the vault's ARN does not reach recovery points, one with a condition that is never true denies
/// nothing, and a policy that cannot be parsed is not trusted to deny anything.
Weakened "weakened" { no_longer_denied: BTreeSet<String>, expected: String, observed: String } => {
    severity: Critical,
    attribute: [],
    values: document(expected) => json!({ "no_longer_denied": no_longer_denied, "policy": document(observed) }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy "with what else the policy that was found denies",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        if no_longer_denied.is_empty() {
            say!("The access policy {} something that cannot be read: [{}]; expected [{}].", at.verb("holds", "held"), observed, expected)
        } else {
            say!("The access policy no longer {} {} as the spec does; expected [{}], found [{}].", at.verb("denies", "denied"), list(no_longer_denied), expected, observed)
        }
    },
    impact(at): {
        say!("Somebody with the permission could {} in {}.", in_a_row(&deeds(no_longer_denied)), at.name())
    },
    aftermath(at): {
        let was_open = |operation| no_longer_denied.is_empty() || no_longer_denied.iter().any(|one| is(one, operation));
        let (deleted, cut) = (was_open(DELETED), was_open(CUT));
        open_vault(at, deleted, cut)
    },
}

/// The policy denies what backup, copy or restore jobs need, and the spec does not.
/// These jobs fail. Where the roles that jobs run as are spared for sure, and only AWS Backup itself may be bound, nobody documents
/// whether it is, and the Deny may be there to keep others out: it is left alone.
BlocksBackups "blocks-backups" {
    denied: BTreeSet<&'static str>, certainly: bool, expected: String, observed: String
} => {
    severity: [*certainly => Critical "if it may bind the roles that jobs run as", else High "if it spares them and may bind AWS Backup itself"],
    attribute: [],
    values: document(expected) => json!({ "denied": denied, "policy": document(observed) }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy "with what else the policy that was found denies; or blocked: `needs-review`, where the roles are spared",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        let denied = list(denied.iter().copied().map(Word));
        if *certainly {
            say!("The access policy {} what jobs need: {}; expected [{}], found [{}].", at.verb("denies", "denied"), denied, expected, observed)
        } else {
            say!("The access policy {} {}, not to the roles that jobs run as, but perhaps to AWS Backup itself; expected [{}], found [{}].", at.verb("denies", "denied"), denied, expected, observed)
        }
    },
    impact(at): if *certainly {
        at.choose("Backups, copies or restores fail.", "Backups, copies or restores failed.")
    } else {
        Prose::own("Backups, copies or restores may fail. AWS does not say whether such a Deny binds AWS Backup itself.")
    },
    aftermath(at): Some(missed()),
    next_step(at): Prose::own(
        "See whether jobs of this vault still succeed. If they do and the Deny is meant, put it into the spec; if not, put the spec's policy back yourself.",
    ),
}

/// The policy denies the function what it needs to keep the vault as designed, and the spec does not.
/// What differs next cannot be repaired, or not be seen.
BlocksRepairs "blocks-repairs" { denied: BTreeSet<&'static str>, certainly: bool, expected: String, observed: String } => {
    severity: High,
    attribute: [],
    values: document(expected) => json!({ "denied": denied, "policy": document(observed) }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy "if it is sure to bind the function; otherwise blocked: `needs-review`",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        let denied = list(denied.iter().copied().map(Word));
        if *certainly {
            say!("The access policy {} the function {}; expected [{}], found [{}].", at.verb("denies", "denied"), denied, expected, observed)
        } else {
            say!("The access policy {} {}, and perhaps to the function too; expected [{}], found [{}].", at.verb("denies", "denied"), denied, expected, observed)
        }
    },
    impact(at): say!("The next change of {} may not be seen, or not be repaired.", at.name()),
    next_step(at): Prose::own(
        "Whether this Deny binds the function depends on its conditions, so it is left alone. If it is meant, put it into the spec and exempt the function's role; if not, put the spec's policy back yourself.",
    ),
}

/// The policy lets somebody of another account in, and the spec does not.
LetsIn "lets-in" { who: BTreeSet<String>, expected: String, observed: String } => {
    severity: High,
    attribute: [],
    values: document(expected) => json!({ "lets_in": who, "policy": document(observed) }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy "with what else the policy that was found denies",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        let who = list(who.iter().map(|who| if who == "*" { Prose::own("everyone") } else { say!("{}", who) }));
        say!(
            "The access policy {} in somebody from outside the account: {}; expected [{}], found [{}].",
            at.verb("lets", "let"), who, expected, observed
        )
    },
    impact(at): at.choose(
        "What the spec denies is still denied. Somebody outside the account may do what the policy allows them.",
        "What the spec denies was still denied. Somebody outside the account could do what the policy allowed them.",
    ),
}

/// The policy says something else, and all that the spec denies is still denied.
/// What was added lets somebody of the account in; what is gone may have let in who needs it.
Differs "differs" { no_longer_allowed: BTreeSet<String>, expected: String, observed: String } => {
    severity: [!no_longer_allowed.is_empty() => High "if it no longer allows what the spec allows", else Medium "otherwise"],
    attribute: [],
    values: document(expected) => document(observed),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: PutBackupVaultAccessPolicy "with what else the policy that was found denies",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!(
            "The access policy {}, and still {} what the spec denies: expected [{}], found [{}].",
            at.verb("differs", "differed"), at.verb("denies", "denied"), expected, observed
        )
    },
    impact(at): if no_longer_allowed.is_empty() {
        at.choose(
            "What the spec denies is still denied. What was added may let somebody of the account in.",
            "What the spec denies was still denied. What was added may have let somebody of the account in.",
        )
    } else {
        let fail = at.verb("fail", "failed");
        say!("The policy no longer allows {}: calls of those who were let in for that {}.", list(no_longer_allowed), fail)
    },
}

/// The policy denies more than the spec, and nothing of the spec is lost.
/// It is left alone: no put takes a protection away that was found.
Stronger "stronger" { also_denied: BTreeSet<String>, expected: String, observed: String } => {
    severity: Low,
    attribute: [],
    values: document(expected) => json!({ "also_denied": also_denied, "policy": document(observed) }),
    causes: ["PutBackupVaultAccessPolicy"],
    answer: blocked "needs-review",
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!(
            "The access policy also {} {}: expected [{}], found [{}].",
            at.verb("denies", "denied"), list(also_denied), expected, observed
        )
    },
    impact(at): say!("Nothing {} less protected.", at.is()),
    next_step(at): Prose::own(
        "It is left as it is: no run takes away a denial that it found. If it is meant, put it into the spec; if not, put the spec's policy back yourself.",
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

/// The actions that a policy denies. One that cannot be read is taken to deny everything that it may deny.
fn denied_by(policy: &str) -> BTreeSet<String> {
    words::actions(policy, "Deny").unwrap_or_else(|| BTreeSet::from(["*".to_owned()]))
}

/// The actions that a policy allows.
fn allowed_by(policy: &str) -> BTreeSet<String> {
    words::actions(policy, "Allow").unwrap_or_default()
}

/// What somebody may do whom nothing denies these actions any more, each once.
fn deeds(actions: &BTreeSet<String>) -> Vec<&'static str> {
    let mut deeds: Vec<&str> = Vec::new();
    for deed in actions.iter().map(|action| deed(action)) {
        if !deeds.contains(&deed) {
            deeds.push(deed);
        }
    }
    deeds
}

/// What somebody may do whom nothing denies an action any more.
fn deed(action: &str) -> &'static str {
    if is(action, DELETED) {
        "delete recovery points"
    } else if is(action, CUT) {
        "shorten the retention of recovery points"
    } else if is(action, "DeleteBackupVault") {
        "delete the empty vault"
    } else if is(action, "StartRestoreJob") {
        "restore recovery points"
    } else {
        match authorized_on(action) {
            AuthorizedOn::RecoveryPoints => "do to recovery points what the policy denied",
            AuthorizedOn::Vault => "do to the vault what the policy denied",
            AuthorizedOn::Both | AuthorizedOn::Other => "do what the policy denied",
        }
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
