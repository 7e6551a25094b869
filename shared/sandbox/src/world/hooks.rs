//! Changes that wait for a call, and somebody who watches all of them.

use std::fmt;

use crate::calls::Call;
use crate::change::Change;
use crate::state::Account;
use crate::wire::Incoming;

type Waiting = Box<dyn FnOnce(&mut Change<'_>) + Send>;

/// A change that is made just before the n-th call of an operation.
pub(crate) struct Hook {
    operation: String,
    left: usize,
    change: Option<Waiting>,
}

impl fmt::Debug for Hook {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "a change {} calls of {} ahead", self.left, self.operation)
    }
}

impl Hook {
    pub(crate) fn new(
        operation: &str,
        nth: usize,
        change: impl FnOnce(&mut Change<'_>) + Send + 'static,
    ) -> Hook {
        Hook { operation: operation.to_owned(), left: nth.max(1), change: Some(Box::new(change)) }
    }

    /// The change, if this is the call that it waits for.
    pub(super) fn due(&mut self, call: &Incoming) -> Option<Waiting> {
        if self.operation == call.operation {
            self.left = self.left.saturating_sub(1);
        }
        if self.left == 0 { self.change.take() } else { None }
    }

    pub(super) fn is_over(&self) -> bool {
        self.change.is_none()
    }
}

type Seeing = Box<dyn FnMut(&Call, &Account, &Account) + Send>;

/// Somebody who sees every write, and the account before and after it.
pub(crate) struct Watcher(Seeing);

impl fmt::Debug for Watcher {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Watcher")
    }
}

impl Watcher {
    pub(crate) fn new(see: impl FnMut(&Call, &Account, &Account) + Send + 'static) -> Watcher {
        Watcher(Box::new(see))
    }

    pub(super) fn see(&mut self, call: &Call, before: &Account, after: &Account) {
        (self.0)(call, before, after);
    }
}
