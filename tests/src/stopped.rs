//! An account whose run somebody stops after some calls.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_account::AwsAccount;
use reconcile::call::{Call, CallError};
use reconcile::desired::Desired;
use reconcile::run::Account;
use reconcile::state::Observed;

/// Stopped after so many calls.
#[derive(Debug)]
pub(crate) struct Stopped<'a> {
    pub(crate) account: AwsAccount<'a>,
    pub(crate) calls_left: AtomicUsize,
}

impl Account for Stopped<'_> {
    async fn observe(&self, desired: &Desired) -> Observed {
        self.account.observe(desired).await
    }

    async fn apply(&self, call: &Call) -> Result<(), CallError> {
        self.calls_left.fetch_sub(1, Ordering::Relaxed);
        self.account.apply(call).await
    }

    async fn settle(&self) {
        self.account.settle().await;
    }

    fn out_of_time(&self) -> bool {
        self.account.out_of_time()
    }

    fn interrupted(&self) -> bool {
        self.calls_left.load(Ordering::Relaxed) == 0
    }
}
