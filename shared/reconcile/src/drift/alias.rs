//! All that is said about the alias of a key.

use serde_json::{Value, json};

use super::look;
use super::registry::drifts;
use crate::say;
use crate::words::{Prose, list};

drifts! {
/// A way in which an alias differs.
AliasDrift of Alias:

/// The alias does not exist.
/// Vaults name their key by ARN and go on; only what is made next would not find it.
Missing "missing" { key_arn: Option<String>, candidates: Vec<String> } => {
    severity: Medium,
    attribute: [],
    values: key_arn.as_ref().map_or_else(|| json!(candidates), |arn| json!(arn)) => Value::Null,
    causes: ["DeleteAlias", "ScheduleKeyDeletion"],
    answer: CreateAlias "or blocked: `ambiguous` if vaults disagree about the key",
    key: key_arn.as_deref(),
    summary(at): match key_arn {
        Some(arn) => say!("The alias {} missing; expected on {}.", at.is(), arn),
        None if candidates.is_empty() => say!("The alias {} missing, and its key is not known.", at.is()),
        None => say!("The alias {} missing; it may belong to {}.", at.is(), list(candidates)),
    },
    impact(at): at.choose(
        "Existing vaults keep their key; anything made next would not find it.",
        "Existing vaults kept their key; anything made in the meantime would not have found it.",
    ),
    next_step(at): which_key(candidates),
    command(at, region): candidates.first().map(|key| look::key(region, key)),
}

/// The alias points to another key than the vaults use.
/// Vaults name their key by ARN and go on; what is made next would take the wrong key.
TargetDiffers "target-differs" { expected: Option<String>, observed: String, candidates: Vec<String> } => {
    severity: Medium,
    attribute: [target],
    values: expected.as_ref().map_or_else(|| json!(candidates), |arn| json!(arn)) => json!(observed),
    causes: ["UpdateAlias", "CreateAlias"],
    answer: UpdateAlias "to the key that the vaults use; or blocked as above, or `immutable` if it points to a key of another type",
    summary(at): match expected {
        Some(expected) => {
            say!("The alias {} to {}; expected {}.", at.verb("points", "pointed"), observed, expected)
        }
        None => say!("The alias points to {}; the vaults are on {}.", observed, list(candidates)),
    },
    impact(at): at.choose(
        "Existing vaults keep their key; anything made next would be encrypted with another.",
        "Existing vaults kept their key; anything made in the meantime would have been encrypted with another.",
    ),
    next_step(at): if candidates.is_empty() {
        Prose::own(
            "It points to a key of another type or usage, and KMS moves no alias from such a key. Delete the alias by hand; the next run makes it anew.",
        )
    } else {
        which_key(candidates)
    },
    command(at, region): candidates.first().map(|key| look::key(region, key)),
}

/// The alias points to a key of which nothing shows that it is the deployment's.
/// No vault of the spec is left that would say which key is meant, and names, descriptions and tags can be copied. Nothing is made on
/// such a key.
Untrusted "untrusted" { observed: String, why: Prose } => {
    severity: High,
    attribute: [target],
    values: json!("a key of the deployment") => json!({ "target": observed, "why": why.as_str() }),
    causes: ["UpdateAlias", "CreateAlias"],
    answer: blocked "ambiguous" "with BOOTSTRAP=true a key is made, and the alias moved to it",
    key: Some(observed.as_str()),
    summary(at): say!(
        "The alias {} to {}, and nothing shows that this is the deployment's key: {}.", at.verb("points", "pointed"), observed, why
    ),
    impact(at): Prose::own("Whoever made the key could read or destroy every backup that is made on it."),
    next_step(at): Prose::own(at.reader.choose(
        "Find out who made the key, and when. If it is the right one, make one vault of the spec on it by hand; if it is not, deploy once with BOOTSTRAP=true.",
        "Find out who made the key, and when. If it is the right one, make one vault of the spec on it by hand; if it is not, repair once with --bootstrap.",
    )),
    command(at, region): Some(look::key(region, observed)),
}
}

fn which_key(candidates: &[String]) -> Prose {
    say!("More than one key may be meant ({}). Point the alias to the right one by hand.", list(candidates))
}
