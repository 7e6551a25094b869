//! What is: the account as it was observed, in the same normal form as [`crate::desired`].

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use crate::desired::{PlanDocument, SelectionDocument, Tags};
use crate::lock::Limits;
use crate::read::Refusal;

/// One thing that was looked for. Denied or failed is never "absent".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation<T> {
    /// It was seen.
    Present(T),
    /// AWS answered that it is not there.
    Absent,
    /// AWS did not let us see, or did not answer.
    Unreadable(Refusal),
}

impl<T> Observation<T> {
    /// What was seen, if anything was.
    pub fn present(&self) -> Option<&T> {
        match self {
            Observation::Present(value) => Some(value),
            Observation::Absent | Observation::Unreadable(_) => None,
        }
    }

    /// What was seen, to be changed.
    pub fn present_mut(&mut self) -> Option<&mut T> {
        match self {
            Observation::Present(value) => Some(value),
            Observation::Absent | Observation::Unreadable(_) => None,
        }
    }

    /// Whether AWS answered that it is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Observation::Absent)
    }
}

/// A regional name: region, then the name within it.
pub type Place = (String, String);

/// A [`Place`] from its parts.
pub fn place(region: &str, name: &str) -> Place {
    (region.to_owned(), name.to_owned())
}

/// Region and name of a vault, from its ARN.
pub fn place_in(arn: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    let [_, _, _, region, _, _, name] = parts.as_slice() else { return None };
    Some((region, name))
}

/// Everything that was looked for, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// When the reads were made; lock dates are judged by it.
    pub at: OffsetDateTime,
    /// Whether the time was over before everything was read: what is unreadable may be so for that reason alone.
    pub cut_short: bool,
    /// The roles by name.
    pub roles: BTreeMap<String, Observation<Role>>,
    /// By region and alias: the ARN of the key that the alias points to.
    pub aliases: BTreeMap<Place, Observation<String>>,
    /// By ARN: each key that an alias or a vault of the spec names, each that [`Observed::unaliased`] found, and where that was looked
    /// for each that only looks like the spec's.
    pub keys: BTreeMap<String, Observation<Key>>,
    /// By region and alias: customer keys without any alias that carry the spec's description and tags, looked for
    /// only where no vault of the spec says which key it is: what a half-done creation left behind.
    pub unaliased: BTreeMap<Place, Observation<Vec<String>>>,
    /// By ARN of a key, where it matters: whether our own records say that we made it.
    pub made_by_us: BTreeMap<String, Observation<bool>>,
    /// The vaults by region and name.
    pub vaults: BTreeMap<Place, Observation<Vault>>,
    /// By region and name: the plans of that name, of which AWS lets there be several.
    pub plans: BTreeMap<Place, Observation<Vec<PlanCandidate>>>,
    /// By region and name of a plan of the spec, where it matters: what it said before, and when that was written.
    pub former_plans: BTreeMap<Place, Observation<Vec<FormerPlan>>>,
    /// What AWS Backup does at all, by region.
    pub region_settings: BTreeMap<String, Observation<RegionSettings>>,
}

impl Observed {
    /// A vault that is there and was read.
    pub fn vault(&self, region: &str, name: &str) -> Option<&Vault> {
        self.vaults.get(&place(region, name))?.present()
    }

    /// This, and what a later look at other things saw.
    pub fn and(mut self, later: Observed) -> Observed {
        let Observed {
            at,
            cut_short,
            roles,
            aliases,
            keys,
            unaliased,
            made_by_us,
            vaults,
            plans,
            former_plans,
            region_settings,
        } = later;
        self.at = at;
        self.cut_short |= cut_short;
        self.roles.extend(roles);
        self.aliases.extend(aliases);
        self.keys.extend(keys);
        self.unaliased.extend(unaliased);
        self.made_by_us.extend(made_by_us);
        self.vaults.extend(vaults);
        self.plans.extend(plans);
        self.former_plans.extend(former_plans);
        self.region_settings.extend(region_settings);
        self
    }
}

