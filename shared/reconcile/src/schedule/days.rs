//! The days of a schedule.

use time::{Date, Weekday};

use super::grammar::Values;

/// The days of a schedule in one form, however they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Days {
    Every,
    OfMonth(Vec<u16>),
    LastOfMonth,
    /// Monday to Friday nearest to the day, in the same month.
    NearestWeekday(u16),
    /// 1 is Sunday.
    OfWeek(Vec<u16>),
    LastOfWeek(u16),
    Nth(u16, u16),
}

impl Days {
    pub(super) fn of_month(values: Values) -> Self {
        match values {
            Values::Each(days) if days.len() == 31 => Days::Every,
            Values::Each(days) => Days::OfMonth(days),
            Values::NearestWeekday(day) => Days::NearestWeekday(day),
            // The grammar of the field has no others.
            Values::Last | Values::Any | Values::LastOf(_) | Values::Nth(..) => Days::LastOfMonth,
        }
    }

    pub(super) fn of_week(values: Values) -> Self {
        match values {
            Values::Each(days) if days.len() == 7 => Days::Every,
            Values::Each(days) => Days::OfWeek(days),
            Values::LastOf(day) => Days::LastOfWeek(day),
            Values::Nth(day, week) => Days::Nth(day, week),
            // The last day of a week is Saturday. The grammar of the field has no others.
            Values::Last | Values::Any | Values::NearestWeekday(_) => Days::OfWeek(vec![7]),
        }
    }

    pub(super) fn include(&self, date: Date) -> bool {
        let day = u16::from(date.day());
        let length = u16::from(date.month().length(date.year()));
        let weekday = u16::from(date.weekday().number_from_sunday());
        match self {
            Days::Every => true,
            Days::OfMonth(days) => days.contains(&day),
            Days::LastOfMonth => day == length,
            Days::NearestWeekday(wanted) => nearest_weekday(date, (*wanted).min(length)) == Some(day),
            Days::OfWeek(days) => days.contains(&weekday),
            Days::LastOfWeek(wanted) => weekday == *wanted && day + 7 > length,
            Days::Nth(wanted, week) => weekday == *wanted && (day - 1) / 7 + 1 == *week,
        }
    }
}

/// Monday to Friday nearest to a day of the month that a date is in.
fn nearest_weekday(in_month: Date, day: u16) -> Option<u16> {
    let length = u16::from(in_month.month().length(in_month.year()));
    let wanted = in_month.replace_day(u8::try_from(day).ok()?).ok()?;
    Some(match wanted.weekday() {
        Weekday::Saturday if day == 1 => 3,
        Weekday::Saturday => day - 1,
        Weekday::Sunday if day == length => day - 2,
        Weekday::Sunday => day + 1,
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => day,
    })
}
