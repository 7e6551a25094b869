//! Who hears of a run while it goes on, and may stop it: a person at a terminal. In Lambda nobody does.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_account::AwsAccount;
use reconcile::call::{Call, CallError};
use reconcile::desired::Desired;
use reconcile::repair::{CallMade, Step};
use reconcile::run::Account;
use reconcile::state::Observed;

/// What happens in a run.
#[derive(Debug, Clone, Copy)]
pub enum Moment<'a> {
    /// The account is read.
    Reading {
        /// For which time, counted from 1.
        pass: usize,
    },
    /// A call is made.
    Calling(&'a Step),
    /// A call was answered.
    Called(&'a CallMade),
    /// CloudTrail is asked who did it.
    Asking {
        /// How many questions there are.
        questions: usize,
    },
}

/// Hears of a run.
pub type Listener = Arc<dyn Fn(&Moment<'_>) + Send + Sync>;

/// Whoever listens, and whether somebody asked to stop.
#[derive(Clone, Default)]
pub(crate) struct Ear {
    pub(crate) listener: Option<Listener>,
    pub(crate) stop: Arc<AtomicBool>,
}

impl fmt::Debug for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ear").field("stop", &self.stop).finish_non_exhaustive()
    }
}

impl Ear {
    pub(crate) fn hear(&self, moment: &Moment<'_>) {
        if let Some(listener) = &self.listener {
            listener(moment);
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// An account whose run somebody listens to.
#[derive(Debug)]
pub(crate) struct Heard<'a> {
    account: AwsAccount<'a>,
    ear: &'a Ear,
    passes: AtomicUsize,
    seen: Mutex<Option<Observed>>,
}

impl<'a> Heard<'a> {
    pub(crate) fn new(account: AwsAccount<'a>, ear: &'a Ear) -> Self {
        Self { account, ear, passes: AtomicUsize::new(0), seen: Mutex::default() }
    }

    /// Begins a run with what was seen already: what else decides about the run was asked in the same time.
    pub(crate) fn begin_with(&self, seen: Observed) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
    }
}

impl Account for Heard<'_> {
    async fn observe(&self, desired: &Desired) -> Observed {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(seen) = seen {
            return seen;
        }
        self.ear.hear(&Moment::Reading { pass: self.passes.fetch_add(1, Ordering::Relaxed) + 1 });
        self.account.observe(desired).await
    }

    async fn apply(&self, call: &Call) -> Result<(), CallError> {
        self.account.apply(call).await
    }

    async fn settle(&self) {
        self.account.settle().await;
    }

    async fn wait_to_agree(&self) -> bool {
        self.account.wait_to_agree().await
    }

    fn has_time_for(&self, calls: usize) -> bool {
        self.account.has_time_for(calls)
    }

    fn interrupted(&self) -> bool {
        self.ear.is_stopped()
    }

    fn begins(&self, step: &Step) {
        self.ear.hear(&Moment::Calling(step));
    }

    fn made(&self, call: &CallMade) {
        self.ear.hear(&Moment::Called(call));
    }
}
