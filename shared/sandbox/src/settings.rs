//! How AWS behaves where it does not say so, or where a test wants it otherwise.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How AWS behaves where it does not document it, or where a test wants to provoke something. The defaults are what is
/// documented, observed or most likely.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long every call takes; `latency_ms` over HTTP.
    #[serde(rename = "latency_ms", with = "milliseconds")]
    pub latency: Duration,
    /// Dates answers by the sandbox's clock, in their `Date`, and not by the real one. A client whose own clock says something
    /// else takes its own for wrong: SDKs then try again what is refused with 403.
    pub dates_by_clock: bool,
    /// How far the `Date` of answers is ahead of the clock that it is by.
    pub date_skew_seconds: i64,
    /// Forces lists into pages of at most this many items.
    pub page_size: Option<usize>,
    /// Makes CreateBackupSelection refuse a name that its plan already has. AWS does not document what it does.
    pub selection_names_unique: bool,
    /// Takes plans with two rules of one name. AWS does not document what it does; they are refused unless this is set.
    pub duplicate_rules_accepted: bool,
    /// Refuses rules with two copies to one vault. AWS does not document what it does; they are taken unless this is set.
    pub duplicate_copies_refused: bool,
    /// Refuses every lifecycle that has `OptInToArchiveForSupportedResources`, whatever it says, as AWS does in GovCloud.
    pub archive_refused: bool,
    /// Keeps the members of plan documents that the sandbox does not know, as AWS does when it is newer than a client.
    pub unknown_plan_members_kept: bool,
    /// The ARN of the function whose code makes all calls: `lambda:SourceFunctionArn`, for policies that are enforced.
    pub source_function: Option<String>,
    /// The organization of all accounts, which the keys `aws:PrincipalOrgID` and `aws:ResourceOrgID` name.
    pub organization: Option<String>,
    /// Actions that a service control policy denies to everybody, such as `backup:Delete*`.
    pub denied_by_organization: Vec<String>,
    /// Lets what a vault policy says of the vault's ARN hold for its recovery points as well. AWS's tables say that it does
    /// not; nobody has published a try.
    pub vault_arn_covers_recovery_points: bool,
    /// Answers GetKeyRotationStatus for keys whose material KMS did not make, as off. The guide's table of 2023 refuses it with
    /// UnsupportedOperationException; since then KMS rotates imported material on demand.
    pub rotation_told_of_foreign_material: bool,
    /// Leaves `VaultType` out of what is said of vaults, as AWS does in regions that have no air-gapped ones.
    pub vault_types_untold: bool,
    /// Lets the making of air-gapped vaults end in `FAILED`.
    pub air_gapped_vaults_fail: bool,
    /// What a lock reads for a retention limit that it does not have, such as 0 or -1, if AWS ever writes one there.
    pub lock_without_limit_reads: Option<i64>,
    /// Takes 0 and -1 as retention limits of a lock, and gives them back. They are refused unless this is set.
    pub lock_takes_zero: bool,
    /// Takes every put of a lock and changes nothing.
    pub lock_puts_without_effect: bool,
    /// How old an event is when the event history first shows it; `trail_lag_seconds` over HTTP.
    #[serde(rename = "trail_lag_seconds", with = "seconds")]
    pub trail_lag: Duration,
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

mod seconds {
    use std::time::Duration;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(time.as_secs_f64())
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(D::Error::custom)
    }
}
