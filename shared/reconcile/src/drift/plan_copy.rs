//! All that is said about the copies that a rule of a plan makes.

use serde_json::{Value, json};

use super::Less;
use super::lifecycle::{another_price, archived, kept_otherwise, shorter};
use super::mend::{in_copy, in_rule, keep_one};
use super::registry::{document_drifts, drifts};
use crate::desired::{Copy, CopyLifecycle, CopyRetention, PlanDocument};
use crate::say;
use crate::words::{Prose, cold, copied, count, kept, list};

document_drifts! {
/// A way in which a copy of a rule differs.
CopyDrift of Plan:

/// A copy of the spec is not made.
/// The other place, mostly a second region, no longer has the backups.
CopyMissing "copy-missing" { rule: String, destination: String, expected: CopyLifecycle } => {
    mend(document): in_rule(document, rule, |one| {
        one.copies.push(Copy { destination: destination.clone(), lifecycle: *expected });
    }),
    severity: High,
    attribute: [rules (Rule rule) copies (Copy destination)],
    values: json!(expected) => Value::Null,
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} no copy to {}; expected one, {}.", rule, at.verb("makes", "made"), destination, copied(expected)
    ),
    impact(at): say!(
        "New recovery points {} not copied there. If the originals {} lost, there is no copy to restore from.",
        at.verb("are", "were"), at.verb("are", "were")
    ),
    aftermath(at): Some(Prose::own(
        "Recovery points made in the meantime have no copy there. To make up for it, start an on-demand copy of each.",
    ).into()),
}

/// A copy is made that is not in the spec.
/// Backups leave for a vault that nobody designed, perhaps one of another account.
CopyUnexpected "copy-unexpected" { rule: String, destination: String, observed: CopyLifecycle } => {
    mend(document): in_rule(document, rule, |one| {
        one.copies.retain(|copy| copy.destination != *destination);
    }),
    severity: High,
    attribute: [rules (Rule rule) copies (Other destination)],
    values: Value::Null => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} to {}, {}; the spec has no such copy.", rule, at.verb("copies", "copied"), destination, copied(observed)
    ),
    impact(at): at.choose(
        "Backups leave for a vault that nobody designed, perhaps in somebody else's hands.",
        "Backups left for a vault that nobody designed, perhaps in somebody else's hands.",
    ),
    aftermath(at): Some(say!(
        "Copies made in the meantime are still in {}. Find out whose vault that is.", destination
    ).into()),
}

/// The rule makes several copies to this vault.
/// Which of them is kept for how long is for AWS to say. The one that is nearest to the spec stays, the others go with the update.
CopyRepeated "copy-repeated" {
    rule: String, destination: String, kept: CopyLifecycle, others: Vec<CopyLifecycle>
} => {
    mend(document): in_rule(document, rule, |one| {
        let kept = Copy { destination: destination.clone(), lifecycle: *kept };
        keep_one(&mut one.copies, |copy| copy.destination == *destination, &kept);
    }),
    severity: High,
    attribute: [rules (Rule rule) copies (Copy destination)],
    values: json!(kept) => json!(others),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} to {} {} more: {}.",
        rule, at.verb("copies", "copied"), destination, count(others.len(), "time"), list(others.iter().map(copied))
    ),
    impact(at): at.choose(
        "Copies may be kept for a longer or shorter time than designed, and be paid for twice.",
        "Copies may have been kept for a longer or shorter time than designed, and been paid for twice.",
    ),
}

/// Copies are kept for another time.
/// Copies that exist keep the lifecycle with which they were made. A copy without days of its own goes when its source goes.
CopyRetentionDiffers "copy-retention-differs" {
    rule: String, destination: String, wanted: CopyRetention, expected: Option<i64>, observed: Option<i64>
} => {
    mend(document): in_copy(document, rule, destination, |copy| copy.kept = *wanted),
    severity: [Less::kept(*expected, *observed) => High "if less is kept", else Medium "if more"],
    attribute: [rules (Rule rule) copies (Copy destination) delete_after_days],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Copies of rule {} in {} {} kept {}; expected {}.",
        rule, destination, at.verb("are", "were"), kept(*observed), kept(*expected)
    ),
    impact(at): kept_otherwise(at, *expected, *observed),
    aftermath(at): shorter(*expected, *observed),
}

/// Copies move to cold storage at another time.
/// As much is kept; it costs and restores differently.
CopyColdStorageDiffers "copy-cold-storage-differs" {
    rule: String, destination: String, expected: Option<i64>, observed: Option<i64>
} => {
    mend(document): in_copy(document, rule, destination, |copy| copy.cold_storage_after_days = *expected),
    severity: Medium,
    attribute: [rules (Rule rule) copies (Copy destination) cold_storage_after_days],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Copies of rule {} in {} {} to cold storage {}; expected {}.",
        rule, destination, at.verb("move", "moved"), cold(*observed), cold(*expected)
    ),
    impact(at): another_price(at),
}

/// EBS snapshots among the copies move to the archive tier with the others, or stay out of it, against the spec.
/// As much is kept; it costs and restores differently.
CopyArchiveDiffers "copy-archive-differs" {
    rule: String, destination: String, expected: bool, observed: bool
} => {
    mend(document): in_copy(document, rule, destination, |copy| copy.opt_in_to_archive = Some(*expected)),
    severity: Medium,
    attribute: [rules (Rule rule) copies (Copy destination) opt_in_to_archive],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} the copies of EBS snapshots in {}; expected: {}.",
        rule, archived(at, *observed), destination, archived(at, *expected)
    ),
    impact(at): another_price(at),
}
}
