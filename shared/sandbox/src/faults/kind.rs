//! What happens to a call that a fault hits.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::AwsError;
use crate::service::Service;

/// What happens to a call that a fault hits. Refusals are not carried out; what else is carried out and what not each says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// It is refused with this error.
    Error {
        /// The error code on the wire, such as `ThrottlingException`.
        code: String,
        /// HTTP status.
        status: u16,
        /// The message.
        message: String,
    },
    /// It is refused as its service refuses what comes too fast.
    Throttled,
    /// It is refused as its service refuses what IAM does not allow.
    Denied,
    /// It is refused with status 500, in its service's own words.
    InternalError,
    /// It is refused with status 503.
    Unavailable,
    /// The call is carried out after a pause.
    Delay {
        /// How long.
        milliseconds: u64,
    },
    /// It is carried out at once, and answered after a pause.
    SlowAnswer {
        /// How long.
        milliseconds: u64,
    },
    /// The call is not carried out and the connection closes without an answer.
    Reset,
    /// The call is carried out, but the connection closes before the answer: what a retry has to survive.
    LostAnswer,
    /// It is carried out, and the connection closes in the middle of the answer's body.
    Truncated,
    /// It is carried out, and answered with a body that is whole and says nothing.
    Malformed {
        /// HTTP status; 200 without one.
        #[serde(default)]
        status: Option<u16>,
        /// The body; half of the right one without one.
        #[serde(default)]
        body: Option<String>,
    },
    /// It is carried out twice, as when something on the way repeats it.
    Duplicate {
        /// Whether the client gets the second answer, and not the first.
        #[serde(default)]
        second_answer: bool,
    },
    /// A read sees the account as it was: without what was written in the last so many seconds. A write is carried out.
    Stale {
        /// How far behind it is.
        seconds: u64,
    },
    /// The call is accepted, and the account shows its effect only after so many further calls: writes to IAM and KMS
    /// take seconds to minutes to be seen everywhere. What is written in between is lost.
    Late {
        /// How many calls still see the account as it was.
        calls: usize,
    },
    /// Just before it is carried out the sandbox's own tool is used. Other faults hit the call as well.
    Tool {
        /// Method and path after `/_sandbox/`, such as `POST plant`.
        tool: String,
        /// The body for the tool.
        #[serde(default)]
        body: Value,
    },
}

impl FaultKind {
    /// The answer, if it is a refusal. `caller` is the ARN of whoever calls.
    pub(crate) fn refusal(&self, service: Service, operation: &str, caller: &str) -> Option<AwsError> {
        let (status, code, message) = match self {
            FaultKind::Error { code, status, message } => {
                return Some(AwsError::new(*status, code, message));
            }
            FaultKind::Reset => (0, "ConnectionReset", String::new()),
            FaultKind::Throttled => {
                let (status, code) = service.throttling();
                (status, code, "Rate exceeded".to_owned())
            }
            FaultKind::Denied => {
                let (status, code) = service.denial();
                let name = service.name();
                (status, code, format!("User: {caller} is not authorized to perform: {name}:{operation}"))
            }
            FaultKind::InternalError => {
                (500, service.internal_error(), "An internal error occurred".to_owned())
            }
            FaultKind::Unavailable => (503, service.unavailable(), "Service unavailable".to_owned()),
            FaultKind::Delay { .. }
            | FaultKind::SlowAnswer { .. }
            | FaultKind::LostAnswer
            | FaultKind::Truncated
            | FaultKind::Malformed { .. }
            | FaultKind::Duplicate { .. }
            | FaultKind::Stale { .. }
            | FaultKind::Late { .. }
            | FaultKind::Tool { .. } => return None,
        };
        Some(AwsError::new(status, code, message))
    }
}
