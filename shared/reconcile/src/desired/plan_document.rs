//! The document of a plan, in the form in which both sides are compared.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Tags;

/// The schedule that AWS Backup fills in for a rule without one ("CreateBackupPlan", ScheduleExpression).
pub const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";
/// The time zone that AWS Backup fills in for a rule without one.
pub const DEFAULT_TIMEZONE: &str = "Etc/UTC";
/// The start window, in minutes, that AWS Backup fills in.
pub const DEFAULT_START_WINDOW: i64 = 480;
/// The completion window, in minutes, that AWS Backup fills in.
pub const DEFAULT_COMPLETION_WINDOW: i64 = 10_080;

/// By resource type: options and values, such as `EC2` → `WindowsVSS` = `enabled`.
pub type AdvancedSettings = BTreeMap<String, BTreeMap<String, String>>;

/// A plan's document, defaults filled in. Where a member may be `None` in a spec, the spec does not speak of it, and what is there stays;
/// in an account it is always known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlanDocument {
    /// The plan's name.
    pub name: String,
    /// The rules. Nobody documents that AWS refuses a name that comes twice.
    pub rules: Vec<Rule>,
    /// Options of resource types. Nobody documents that AWS refuses a type that comes twice.
    pub advanced_settings: Vec<AdvancedSetting>,
    /// How recovery points are scanned for malware.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_settings: Option<BTreeSet<ScanSetting>>,
}

/// Options of a resource type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct AdvancedSetting {
    /// Such as `EC2`.
    pub resource_type: String,
    /// Such as `WindowsVSS` = `enabled`.
    pub options: BTreeMap<String, String>,
}

/// A rule of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Rule {
    /// The rule's name.
    pub name: String,
    /// The schedule, an AWS cron expression.
    pub schedule: String,
    /// The schedule's IANA time zone.
    pub timezone: String,
    /// Name of the vault, in the plan's region, that receives the recovery points.
    pub target_vault: String,
    /// ARN of the logically air-gapped vault that receives them instead, or that they move on to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub air_gapped_vault: Option<String>,
    /// Minutes within which a job must start.
    pub start_window_minutes: i64,
    /// Minutes within which a job must end.
    pub completion_window_minutes: i64,
    /// What becomes of the recovery points.
    pub lifecycle: Lifecycle,
    /// Whether continuous backup (point-in-time recovery) is on.
    pub continuous_backup: bool,
    /// Tags for the recovery points.
    pub recovery_point_tags: Tags,
    /// The copies.
    pub copies: Vec<Copy>,
    /// The malware scans of the recovery points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_actions: Option<BTreeSet<ScanAction>>,
    /// The resource types whose recovery points are indexed for search, for each index action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_actions: Option<BTreeSet<BTreeSet<String>>>,
}

/// What becomes of the recovery points of a rule; no number of days is "never".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Lifecycle {
    /// Days until deletion.
    pub delete_after_days: Option<i64>,
    /// Days until the move to cold storage.
    pub cold_storage_after_days: Option<i64>,
    /// Whether EBS snapshots move to the archive tier with the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_in_to_archive: Option<bool>,
}

/// A copy that a rule makes of its recovery points.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Copy {
    /// ARN of the vault that receives it.
    pub destination: String,
    /// What becomes of it.
    #[serde(flatten)]
    pub lifecycle: CopyLifecycle,
}

/// What becomes of a copy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct CopyLifecycle {
    /// How long it is kept.
    #[serde(rename = "delete_after_days")]
    pub kept: CopyRetention,
    /// Days until the move to cold storage; none is "never".
    pub cold_storage_after_days: Option<i64>,
    /// Whether EBS snapshots move to the archive tier with the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_in_to_archive: Option<bool>,
}

/// How long a copy is kept. Without a time of its own it goes when its source goes ("Copying a backup").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum CopyRetention {
    /// As long as its source.
    #[default]
    AsItsSource,
    /// This many days.
    Days(i64),
}

/// A malware scan of recovery points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ScanAction {
    /// Who scans: `GUARDDUTY`.
    pub scanner: String,
    /// `FULL_SCAN` or `INCREMENTAL_SCAN`.
    pub mode: String,
}

/// What may be scanned, and with which role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ScanSetting {
    /// Who scans: `GUARDDUTY`.
    pub scanner: String,
    /// Such as `EBS`.
    pub resource_types: BTreeSet<String>,
    /// ARN of the role that the scanner assumes.
    pub role_arn: String,
}

impl PlanDocument {
    /// As AWS Backup gives it back: what was left open is nothing.
    pub fn as_stored(&self) -> Self {
        let mut stored = self.clone();
        stored.scan_settings.get_or_insert_default();
        for rule in &mut stored.rules {
            rule.scan_actions.get_or_insert_default();
            rule.index_actions.get_or_insert_default();
            rule.lifecycle.opt_in_to_archive.get_or_insert_default();
            for copy in &mut rule.copies {
                copy.lifecycle.opt_in_to_archive.get_or_insert_default();
            }
        }
        stored
    }
}

impl CopyRetention {
    /// The days after which a copy goes, given its rule's; none is "never".
    pub fn days(self, of_its_rule: Option<i64>) -> Option<i64> {
        match self {
            CopyRetention::AsItsSource => of_its_rule,
            CopyRetention::Days(days) => Some(days),
        }
    }
}

/// The options by resource type; of one that comes twice, those of both.
pub fn by_type(settings: &[AdvancedSetting]) -> AdvancedSettings {
    let mut all = AdvancedSettings::new();
    for AdvancedSetting { resource_type, options } in settings {
        all.entry(resource_type.clone()).or_default().extend(options.clone());
    }
    all
}

/// The same as AWS Backup writes it.
pub fn as_list(settings: &AdvancedSettings) -> Vec<AdvancedSetting> {
    let each = settings.iter().map(|(resource_type, options)| AdvancedSetting {
        resource_type: resource_type.clone(),
        options: options.clone(),
    });
    each.collect()
}

/// Without the options that have the value which they have anyway ("AdvancedBackupSetting").
pub fn without_defaults(settings: &AdvancedSettings) -> AdvancedSettings {
    const DEFAULTS: [(&str, &str); 5] = [
        ("WindowsVSS", "disabled"),
        ("BackupACLs", "enabled"),
        ("BackupObjectTags", "enabled"),
        ("S3BackupACLs", "enabled"),
        ("S3BackupObjectTags", "enabled"),
    ];
    let is_default = |option: &String, value: &String| DEFAULTS.contains(&(option.as_str(), value.as_str()));
    let told = settings.iter().map(|(kind, options)| {
        let told = options.iter().filter(|(option, value)| !is_default(option, value));
        (
            kind.clone(),
            told.map(|(option, value)| (option.clone(), value.clone())).collect::<BTreeMap<_, _>>(),
        )
    });
    told.filter(|(_, options)| !options.is_empty()).collect()
}
