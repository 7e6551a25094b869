//! All that is said about what AWS Backup does in a region at all.

use serde_json::json;

use super::registry::drifts;
use crate::say;
use crate::words::{Prose, Scene, list};

drifts! {
/// A way in which the settings of a region differ.
RegionSettingsDrift of RegionSettings:

/// AWS Backup is switched off for a type of resources.
/// A selection by tag, by a whole service or of everything then finds nothing of that type, and no job says so.
/// It is switched on again only if the spec asks for it, because backups cost money; nothing is ever switched off.
OptInOff "opt-in-off" { resource_type: String, covered_by: Vec<String>, is_asked_for: bool } => {
    severity: [!covered_by.is_empty() => Critical "if a selection of the spec needs it", else Medium "otherwise"],
    attribute: [opt_in (Other resource_type)],
    values: json!(true) => json!(false),
    causes: ["UpdateRegionSettings"],
    answer: UpdateRegionSettings "if the spec asks for it; otherwise blocked: `needs-review`",
    summary(at): say!("AWS Backup {} switched off for {}{}.", at.is(), resource_type, although(at, covered_by)),
    impact(at): if covered_by.is_empty() {
        at.choose(
            "Resources of this type would not be backed up by tag or by service.",
            "Resources of this type would not have been backed up by tag or by service.",
        )
    } else {
        at.choose(
            "No resource of this type is backed up by them, and no job says so.",
            "No resource of this type was backed up by them, and no job said so.",
        )
    },
    aftermath(at): Some(super::look::missed()),
    next_step(at): ask_for("opt_in"),
}

/// The backups of a type of resources are left to the service itself.
/// For DynamoDB that means: no copies to other regions or accounts, no encryption with the vault's key, and whoever may delete a backup in
/// DynamoDB can delete it.
ManagementOff "management-off" { resource_type: String, covered_by: Vec<String>, is_asked_for: bool } => {
    severity: [!covered_by.is_empty() => Critical "if a selection of the spec needs it", else Medium "otherwise"],
    attribute: [management (Other resource_type)],
    values: json!(true) => json!(false),
    causes: ["UpdateRegionSettings"],
    answer: UpdateRegionSettings "if the spec asks for it; otherwise blocked: `needs-review`",
    summary(at): say!(
        "AWS Backup {} the backups of {} to the service itself{}.",
        at.verb("leaves", "left"), resource_type, although(at, covered_by)
    ),
    impact(at): at.choose(
        "New backups of this type are not copied elsewhere and not encrypted with the vault's key, and the service itself can delete them.",
        "New backups of this type were not copied elsewhere and not encrypted with the vault's key, and the service itself can delete them.",
    ),
    aftermath(at): Some(Prose::own("Backups that were made in the meantime stay as they are.").into()),
    next_step(at): ask_for("management"),
}
}

fn although(at: &Scene<'_>, covered_by: &[String]) -> Prose {
    if covered_by.is_empty() {
        Prose::default()
    } else {
        let now = if covered_by.len() == 1 { "selects" } else { "select" };
        say!(", although {} {} it", list(covered_by), at.verb(now, "selected"))
    }
}

fn ask_for(key: &'static str) -> Prose {
    say!(
        "The spec does not ask for it, so it is not switched on. Name the type in {} of [region_settings], or leave it out of the selection.",
        crate::words::Word(key)
    )
}
