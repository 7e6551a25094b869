//! An account while it is changed from outside: what it holds, and the calls that a client could make.

use serde_json::Value;
use time::OffsetDateTime;

use crate::caller::caller;
use crate::error::AwsError;
use crate::request::Request;
use crate::service::Service;
use crate::services;
use crate::settings::Settings;
use crate::state::Account;
use crate::trail::Actor;
use crate::wire;

/// An account that is being changed: by calls as a client makes them, or by hand where AWS has no call for it.
#[derive(Debug)]
pub struct Change<'a> {
    /// What the account holds.
    pub account: &'a mut Account,
    /// The time by the sandbox's clock.
    pub now: OffsetDateTime,
    pub(crate) by: &'a Actor,
    pub(crate) settings: Settings,
    pub(crate) clock_runs: bool,
}

impl Change<'_> {
    /// Makes a call, such as [`Service::Kms`], `us-east-1`, `DisableKey` and `{"KeyId": …}`: AWS's own names throughout.
    /// Neither a policy of IAM nor a fault stands in its way, and the log of calls does not have it.
    ///
    /// # Errors
    /// What the service refuses.
    pub fn call(
        &mut self,
        service: Service,
        region: &str,
        operation: &str,
        params: Value,
    ) -> Result<Value, AwsError> {
        let known = services::find(service, operation);
        let known = known.ok_or_else(|| wire::unknown_operation(service, operation))?;
        let request = Request {
            service,
            operation: operation.to_owned(),
            region: region.to_owned(),
            account: self.account.id.clone(),
            access_key: self.by.access_key(),
            caller: self.by.clone(),
            principal: caller(self.by, &self.account.iam),
            params,
            now: self.now,
            clock_runs: self.clock_runs,
            settings: self.settings.clone(),
        };
        (known.handle)(self.account, &request)
    }
}
