//! Between HTTP and calls: who asks whom for what, in each of the three protocols.

mod http;
mod json;
mod query;
mod rest;
mod scope;

use serde_json::Value;

use crate::error::AwsError;
use crate::service::Service;
use scope::Scope;

pub(crate) use http::{Http, Reply, pairs, percent_decoded};
pub use scope::DEFAULT_ACCOUNT;

/// The request id of what is refused before it is a call.
const NO_CALL: &str = "00000000-0000-4000-8000-000000000000";

/// How a call is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Rest,
    Json,
    Query,
}

/// A decoded call that has not been answered yet.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) access_key: String,
    pub(crate) user_agent: Option<String>,
    pub(crate) params: Value,
}

impl Protocol {
    fn of(service: Service) -> Protocol {
        match service {
            Service::Backup => Protocol::Rest,
            Service::Kms | Service::Ssm | Service::CloudTrail => Protocol::Json,
            Service::Iam | Service::Sts | Service::Sns => Protocol::Query,
        }
    }

    /// For a request that does not say which service it is for.
    fn guess(http: &Http) -> Protocol {
        let form = http.content_type.as_deref().is_some_and(|kind| kind.contains("x-www-form-urlencoded"));
        match (&http.target, form) {
            (Some(_), _) => Protocol::Json,
            (None, true) => Protocol::Query,
            (None, false) => Protocol::Rest,
        }
    }
}

/// The call, or the refusal of something that is none.
pub(crate) fn decode(http: &Http) -> Result<Incoming, Reply> {
    let guess = Protocol::guess(http);
    let Some(scope) = http.authorization.as_deref().and_then(Scope::parse) else {
        let code = match guess {
            Protocol::Rest | Protocol::Json => "MissingAuthenticationTokenException",
            Protocol::Query => "MissingAuthenticationToken",
        };
        return Err(refusal(guess, &AwsError::new(403, code, "Request is missing Authentication Token")));
    };
    let Some(service) = Service::from_scope(&scope.service) else {
        let message = format!(
            "The sandbox has no service {}; it speaks backup, kms, iam, sts, sns, ssm and cloudtrail",
            scope.service
        );
        return Err(refusal(guess, &AwsError::new(404, "UnknownOperationException", message)));
    };
    let protocol = Protocol::of(service);
    let decoded = match protocol {
        Protocol::Rest => rest::decode(http),
        Protocol::Json => json::decode(http, service),
        Protocol::Query => query::decode(http),
    };
    let (operation, params) = decoded.map_err(|error| refusal(protocol, &error))?;
    Ok(Incoming {
        service,
        operation,
        region: scope.region.clone(),
        account: scope.account().to_owned(),
        access_key: scope.access_key,
        user_agent: http.user_agent.clone(),
        params,
    })
}

fn refusal(protocol: Protocol, error: &AwsError) -> Reply {
    match protocol {
        Protocol::Rest => rest::error(error, NO_CALL),
        Protocol::Json => json::error(error, NO_CALL),
        Protocol::Query => query::error(None, error, NO_CALL),
    }
}

/// The refusal of an operation that the sandbox does not know.
pub(crate) fn unknown_operation(service: Service, operation: &str) -> AwsError {
    let message = format!("The sandbox does not know {}:{operation}", service.name());
    match Protocol::of(service) {
        Protocol::Rest => AwsError::new(404, "UnknownOperationException", message),
        Protocol::Json => AwsError::bad("UnknownOperationException", message),
        Protocol::Query => AwsError::bad("InvalidAction", message),
    }
}

/// The answer in the form that the service's clients expect.
pub(crate) fn encode(
    service: Service,
    operation: &str,
    answer: Result<Value, AwsError>,
    request_id: &str,
) -> Reply {
    match (Protocol::of(service), answer) {
        (Protocol::Rest, Ok(value)) => rest::success(&value, request_id),
        (Protocol::Rest, Err(error)) => rest::error(&error, request_id),
        (Protocol::Json, Ok(value)) => json::success(&value, request_id),
        (Protocol::Json, Err(error)) => json::error(&error, request_id),
        (Protocol::Query, Ok(value)) => query::success(service, operation, &value, request_id),
        (Protocol::Query, Err(error)) => query::error(Some(service), &error, request_id),
    }
}