/// What AWS Backup does in a region at all. A type that the region does not have is in neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionSettings {
    /// Whether it is switched on, by type of resource: `EBS`, `Storage Gateway`.
    pub opt_in: BTreeMap<String, bool>,
    /// Whether it manages the backups itself, by type of resource: `DynamoDB`.
    pub management: BTreeMap<String, bool>,
}

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// When it was made.
    pub created: Option<OffsetDateTime>,
    /// When it was used last, as IAM remembers; it lags by hours.
    pub last_used: Option<OffsetDateTime>,
    /// The trust policy, JSON, percent-decoded.
    pub trust: String,
    /// ARN of the permissions boundary.
    pub boundary: Option<String>,
    /// ARNs of the attached managed policies.
    pub attached: Observation<BTreeSet<String>>,
    /// The inline policies by name; the text, JSON, is read only where the spec says what it should be.
    pub inline: Observation<BTreeMap<String, Observation<String>>>,
    /// Actions that AWS Backup needs and that the role's policies, boundary or an organization's policies deny; `Absent` if that was not asked.
    pub denied_actions: Observation<BTreeSet<String>>,
    /// The role's tags.
    pub tags: Tags,
}

/// A KMS key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's ARN.
    pub arn: String,
    /// What state it is in.
    pub state: KeyState,
    /// Such as `SYMMETRIC_DEFAULT`.
    pub spec: String,
    /// Such as `ENCRYPT_DECRYPT`.
    pub usage: String,
    /// Whether the account manages it itself; AWS managed keys cannot be changed or aliased.
    pub customer_managed: bool,
    /// When it was made; nobody can change that.
    pub created: Option<OffsetDateTime>,
    /// Where its material comes from: [`AWS_KMS`], `EXTERNAL`, a key store.
    pub origin: String,
    /// When its imported material is deleted.
    pub valid_to: Option<OffsetDateTime>,
    /// Whether it lives in several regions.
    pub multi_region: MultiRegion,
    /// The description.
    pub description: String,
    /// Automatic rotation.
    pub rotation: Observation<Rotation>,
    /// The key policy, JSON.
    pub policy: Observation<String>,
    /// The policy by which the key is shared with other accounts through AWS RAM, JSON.
    pub shared: Observation<String>,
    /// Its grants.
    pub grants: Observation<Vec<Grant>>,
    /// The key's tags.
    pub tags: Observation<Tags>,
}

/// Material that AWS KMS made itself and keeps itself.
pub const AWS_KMS: &str = "AWS_KMS";

/// The type of a symmetric key. AWS Backup encrypts with no others ("Encryption for backups in AWS Backup").
pub const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";

/// The usage of a key that encrypts.
pub const ENCRYPT_DECRYPT: &str = "ENCRYPT_DECRYPT";

/// Whether a key lives in several regions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MultiRegion {
    /// In one.
    #[default]
    No,
    /// In several, and this is the one that the others were copied from.
    Primary,
    /// In several, and this is a copy.
    Replica,
}

/// A grant of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The grant's id.
    pub id: String,
    /// Who may use the key: an ARN, an account, or a service.
    pub grantee: String,
    /// What for, such as `Decrypt`.
    pub operations: BTreeSet<String>,
}

/// The states of a key; see "Key states of AWS KMS keys".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Usable.
    Enabled,
    /// Switched off, or just rescued from deletion.
    Disabled,
    /// Scheduled for deletion.
    PendingDeletion {
        /// When it is gone for ever.
        deletion_at: Option<OffsetDateTime>,
    },
    /// Scheduled for deletion as soon as its replicas are deleted.
    PendingReplicaDeletion,
    /// Without material.
    PendingImport,
    /// Its key store is not connected.
    Unavailable,
    /// Being made.
    Creating,
    /// Its regions are being changed; it can be used meanwhile.
    Updating,
    /// A state that is not known yet.
    Other(String),
}

impl KeyState {
    /// The state as AWS writes it.
    pub fn as_str(&self) -> &str {
        match self {
            KeyState::Enabled => "Enabled",
            KeyState::Disabled => "Disabled",
            KeyState::PendingDeletion { .. } => "PendingDeletion",
            KeyState::PendingReplicaDeletion => "PendingReplicaDeletion",
            KeyState::PendingImport => "PendingImport",
            KeyState::Unavailable => "Unavailable",
            KeyState::Creating => "Creating",
            KeyState::Updating => "Updating",
            KeyState::Other(state) => state,
        }
    }
}

