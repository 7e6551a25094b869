//! All that is said about the rules of a plan.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::lifecycle::{another_price, archived, kept_otherwise, shorter};
use super::mend::{in_rule, keep_one};
use super::plan_settings::scanned_otherwise;
use super::registry::{document_drifts, drifts};
use super::{Less, look::missed};
use crate::desired::{PlanDocument, Rule, ScanAction, Tags};
use crate::say;
use crate::words::{Prose, Scene, Schedule, Word, cold, count, kept, list, tags_apart};

document_drifts! {
/// A way in which a rule of a plan differs.
RuleDrift of Plan:

/// A rule of the spec is not in the plan.
/// This tier of backups no longer happens.
RuleMissing "rule-missing" { rule: String, expected: Box<Rule> } => {
    mend(document): document.rules.push((**expected).clone()),
    severity: Critical,
    attribute: [rules (Rule rule)],
    values: json!(expected) => Value::Null,
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!("The rule {} {} missing; expected: {}.", rule, at.is(), rule_in_words(expected)),
    impact(at): at.choose("This tier of backups no longer happens.", "This tier of backups no longer happened."),
    aftermath(at): Some(missed()),
}

/// The plan has a rule that is not in the spec.
/// More is backed up than designed. An update of the plan replaces its document, so the rule goes with it.
/// Where start windows overlap, AWS Backup runs the rule that keeps longer: if that is this one, the spec's rule does not run, and the copies
/// of the spec's rule are not made.
RuleUnexpected "rule-unexpected" { rule: String, observed: Box<Rule>, hides: BTreeSet<String> } => {
    mend(document): document.rules.retain(|one| one.name != *rule),
    severity: [!hides.is_empty() => High "if a rule of the spec may not run because of it", else Medium "otherwise"],
    attribute: [rules (Other rule)],
    values: Value::Null => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "The plan {} a rule named {} that is not in the spec: {}.", at.has(), rule, rule_in_words(observed)
    ),
    impact(at): if hides.is_empty() {
        more_is_backed_up(at)
    } else {
        say!(
            "Where start windows overlap, AWS Backup runs only the rule that keeps longer. This one {} in the place of {}: into {}, and without the copies of the spec's rule.",
            at.verb("may run", "may have run"), list(hides), observed.target_vault
        )
    },
}

/// The plan has several rules of this name.
/// Which of them run is for AWS to say. The one that is nearest to the spec stays, the others go with the update.
RuleRepeated "rule-repeated" { rule: String, kept: Box<Rule>, others: Vec<Rule> } => {
    mend(document): keep_one(&mut document.rules, |one| one.name == *rule, kept),
    severity: High,
    attribute: [rules (Rule rule)],
    values: json!(kept) => json!(others),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "The plan {} {} more of the name {}: {}.",
        at.has(), count(others.len(), "rule"), rule, list(others.iter().map(rule_in_words))
    ),
    impact(at): more_is_backed_up(at),
}

/// The rule runs by another schedule.
/// Backups come at other times, perhaps never.
ScheduleDiffers "schedule-differs" { rule: String, expected: String, observed: String, rests: bool } => {
    mend(document): in_rule(document, rule, |one| one.schedule.clone_from(expected)),
    severity: [*rests => Critical "if it does not run within a year", else High "otherwise"],
    attribute: [rules (Rule rule) schedule],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} at {}; expected {}.", rule, at.verb("runs", "ran"), Schedule(observed), Schedule(expected)
    ),
    impact(at): if *rests {
        at.choose("This tier of backups does not happen within a year.", "This tier of backups would not have happened within a year.")
    } else {
        at.choose("Backups run at other times than designed.", "Backups ran at other times than designed.")
    },
    aftermath(at): Some(missed()),
}

/// The rule's schedule is in another time zone.
/// Backups come at other hours.
TimezoneDiffers "timezone-differs" { rule: String, expected: String, observed: String } => {
    mend(document): in_rule(document, rule, |one| one.timezone.clone_from(expected)),
    severity: Medium,
    attribute: [rules (Rule rule) timezone],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} in the time zone {}; expected {}.", rule, at.verb("runs", "ran"), observed, expected
    ),
    impact(at): at.choose(
        "Backups run at other hours than designed.",
        "Backups ran at other hours than designed.",
    ),
}

/// The rule backs up into another vault.
/// Recovery points land in a vault without the designed lock and policy.
TargetVaultDiffers "target-vault-differs" { rule: String, expected: String, observed: String } => {
    mend(document): in_rule(document, rule, |one| one.target_vault.clone_from(expected)),
    severity: High,
    attribute: [rules (Rule rule) vault],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!("Rule {} {} up into {}; expected {}.", rule, at.verb("backs", "backed"), observed, expected),
    impact(at): say!(
        "Recovery points {} in another vault, which has another lock and policy than designed. What is in {} stays there.",
        at.verb("land", "landed"),
        observed
    ),
    aftermath(at): Some(say!("Recovery points made in the meantime are in {}.", observed).into()),
}

