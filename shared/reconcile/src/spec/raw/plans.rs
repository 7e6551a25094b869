//! The shapes of a plan: its rules with their copies, its selections.

use std::collections::BTreeMap;

use super::PRIMARY;
use crate::desired::ConditionOperator;
use crate::spec::reader::{Fields, Located, Spot, StringMap};

#[derive(Debug, Clone)]
pub(in crate::spec) struct Plan {
    pub(in crate::spec) spot: Spot,
    pub(in crate::spec) name: Located<String>,
    pub(in crate::spec) region: Located<String>,
    pub(in crate::spec) advanced_settings: BTreeMap<String, StringMap>,
    pub(in crate::spec) scan_settings: Option<Vec<ScanSetting>>,
    pub(in crate::spec) tags: StringMap,
    pub(in crate::spec) rules: Vec<Rule>,
    pub(in crate::spec) selections: Vec<Selection>,
}

impl Plan {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let spot = fields.spot();
        let primary = || Located { value: PRIMARY.to_owned(), spot: spot.field("region") };
        Self {
            name: fields.required("name", Fields::string),
            region: fields.string("region").unwrap_or_else(primary),
            advanced_settings: fields.string_maps("advanced_settings"),
            scan_settings: fields.written_tables("scan_settings", ScanSetting::read),
            tags: fields.string_map("tags"),
            rules: fields.tables("rules", Rule::read),
            selections: fields.tables("selections", Selection::read),
            spot,
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct Rule {
    pub(in crate::spec) spot: Spot,
    pub(in crate::spec) name: Located<String>,
    pub(in crate::spec) vault: Located<String>,
    pub(in crate::spec) air_gapped_vault: Option<Located<String>>,
    pub(in crate::spec) schedule: Option<Located<String>>,
    pub(in crate::spec) timezone: Option<Located<String>>,
    pub(in crate::spec) start_window_minutes: Option<Located<i64>>,
    pub(in crate::spec) completion_window_minutes: Option<Located<i64>>,
    pub(in crate::spec) delete_after_days: Option<Located<i64>>,
    pub(in crate::spec) cold_storage_after_days: Option<Located<i64>>,
    pub(in crate::spec) opt_in_to_archive: Option<Located<bool>>,
    pub(in crate::spec) continuous_backup: Option<Located<bool>>,
    pub(in crate::spec) recovery_point_tags: StringMap,
    pub(in crate::spec) copies: Vec<CopyAction>,
    pub(in crate::spec) scan_actions: Option<Vec<ScanAction>>,
    pub(in crate::spec) index_actions: Option<Vec<IndexAction>>,
}

impl Rule {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            name: fields.required("name", Fields::string),
            vault: fields.required("vault", Fields::string),
            air_gapped_vault: fields.string("air_gapped_vault"),
            schedule: fields.string("schedule"),
            timezone: fields.string("timezone"),
            start_window_minutes: fields.integer("start_window_minutes"),
            completion_window_minutes: fields.integer("completion_window_minutes"),
            delete_after_days: fields.integer("delete_after_days"),
            cold_storage_after_days: fields.integer("cold_storage_after_days"),
            opt_in_to_archive: fields.boolean("opt_in_to_archive"),
            continuous_backup: fields.boolean("continuous_backup"),
            recovery_point_tags: fields.string_map("recovery_point_tags"),
            copies: fields.tables("copies", CopyAction::read),
            scan_actions: fields.written_tables("scan_actions", ScanAction::read),
            index_actions: fields.written_tables("index_actions", IndexAction::read),
        }
    }

    /// Whether continuous backup is asked for.
    pub(in crate::spec) fn continuous(&self) -> bool {
        self.continuous_backup.as_ref().is_some_and(|continuous| continuous.value)
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct CopyAction {
    pub(in crate::spec) spot: Spot,
    pub(in crate::spec) vault: Option<Located<String>>,
    pub(in crate::spec) region: Option<Located<String>>,
    pub(in crate::spec) vault_arn: Option<Located<String>>,
    pub(in crate::spec) delete_after_days: Option<Located<i64>>,
    pub(in crate::spec) cold_storage_after_days: Option<Located<i64>>,
    pub(in crate::spec) opt_in_to_archive: Option<Located<bool>>,
}

impl CopyAction {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            vault: fields.string("vault"),
            region: fields.string("region"),
            vault_arn: fields.string("vault_arn"),
            delete_after_days: fields.integer("delete_after_days"),
            cold_storage_after_days: fields.integer("cold_storage_after_days"),
            opt_in_to_archive: fields.boolean("opt_in_to_archive"),
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct ScanAction {
    pub(in crate::spec) scanner: Located<String>,
    pub(in crate::spec) mode: Option<Located<&'static str>>,
}

impl ScanAction {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        let modes = [("FULL_SCAN", "FULL_SCAN"), ("INCREMENTAL_SCAN", "INCREMENTAL_SCAN")];
        Self {
            scanner: fields.required("scanner", Fields::string),
            mode: fields.needed("mode", |fields, name| fields.choice(name, &modes)),
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct ScanSetting {
    pub(in crate::spec) spot: Spot,
    pub(in crate::spec) scanner: Located<String>,
    pub(in crate::spec) resource_types: Vec<Located<String>>,
    pub(in crate::spec) role: Located<String>,
}

impl ScanSetting {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            scanner: fields.required("scanner", Fields::string),
            resource_types: fields.strings("resource_types").unwrap_or_default(),
            role: fields.required("role", Fields::string),
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct IndexAction {
    pub(in crate::spec) spot: Spot,
    pub(in crate::spec) resource_types: Vec<Located<String>>,
}

impl IndexAction {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { spot: fields.spot(), resource_types: fields.strings("resource_types").unwrap_or_default() }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct Selection {
    pub(in crate::spec) spot: Spot,
    pub(in crate::spec) name: Located<String>,
    pub(in crate::spec) role: Option<Located<String>>,
    pub(in crate::spec) resources: Vec<Located<String>>,
    pub(in crate::spec) not_resources: Vec<Located<String>>,
    pub(in crate::spec) tags: Vec<Tag>,
    pub(in crate::spec) conditions: Vec<Condition>,
}

impl Selection {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            name: fields.required("name", Fields::string),
            role: fields.string("role"),
            resources: fields.strings("resources").unwrap_or_default(),
            not_resources: fields.strings("not_resources").unwrap_or_default(),
            tags: fields.tables("tags", Tag::read),
            conditions: fields.tables("conditions", Condition::read),
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct Tag {
    pub(in crate::spec) key: Located<String>,
    pub(in crate::spec) value: Located<String>,
}

impl Tag {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { key: fields.required("key", Fields::string), value: fields.required("value", Fields::string) }
    }
}

#[derive(Debug, Clone)]
pub(in crate::spec) struct Condition {
    pub(in crate::spec) operator: Option<Located<ConditionOperator>>,
    pub(in crate::spec) key: Located<String>,
    pub(in crate::spec) value: Located<String>,
}

impl Condition {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        let operators = [
            ("StringEquals", ConditionOperator::StringEquals),
            ("StringLike", ConditionOperator::StringLike),
            ("StringNotEquals", ConditionOperator::StringNotEquals),
            ("StringNotLike", ConditionOperator::StringNotLike),
        ];
        Self {
            operator: fields.needed("operator", |fields, name| fields.choice(name, &operators)),
            key: fields.required("key", Fields::string),
            value: fields.required("value", Fields::string),
        }
    }
}
