//! What was wrong: the difference in a sentence, with what was expected and what was found.

use reconcile::desired::{DesiredLock, LockMode, SelectionCondition, TagCondition};
use reconcile::drift::{Drift, moment};
use reconcile::report::Reported;
use reconcile::state::Lock;

use super::values::{clip, cold, copied, count, difference, kept, list, policy, quote, tags};
use super::{Tense, plain};

/// One or two sentences. What was repaired is told in the past.
pub fn wrong(one: &Reported) -> String {
    plain(&sentence(one))
}

fn sentence(one: &Reported) -> String {
    let tense = Tense::of(one);
    let (is, has) = (tense.verb("is", "was"), tense.verb("has", "had"));
    use Drift as D;
    match &one.finding.drift {
        D::Unreadable { attribute, error } => {
            let own = *attribute == one.finding.resource.kind.as_str();
            let what = if own { "It".to_owned() } else { format!("Its {attribute}") };
            format!("{what} could not be read. AWS's words: {}.", clip(error.trim_end_matches('.'), 400))
        }

        D::RoleMissing { arn } => format!("The role {arn} {is} missing."),
        D::RolePathDiffers { expected, observed } => {
            format!("The role {is} at another path: expected {expected}, found {observed}.")
        }
        D::TrustDiffers { expected, observed } => {
            format!("Another trust policy: expected [{}], found [{}].", policy(expected), policy(observed))
        }
        D::PolicyDetached { policy_arn } => format!("The managed policy {policy_arn} {is} detached."),
        D::PolicyUnexpected { policy_arn } => {
            format!("The managed policy {policy_arn} {is} attached; it is not in the spec.")
        }
        D::InlinePolicyUnexpected { policy } => {
            format!("The role {has} an inline policy {}; the spec has none.", quote(policy))
        }
        D::BoundaryUnexpected { boundary_arn } => {
            format!("The role {has} the permissions boundary {boundary_arn}; the spec has none.")
        }
        D::RoleTagsDiffer { expected, observed }
        | D::KeyTagsDiffer { expected, observed, .. }
        | D::VaultTagsDiffer { expected, observed, .. }
        | D::PlanTagsDiffer { expected, observed, .. } => {
            format!("Tags differ: {}.", tags(expected, observed))
        }

        D::KeyMissing { pinned_by, key_arn } => match (key_arn, pinned_by.as_slice()) {
            (Some(arn), []) => format!("The key {arn} {is} gone."),
            (Some(arn), vaults) => format!("The key {arn} {is} gone; on it: {}.", list(vaults)),
            (None, []) => format!("There {is} no key behind the alias."),
            (None, vaults) => {
                format!("There {is} no key behind the alias, and these vaults need one: {}.", list(vaults))
            }
        },
        D::KeyPendingDeletion { key_arn, deletion_at } => {
            let when = deletion_at.map(|at| format!(" at {}", moment(at))).unwrap_or_default();
            format!("The key {key_arn} {is} scheduled to be deleted{when}.")
        }
        D::KeyDisabled { key_arn } => format!("The key {key_arn} {is} disabled."),
        D::KeyUnusable { key_arn, state } => {
            format!("The key {key_arn} {is} in the state {state}; expected Enabled.")
        }
        D::RotationOff { .. } => format!("Automatic rotation {is} off; expected on."),
        D::RotationPeriodDiffers { expected, observed, .. } => {
            let observed = observed.map_or_else(|| "an unknown time".to_owned(), |days| count(days, "day"));
            format!(
                "The key {} after {observed}; expected {}.",
                tense.verb("rotates", "rotated"),
                count(expected, "day")
            )
        }
        D::KeySpecDiffers { expected, observed } => {
            format!("The key behind the alias {is} of the kind {observed}; expected {expected}.")
        }
        D::KeyUsageDiffers { expected, observed } => {
            format!("The key behind the alias {is} for {observed}; expected {expected}.")
        }
        D::DescriptionDiffers { expected, observed, .. } => {
            format!("The description {is} {}; expected {}.", quote(observed), quote(expected))
        }
        D::KeyPolicyDiffers { expected, observed, .. } => {
            format!("Another key policy: expected [{}], found [{}].", policy(expected), policy(observed))
        }

        D::AliasMissing { key_arn, candidates } => match key_arn {
            Some(arn) => format!("The alias {is} missing; expected on {arn}."),
            None if candidates.is_empty() => format!("The alias {is} missing, and its key is not known."),
            None => format!("The alias {is} missing; it may belong to {}.", list(candidates)),
        },
        D::AliasTargetDiffers { expected, observed, candidates } => match expected {
            Some(expected) => {
                format!("The alias {} to {observed}; expected {expected}.", tense.verb("points", "pointed"))
            }
            None => format!("The alias points to {observed}; the vaults are on {}.", list(candidates)),
        },

        D::VaultMissing { .. } => format!("The vault {is} missing."),
        D::VaultKeyDiffers { expected, candidates, observed } => match (expected, candidates.as_slice()) {
            (Some(expected), _) => format!("The vault {is} encrypted with {observed}; expected {expected}."),
            (None, []) => format!("The vault {is} encrypted with {observed}, which is not the spec's."),
            (None, several) => {
                let others = several.iter().filter(|key| *key != observed);
                format!(
                    "The vault {is} encrypted with {observed}, others of the spec's key with {}.",
                    list(others)
                )
            }
        },
        D::VaultTypeDiffers { expected, observed } => {
            format!("The vault {is} of the type {observed}; expected {expected}.")
        }
        D::VaultPolicyMissing { expected } => {
            format!("The vault {has} no access policy; expected [{}].", policy(expected))
        }
        D::VaultPolicyWeakened { no_longer_denied, expected, observed } => {
            if no_longer_denied.is_empty() {
                return format!(
                    "The access policy holds something that cannot be read: [{}]; expected [{}].",
                    quote(observed),
                    policy(expected)
                );
            }
            format!(
                "The access policy no longer {} {}; found [{}].",
                tense.verb("denies everyone", "denied everyone"),
                list(no_longer_denied),
                policy(observed)
            )
        }
        D::VaultPolicyDiffers { expected, observed } => format!(
            "The access policy still {} what it has to, and {} more: expected [{}], found [{}].",
            tense.verb("denies", "denied"),
            tense.verb("says", "said"),
            policy(expected),
            policy(observed)
        ),
        D::VaultPolicyLabelsDiffer { .. } => {
            "Only the access policy's Id or a Sid differs, which are labels.".to_owned()
        }
        D::LockMissing { expected } => {
            format!("The vault {has} no lock; expected {}.", desired_lock(expected))
        }
        D::LockModeDiffers { expected, observed, observed_mode }
        | D::LockRetentionDiffers { expected, observed, observed_mode }
        | D::LockDateTooFar { expected, observed, observed_mode } => format!(
            "The vault {has} {}; expected {}.",
            observed_lock(observed, observed_mode),
            desired_lock(expected)
        ),

        D::PlanMissing => format!("The plan {is} missing."),
        D::PlanAmbiguous { plan_ids } => {
            format!(
                "{} {} this name: {}.",
                count(plan_ids.len(), "plan"),
                tense.verb("have", "had"),
                list(plan_ids)
            )
        }
        D::RuleMissing { rule, expected } => format!(
            "The rule {rule} {is} missing; expected at {} into {}, {}.",
            expected.schedule,
            expected.target_vault,
            kept(expected.lifecycle.delete_after_days)
        ),
        D::RuleUnexpected { rule, observed } => format!(
            "The plan {has} a rule {rule} that is not in the spec: {} into {}, {}.",
            observed.schedule,
            observed.target_vault,
            kept(observed.lifecycle.delete_after_days)
        ),
        D::ScheduleDiffers { rule, expected, observed } => {
            format!("Rule {rule} {} at {observed}; expected {expected}.", tense.verb("runs", "ran"))
        }
        D::TimezoneDiffers { rule, expected, observed } => {
            format!(
                "Rule {rule} {} by the time of {observed}; expected {expected}.",
                tense.verb("runs", "ran")
            )
        }
        D::TargetVaultDiffers { rule, expected, observed } => {
            format!("Rule {rule} {} up into {observed}; expected {expected}.", tense.verb("backs", "backed"))
        }
        D::StartWindowDiffers { rule, expected, observed } => format!(
            "Rule {rule} {} jobs start within {}; expected {}.",
            tense.verb("lets", "let"),
            count(observed, "minute"),
            count(expected, "minute")
        ),
        D::CompletionWindowDiffers { rule, expected, observed } => format!(
            "Rule {rule} {} jobs end within {}; expected {}.",
            tense.verb("lets", "let"),
            count(observed, "minute"),
            count(expected, "minute")
        ),
        D::RetentionDiffers { rule, expected, observed } => {
            format!(
                "Rule {rule} {} recovery points {}; expected {}.",
                tense.verb("keeps", "kept"),
                kept(*observed),
                kept(*expected)
            )
        }
        D::ColdStorageDiffers { rule, expected, observed } => format!(
            "Rule {rule} {} recovery points to cold storage {}; expected {}.",
            tense.verb("moves", "moved"),
            cold(*observed),
            cold(*expected)
        ),
        D::ContinuousBackupDiffers { rule, expected, .. } => {
            let (found, wanted) = if *expected { ("off", "on") } else { ("on", "off") };
            format!("Continuous backup of rule {rule} {is} {found}; expected {wanted}.")
        }
        D::RecoveryPointTagsDiffer { rule, expected, observed } => {
            let differ = tags(expected, observed);
            let more = observed.keys().filter(|key| !expected.contains_key(*key));
            let told = if differ == "nothing" { format!("{} besides", list(more)) } else { differ };
            format!("Rule {rule} {} recovery points otherwise: {told}.", tense.verb("tags", "tagged"))
        }
        D::CopyMissing { rule, destination, expected } => {
            format!(
                "Rule {rule} {} no copy to {destination}; expected one, {}.",
                tense.verb("makes", "made"),
                copied(expected)
            )
        }
        D::CopyUnexpected { rule, destination, observed } => {
            format!(
                "Rule {rule} {} to {destination}, {}; the spec has no such copy.",
                tense.verb("copies", "copied"),
                copied(observed)
            )
        }
        D::CopyRetentionDiffers { rule, destination, expected, observed } => format!(
            "Copies of rule {rule} in {destination} {} kept {}; expected {}.",
            tense.verb("are", "were"),
            kept(*observed),
            kept(*expected)
        ),
        D::CopyColdStorageDiffers { rule, destination, expected, observed } => format!(
            "Copies of rule {rule} in {destination} {} to cold storage {}; expected {}.",
            tense.verb("move", "moved"),
            cold(*observed),
            cold(*expected)
        ),
        D::AdvancedSettingsDiffer { expected, observed } => {
            let flat =
                |all: &std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>| {
                    list(all.iter().flat_map(|(kind, options)| {
                        options.iter().map(move |(option, value)| format!("{kind} {option}={value}"))
                    }))
                };
            format!("Advanced settings: {}; expected {}.", flat(observed), flat(expected))
        }

        D::SelectionMissing => format!("The selection {is} missing."),
        D::SelectionAmbiguous { right, wrong } => {
            let all = wrong.len() + usize::from(right.is_some());
            format!("{} {} this name.", count(all, "selection"), tense.verb("have", "had"))
        }
        D::ResourcesDiffer { expected, observed, .. } => {
            format!("The selection {} {}.", tense.verb("selects", "selected"), difference(expected, observed))
        }
        D::NotResourcesDiffer { expected, observed, .. } => {
            format!("The selection {} out {}.", tense.verb("leaves", "left"), difference(expected, observed))
        }
        D::SelectionTagsDiffer { expected, observed, .. } => {
            let text = |tag: &TagCondition| format!("{}={}", tag.key, tag.value);
            let [expected, observed] = [expected, observed].map(|all| all.iter().map(text).collect());
            format!(
                "The selection {} by tags: {}.",
                tense.verb("selects", "selected"),
                difference(&expected, &observed)
            )
        }
        D::ConditionsDiffer { expected, observed, .. } => {
            let text = |one: &SelectionCondition| format!("{} {:?} {}", one.key, one.operator, one.value);
            let [expected, observed] = [expected, observed].map(|all| all.iter().map(text).collect());
            format!("The selection's conditions: {}.", difference(&expected, &observed))
        }
        D::SelectionRoleDiffers { expected, observed, .. } => {
            format!("The selection {} the role {observed}; expected {expected}.", tense.verb("uses", "used"))
        }
        D::SelectionUnmanaged { name, .. } => {
            format!("The plan {has} a selection {} that is not in the spec.", quote(name))
        }
    }
}