/// The rule sends recovery points to another logically air-gapped vault, or to one where the spec names none.
/// Types with full AWS Backup management are then backed up there and not in the rule's vault; of others the recovery points leave the
/// rule's vault, even a locked one, when they are copied. Scans and indexes pass them by.
AirGappedVaultDiffers "air-gapped-vault-differs" {
    rule: String, expected: Option<String>, observed: Option<String>
} => {
    mend(document): in_rule(document, rule, |one| one.air_gapped_vault.clone_from(expected)),
    severity: Critical,
    attribute: [rules (Rule rule) air_gapped_vault],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} recovery points to {}; expected {}.",
        rule, at.verb("sends", "sent"), air_gapped(observed.as_deref()), air_gapped(expected.as_deref())
    ),
    impact(at): if observed.is_some() {
        at.choose(
            "New backups go to another vault than designed, or leave the rule's vault as soon as they are copied.",
            "New backups went to another vault than designed, or left the rule's vault as soon as they were copied.",
        )
    } else {
        at.choose(
            "New backups are not moved out of the reach of this account.",
            "New backups were not moved out of the reach of this account.",
        )
    },
    aftermath(at): observed.as_ref().map(|vault| {
        say!("Recovery points made in the meantime are in {}. Find out whose vault and key that is.", vault).into()
    }),
}

/// Jobs may start within another time.
/// They may start later than designed, or be given up earlier. AWS fills in 480 minutes where a rule says nothing.
StartWindowDiffers "start-window-differs" { rule: String, expected: i64, observed: i64 } => {
    mend(document): in_rule(document, rule, |one| one.start_window_minutes = *expected),
    severity: [observed < expected => High "if it is shorter: jobs may be cancelled", else Medium "if longer"],
    attribute: [rules (Rule rule) start_window_minutes],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} jobs start within {}; expected {}.",
        rule, at.verb("lets", "let"), count(*observed, "minute"), count(*expected, "minute")
    ),
    impact(at): at.choose(
        "Jobs may start later than designed, or be cancelled earlier.",
        "Jobs may have started later than designed, or been cancelled earlier.",
    ),
}

/// Jobs must end within another time.
/// They may be cut off earlier than designed, or run longer. AWS fills in 10,080 minutes where a rule says nothing.
CompletionWindowDiffers "completion-window-differs" { rule: String, expected: i64, observed: i64 } => {
    mend(document): in_rule(document, rule, |one| one.completion_window_minutes = *expected),
    severity: [observed < expected => High "if it is shorter: jobs may be cut off", else Medium "if longer"],
    attribute: [rules (Rule rule) completion_window_minutes],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} jobs end within {}; expected {}.",
        rule, at.verb("makes", "made"), count(*observed, "minute"), count(*expected, "minute")
    ),
    impact(at): at.choose(
        "Jobs may be cut off earlier than designed, or run longer.",
        "Jobs may have been cut off earlier than designed, or run longer.",
    ),
}

/// Recovery points are kept for another time.
/// Recovery points that exist keep the lifecycle with which they were made.
RetentionDiffers "retention-differs" { rule: String, expected: Option<i64>, observed: Option<i64> } => {
    mend(document): in_rule(document, rule, |one| one.lifecycle.delete_after_days = *expected),
    severity: [Less::kept(*expected, *observed) => High "if less is kept", else Medium "if more"],
    attribute: [rules (Rule rule) delete_after_days],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} recovery points {}; expected {}.",
        rule, at.verb("keeps", "kept"), kept(*observed), kept(*expected)
    ),
    impact(at): kept_otherwise(at, *expected, *observed),
    aftermath(at): shorter(*expected, *observed),
}

/// Recovery points move to cold storage at another time.
/// As much is kept; it costs and restores differently.
ColdStorageDiffers "cold-storage-differs" { rule: String, expected: Option<i64>, observed: Option<i64> } => {
    mend(document): in_rule(document, rule, |one| one.lifecycle.cold_storage_after_days = *expected),
    severity: Medium,
    attribute: [rules (Rule rule) cold_storage_after_days],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} recovery points to cold storage {}; expected {}.",
        rule, at.verb("moves", "moved"), cold(*observed), cold(*expected)
    ),
    impact(at): another_price(at),
}

