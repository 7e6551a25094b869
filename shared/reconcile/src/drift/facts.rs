//! What a report says of a drift: its code, severity, attribute, and both values.

use serde_json::{Value, json};

use super::values::{covered, desired_lock, document, kept, observed_lock, timestamp};
use super::{Drift, Severity};

/// A drift as data for reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Which attribute of the resource, such as `rules.daily_backup_rule.delete_after_days`; empty for the resource itself.
    pub attribute: String,
    /// What the spec asks for.
    pub expected: Value,
    /// What was observed.
    pub observed: Value,
}

impl Drift {
    /// Everything that a report says of the drift.
    pub fn facts(&self) -> Facts {
        use Drift as D;
        use Severity::{Critical, High, Low, Medium};
        let facts = |code, severity, attribute: &str, expected: Value, observed: Value| Facts {
            code,
            severity,
            attribute: attribute.to_owned(),
            expected,
            observed,
        };
        let rule_facts =
            |code, severity, rule: &str, attribute: &str, expected: Value, observed: Value| Facts {
                code,
                severity,
                attribute: if attribute.is_empty() {
                    format!("rules.{rule}")
                } else {
                    format!("rules.{rule}.{attribute}")
                },
                expected,
                observed,
            };
        match self {
            D::Unreadable { attribute, error } => {
                let severity = if *attribute == "tags" { Low } else { High };
                facts("unreadable", severity, attribute, Value::Null, json!({ "error": error }))
            }

            D::RoleMissing { arn } => facts("missing", Critical, "", json!(arn), Value::Null),
            D::RolePathDiffers { expected, observed } => {
                facts("path-differs", Critical, "path", json!(expected), json!(observed))
            }
            D::TrustDiffers { expected, observed } => {
                facts("trust-differs", Critical, "trust", document(expected), document(observed))
            }
            D::PolicyDetached { policy_arn } => facts(
                "policy-detached",
                Critical,
                &format!("managed_policies.{policy_arn}"),
                json!("attached"),
                json!("detached"),
            ),
            D::PolicyUnexpected { policy_arn } => facts(
                "policy-unexpected",
                High,
                &format!("managed_policies.{policy_arn}"),
                Value::Null,
                json!("attached"),
            ),
            D::InlinePolicyUnexpected { policy } => facts(
                "inline-policy-unexpected",
                High,
                &format!("inline_policies.{policy}"),
                Value::Null,
                json!(policy),
            ),
            D::BoundaryUnexpected { boundary_arn } => {
                facts("boundary-unexpected", High, "permissions_boundary", Value::Null, json!(boundary_arn))
            }
            D::RoleTagsDiffer { expected, observed }
            | D::KeyTagsDiffer { expected, observed, .. }
            | D::VaultTagsDiffer { expected, observed, .. }
            | D::PlanTagsDiffer { expected, observed, .. } => {
                facts("tags-differ", Low, "tags", json!(expected), json!(observed))
            }

            D::KeyMissing { pinned_by, key_arn } => facts(
                "missing",
                Critical,
                "",
                json!(key_arn),
                if pinned_by.is_empty() { Value::Null } else { json!({ "named_by": pinned_by }) },
            ),
            D::KeyPendingDeletion { key_arn, deletion_at } => facts(
                "pending-deletion",
                Critical,
                "state",
                json!("Enabled"),
                json!({ "state": "PendingDeletion", "key": key_arn, "deletion_at": deletion_at.map(timestamp) }),
            ),
            D::KeyDisabled { .. } => {
                facts("disabled", Critical, "state", json!("Enabled"), json!("Disabled"))
            }
            D::KeyUnusable { state, .. } => {
                facts("unusable", Critical, "state", json!("Enabled"), json!(state))
            }
            D::RotationOff { .. } => facts("rotation-off", Medium, "rotation", json!(true), json!(false)),
            D::RotationPeriodDiffers { expected, observed, .. } => facts(
                "rotation-period-differs",
                Medium,
                "rotation_period_days",
                json!(expected),
                json!(observed),
            ),
            D::KeySpecDiffers { expected, observed } => {
                facts("spec-differs", Critical, "key_spec", json!(expected), json!(observed))
            }
            D::KeyUsageDiffers { expected, observed } => {
                facts("usage-differs", Critical, "key_usage", json!(expected), json!(observed))
            }
            D::DescriptionDiffers { expected, observed, .. } => {
                facts("description-differs", Low, "description", json!(expected), json!(observed))
            }
            D::KeyPolicyDiffers { expected, observed, .. } => {
                facts("key-policy-differs", High, "policy", document(expected), document(observed))
            }

            D::AliasMissing { key_arn, candidates } => {
                let expected = key_arn.as_ref().map_or_else(|| json!(candidates), |arn| json!(arn));
                facts("missing", Medium, "", expected, Value::Null)
            }
            D::AliasTargetDiffers { expected, observed, candidates } => {
                let expected = expected.as_ref().map_or_else(|| json!(candidates), |arn| json!(arn));
                facts("target-differs", Medium, "target", expected, json!(observed))
            }

            D::VaultMissing { key_arn } => {
                facts("missing", Critical, "", json!({ "encryption_key": key_arn }), Value::Null)
            }
            D::VaultKeyDiffers { expected, candidates, observed } => {
                let expected = expected.as_ref().map_or_else(|| json!(candidates), |arn| json!(arn));
                facts("key-differs", Critical, "encryption_key", expected, json!(observed))
            }
            D::VaultTypeDiffers { expected, observed } => {
                facts("type-differs", High, "vault_type", json!(expected), json!(observed))
            }
            D::VaultPolicyMissing { expected } => {
                facts("missing", Critical, "", document(expected), Value::Null)
            }
            D::VaultPolicyWeakened { no_longer_denied, expected, observed } => facts(
                "weakened",
                Critical,
                "",
                document(expected),
                json!({ "no_longer_denied": no_longer_denied, "policy": document(observed) }),
            ),
            D::VaultPolicyDiffers { expected, observed } => {
                facts("differs", Medium, "", document(expected), document(observed))
            }
            D::VaultPolicyLabelsDiffer { expected, observed } => {
                facts("differs", Low, "labels", document(expected), document(observed))
            }
            D::LockMissing { expected } => {
                facts("missing", Critical, "", desired_lock(expected), Value::Null)
            }
            D::LockModeDiffers { expected, observed, observed_mode } => facts(
                "mode-differs",
                Critical,
                "mode",
                desired_lock(expected),
                observed_lock(observed, observed_mode),
            ),
            D::LockRetentionDiffers { expected, observed, observed_mode } => facts(
                "retention-differs",
                High,
                "retention",
                desired_lock(expected),
                observed_lock(observed, observed_mode),
            ),
            D::LockDateTooFar { expected, observed, observed_mode } => facts(
                "date-too-far",
                High,
                "lock_date",
                desired_lock(expected),
                observed_lock(observed, observed_mode),
            ),

            D::PlanMissing => facts("missing", Critical, "", json!("one plan"), Value::Null),
            D::PlanAmbiguous { plan_ids } => facts("ambiguous", High, "", json!("one plan"), json!(plan_ids)),
            D::RuleMissing { rule, expected } => {
                rule_facts("rule-missing", Critical, rule, "", json!(expected), Value::Null)
            }
            D::RuleUnexpected { rule, observed } => {
                rule_facts("rule-unexpected", Medium, rule, "", Value::Null, json!(observed))
            }
            D::ScheduleDiffers { rule, expected, observed } => {
                rule_facts("schedule-differs", High, rule, "schedule", json!(expected), json!(observed))
            }
            D::TimezoneDiffers { rule, expected, observed } => {
                rule_facts("timezone-differs", Medium, rule, "timezone", json!(expected), json!(observed))
            }
            D::TargetVaultDiffers { rule, expected, observed } => {
                rule_facts("target-vault-differs", High, rule, "vault", json!(expected), json!(observed))
            }
            D::StartWindowDiffers { rule, expected, observed } => rule_facts(
                "start-window-differs",
                Medium,
                rule,
                "start_window_minutes",
                json!(expected),
                json!(observed),
            ),
            D::CompletionWindowDiffers { rule, expected, observed } => rule_facts(
                "completion-window-differs",
                Medium,
                rule,
                "completion_window_minutes",
                json!(expected),
                json!(observed),
            ),
            D::RetentionDiffers { rule, expected, observed } => rule_facts(
                "retention-differs",
                kept(*expected, *observed),
                rule,
                "delete_after_days",
                json!(expected),
                json!(observed),
            ),
            D::ColdStorageDiffers { rule, expected, observed } => rule_facts(
                "cold-storage-differs",
                Medium,
                rule,
                "cold_storage_after_days",
                json!(expected),
                json!(observed),
            ),
            D::ContinuousBackupDiffers { rule, expected, observed } => {
                let severity = if *expected { High } else { Medium };
                rule_facts(
                    "continuous-backup-differs",
                    severity,
                    rule,
                    "continuous_backup",
                    json!(expected),
                    json!(observed),
                )
            }
            D::RecoveryPointTagsDiffer { rule, expected, observed } => rule_facts(
                "recovery-point-tags-differ",
                Low,
                rule,
                "recovery_point_tags",
                json!(expected),
                json!(observed),
            ),
            D::CopyMissing { rule, destination, expected } => rule_facts(
                "copy-missing",
                High,
                rule,
                &format!("copies.{destination}"),
                json!(expected),
                Value::Null,
            ),
            D::CopyUnexpected { rule, destination, observed } => rule_facts(
                "copy-unexpected",
                High,
                rule,
                &format!("copies.{destination}"),
                Value::Null,
                json!(observed),
            ),
            D::CopyRetentionDiffers { rule, destination, expected, observed } => rule_facts(
                "copy-retention-differs",
                kept(*expected, *observed),
                rule,
                &format!("copies.{destination}.delete_after_days"),
                json!(expected),
                json!(observed),
            ),
            D::CopyColdStorageDiffers { rule, destination, expected, observed } => rule_facts(
                "copy-cold-storage-differs",
                Medium,
                rule,
                &format!("copies.{destination}.cold_storage_after_days"),
                json!(expected),
                json!(observed),
            ),
            D::AdvancedSettingsDiffer { expected, observed } => facts(
                "advanced-settings-differ",
                Medium,
                "advanced_settings",
                json!(expected),
                json!(observed),
            ),

            D::SelectionMissing => facts("missing", Critical, "", json!("one selection"), Value::Null),
            D::SelectionAmbiguous { right, wrong } => facts(
                "ambiguous",
                Medium,
                "",
                json!("one selection"),
                json!({ "right": right, "others": wrong }),
            ),
            D::ResourcesDiffer { expected, observed, .. } => facts(
                "resources-differ",
                covered(expected, observed),
                "resources",
                json!(expected),
                json!(observed),
            ),
            D::NotResourcesDiffer { expected, observed, .. } => {
                let severity = if observed.is_subset(expected) { Medium } else { High };
                facts("not-resources-differ", severity, "not_resources", json!(expected), json!(observed))
            }
            D::SelectionTagsDiffer { expected, observed, .. } => {
                facts("tags-differ", High, "tags", json!(expected), json!(observed))
            }
            D::ConditionsDiffer { expected, observed, .. } => {
                facts("conditions-differ", High, "conditions", json!(expected), json!(observed))
            }
            D::SelectionRoleDiffers { expected, observed, .. } => {
                facts("role-differs", High, "role", json!(expected), json!(observed))
            }
            D::SelectionUnmanaged { plan_id: _, selection_id, name } => {
                facts("unmanaged", Medium, "", Value::Null, json!({ "id": selection_id, "name": name }))
            }
        }
    }
}
