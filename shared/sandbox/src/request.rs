//! One decoded call, the same for all protocols, and the reading of its parameters.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::clock::iso;
use crate::error::AwsError;
use crate::page::{self, Page, Paging};
use crate::policy::{Caller, Context};
use crate::service::Service;
use crate::settings::Settings;
use crate::trail::Actor;

/// A call with its parameters under AWS's own member names.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) service: Service,
    pub(crate) operation: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) access_key: String,
    pub(crate) caller: Actor,
    /// The same, as policies name it.
    pub(crate) principal: Caller,
    pub(crate) params: Value,
    pub(crate) now: OffsetDateTime,
    /// Whether time passes by itself between two calls.
    pub(crate) clock_runs: bool,
    pub(crate) settings: Settings,
}

impl Request {
    /// A parameter that was given; JSON null counts as not given.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.params.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, AwsError> {
        self.text(name).filter(|text| !text.is_empty()).ok_or_else(|| self.missing(name))
    }

    pub(crate) fn missing(&self, name: &str) -> AwsError {
        AwsError::bad(
            self.service.missing_parameter(),
            format!("{} needs {name}; none was given", self.operation),
        )
    }

    pub(crate) fn invalid(&self, message: impl Into<String>) -> AwsError {
        AwsError::bad(self.service.invalid_parameter(), message)
    }

    /// A whole number; query strings and form bodies carry it as text.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, AwsError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).map(Some).ok_or_else(
            || AwsError::bad("SerializationException", format!("{name} is not a whole number: {value}")),
        )
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| *value == Value::Bool(true) || value.as_str() == Some("true"))
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.value(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn map(&self, name: &str) -> Map<String, Value> {
        self.value(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// What the request says of itself, whatever it is about.
    pub(crate) fn context(&self) -> Context {
        let organization = self.settings.organization.as_deref();
        let now = iso(self.now);
        self.principal
            .context()
            .with("aws:RequestedRegion", [self.region.as_str()])
            .with("aws:ResourceAccount", [self.account.as_str()])
            .with("aws:SourceIp", [self.caller.source_ip.as_str()])
            .with("aws:CurrentTime", [now.as_str()])
            .with("lambda:SourceFunctionArn", self.settings.source_function.as_deref())
            .with("aws:PrincipalOrgID", organization)
            .with("aws:ResourceOrgID", organization)
            // A loopback port has no TLS, but whoever calls AWS does.
            .with("aws:SecureTransport", ["true"])
            .with("aws:ViaAWSService", ["false"])
            .with("aws:PrincipalIsAWSService", ["false"])
    }

    pub(crate) fn page(&self, items: Vec<(String, Value)>, paging: &Paging) -> Result<Page, AwsError> {
        let limit = match self.integer(paging.limit)? {
            None => paging.default,
            Some(asked) => usize::try_from(asked)
                .ok()
                .filter(|asked| (1..=paging.max).contains(asked))
                .ok_or_else(|| {
                    let message = format!("{} is {asked}; it must be 1 to {}", paging.limit, paging.max);
                    AwsError::bad(paging.bad_limit, message)
                })?,
        };
        let limit = self.settings.page_size.map_or(limit, |forced| limit.min(forced.max(1)));
        page::cut(items, self.text(paging.token), limit).ok_or_else(|| {
            AwsError::bad(paging.bad_token, format!("{} is not a token of this list", paging.token))
        })
    }
}

/// `json!` writes members that are not there as null; AWS leaves them out.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, without_nulls(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => leaf,
    }
}
