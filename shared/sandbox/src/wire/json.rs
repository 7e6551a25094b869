//! awsJson1.1, which KMS speaks: the operation is in `X-Amz-Target`.

use serde_json::{Value, json};

use super::{Http, Reply, object};
use crate::error::AwsError;

const KIND: &str = "application/x-amz-json-1.1";

pub(super) fn decode(http: &Http) -> Result<(String, Value), AwsError> {
    let target = http.target.as_deref().unwrap_or_default();
    let operation = target.strip_prefix("TrentService.").ok_or_else(|| {
        AwsError::bad("UnknownOperationException", format!("X-Amz-Target {target:?} is no operation of KMS"))
    })?;
    Ok((operation.to_owned(), object(&http.body)?))
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
