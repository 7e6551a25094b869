//! x
pub(super) fn text() -> String { String::new() }
