//! awsJson1.1, which KMS, Systems Manager and CloudTrail speak: the operation is in `X-Amz-Target`.

use serde_json::{Value, json};

use super::http::{Http, Reply, object};
use crate::error::AwsError;
use crate::service::Service;

const KIND: &str = "application/x-amz-json-1.1";

pub(super) fn decode(http: &Http, service: Service) -> Result<(String, Value), AwsError> {
    let target = http.target.as_deref().unwrap_or_default();
    let operation = operation(target, service).ok_or_else(|| {
        let message = format!("X-Amz-Target {target:?} is no operation of {}", service.name());
        AwsError::bad("UnknownOperationException", message)
    })?;
    Ok((operation.to_owned(), object(&http.body)?))
}

/// Some SDKs name CloudTrail's interface alone, others with the package that it was once written in.
fn operation(target: &str, service: Service) -> Option<&str> {
    let (interface, operation) = target.rsplit_once('.')?;
    let known = match service {
        Service::Kms => interface == "TrentService",
        Service::Ssm => interface == "AmazonSSM",
        Service::CloudTrail => interface.rsplit('.').next() == Some("CloudTrail_20131101"),
        Service::Backup | Service::Iam | Service::Sts | Service::Sns => false,
    };
    known.then_some(operation)
}

pub(super) fn success(value: &Value, request_id: &str) -> Reply {
    let body = if value.is_null() { "{}".to_owned() } else { value.to_string() };
    Reply { status: 200, content_type: KIND, error_type: None, request_id: request_id.to_owned(), body }
}

pub(super) fn error(error: &AwsError, request_id: &str) -> Reply {
    let body = json!({ "__type": error.code, "message": error.message }).to_string();
    Reply {
        status: error.status,
        content_type: KIND,
        error_type: None,
        request_id: request_id.to_owned(),
        body,
    }
}
