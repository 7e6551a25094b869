//! A vault with its lock and its recovery points.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::state::Tags;

/// A vault.
#[derive(Debug, Clone)]
pub struct Vault {
    /// Its name, which differs by case.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `BACKUP_VAULT` or `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`.
    pub kind: &'static str,
    /// The ARN of the key that encrypts it.
    pub key: String,
    /// `CUSTOMER_MANAGED_KMS_KEY` or `AWS_OWNED_KMS_KEY`.
    pub key_kind: &'static str,
    /// When it was made. Neither this nor key and kind change in the life of one vault.
    pub created: OffsetDateTime,
    /// What its maker called the request, if anything.
    pub creator_request_id: Option<String>,
    /// The access policy, as JSON.
    pub policy: Option<String>,
    /// The lock.
    pub lock: Option<Lock>,
    /// Its tags.
    pub tags: Tags,
    /// Whether it can be used.
    pub state: VaultState,
    /// Which of its events go to which topic.
    pub notifications: Option<Notifications>,
    /// By ARN.
    pub recovery_points: BTreeMap<String, RecoveryPoint>,
    /// `NumberOfRecoveryPoints`, where it is not what [`Vault::recovery_points`] says: AWS calls it an approximation.
    pub counted: Option<u64>,
}

impl Vault {
    /// A standard vault of this name and ARN, on no key, that nobody has changed.
    pub fn new(name: &str, arn: String, created: OffsetDateTime) -> Vault {
        Vault {
            name: name.to_owned(),
            arn,
            kind: "BACKUP_VAULT",
            key: String::new(),
            key_kind: "AWS_OWNED_KMS_KEY",
            created,
            creator_request_id: None,
            policy: None,
            lock: None,
            tags: Tags::new(),
            state: VaultState::Available,
            notifications: None,
            recovery_points: BTreeMap::new(),
            counted: None,
        }
    }
}

/// Whether a vault can be used: only air-gapped ones take time to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// It is being made.
    Creating {
        /// When that ends.
        until: OffsetDateTime,
        /// Whether it ends in failure.
        fails: bool,
    },
    /// It can be used.
    Available,
    /// It could not be made.
    Failed,
}

impl VaultState {
    /// AWS's own name.
    pub fn name(self) -> &'static str {
        match self {
            VaultState::Creating { .. } => "CREATING",
            VaultState::Available => "AVAILABLE",
            VaultState::Failed => "FAILED",
        }
    }

    pub(super) fn at(self, now: OffsetDateTime) -> VaultState {
        match self {
            VaultState::Creating { until, fails: true } if until <= now => VaultState::Failed,
            VaultState::Creating { until, fails: false } if until <= now => VaultState::Available,
            VaultState::Creating { .. } | VaultState::Available | VaultState::Failed => self,
        }
    }
}

/// Where a vault's events go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// ARN of the topic.
    pub topic: String,
    /// The events, such as `BACKUP_JOB_COMPLETED`.
    pub events: Vec<String>,
}

/// A vault lock. AWS has no field for its mode: governance has no date, compliance has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// The shortest retention that jobs may ask for, in days.
    pub min: Option<i64>,
    /// The longest one, in days.
    pub max: Option<i64>,
    /// From when on nobody can change the lock.
    pub date: Option<OffsetDateTime>,
}

impl Lock {
    /// Whether its date has come.
    pub fn is_immutable(&self, now: OffsetDateTime) -> bool {
        self.date.is_some_and(|date| date <= now)
    }
}

/// A recovery point.
#[derive(Debug, Clone)]
pub struct RecoveryPoint {
    /// Its ARN.
    pub arn: String,
    /// When its job ended.
    pub created: OffsetDateTime,
    /// `Lifecycle`, as AWS answers it.
    pub lifecycle: Map<String, Value>,
    /// `ResourceType`, such as `EBS`.
    pub resource_type: String,
    /// Whether it can be restored to any moment.
    pub continuous: bool,
}
