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

/// Whether there is time for so many calls after so many, or whether somebody asked to stop after so many.
type AfterCalls<T> = Box<dyn Fn(usize, T) -> bool + Send + Sync>;

/// The code with which a call is refused, if it is, and after which others. A message may follow it after a colon.
type Refusal = Box<dyn Fn(&Call, &[Call]) -> Option<&'static str> + Send + Sync>;

/// Such an account.
pub struct Changing {
    desired: Desired,
    observed: Mutex<Observed>,
    looks: AtomicUsize,
    before_look: BeforeLook,
    has_effect: fn(&Call) -> bool,
    refusal: Refusal,
    has_time: AfterCalls<usize>,
    is_stopped: AfterCalls<()>,
    has_time_to_wait: bool,
    waits: AtomicUsize,
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
            has_time: Box::new(|_, _| true),
            is_stopped: Box::new(|_, ()| false),
            has_time_to_wait: true,
            waits: AtomicUsize::new(0),
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

    /// The same, with time for so many calls, and the last look with them.
    pub fn with_time_for(self, most: usize) -> Self {
        Self { has_time: Box::new(move |made, more| made + more <= most), ..self }
    }

    /// The same, where somebody asks to stop after so many calls.
    pub fn stopped_after(self, most: usize) -> Self {
        Self { is_stopped: Box::new(move |made, ()| made >= most), ..self }
    }

    /// The same, where the time is too short to wait until a look confirms the one before.
    pub fn that_cannot_wait(self) -> Self {
        Self { has_time_to_wait: false, ..self }
    }

    /// How often it was looked at.
    pub fn looks(&self) -> usize {
        self.looks.load(Ordering::Relaxed)
    }

    /// How often a look had to wait to confirm the one before.
    pub fn waits(&self) -> usize {
        self.waits.load(Ordering::Relaxed)
    }

    fn made(&self) -> usize {
        self.calls.lock().unwrap().len()
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
        if let Some(said) = refusal {
            let (code, message) = said.split_once(": ").unwrap_or((said, "in this test"));
            return Err(CallError { code: code.to_owned(), message: message.to_owned() });
        }
        if (self.has_effect)(call) {
            simulate(&mut self.observed.lock().unwrap(), &self.desired, call);
        }
        Ok(())
    }

    async fn settle(&self) {}

    async fn wait_to_agree(&self) -> bool {
        self.waits.fetch_add(1, Ordering::Relaxed);
        self.has_time_to_wait
    }

    fn has_time_for(&self, calls: usize) -> bool {
        (self.has_time)(self.made(), calls)
    }

    fn interrupted(&self) -> bool {
        (self.is_stopped)(self.made(), ())
    }
}
