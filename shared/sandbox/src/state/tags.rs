//! Tags, the same for every kind of resource.

use std::collections::BTreeMap;

/// Key to value.
pub type Tags = BTreeMap<String, String>;
