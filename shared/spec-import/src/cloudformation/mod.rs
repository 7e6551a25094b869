//! x

use crate::{ImportError, Imported};

/// x
///
/// # Errors
///
/// x
pub fn read(_text: &str, _origin: &str, _region: &str) -> Result<Imported, ImportError> {
    Err(ImportError::Empty)
}
