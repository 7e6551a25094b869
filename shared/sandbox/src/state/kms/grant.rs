//! A grant: what somebody may do with a key without its policy saying so.

use serde_json::Value;
use time::OffsetDateTime;

/// A grant of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Its id, of 64 hexadecimal digits.
    pub id: String,
    /// The tokens that it has been given out with.
    pub tokens: Vec<String>,
    /// The name, by which the same grant is not made twice.
    pub name: Option<String>,
    /// When it was made.
    pub created: OffsetDateTime,
    /// ARN of who may use the key.
    pub grantee: String,
    /// ARN of who may give it up besides.
    pub retiring: Option<String>,
    /// ARN of the account that made it.
    pub issuer: String,
    /// What the grantee may do, such as `Decrypt`.
    pub operations: Vec<String>,
    /// `Constraints`, as AWS answers them; null for none.
    pub constraints: Value,
}
