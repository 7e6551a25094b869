//! [`AwsAccount`]: the pure core's border, kept by the AWS SDK.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reconcile::call::{Call, CallError, OUT_OF_TIME};
use reconcile::desired::Desired;
use reconcile::resource::Kind;
use reconcile::run::Account;
use reconcile::state::Observed;
use time::OffsetDateTime;

use crate::memory::Memory;
use crate::{Clients, apply, observe};

/// How much time a run has and takes.
#[derive(Clone)]
pub struct Pace {
    /// Tells the time; lock dates are judged by it as well.
    pub clock: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
    /// When the invocation ends.
    pub deadline: OffsetDateTime,
    /// Time before the deadline that is kept for the report.
    pub reserve: Duration,
    /// How long to wait for a write to become visible.
    pub settle: Duration,
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pace { clock: _, deadline, reserve, settle } = self;
        f.debug_struct("Pace")
            .field("deadline", deadline)
            .field("reserve", reserve)
            .field("settle", settle)
            .finish_non_exhaustive()
    }
}

impl Pace {
    /// The time until what is kept for the report begins.
    pub fn time_left(&self) -> Duration {
        let left = self.deadline - (self.clock)();
        Duration::try_from(left).unwrap_or_default().saturating_sub(self.reserve)
    }
}

/// An AWS account, for one run.
#[derive(Debug)]
pub struct AwsAccount<'a> {
    clients: &'a Clients,
    pace: Pace,
    role_repaired: AtomicBool,
    memory: Memory,
}

/// The least time for a look, also where none is left.
const LEAST_LOOK: Duration = Duration::from_secs(3);

/// How long IAM is waited for: public tools that make selections give it as much.
const IAM_PATIENCE: Duration = Duration::from_secs(120);

impl<'a> AwsAccount<'a> {
    /// An account for one run.
    pub fn new(clients: &'a Clients, pace: Pace) -> Self {
        Self { clients, pace, role_repaired: AtomicBool::new(false), memory: Memory::default() }
    }

    fn time_left(&self) -> Duration {
        self.pace.time_left()
    }

    /// One call, for as long as the invocation lasts: a report that comes too late is none.
    async fn apply_in_time(&self, call: &Call) -> Result<(), CallError> {
        match tokio::time::timeout(self.time_left(), apply::apply(self.clients, &self.memory, call)).await {
            Ok(result) => result,
            Err(_) => Err(CallError {
                code: OUT_OF_TIME.to_owned(),
                message:
                    "the invocation's time was over before AWS answered; the call may have been carried out"
                        .to_owned(),
            }),
        }
    }

    /// Makes a selection again while AWS Backup does not see the role that this run repaired.
    async fn apply_patiently(&self, call: &Call) -> Result<(), CallError> {
        let mut waited = Duration::ZERO;
        let mut pause = self.pace.settle.max(Duration::from_millis(10));
        loop {
            let result = self.apply_in_time(call).await;
            if !result.as_ref().is_err_and(CallError::is_about_role) {
                return result;
            }
            // What was waited is added up: the clock that was handed in may stand.
            if waited + pause > IAM_PATIENCE || self.time_left() < pause {
                return result;
            }
            tokio::time::sleep(pause).await;
            waited += pause;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }
}

impl Account for AwsAccount<'_> {
    async fn observe(&self, desired: &Desired) -> Observed {
        let looking = observe::observe(self.clients, &self.memory, desired, &*self.pace.clock);
        // A look may take half of what is kept for the report: a run that never looked has nothing to report.
        let patience = (self.time_left() + self.pace.reserve / 2).max(LEAST_LOOK);
        match tokio::time::timeout(patience, looking).await {
            Ok(observed) => observed,
            Err(_) => observe::cut_short(desired, (self.pace.clock)()),
        }
    }

    async fn apply(&self, call: &Call) -> Result<(), CallError> {
        let about_role = call.service() == Kind::Role.service();
        let needs_role = matches!(call, Call::CreateBackupSelection { .. });
        let result = if needs_role && self.role_repaired.load(Ordering::Relaxed) {
            self.apply_patiently(call).await
        } else {
            self.apply_in_time(call).await
        };
        if about_role && result.is_ok() {
            self.role_repaired.store(true, Ordering::Relaxed);
        }
        result
    }

    async fn settle(&self) {
        tokio::time::sleep(self.pace.settle.min(self.time_left())).await;
    }

    fn out_of_time(&self) -> bool {
        self.time_left().is_zero()
    }
}
