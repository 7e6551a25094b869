//! What time it is by AWS's clock, as the `Date` of its answers tells: lock dates are AWS's, and so must be the time that they are
//! judged by.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_backup::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_backup::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_backup::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use httpdate::parse_http_date;
use time::Duration;

/// How many answers are remembered: one that was long on its way must not decide.
const REMEMBERED: usize = 15;

/// `Date` has whole seconds, and answers take time: what differs by less says nothing.
const NOISE: Duration = Duration::seconds(5);

/// How far AWS's clock is ahead of ours.
#[derive(Debug, Clone, Default)]
pub(crate) struct AwsTime(Arc<Mutex<Vec<Duration>>>);

impl AwsTime {
    /// By the middle one of the last answers; zero while none says otherwise.
    pub(crate) fn ahead(&self) -> Duration {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.sort();
        let middle = told.get(told.len() / 2).copied().unwrap_or_default();
        if middle.abs() < NOISE { Duration::ZERO } else { middle }
    }

    fn learn(&self, ahead: Duration) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() == REMEMBERED {
            told.remove(0);
        }
        told.push(ahead);
    }
}

#[dyn_dispatch_hint]
impl Intercept for AwsTime {
    fn name(&self) -> &'static str {
        "AwsTime"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let date = date.and_then(|date| parse_http_date(date).ok());
        if let (Some(date), Some(clock)) = (date, components.time_source()) {
            self.learn(time::OffsetDateTime::from(date) - time::OffsetDateTime::from(clock.now()));
        }
        Ok(())
    }
}
