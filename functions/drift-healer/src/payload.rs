//! What Lambda's runtime reads of an invocation, before the function is called.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tracing::warn;

/// Any payload. What the runtime's parser gives up on (more than 127 levels, a number beyond a double's range, half of a surrogate pair) would
/// fail the invocation, and with it an alarm that anybody who may invoke the function could ring: here it is an event that is not recognised.
#[derive(Debug)]
pub struct Payload(Result<Value, String>);

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer).map_err(|error| error.to_string())))
    }
}

impl From<Value> for Payload {
    fn from(json: Value) -> Self {
        Self(Ok(json))
    }
}

impl Payload {
    /// The JSON, `null` where there is none that can be read.
    pub fn read(self) -> Value {
        self.0.unwrap_or_else(|error| {
            warn!(error, "payload unreadable");
            Value::Null
        })
    }
}
