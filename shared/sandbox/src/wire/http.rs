//! What of HTTP matters here, and the reading of bodies, paths and queries.

use serde_json::Value;

use crate::error::AwsError;

/// What of an HTTP request matters here.
#[derive(Debug, Default)]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) authorization: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// What goes back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// The value of `x-amzn-ErrorType`, which AWS Backup's protocol reads the error code from.
    pub(crate) error_type: Option<String>,
    pub(crate) request_id: String,
    pub(crate) body: String,
}

/// A body that is a JSON object; none at all counts as an empty one.
pub(super) fn object(body: &[u8]) -> Result<Value, AwsError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Default::default()));
    }
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(AwsError::bad("SerializationException", "The body is not a JSON object")),
        Err(error) => Err(AwsError::bad("SerializationException", format!("The body is not JSON: {error}"))),
    }
}

/// Percent-decoding; bytes that are no UTF-8 are replaced.
pub(crate) fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// `name=value` pairs of a query string or a form, where `+` is a space.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |part: &str| percent_decoded(&part.replace('+', " "));
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
