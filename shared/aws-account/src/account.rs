//! [`AwsAccount`]: the pure core's border, kept by the AWS SDK.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reconcile::call::{Call, CallError, OUT_OF_TIME};
use reconcile::desired::Desired;
use reconcile::resource::Kind;
use reconcile::run::Account;
use reconcile::state::Observed;
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::memory::Memory;
use crate::{Clients, apply, observe};

/// How much time a run has and takes.
#[derive(Clone)]
pub struct Pace {
    /// Tells the time; AWS's answers correct it.
    pub clock: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
    /// When the invocation ends.
    pub deadline: Instant,
    /// Time before the deadline that is kept for the report.
    pub reserve: Duration,
    /// How long to wait for a write to become visible, the first time.
    pub settle: Duration,
    /// How far apart two looks are that have to agree that something is missing: longer than reads may lag behind.
    pub agree: Duration,
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pace { clock: _, deadline, reserve, settle, agree } = self;
        f.debug_struct("Pace")
            .field("deadline", deadline)
            .field("reserve", reserve)
            .field("settle", settle)
            .field("agree", agree)
            .finish_non_exhaustive()
    }
}

/// The most that is kept for the answer alone, to be on its way before the invocation ends.
const MOST_MARGIN: Duration = Duration::from_millis(500);

impl Pace {
    /// The time until what is kept for the report begins.
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).saturating_sub(self.reserve)
    }

    /// The time until a report that is not out comes too late.
    pub fn time_to_report(&self) -> Duration {
        let margin = MOST_MARGIN.min(self.reserve / 5);
        self.deadline.saturating_duration_since(Instant::now()).saturating_sub(margin)
    }
}

/// An AWS account, for one run.
#[derive(Debug)]
pub struct AwsAccount<'a> {
    clients: &'a Clients,
    pace: Pace,
    role_repaired: AtomicBool,
    lag: Lag,
    /// How long the last look took.
    look_took: Mutex<Option<Duration>>,
    memory: Memory,
}

/// Whether the next look may still read what was there before the writes. AWS Backup and KMS mostly read their own writes at once, so that a
/// pause would only keep back the proof; IAM never does.
#[derive(Debug, Default)]
struct Lag {
    wrote: AtomicBool,
    wrote_iam: AtomicBool,
    /// How often was waited since something was written.
    pauses: AtomicU32,
}

impl Lag {
    fn wrote(&self, iam: bool) {
        self.wrote.store(true, Ordering::Relaxed);
        self.wrote_iam.fetch_or(iam, Ordering::Relaxed);
        self.pauses.store(0, Ordering::Relaxed);
    }

    /// How many times the pause it is worth to wait before the next look: none right after a write, then longer and longer.
    fn factor(&self) -> u32 {
        let wrote = self.wrote.swap(false, Ordering::Relaxed);
        let wrote_iam = self.wrote_iam.swap(false, Ordering::Relaxed);
        if wrote && !wrote_iam {
            return 0;
        }
        1 << self.pauses.fetch_add(1, Ordering::Relaxed).min(2)
    }
}

/// How long IAM is waited for: public tools that make selections give it as much.
const IAM_PATIENCE: Duration = Duration::from_secs(120);

/// A look is so many round trips deep, and a call is one.
const ROUND_TRIPS: u32 = 3;

impl<'a> AwsAccount<'a> {
    /// An account for one run.
    pub fn new(clients: &'a Clients, pace: Pace) -> Self {
        Self {
            clients,
            pace,
            role_repaired: AtomicBool::new(false),
            lag: Lag::default(),
            look_took: Mutex::default(),
            memory: Memory::default(),
        }
    }

    fn time_left(&self) -> Duration {
        self.pace.time_left()
    }

    fn look_took(&self) -> Option<Duration> {
        *self.look_took.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the look that comes now may take. The first one leaves something for the calls and for the look after them.
    fn patience(&self) -> Duration {
        let left = self.time_left();
        let part = if self.look_took().is_none() { left * 2 / 3 } else { left };
        // A look may take half of what is kept for the report: a run that never looked has nothing to report.
        part.max(self.pace.reserve / 2)
    }

    /// One call, for as long as the invocation lasts: a report that comes too late is none.
    async fn apply_in_time(&self, call: &Call) -> Result<(), CallError> {
        let _allowed = self.clients.allow(self.time_left() + self.pace.reserve / 4);
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
        let (began, patience) = (Instant::now(), self.patience());
        let _allowed = self.clients.allow(patience);
        let clock = || (self.pace.clock)() + self.clients.aws_is_ahead();
        let looking = observe::observe(self.clients, &self.memory, desired, &clock);
        // The requests end by themselves; what is between them may take a little more.
        let observed = match tokio::time::timeout(patience + self.pace.reserve / 4, looking).await {
            Ok(observed) => observed,
            Err(_) => observe::cut_short(desired, clock()),
        };
        *self.look_took.lock().unwrap_or_else(PoisonError::into_inner) = Some(began.elapsed());
        observed
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
        if !result.as_ref().is_err_and(CallError::is_refusal) {
            self.lag.wrote(about_role);
        }
        result
    }

    async fn settle(&self) {
        let look = self.look_took().unwrap_or_default();
        let pause = self.pace.settle * self.lag.factor();
        tokio::time::sleep(pause.min(self.time_left().saturating_sub(look))).await;
    }

    async fn wait_to_agree(&self) -> bool {
        let look = self.look_took().unwrap_or_default();
        let fits = self.time_left() > self.pace.agree + look + look / ROUND_TRIPS + look;
        if fits {
            tokio::time::sleep(self.pace.agree).await;
        }
        fits
    }

    fn has_time_for(&self, calls: usize) -> bool {
        let look = self.look_took().unwrap_or_default();
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        self.time_left() > look.saturating_add((look / ROUND_TRIPS).saturating_mul(calls))
    }
}
