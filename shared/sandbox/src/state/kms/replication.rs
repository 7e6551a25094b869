//! A key in several regions.

use std::collections::BTreeSet;

/// The regions of a multi-Region key, which all of its keys know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// Where the primary key is.
    pub primary: String,
    /// Where its replicas are.
    pub replicas: BTreeSet<String>,
}
