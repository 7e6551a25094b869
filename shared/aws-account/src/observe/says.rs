//! Whether an answer says something at all: for members that the SDK fills in where AWS said nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_backup::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_backup::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_backup::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use serde_json::Value;

/// Looks for one member of one answer.
#[derive(Debug, Clone)]
pub(super) struct Says {
    member: &'static str,
    said: Arc<AtomicBool>,
}

impl Says {
    pub(super) fn of(member: &'static str) -> Self {
        Self { member, said: Arc::default() }
    }

    pub(super) fn said(&self) -> bool {
        self.said.load(Ordering::Relaxed)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Says {
    fn name(&self) -> &'static str {
        "Says"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        let answer = serde_json::from_slice::<Value>(body).unwrap_or_default();
        self.said.store(answer.get(self.member).is_some(), Ordering::Relaxed);
        Ok(())
    }
}
