//! One end for everything that is asked of AWS: no request, with all its tries, may outlive what it is asked for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_backup::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_backup::config::{ConfigBag, Intercept};
use aws_sdk_backup::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::time::Instant;

use crate::config::OPERATION;

/// Until when requests may take, for all clients.
#[derive(Debug, Clone, Default)]
pub(crate) struct Budget(Arc<Mutex<Option<Instant>>>);

/// While it lives, requests end when the budget does.
#[derive(Debug)]
#[must_use = "without it the budget ends at once"]
pub struct Allowance {
    budget: Budget,
    before: Option<Instant>,
}

impl Drop for Allowance {
    fn drop(&mut self) {
        self.budget.replace(self.before);
    }
}

impl Budget {
    /// As long as the allowance lives, requests end at this moment at the latest.
    pub(crate) fn ends(&self, at: Instant) -> Allowance {
        Allowance { budget: self.clone(), before: self.replace(Some(at)) }
    }

    fn replace(&self, end: Option<Instant>) -> Option<Instant> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), end)
    }

    fn left(&self) -> Duration {
        let end = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        end.map_or(OPERATION, |end| end.saturating_duration_since(Instant::now()).min(OPERATION))
    }
}

#[dyn_dispatch_hint]
impl Intercept for Budget {
    fn name(&self) -> &'static str {
        "Budget"
    }

    // Before the SDK decides how long the operation may take.
    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let timeouts = TimeoutConfig::builder().operation_timeout(self.left()).build();
        config.interceptor_state().store_put(timeouts);
        Ok(())
    }
}
