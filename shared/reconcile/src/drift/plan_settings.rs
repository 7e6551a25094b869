//! All that is said about the settings of a plan that stand beside its rules.

use std::collections::BTreeSet;

use serde_json::json;

use super::Less;
use super::registry::{document_drifts, drifts};
use crate::desired::{AdvancedSettings, PlanDocument, ScanSetting, as_list, by_type};
use crate::say;
use crate::words::{Prose, Scene, list};

document_drifts! {
/// A way in which the settings of a plan differ.
SettingsDrift of Plan:

/// The plan's scan settings differ.
/// They say what may be scanned for malware, and with which role. Without them no scan of the plan runs.
ScanSettingsDiffer "scan-settings-differ" { expected: BTreeSet<ScanSetting>, observed: BTreeSet<ScanSetting> } => {
    mend(document): document.scan_settings = Some(expected.clone()),
    severity: [Less::covered(expected, observed) => High "if one is missing", else Medium "if there are more"],
    attribute: [scan_settings],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "The plan {} recovery points scanned with these settings: {}; expected: {}.",
        at.verb("lets", "let"), scan_settings(observed), scan_settings(expected)
    ),
    impact(at): scanned_otherwise(at, Less::covered(expected, observed)),
}

/// The plan has several lists of options for this resource type.
/// Which of them counts is for AWS to say; the next update of the plan writes one.
AdvancedSettingRepeated "advanced-setting-repeated" { resource_type: String, times: usize } => {
    mend(document): {
        let all = by_type(&document.advanced_settings);
        let (mut told, this) = (false, resource_type);
        document.advanced_settings.retain(|one| one.resource_type != *this || !std::mem::replace(&mut told, true));
        if let Some(one) = document.advanced_settings.iter_mut().find(|one| one.resource_type == *this) {
            one.options = all.get(this).cloned().unwrap_or_default();
        }
    },
    severity: Medium,
    attribute: [advanced_settings (Other resource_type)],
    values: json!(1) => json!(times),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "The advanced settings of {} {} there {} times.", resource_type, at.verb("stand", "stood"), *times
    ),
    impact(at): at.choose(
        "Backups may be made in another way than designed.", "Backups may have been made in another way than designed."
    ),
}

/// The plan's advanced settings differ.
/// Without Windows VSS, backups of Windows instances are crash-consistent instead of application-consistent.
AdvancedSettingsDiffer "advanced-settings-differ" {
    expected: AdvancedSettings, observed: AdvancedSettings
} => {
    mend(document): {
        let observed = by_type(&document.advanced_settings);
        let is_right = |kind: &String| expected.get(kind).is_some() && expected.get(kind) == observed.get(kind);
        document.advanced_settings.retain(|one| is_right(&one.resource_type));
        document.advanced_settings.extend(as_list(expected).into_iter().filter(|one| !is_right(&one.resource_type)));
    },
    severity: Medium,
    attribute: [advanced_settings],
    values: json!(expected) => json!(observed),
    causes: ["UpdateBackupPlan", "CreateBackupPlan"],
    answer: UpdateBackupPlan,
    summary(at): say!(
        "The advanced settings {} {}; expected {}.", at.verb("are", "were"), settings(observed), settings(expected)
    ),
    impact(at): at.choose(
        "Backups may be made in another way than designed; without Windows VSS they are only crash-consistent.",
        "Backups may have been made in another way than designed; without Windows VSS they are only crash-consistent.",
    ),
}
}

fn scan_settings(settings: &BTreeSet<ScanSetting>) -> Prose {
    list(
        settings
            .iter()
            .map(|one| say!("{} for {} with {}", one.scanner, list(&one.resource_types), one.role_arn)),
    )
}

fn settings(settings: &AdvancedSettings) -> Prose {
    list(settings.iter().flat_map(|(kind, options)| {
        options.iter().map(move |(option, value)| say!("{} {}={}", kind, option, value))
    }))
}

pub(super) fn scanned_otherwise(at: &Scene<'_>, less: bool) -> Prose {
    if less {
        at.choose(
            "Backups are not scanned as designed; one that holds malware may go unnoticed.",
            "Backups were not scanned as designed; one that holds malware may have gone unnoticed.",
        )
    } else {
        at.choose(
            "More is scanned, and paid for, than designed.",
            "More was scanned, and paid for, than designed.",
        )
    }
}