fn desired_lock(lock: &DesiredLock) -> String {
    let mode = match lock.mode {
        LockMode::Governance => "a governance lock".to_owned(),
        LockMode::Compliance { changeable_for_days } => {
            format!("a compliance lock with {} of grace", count(changeable_for_days, "day"))
        }
    };
    format!("{mode} {}", retention(lock.min_retention_days, lock.max_retention_days))
}

fn observed_lock(lock: &Lock, mode: &str) -> String {
    let until = match (mode, lock.lock_date) {
        ("compliance", Some(date)) => format!(" in its grace time until {}", moment(date)),
        (_, Some(date)) => format!(" (since {})", moment(date)),
        (_, None) => String::new(),
    };
    let mode = match mode {
        "compliance (immutable)" => "an immutable compliance lock".to_owned(),
        other => format!("a {other} lock"),
    };
    format!("{mode}{until} {}", retention(lock.min_retention_days, lock.max_retention_days))
}

fn retention(min: Option<i64>, max: Option<i64>) -> String {
    match (min, max) {
        (None, None) => "and no limits of retention".to_owned(),
        (Some(min), None) => format!("for retentions of {} or more", count(min, "day")),
        (None, Some(max)) => format!("for retentions of {} or less", count(max, "day")),
        (Some(min), Some(max)) => format!("for retentions of {min} to {}", count(max, "day")),
    }
}
