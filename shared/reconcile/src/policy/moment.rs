//! When a call is made, and what a condition on the time of the request says of it.

use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::collections::BTreeSet;

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

use super::condition::{if_exists, is_null, of_a_set};
use super::ternary::{any, not, same};

/// The keys of the time: they come with every request ("AWS global condition context keys").
const NOW: &str = "aws:currenttime";
const EPOCH: &str = "aws:epochtime";

/// By how much the clock that decides and the one that we look at may differ.
const SLACK: Duration = Duration::minutes(5);

/// A time in which calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    from: OffsetDateTime,
    /// For ever, if none.
    until: Option<OffsetDateTime>,
}

impl When {
    pub(super) fn about(at: OffsetDateTime) -> Self {
        Self { from: at - SLACK, until: Some(at + SLACK) }
    }

    pub(super) fn from(at: OffsetDateTime) -> Self {
        Self { from: at - SLACK, until: None }
    }

    /// Whether a test of the time holds of all these calls, or of none of them; `None` also if it is no such test.
    pub(super) fn meets(&self, operator: &str, key: &str, values: &BTreeSet<String>) -> Option<bool> {
        let (_, operator) = of_a_set(if_exists(operator).1);
        if operator == "Null" {
            return is_null(values).map(|asks_for_none| !asks_for_none);
        }
        let (numeric, order) = match (operator.strip_prefix("Numeric"), operator.strip_prefix("Date")) {
            (Some(order), _) if key == EPOCH => (true, order),
            (_, Some(order)) => (false, order),
            _ => return None,
        };
        let (orders, negated): (&[Ordering], bool) = match order {
            "Equals" => (&[Equal], false),
            "NotEquals" => (&[Equal], true),
            "LessThan" => (&[Less], false),
            "LessThanEquals" => (&[Less, Equal], false),
            "GreaterThan" => (&[Greater], false),
            "GreaterThanEquals" => (&[Greater, Equal], false),
            _ => return None,
        };
        // What a list without values means is not documented.
        let holds = (!values.is_empty()).then(|| {
            any(values.iter().map(|value| {
                let possible = self.stands_to(span(value, numeric)?);
                same(possible.into_iter().map(|order| Some(orders.contains(&order))))
            }))
        });
        if negated { not(holds?) } else { holds? }
    }

    /// How these calls may stand to a moment, of which is known between which two it is.
    fn stands_to(&self, (first, last): (OffsetDateTime, OffsetDateTime)) -> Vec<Ordering> {
        let ends_after = |moment| self.until.is_none_or(|until| until > moment);
        let those = [
            (Less, self.from < last),
            (Equal, self.from <= last && (ends_after(first) || self.until == Some(first))),
            (Greater, ends_after(first)),
        ];
        those.into_iter().filter(|(_, may_be)| *may_be).map(|(order, _)| order).collect()
    }
}

pub(super) fn is_of_the_time(key: &str) -> bool {
    [NOW, EPOCH].contains(&key)
}

/// What a value means: between which two moments it is. A day may be its beginning, or all of it. Digits are seconds since 1970 but where
/// they may as well be a year or a day.
fn span(value: &str, numeric: bool) -> Option<(OffsetDateTime, OffsetDateTime)> {
    let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits && (numeric || ![4, 8].contains(&value.len())) {
        let moment = OffsetDateTime::from_unix_timestamp(value.parse().ok()?).ok()?;
        return Some((moment, moment));
    }
    if numeric {
        return None;
    }
    if let Ok(moment) = OffsetDateTime::parse(value, &Rfc3339) {
        return Some((moment, moment));
    }
    let day = Date::parse(value, format_description!("[year]-[month]-[day]")).ok()?;
    let begin = day.midnight().assume_utc();
    Some((begin, begin + Duration::DAY))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const AT: OffsetDateTime = datetime!(2026-11-27 12:00 UTC);

    fn asks(when: When, operator: &str, key: &str, value: &str) -> Option<bool> {
        when.meets(operator, key, &[value.to_owned()].into())
    }

    #[test]
    fn what_is_past_stays_past_and_what_comes_may_come() {
        let cases = [
            ("DateLessThan", "2026-11-27T11:00:00Z", Some(false), Some(false)),
            ("DateLessThan", "2026-11-27T13:00:00Z", Some(true), None),
            ("DateLessThanEquals", "1970-01-01T00:00:00Z", Some(false), Some(false)),
            ("DateGreaterThan", "2026-11-27T11:00:00Z", Some(true), Some(true)),
            ("DateGreaterThan", "2026-11-27T14:00:00+01:00", Some(false), None),
            ("DateGreaterThanEqualsIfExists", "2999-01-01T00:00:00Z", Some(false), None),
            ("DateEquals", "2026-11-27T11:00:00Z", Some(false), Some(false)),
            ("DateEquals", "2026-11-27T13:00:00Z", Some(false), None),
            ("DateNotEquals", "2026-11-27T11:00:00Z", Some(true), Some(true)),
            ("ForAllValues:DateLessThan", "1764000000", Some(false), Some(false)),
            // The clocks may differ by minutes, and a day may be all of it.
            ("DateLessThan", "2026-11-27T12:01:00Z", None, None),
            ("DateLessThan", "2026-11-27", None, None),
            ("DateLessThan", "2026-11-26", Some(false), Some(false)),
            // Nobody knows what these mean.
            ("DateLessThan", "2020", None, None),
            ("DateLessThan", "yesterday", None, None),
            ("StringEquals", "2026-11-27T11:00:00Z", None, None),
            ("NumericLessThan", "0", None, None),
        ];
        for (operator, value, now, later) in cases {
            assert_eq!(asks(When::about(AT), operator, NOW, value), now, "{operator} {value}");
            assert_eq!(asks(When::from(AT), operator, NOW, value), later, "{operator} {value} from now on");
        }
    }

    #[test]
    fn seconds_are_numbers_and_dates() {
        for (operator, value, now) in [
            ("NumericLessThan", "2020", Some(false)),
            ("NumericEquals", "0", Some(false)),
            ("NumericGreaterThan", "1764000000", Some(true)),
            ("NumericLessThan", "soon", None),
            ("DateLessThan", "2026-11-27T11:00:00Z", Some(false)),
            ("Null", "true", Some(false)),
            ("Null", "false", Some(true)),
        ] {
            assert_eq!(asks(When::about(AT), operator, EPOCH, value), now, "{operator} {value}");
        }
        assert_eq!(When::about(AT).meets("DateLessThan", EPOCH, &BTreeSet::new()), None);
    }
}
