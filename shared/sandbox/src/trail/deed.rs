//! A call and what came of it, as the trail is told of it.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::error::AwsError;
use crate::partition::{global_region, partition};
use crate::request::without_nulls;
use crate::service::Service;

/// A call and what came of it, under AWS's own member names.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    pub(super) service: Service,
    pub(super) operation: String,
    pub(super) region: String,
    pub(super) time: OffsetDateTime,
    pub(super) params: Value,
    pub(super) outcome: Result<Value, AwsError>,
    /// The keys and aliases that it is about.
    pub(super) named: Vec<Value>,
}

impl Deed {
    /// A call that is answered with nothing. What is done to roles is told by the partition's first region.
    pub(crate) fn new(
        service: Service,
        operation: &str,
        region: &str,
        params: Value,
        named: Vec<Value>,
        time: OffsetDateTime,
    ) -> Deed {
        let region = if service == Service::Iam { global_region(partition(region)) } else { region };
        Deed {
            service,
            operation: operation.to_owned(),
            region: region.to_owned(),
            time,
            params: without_nulls(params),
            outcome: Ok(Value::Null),
            named,
        }
    }

    /// What CloudTrail tells of it in another region as well: a replica is made where it is to be.
    pub(crate) fn elsewhere(&self) -> Option<Deed> {
        let region = self.params.get("ReplicaRegion").and_then(Value::as_str)?;
        let made = self.outcome.as_ref().ok()?.get("ReplicaKeyMetadata")?;
        let mut params = json!({ "MultiRegion": true, "Policy": self.params.get("Policy") });
        for name in ["Description", "KeyUsage", "KeySpec", "Origin"] {
            params[name] = made.get(name).cloned().unwrap_or_default();
        }
        Some(Deed {
            operation: "CreateKey".to_owned(),
            region: region.to_owned(),
            params: without_nulls(params),
            outcome: Ok(json!({ "KeyMetadata": made })),
            named: Vec::new(),
            ..self.clone()
        })
    }

    pub(crate) fn with(self, outcome: Result<Value, AwsError>) -> Deed {
        Deed { outcome, ..self }
    }
}
