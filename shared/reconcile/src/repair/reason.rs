//! [`BlockReason`]: why nothing is called for a finding.

use strum::VariantNames;

use crate::desired::Exception;
use crate::resource::ResourceId;

/// Why nothing is called for a finding. The names of these are stable codes, in kebab case.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum BlockReason {
    /// It could not be read, so nothing is known well enough to write.
    Unreadable,
    /// Another resource has to be repaired first.
    WaitingOn(ResourceId),
    /// AWS has no way to change it.
    Immutable,
    /// It cannot be told which one is meant.
    Ambiguous,
    /// A person has to judge.
    NeedsReview(Review),
    /// It cannot be undone, or may be done in the wrong place, and nobody has agreed to it.
    NeedsConsent(Consent),
    /// The call was made in this run already.
    Tried,
    /// The run has made as many calls as it may.
    OverLimit,
    /// The invocation is about to end.
    OutOfTime,
    /// Somebody asked the run to stop.
    Interrupted,
    /// The run was asked to repair something else only.
    NotAsked,
    /// This exception in the spec covers it.
    Excepted(Box<Exception>),
    /// Nothing of the spec exists here: perhaps it is the wrong account or region.
    EmptyAccount,
}

/// What somebody has to agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Starting or shortening the clock of compliance locks: `COMPLIANCE_LOCKS=start`.
    ComplianceLocks,
    /// Making what nothing depends on yet: `BOOTSTRAP=true`.
    Bootstrap,
}

/// Why a person has to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// No machine should decide about such a drift.
    ItsKind,
    /// The lock was put already, and AWS shows no effect.
    PutHadNoEffect,
    /// The spec's policy would deny the healer what it needs to restore it.
    ShutsOutTheHealer,
    /// The plan lets its recovery points be scanned for malware with a role that the function may not pass.
    ScannerRole,
    /// An exception covers another part of it, and AWS can only replace the whole.
    PartlyExcepted,
}

impl BlockReason {
    /// Whether it says why AWS refused the call that was made.
    pub fn explains_a_refusal(&self) -> bool {
        *self == BlockReason::NeedsReview(Review::ScannerRole)
    }

    /// The reason's stable code.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The codes of all reasons.
    pub fn codes() -> &'static [&'static str] {
        Self::VARIANTS
    }
}
