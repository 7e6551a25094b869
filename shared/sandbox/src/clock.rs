//! The only place that asks what time it is; tests move it forward instead of waiting.

use std::time::SystemTime;

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

/// The time of the sandbox: the real one or a given instant, plus what tests have advanced it by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    given: Option<OffsetDateTime>,
    /// Since when the time goes on from the given instant; without it the clock stands there.
    flowing: Option<Instant>,
    ahead: Duration,
}

impl Clock {
    pub(crate) fn new(given: Option<OffsetDateTime>, flows: bool) -> Clock {
        Clock { given, flowing: flows.then(Instant::now), ahead: Duration::ZERO }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        let passed = self.flowing.filter(|_| self.given.is_some()).map(|since| since.elapsed());
        let passed = passed.and_then(|passed| Duration::try_from(passed).ok()).unwrap_or_default();
        self.given.unwrap_or_else(Clock::real).saturating_add(passed).saturating_add(self.ahead)
    }

    /// The time of everybody else.
    pub(crate) fn real() -> OffsetDateTime {
        OffsetDateTime::from(SystemTime::now())
    }

    /// Whether time passes by itself.
    pub(crate) fn runs(&self) -> bool {
        self.given.is_none() || self.flowing.is_some()
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }

    pub(crate) fn rewind(&mut self) {
        self.ahead = Duration::ZERO;
        self.flowing = self.flowing.map(|_| Instant::now());
    }
}

/// Seconds since 1970 with milliseconds, as AWS Backup and KMS write times.
pub(crate) fn epoch(time: OffsetDateTime) -> Value {
    json!((time.unix_timestamp_nanos() / 1_000_000) as f64 / 1000.0)
}

/// ISO 8601 without fractions, as the query protocols write times.
pub(crate) fn iso(time: OffsetDateTime) -> String {
    time.replace_nanosecond(0).ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The form of HTTP's own header.
pub(crate) fn http_date(time: OffsetDateTime) -> String {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    time.to_offset(time::UtcOffset::UTC).format(&form).unwrap_or_default()
}