/// EBS snapshots move to the archive tier with the others, or stay out of it, against the spec.
/// As much is kept; it costs and restores differently.
ArchiveDiffers "archive-differs" { rule: String, expected: bool, observed: bool } => {
    mend(document): in_rule(document, rule, |one| one.lifecycle.opt_in_to_archive = Some(*expected)),
    severity: Medium,
    attribute: [rules (Rule rule) opt_in_to_archive],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} EBS snapshots; expected: {}.", rule, archived(at, *observed), archived(at, *expected)
    ),
    impact(at): another_price(at),
}

/// Continuous backup (point-in-time recovery) is off where it was designed, or on without need.
ContinuousBackupDiffers "continuous-backup-differs" { rule: String, expected: bool, observed: bool } => {
    mend(document): in_rule(document, rule, |one| one.continuous_backup = *expected),
    severity: [*expected => High "if it was designed", else Medium "if not"],
    attribute: [rules (Rule rule) continuous_backup],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): {
        let word = |on: &bool| Word(if *on { "on" } else { "off" });
        say!("Continuous backup of rule {} {} {}; expected {}.", rule, at.is(), word(observed), word(expected))
    },
    impact(at): if *expected {
        at.choose(
            "Restores to a point in time are no longer possible.",
            "Restores to a point in time were no longer possible.",
        )
    } else {
        more_is_backed_up(at)
    },
}

/// Recovery points get other tags.
/// Tags carry no protection by themselves.
RecoveryPointTagsDiffer "recovery-point-tags-differ" { rule: String, expected: Tags, observed: Tags } => {
    mend(document): in_rule(document, rule, |one| one.recovery_point_tags.clone_from(expected)),
    severity: Low,
    attribute: [rules (Rule rule) recovery_point_tags],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): {
        let more: Vec<&String> = observed.keys().filter(|key| !expected.contains_key(*key)).collect();
        let all_there = expected.iter().all(|(key, value)| observed.get(key) == Some(value));
        let told = if all_there {
            say!("{} in addition", list(more))
        } else {
            tags_apart(expected, observed)
        };
        say!("Rule {} {} recovery points differently: {}.", rule, at.verb("tags", "tagged"), told)
    },
    impact(at): at.choose(
        "Retention is as designed. Cost reports and rules that go by tags miss these recovery points.",
        "Retention was as designed. Cost reports and rules that go by tags missed these recovery points.",
    ),
}

/// The rule's malware scans differ.
/// What is not scanned may be restored with what infected it.
ScanActionsDiffer "scan-actions-differ" {
    rule: String, expected: BTreeSet<ScanAction>, observed: BTreeSet<ScanAction>
} => {
    mend(document): in_rule(document, rule, |one| one.scan_actions = Some(expected.clone())),
    severity: [Less::covered(expected, observed) => High "if a scan is missing", else Medium "if there are more"],
    attribute: [rules (Rule rule) scan_actions],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} recovery points by {}; expected {}.",
        rule, at.verb("scans", "scanned"), scans(observed), scans(expected)
    ),
    impact(at): scanned_otherwise(at, Less::covered(expected, observed)),
}

/// The rule's search indexes differ.
/// Recovery points without an index cannot be searched; they are kept and restored all the same.
IndexActionsDiffer "index-actions-differ" {
    rule: String, expected: BTreeSet<BTreeSet<String>>, observed: BTreeSet<BTreeSet<String>>
} => {
    mend(document): in_rule(document, rule, |one| one.index_actions = Some(expected.clone())),
    severity: Medium,
    attribute: [rules (Rule rule) index_actions],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "Rule {} {} recovery points of {}; expected {}.",
        rule, at.verb("indexes", "indexed"), list(observed.iter().flatten()), list(expected.iter().flatten())
    ),
    impact(at): at.choose(
        "Retention is as designed. Recovery points without an index cannot be searched.",
        "Retention was as designed. Recovery points without an index cannot be searched.",
    ),
}
}

fn air_gapped(vault: Option<&str>) -> Prose {
    vault.map_or_else(
        || Prose::own("no air-gapped vault"),
        |vault| say!("the logically air-gapped vault {}", vault),
    )
}

fn scans(scans: &BTreeSet<ScanAction>) -> Prose {
    list(scans.iter().map(|scan| say!("{} {}", scan.scanner, scan.mode)))
}

fn rule_in_words(rule: &Rule) -> Prose {
    say!(
        "{} into {}, {}",
        Schedule(&rule.schedule),
        rule.target_vault,
        kept(rule.lifecycle.delete_after_days)
    )
}

fn more_is_backed_up(at: &Scene<'_>) -> Prose {
    at.choose(
        "More is backed up, and paid for, than designed.",
        "More was backed up, and paid for, than designed.",
    )
}
