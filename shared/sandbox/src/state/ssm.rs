//! Parameter Store in one region.

use std::collections::BTreeMap;

use time::OffsetDateTime;

/// What Systems Manager keeps in one region.
#[derive(Debug, Clone, Default)]
pub struct Ssm {
    /// By name.
    pub parameters: BTreeMap<String, Parameter>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, with all slashes.
    pub name: String,
    /// `String`, `StringList` or `SecureString`.
    pub kind: String,
    /// From version 1 to the one that counts.
    pub versions: Vec<ParameterVersion>,
}

/// What a parameter said, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterVersion {
    /// The value, in the clear.
    pub value: String,
    /// When it was put.
    pub modified: OffsetDateTime,
}
