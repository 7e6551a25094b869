//! Moments: as machines read them, and as people do.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

/// A moment for machines, RFC 3339 in whole seconds.
pub fn timestamp(at: OffsetDateTime) -> String {
    let at = at.replace_nanosecond(0).unwrap_or(at);
    // Formatting fails only for years beyond 9999, which no AWS answer holds.
    at.format(&Rfc3339).unwrap_or_else(|_| at.to_string())
}

/// A moment for people: "2026-11-10 16:34:46 UTC".
pub fn moment(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    at.to_offset(UtcOffset::UTC).format(&form).unwrap_or_else(|_| at.to_string())
}
