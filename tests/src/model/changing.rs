//! An account that changes by itself between two looks, or takes a call without effect.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reconcile::call::{Call, CallError};
use reconcile::desired::Desired;
use reconcile::run::Account;
use reconcile::simulate::simulate;
use reconcile::state::Observed;

/// What happens before a look; the first look is number 0.
type BeforeLook = Box<dyn Fn(usize, &mut Observed) + Send + Sync>;

/// The code with which a call is refused, if it is, and after which others.
type Refusal = Box<dyn Fn(&Call, &[Call]) -> Option<&'static str> + Send + Sync>;

/// Such an account.
pub struct Changing {
    desired: Desired,
    observed: Mutex<Observed>,
    looks: AtomicUsize,
    before_look: BeforeLook,
    has_effect: fn(&Call) -> bool,
    refusal: Refusal,
    calls: Mutex<Vec<Call>>,
}

impl Changing {
    /// An account that changes before its looks.
    pub fn new(
        desired: &Desired,
        observed: Observed,
        before_look: impl Fn(usize, &mut Observed) + Send + Sync + 'static,
    ) -> Self {
        Self {
            desired: desired.clone(),
            observed: Mutex::new(observed),
            looks: AtomicUsize::new(0),
            before_look: Box::new(before_look),
            has_effect: |_| true,
            refusal: Box::new(|_, _| None),
            calls: Mutex::default(),
        }
    }

    /// The same, where calls are refused.
    pub fn that_refuses(
        self,
        refusal: impl Fn(&Call, &[Call]) -> Option<&'static str> + Send + Sync + 'static,
    ) -> Self {
        Self { refusal: Box::new(refusal), ..self }
    }

    /// The same, where only these calls have an effect; the others are accepted all the same.
    pub fn where_only(self, has_effect: fn(&Call) -> bool) -> Self {
        Self { has_effect, ..self }
    }
}

impl Account for Changing {
    async fn observe(&self, _desired: &Desired) -> Observed {
        let look = self.looks.fetch_add(1, Ordering::Relaxed);
        let mut observed = self.observed.lock().unwrap();
        (self.before_look)(look, &mut observed);
        observed.clone()
    }

    async fn apply(&self, call: &Call) -> Result<(), CallError> {
        let mut calls = self.calls.lock().unwrap();
        let refusal = (self.refusal)(call, &calls);
        calls.push(call.clone());
        if let Some(code) = refusal {
            return Err(CallError { code: code.to_owned(), message: "in this test".to_owned() });
        }
        if (self.has_effect)(call) {
            simulate(&mut self.observed.lock().unwrap(), &self.desired, call);
        }
        Ok(())
    }

    async fn settle(&self) {}

    async fn wait_to_agree(&self) -> bool {
        true
    }

    fn has_time_for(&self, _calls: usize) -> bool {
        true
    }
}
