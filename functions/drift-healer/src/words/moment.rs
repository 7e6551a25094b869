//! A moment as people read it.

use time::OffsetDateTime;
use time::macros::format_description;

/// "2026-11-10 16:34:46 UTC".
pub(crate) fn moment(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    at.to_offset(time::UtcOffset::UTC).format(&form).unwrap_or_else(|_| at.to_string())
}