/// Automatic rotation of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// Whether it is on. Reads `false` while a key is pending deletion.
    pub enabled: bool,
    /// Days between rotations.
    pub period_days: Option<u32>,
}

/// The type of an ordinary vault, as AWS writes it.
pub const BACKUP_VAULT: &str = "BACKUP_VAULT";

/// A backup vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    /// The vault's ARN.
    pub arn: String,
    /// ARN of the key that encrypts it; it can never change.
    pub key_arn: String,
    /// Such as [`BACKUP_VAULT`].
    pub vault_type: String,
    /// When it was made; nobody can change that.
    pub created: Option<OffsetDateTime>,
    /// Such as [`AVAILABLE`].
    pub state: String,
    /// How many recovery points it holds.
    pub recovery_points: Option<i64>,
    /// ARNs of vaults of the same name that other accounts share with this one.
    pub namesakes: BTreeSet<String>,
    /// The lock's fields.
    pub lock: Lock,
    /// The puts of its lock that CloudTrail's history has, where they matter: see [`crate::lock`].
    pub lock_puts: Observation<Vec<LockPut>>,
    /// Where AWS Backup tells what happens in it, if the spec asks for that.
    pub notifications: Observation<Notifications>,
    /// The vault's tags.
    pub tags: Observation<Tags>,
    /// The access policy, JSON.
    pub policy: Observation<String>,
}

/// The state of a vault that can be used, as AWS writes it.
pub const AVAILABLE: &str = "AVAILABLE";

/// A put of a vault's lock, or its removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockPut {
    /// When.
    pub at: OffsetDateTime,
    /// Whether it was ours.
    pub ours: bool,
    /// The days of grace that it asked for.
    pub grace_days: Option<i64>,
    /// The limits that it asked for.
    pub limits: Limits,
    /// Whether it took the lock away: whoever puts it again begins its grace time anew.
    pub removal: bool,
}

/// Where AWS Backup tells what happens in a vault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Notifications {
    /// ARN of the SNS topic.
    pub topic: String,
    /// Such as `BACKUP_JOB_FAILED`.
    pub events: BTreeSet<String>,
}

/// A Vault Lock as `ListBackupVaults` tells it. There is no mode field: see [`crate::lock`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lock {
    /// Whether there is a lock.
    pub locked: bool,
    /// Shortest retention in days.
    pub min_retention_days: Option<i64>,
    /// Longest retention in days.
    pub max_retention_days: Option<i64>,
    /// When a compliance lock becomes immutable.
    pub lock_date: Option<OffsetDateTime>,
}

/// A plan of the list, and what there is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanCandidate {
    /// The plan's id.
    pub id: String,
    /// When it was made, as the list says.
    pub created: Option<OffsetDateTime>,
    /// The plan.
    pub plan: Observation<Plan>,
}

/// A version of a plan that is not the latest, or of one that was deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct FormerPlan {
    /// When it was written. Nobody can date that back.
    pub written: OffsetDateTime,
    /// What it said.
    pub document: PlanDocument,
}

/// A backup plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The plan's id.
    pub id: String,
    /// The plan's ARN.
    pub arn: String,
    /// Of the document that was read; AWS keeps every version that it replaces.
    pub version: String,
    /// When a rule of it ran last.
    pub last_run: Option<OffsetDateTime>,
    /// The next runs that AWS has scheduled, with the rule of each.
    pub next_runs: Vec<(OffsetDateTime, String)>,
    /// The document, normal form.
    pub document: PlanDocument,
    /// Members of the document that this program does not know, so that an update takes them away: `rules.daily.NewMember`.
    pub unknown_members: BTreeSet<String>,
    /// The plan's tags.
    pub tags: Observation<Tags>,
    /// All selections of the plan, oldest first.
    pub selections: Observation<Vec<Selection>>,
}

/// A resource selection of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// The selection's id.
    pub id: String,
    /// The selection's name; AWS does not promise that it is unique.
    pub name: String,
    /// What it selects.
    pub document: Observation<SelectionDocument>,
    /// What else it says that this program does not know, with the values.
    pub unknown_members: BTreeSet<String>,
}
