//! The shapes of the spec as it is written: names unresolved, templates in place, every value with its line.

mod plans;

use time::Date;

use super::reader::{Choice, Fields, Located, Spot, StringMap};
use crate::state::AWS_KMS;
pub(super) use plans::{Condition, CopyAction, Plan, Rule, ScanAction, ScanSetting, Selection, Tag};

/// The region that a plan is in when it names none.
pub const PRIMARY: &str = "primary";
/// The other region that can be overridden.
pub(super) const DR: &str = "dr";

#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) spot: Spot,
    pub(super) name: Located<String>,
    pub(super) regions: StringMap,
    pub(super) tags: StringMap,
    pub(super) role: Role,
    pub(super) more_roles: Vec<Role>,
    pub(super) keys: Vec<Key>,
    pub(super) vaults: Vec<Vault>,
    pub(super) vault_policies: StringMap,
    pub(super) plans: Vec<Plan>,
    pub(super) region_settings: Vec<(Located<String>, RegionSettings)>,
    pub(super) exceptions: Vec<Exception>,
}

impl Document {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            name: fields.required("name", Fields::string),
            regions: fields.string_map("regions"),
            tags: fields.string_map("tags"),
            role: fields.table_or_empty("role", Role::read),
            more_roles: fields.tables("roles", Role::read),
            keys: fields.tables("keys", Key::read),
            vaults: fields.tables("vaults", Vault::read),
            vault_policies: fields.string_map("vault_policies"),
            plans: fields.tables("plans", Plan::read),
            region_settings: fields.tables_by_name("region_settings", RegionSettings::read),
            exceptions: fields.tables("exceptions", Exception::read),
        }
    }
}

impl Document {
    /// The role of most selections first.
    pub(super) fn roles(&self) -> impl Iterator<Item = &Role> {
        std::iter::once(&self.role).chain(&self.more_roles)
    }

    /// The role of a selection: the one that it names, or else the first.
    pub(super) fn role_of(&self, selection: &Selection) -> Option<&Role> {
        match &selection.role {
            None => Some(&self.role),
            Some(name) => self.roles().find(|role| role.name.value == name.value),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct RegionSettings {
    pub(super) opt_in: Option<Choice>,
    pub(super) management: Vec<Located<String>>,
}

impl RegionSettings {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            opt_in: fields.all_or_strings("opt_in", "all"),
            management: fields.strings("management").unwrap_or_default(),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) spot: Spot,
    pub(super) name: Located<String>,
    pub(super) path: Option<Located<String>>,
    pub(super) trusted_services: Option<Vec<Located<String>>>,
    pub(super) trust: Option<Located<String>>,
    pub(super) managed_policies: Vec<Located<String>>,
    pub(super) boundary: Option<Located<String>>,
    pub(super) inline_policies: Vec<InlinePolicy>,
    pub(super) tags: StringMap,
}

#[derive(Debug, Clone)]
pub(super) struct InlinePolicy {
    pub(super) name: Located<String>,
    pub(super) policy: Option<Located<String>>,
}

impl InlinePolicy {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { name: fields.required("name", Fields::string), policy: fields.string("policy") }
    }
}

impl Role {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            name: fields.required("name", Fields::string),
            path: fields.string("path"),
            trusted_services: fields.strings("trusted_services"),
            trust: fields.string("trust"),
            managed_policies: fields.strings("managed_policies").unwrap_or_default(),
            boundary: fields.string("boundary"),
            inline_policies: fields.tables("inline_policies", InlinePolicy::read),
            tags: fields.string_map("tags"),
        }
    }

    /// The path, `/` if none is given.
    pub(super) fn path(&self) -> &str {
        self.path.as_ref().map_or("/", |path| &path.value)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) spot: Spot,
    pub(super) alias: Located<String>,
    pub(super) region: Located<String>,
    pub(super) description: Located<String>,
    pub(super) rotation: Located<bool>,
    pub(super) rotation_period_days: Option<Located<i64>>,
    pub(super) origin: Option<Located<&'static str>>,
    pub(super) multi_region: Option<Located<bool>>,
    pub(super) policy: Option<Located<String>>,
    pub(super) tags: StringMap,
}

/// Where the material of a key may come from ("CreateKey", Origin).
const ORIGINS: [(&str, &str); 4] = [
    (AWS_KMS, AWS_KMS),
    ("EXTERNAL", "EXTERNAL"),
    ("AWS_CLOUDHSM", "AWS_CLOUDHSM"),
    ("EXTERNAL_KEY_STORE", "EXTERNAL_KEY_STORE"),
];

impl Key {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            alias: fields.required("alias", Fields::string),
            region: fields.required("region", Fields::string),
            description: fields.required("description", Fields::string),
            rotation: fields.required("rotation", Fields::boolean),
            rotation_period_days: fields.integer("rotation_period_days"),
            origin: fields.choice("origin", &ORIGINS),
            multi_region: fields.boolean("multi_region"),
            policy: fields.string("policy"),
            tags: fields.string_map("tags"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Vault {
    pub(super) spot: Spot,
    pub(super) name: Located<String>,
    pub(super) region: Located<String>,
    pub(super) key: Option<Located<String>>,
    pub(super) policy: Option<Located<String>>,
    pub(super) lock: Option<Lock>,
    pub(super) notifications: Option<Notifications>,
    pub(super) tags: StringMap,
}

impl Vault {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            name: fields.required("name", Fields::string),
            region: fields.required("region", Fields::string),
            key: fields.string("key"),
            policy: fields.string("policy"),
            lock: fields.table("lock", Lock::read),
            notifications: fields.table("notifications", Notifications::read),
            tags: fields.string_map("tags"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Notifications {
    pub(super) topic: Located<String>,
    pub(super) spot: Spot,
    pub(super) events: Vec<Located<String>>,
}

impl Notifications {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            spot: fields.spot(),
            topic: fields.required("topic", Fields::string),
            events: fields.strings("events").unwrap_or_default(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Mode {
    Governance,
    Compliance,
}

#[derive(Debug, Clone)]
pub(super) struct Lock {
    pub(super) spot: Spot,
    pub(super) mode: Option<Located<Mode>>,
    pub(super) changeable_for_days: Option<Located<i64>>,
    pub(super) min_retention_days: Option<Located<i64>>,
    pub(super) max_retention_days: Option<Located<i64>>,
}

impl Lock {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        let modes = [("governance", Mode::Governance), ("compliance", Mode::Compliance)];
        Self {
            spot: fields.spot(),
            mode: fields.needed("mode", |fields, name| fields.choice(name, &modes)),
            changeable_for_days: fields.integer("changeable_for_days"),
            min_retention_days: fields.integer("min_retention_days"),
            max_retention_days: fields.integer("max_retention_days"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Exception {
    pub(super) resource: Located<String>,
    pub(super) code: Located<String>,
    pub(super) attribute: Option<Located<String>>,
    pub(super) owner: Located<String>,
    pub(super) reason: Located<String>,
    pub(super) until: Option<Located<Date>>,
}

impl Exception {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self {
            resource: fields.required("resource", Fields::string),
            code: fields.required("code", Fields::string),
            attribute: fields.string("attribute"),
            owner: fields.required("owner", Fields::string),
            reason: fields.required("reason", Fields::string),
            until: fields.needed("until", Fields::date),
        }
    }
}
