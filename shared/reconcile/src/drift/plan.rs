//! All that is said about a plan as a whole.

use serde_json::{Value, json};

use super::look::missed;
use super::registry::drifts;
use super::tags;
use crate::desired::Tags;
use crate::say;
use crate::words::{Command, Prose, count, list};

drifts! {
/// A way in which a plan differs, apart from its document.
PlanDrift of Plan:

/// The plan does not exist.
/// Nothing is backed up by it.
Missing "missing" => {
    severity: Critical,
    attribute: [],
    values: json!("one plan") => Value::Null,
    causes: ["DeleteBackupPlan"],
    named_by: ["CreateBackupPlan", "UpdateBackupPlan"],
    answer: CreateBackupPlan,
    holds_up: dependants,
    hides: the_rest,
    summary(at): say!("The plan {} missing.", at.is()),
    impact(at): at.choose("Nothing is backed up by this plan.", "Nothing was backed up by this plan."),
    aftermath(at): Some(missed().into()),
}

/// Several plans have this name.
/// Plan names are not unique in AWS. Which of them is the spec's cannot be told, so none is touched.
Ambiguous "ambiguous" { plan_ids: Vec<String> } => {
    severity: High,
    attribute: [],
    values: json!("one plan") => json!(plan_ids),
    causes: ["CreateBackupPlan"],
    answer: blocked "ambiguous" "no plan of the name is touched",
    hides: the_rest,
    summary(at): say!(
        "{} {} this name: {}.", count(plan_ids.len(), "plan"), at.verb("have", "had"), list(plan_ids)
    ),
    impact(at): Prose::own(
        "We cannot tell which plan is meant. Resources may be backed up twice, or by the wrong rules.",
    ),
    next_step(at): Prose::own(
        "A plan cannot be renamed. Look at each, and delete all but the right one, its selections first. Until then none is touched.",
    ),
    command(at, region): plan_ids.first().map(|id| {
        Command::aws("backup get-backup-plan").with("region", region).with("backup-plan-id", id)
    }),
}

/// A tag of the spec is missing or has another value.
/// Tags carry no protection by themselves. Tags that the spec does not name are left alone.
TagsDiffer "tags-differ" { arn: String, expected: Tags, observed: Tags } => {
    severity: Low,
    attribute: [tags],
    values: json!(expected) => json!(observed),
    causes: ["UntagResource", "TagResource"],
    answer: TagResource,
    summary(at): tags::summary(expected, observed),
    impact(at): tags::impact(at),
}
}
