//! [`BlockReason`]: why nothing is called for a finding.

use strum::VariantNames;

use crate::desired::Exception;
use crate::resource::ResourceId;

/// A reason, as it is declared.
#[derive(Debug)]
pub struct Reason {
    /// Stable, in kebab case.
    pub code: &'static str,
    /// The lines of its explanation.
    pub explanation: &'static [&'static str],
    /// What a person can do about it.
    pub to_do: &'static str,
}

/// Declares the reasons: the enum, and the table of what is said of them.
macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident $(($value:ty))? $code:literal to_do: $to_do:literal,)+) => {
        /// Why nothing is called for a finding. The names of these are stable codes, in kebab case.
        #[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
        pub enum BlockReason {
            $($(#[doc = $doc])+ #[strum(serialize = $code)] $variant $(($value))?,)+
        }

        /// What is said of each reason.
        pub const REASONS: &[Reason] = &[
            $(Reason { code: $code, explanation: &[$($doc),+], to_do: $to_do },)+
        ];
    };
}

reasons! {
    /// It, or what it hangs on, could not be read, so nothing is known well enough to write.
    Unreadable "unreadable"
        to_do: "read AWS's words in the finding; most often a right is missing, and drift check --rights prints those that are needed",
    /// Something else comes first, or AWS is at work on it.
    WaitingOn(ResourceId) "waiting-on"
        to_do: "look at the finding that it waits for; where that is left to a person, this is too",
    /// Nobody can change it, or not any more.
    Immutable "immutable"
        to_do: "decide whether to live with it: change the spec, or replace the resource",
    /// Several may be meant, and nothing tells which.
    Ambiguous "ambiguous"
        to_do: "look at the candidates that the finding names, and take away the doubt by hand",
    /// A call would be possible, and a person has to decide.
    NeedsReview(Review) "needs-review"
        to_do: "look at it, and change the account or the spec",
    /// It cannot be undone, or fills what may not be ours, and nobody has agreed to it.
    NeedsConsent(Consent) "needs-consent"
        to_do: "give the consent with the one command that the finding names, if it is meant",
    /// The call was accepted and its effect is not seen yet, or it had none the last times.
    Tried "tried"
        to_do: "look again in some minutes; if it stays, look at the resource by hand",
    /// The run has made as many calls as it may (`MAX_CALLS`, `--max-calls`).
    OverLimit "over-limit"
        to_do: "run it again, or raise the limit if so much drift is expected",
    /// The invocation was about to end.
    OutOfTime "out-of-time"
        to_do: "run it again; a longer time-out of the function helps",
    /// Somebody stopped the run before the call was made.
    Interrupted "interrupted"
        to_do: "run it again to go on",
    /// The run was asked to repair something else only.
    NotAsked "not-asked"
        to_do: "run it without --only to repair this too",
    /// An exception of the spec covers it.
    Excepted(Box<Exception>) "excepted"
        to_do: "nothing until the exception ends; the finding names who answers for it",
    /// The region is not recognisably ours: perhaps it is the wrong account or region.
    EmptyAccount "empty-account"
        to_do: "make sure of account and region; if they are right, give the consent with the command that the finding names",
}

/// What somebody has to agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consent {
    /// Starting or shortening the clock of compliance locks: `COMPLIANCE_LOCKS=start`.
    ComplianceLocks,
    /// Taking a limit that harms nothing out of a lock whose clock runs: the same.
    LockLimits,
    /// Making what nothing depends on yet: `BOOTSTRAP=true`.
    Bootstrap,
}

impl Consent {
    /// The option of `drift repair` that gives it.
    pub fn option(self) -> &'static str {
        match self {
            Consent::ComplianceLocks | Consent::LockLimits => "allow-compliance-locks",
            Consent::Bootstrap => "bootstrap",
        }
    }
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
    /// Whether it says more than that AWS refused the call that was made: why it did, or that another one would have followed.
    pub fn explains_a_refusal(&self) -> bool {
        matches!(
            self,
            BlockReason::NeedsReview(Review::ScannerRole) | BlockReason::OverLimit | BlockReason::OutOfTime
        )
    }

    /// Whether it says the same of every drift: one sentence answers all that it blocks.
    pub fn is_beside_the_drift(&self) -> bool {
        match self {
            BlockReason::NeedsConsent(_)
            | BlockReason::OverLimit
            | BlockReason::OutOfTime
            | BlockReason::Interrupted
            | BlockReason::NotAsked
            | BlockReason::Excepted(_)
            | BlockReason::EmptyAccount => true,
            BlockReason::Unreadable
            | BlockReason::WaitingOn(_)
            | BlockReason::Immutable
            | BlockReason::Ambiguous
            | BlockReason::NeedsReview(_)
            | BlockReason::Tried => false,
        }
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
