//! One thing that a call needs: an action on a resource, with what IAM's condition keys say of it.

use std::collections::BTreeMap;

use crate::partition::partition;
use crate::request::Request;

/// One action on one resource, and what IAM's condition keys say of it.
#[derive(Debug, Clone)]
pub(super) struct Need {
    pub(super) action: String,
    pub(super) resource: String,
    /// By name in lower case: condition keys have no case.
    context: BTreeMap<String, Vec<String>>,
}

impl Need {
    pub(super) fn new(request: &Request, action: impl Into<String>, resource: impl Into<String>) -> Need {
        let need = Need { action: action.into(), resource: resource.into(), context: BTreeMap::new() };
        need.with("aws:RequestedRegion", [request.region.as_str()])
            .with("aws:ResourceAccount", [request.account.as_str()])
    }

    pub(super) fn with<'a>(mut self, key: &str, values: impl IntoIterator<Item = &'a str>) -> Need {
        let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
        if !values.is_empty() {
            self.context.insert(key.to_ascii_lowercase(), values);
        }
        self
    }

    /// The values of a condition key; none if the request does not carry it.
    pub(super) fn values(&self, key: &str) -> &[String] {
        self.context.get(&key.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn arn(request: &Request, service: &str, rest: &str) -> String {
    format!("arn:{}:{service}:{}:{}:{rest}", partition(&request.region), request.region, request.account)
}

/// The action of the operation's own name.
pub(super) fn itself(request: &Request, resource: impl Into<String>) -> Need {
    Need::new(request, format!("{}:{}", request.service.name(), request.operation), resource)
}
