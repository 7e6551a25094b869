//! One thing that a call needs: an action on a resource, with what IAM's condition keys say of it.

use crate::partition::partition;
use crate::policy::Context;
use crate::request::Request;

/// One action on one resource, and what IAM's condition keys say of it.
#[derive(Debug, Clone)]
pub(super) struct Need {
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) context: Context,
}

impl Need {
    pub(super) fn new(request: &Request, action: impl Into<String>, resource: impl Into<String>) -> Need {
        Need { action: action.into(), resource: resource.into(), context: request.context() }
    }

    pub(super) fn with<'a>(self, key: &str, values: impl IntoIterator<Item = &'a str>) -> Need {
        Need { context: self.context.with(key, values), ..self }
    }
}

pub(super) fn arn(request: &Request, service: &str, rest: &str) -> String {
    format!("arn:{}:{service}:{}:{}:{rest}", partition(&request.region), request.region, request.account)
}

/// The action of the operation's own name.
pub(super) fn itself(request: &Request, resource: impl Into<String>) -> Need {
    Need::new(request, format!("{}:{}", request.service.name(), request.operation), resource)
}
