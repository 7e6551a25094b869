//! The log of calls that tests read.

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

/// One call as it arrived and how it was answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    /// `backup`, `kms`, `iam`, `sts`, `sns`, `ssm` or `cloudtrail`.
    pub service: String,
    /// AWS's own name of the operation.
    pub operation: String,
    /// The region that the call was signed for; `us-east-1` for IAM.
    pub region: String,
    /// The account that the access key belongs to.
    pub account: String,
    /// The access key of the signature.
    pub access_key: String,
    /// All parameters under AWS's member names, whether they came in the path, the query or the body.
    pub params: Value,
    /// HTTP status of the answer; 0 when the connection was closed instead.
    pub status: u16,
    /// The error code, if the call was refused.
    pub error: Option<String>,
    /// Whether the operation changes anything when it succeeds. Publishing a message does not count.
    pub write: bool,
    /// When it was answered, by the sandbox's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
}
