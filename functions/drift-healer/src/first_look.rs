//! [`FirstLook`]: an account that was looked at already, so that what else decides about a run can be asked in the same time.

use std::sync::{Mutex, PoisonError};

use reconcile::call::{Call, CallError};
use reconcile::desired::Desired;
use reconcile::repair::{CallMade, Step};
use reconcile::run::Account;
use reconcile::state::Observed;

/// The account, with what was seen of it first.
#[derive(Debug)]
pub(crate) struct FirstLook<'a, A> {
    account: &'a A,
    seen: Mutex<Option<Observed>>,
}

impl<'a, A> FirstLook<'a, A> {
    pub(crate) fn new(account: &'a A, seen: Observed) -> Self {
        Self { account, seen: Mutex::new(Some(seen)) }
    }
}

impl<A: Account + Sync> Account for FirstLook<'_, A> {
    async fn observe(&self, desired: &Desired) -> Observed {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        match seen {
            Some(seen) => seen,
            None => self.account.observe(desired).await,
        }
    }

    async fn apply(&self, call: &Call) -> Result<(), CallError> {
        self.account.apply(call).await
    }

    async fn settle(&self) {
        self.account.settle().await;
    }

    fn out_of_time(&self) -> bool {
        self.account.out_of_time()
    }

    fn interrupted(&self) -> bool {
        self.account.interrupted()
    }

    fn begins(&self, step: &Step) {
        self.account.begins(step);
    }

    fn made(&self, call: &CallMade) {
        self.account.made(call);
    }
}
