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
    /// By ARN.
    pub recovery_points: BTreeMap<String, RecoveryPoint>,
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
}
