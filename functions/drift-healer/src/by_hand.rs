//! The same run for a person at a terminal: without Lambda's deadline, log and metrics, in parts that can be shown one by one.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use aws_account::{Caller, Clients};
use lambda_runtime::Context;
use reconcile::call::CallError;
use reconcile::words::Reader;
use serde_json::Value;

use crate::answer::Answer;
use crate::error::HealerError;
use crate::healer::Healer;
use crate::listener::{Ear, Listener};

/// A person who waits longer has walked away.
const PATIENCE: Duration = Duration::from_secs(3600);

impl Healer {
    /// The same function with somebody who hears of each run, and stops it by setting `stop`.
    #[must_use]
    pub fn with_listener(mut self, listener: Listener, stop: Arc<AtomicBool>) -> Self {
        self.ear = Ear { listener: Some(listener), stop };
        self
    }

    /// The same function for another reader than whoever looks after it.
    #[must_use]
    pub fn read_by(mut self, reader: Reader) -> Self {
        self.reader = reader;
        self
    }

    /// Whose credentials these are.
    pub async fn caller(&self) -> Result<&Caller, CallError> {
        self.ourselves.caller(&self.clients, &self.pace(&Context::default())).await
    }

    /// The clients of the account.
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    /// One run, and nothing of it sent or logged.
    pub async fn look(&self, payload: Value) -> Result<Answer, HealerError> {
        let mut context = Context::default();
        let end = SystemTime::from((self.clock)()) + PATIENCE;
        let end = end.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        context.deadline = u64::try_from(end.as_millis()).unwrap_or(u64::MAX);
        // Boxed, because the compiler gives up on futures that hold so many others.
        Box::pin(self.answer(payload, &context, &self.pace(&context))).await
    }

    /// Sends the report of a run to the topic, if there is one.
    pub async fn send(&self, answer: &Answer) -> Result<(), HealerError> {
        // Whoever reads the topic looks after the function, whoever called.
        let answer = answer.clone().for_deployer();
        self.deliver(&answer, &self.pace(&Context::default())).await
    }
}
