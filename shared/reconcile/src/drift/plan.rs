//! All that is said about a plan as a whole.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::look::missed;
use super::registry::drifts;
use super::tags;
use crate::desired::Tags;
use crate::say;
use crate::words::{Command, Prose, Verbatim, count, list};

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
    aftermath(at): Some(missed()),
}

/// Another plan has this name too.
/// Plan names are not unique in AWS. The oldest that carries anything of the spec is taken for the deployment's; this one is left alone.
Duplicate "duplicate" { plan_id: String } => {
    severity: Medium,
    attribute: [duplicates (Other plan_id)],
    values: json!("one plan") => json!(plan_id),
    causes: ["CreateBackupPlan"],
    answer: blocked "needs-review",
    summary(at): say!("Another plan of this name {} there: {}.", at.is(), plan_id),
    impact(at): Prose::own("It may back up the same resources twice, or have been made to look like the deployment's plan."),
    next_step(at): Prose::own("Find out who made it and why. If nobody needs it, delete its selections, then the plan."),
    command(at, region): Some(
        Command::aws("backup get-backup-plan").with("region", region).with("backup-plan-id", plan_id)
    ),
}

/// Several plans have this name.
/// Plan names are not unique in AWS. Which of them is the spec's cannot be told, so none is touched, and how each differs is told.
Ambiguous "ambiguous" { plan_ids: Vec<String>, differences: BTreeMap<String, Vec<String>>, selects: bool } => {
    severity: [*selects => High "if one of them selects what the spec does", else Critical "otherwise"],
    attribute: [],
    values: json!("one plan") => json!(differences),
    causes: ["CreateBackupPlan"],
    answer: blocked "ambiguous" "no plan of the name is touched",
    hides: the_rest,
    summary(at): say!(
        "{} {} this name: {}.",
        count(plan_ids.len(), "plan"),
        at.verb("have", "had"),
        list(plan_ids.iter().map(|id| how_it_differs(id, differences)))
    ),
    impact(at): Prose::own(
        "We cannot tell which plan is meant. Resources may be backed up twice, or by the wrong rules.",
    ),
    next_step(at): Prose::own(
        "A plan cannot be renamed. Compare them, and delete all but the right one: first their selections, then the plans. Until then none is touched.",
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

fn how_it_differs(id: &str, differences: &BTreeMap<String, Vec<String>>) -> Prose {
    match differences.get(id).map(Vec::as_slice).unwrap_or_default() {
        [] => say!("{} (as designed)", id),
        several => say!("{} ({})", id, list(several.iter().map(|one| Verbatim(one)))),
    }
}
