//! All that is said about a selection of a plan.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::look::missed;
use super::registry::drifts;
use super::{Aftermath, Less};
use crate::desired::{SelectionCondition, TagCondition};
use crate::say;
use crate::words::{Command, Prose, Scene, Word, count, difference};

drifts! {
/// A way in which a selection differs.
SelectionDrift of Selection:

/// The selection does not exist.
/// A plan without its selection backs up nothing.
Missing "missing" => {
    severity: Critical,
    attribute: [],
    values: json!("one selection") => Value::Null,
    causes: ["DeleteBackupSelection", "BackupSelectionDeletedDueToSLRDeletion", "DeleteBackupPlan"],
    named_by: ["CreateBackupSelection", "CreateBackupPlan", "UpdateBackupPlan"],
    answer: CreateBackupSelection,
    hides: the_rest,
    summary(at): say!("The selection {} missing.", at.is()),
    impact(at): at.choose(
        "The plan has nothing to back up by this selection.",
        "The plan had nothing to back up by this selection.",
    ),
    aftermath(at): Some(missed()),
}

/// Several selections have this name.
/// Together they cover at least what the right one does; if none is right, one is made first.
Ambiguous "ambiguous" { right: Option<String>, wrong: Vec<String> } => {
    severity: Medium,
    attribute: [],
    values: json!("one selection") => json!({ "right": right, "others": wrong }),
    causes: ["CreateBackupSelection"],
    answer: CreateBackupSelection "if none is right; then `backup:DeleteBackupSelection` of the others, one by one",
    hides: the_rest,
    summary(at): say!(
        "{} {} this name.", count(wrong.len() + usize::from(right.is_some()), "selection"), at.verb("have", "had")
    ),
    impact(at): if right.is_some() {
        at.choose(
            "The right one works; the others select resources in addition.",
            "The right one worked; the others selected resources in addition.",
        )
    } else {
        at.choose("None of them selects what the spec wants.", "None of them selected what the spec wants.")
    },
}

/// The selection selects other resources.
ResourcesDiffer "resources-differ" {
    selection_id: String, expected: BTreeSet<String>, observed: BTreeSet<String>, superseded: bool
} => {
    severity: [
        Less::covered_at_all(expected, observed) => Critical "if nothing of the spec is selected",
        Less::covered(expected, observed) => High "if a part is",
        else Medium "if more is"
    ],
    attribute: [resources],
    values: json!(expected) => json!(observed),
    causes: ["CreateBackupSelection"],
    answer: CreateBackupSelection "after it was seen, `backup:DeleteBackupSelection` of the wrong one",
    summary(at): say!("The selection {} {}.", at.verb("selects", "selected"), difference(expected, observed)),
    impact(at): if Less::covered_at_all(expected, observed) {
        at.choose(
            "Nothing that the spec selects is backed up by it.",
            "Nothing that the spec selects was backed up by it.",
        )
    } else if Less::covered(expected, observed) {
        at.choose(
            "A part of what the spec selects is not backed up.",
            "A part of what the spec selects was not backed up.",
        )
    } else {
        more(at)
    },
    aftermath(at): missed_if(Less::covered(expected, observed)),
}

/// The selection leaves out other resources.
NotResourcesDiffer "not-resources-differ" {
    selection_id: String, expected: BTreeSet<String>, observed: BTreeSet<String>, superseded: bool
} => {
    severity: [
        added(expected, observed).any(|one| is_of_all_services(one)) => Critical "if everything may be left out",
        Less::covered(observed, expected) => High "if more is",
        else Medium "if less"
    ],
    attribute: [not_resources],
    values: json!(expected) => json!(observed),
    causes: ["CreateBackupSelection"],
    answer: CreateBackupSelection "after it was seen, `backup:DeleteBackupSelection` of the wrong one",
    summary(at): say!("The selection {} out {}.", at.verb("leaves", "left"), difference(expected, observed)),
    impact(at): if Less::covered(observed, expected) {
        at.choose(
            "The resources that it leaves out in addition are not backed up.",
            "The resources that it left out in addition were not backed up.",
        )
    } else {
        more(at)
    },
    aftermath(at): missed_if(Less::covered(observed, expected)),
}

/// The selection selects by other tags.
/// Tags add to what is selected, so less, or more, is covered than designed.
TagsDiffer "tags-differ" {
    selection_id: String, expected: BTreeSet<TagCondition>, observed: BTreeSet<TagCondition>, superseded: bool
} => {
    severity: [Less::covered_at_all(expected, observed) => Critical "if nothing of the spec is selected by tags", else High "otherwise"],
    attribute: [tags],
    values: json!(expected) => json!(observed),
    causes: ["CreateBackupSelection"],
    answer: CreateBackupSelection "after it was seen, `backup:DeleteBackupSelection` of the wrong one",
    summary(at): {
        let [expected, observed] =
            [expected, observed].map(|all| all.iter().map(|tag| say!("{}={}", tag.key, tag.value)).collect());
        say!("The selection {} by tags: {}.", at.verb("selects", "selected"), difference(&expected, &observed))
    },
    impact(at): at.choose("More or less than designed is backed up.", "More or less than designed was backed up."),
}

/// The selection has other conditions.
/// Every condition takes resources away.
ConditionsDiffer "conditions-differ" {
    selection_id: String, expected: BTreeSet<SelectionCondition>, observed: BTreeSet<SelectionCondition>, superseded: bool
} => {
    severity: [added(expected, observed).next().is_some() => Critical "if there are more: they may take everything away", else High "otherwise"],
    attribute: [conditions],
    values: json!(expected) => json!(observed),
    causes: ["CreateBackupSelection"],
    answer: CreateBackupSelection "after it was seen, `backup:DeleteBackupSelection` of the wrong one",
    summary(at): {
        let [expected, observed] = [expected, observed].map(|all| {
            all.iter().map(|one| say!("{} {} {}", one.key, Word(one.operator.as_str()), one.value)).collect()
        });
        say!("The selection's conditions {}: {}.", at.verb("differ", "differed"), difference(&expected, &observed))
    },
    impact(at): at.choose(
        "Each condition takes resources away from what is backed up.",
        "Each condition took resources away from what was backed up.",
    ),
    aftermath(at): Some(missed()),
}

/// The selection uses another role.
/// It may lack the rights to back up, or have more than designed.
RoleDiffers "role-differs" { selection_id: String, expected: String, observed: String, superseded: bool } => {
    severity: High,
    attribute: [role],
    values: json!(expected) => json!(observed),
    causes: ["CreateBackupSelection"],
    answer: CreateBackupSelection "after it was seen, `backup:DeleteBackupSelection` of the wrong one",
    summary(at): say!("The selection {} the role {}; expected {}.", at.verb("uses", "used"), observed, expected),
    impact(at): at.choose(
        "Another role may lack the rights to back up, or have more than designed.",
        "Another role may have lacked the rights to back up, or had more than designed.",
    ),
}

/// The plan has a selection that is not in the spec.
/// Something more is backed up with our plan.
Unmanaged "unmanaged" { plan_id: String, selection_id: String, name: String } => {
    severity: Medium,
    attribute: [],
    values: Value::Null => json!({ "id": selection_id, "name": name }),
    causes: ["CreateBackupSelection"],
    answer: blocked "needs-review",
    beyond: the_spec,
    subject: selection_id,
    summary(at): say!("The plan {} a selection named {} that is not in the spec.", at.has(), name),
    impact(at): at.choose("More is backed up than designed.", "More was backed up than designed."),
    next_step(at): Prose::own("Look at what it selects. Delete it if nobody needs it, or add it to the spec."),
    command(at, region): Some(
        Command::aws("backup get-backup-selection")
            .with("region", region)
            .with("backup-plan-id", plan_id)
            .with("selection-id", selection_id)
    ),
}
}

/// What is there and is not in the spec.
fn added<'a, T: Ord>(expected: &'a BTreeSet<T>, observed: &'a BTreeSet<T>) -> impl Iterator<Item = &'a T> {
    observed.difference(expected)
}

/// Whether an ARN may be of any service.
fn is_of_all_services(arn: &str) -> bool {
    arn.split(':').nth(2).is_none_or(|service| service.contains(['*', '?']))
}

fn more(at: &Scene<'_>) -> Prose {
    at.choose("More is backed up than designed.", "More was backed up than designed.")
}

fn missed_if(less: bool) -> Option<Aftermath> {
    less.then(missed)
}
