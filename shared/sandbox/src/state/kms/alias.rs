//! A name for a key.

use time::OffsetDateTime;

/// A name that points to a key.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The name, which begins with `alias/`.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// A key id, never an ARN.
    pub target: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it was last pointed somewhere.
    pub updated: OffsetDateTime,
}
