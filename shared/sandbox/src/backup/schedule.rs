//! When a schedule runs: cron expressions of AWS, in UTC.

use std::collections::BTreeSet;

use time::{Date, Duration, Month, OffsetDateTime, Time, Weekday};

/// The years that are looked through before a schedule counts as one that never runs.
const YEARS: i64 = 5;

/// A cron expression: minutes, hours, day of the month, month, day of the week, year.
#[derive(Debug)]
pub(super) struct Cron {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    day: Day,
    months: BTreeSet<u32>,
    years: BTreeSet<u32>,
}

/// One of the two fields for days has to be `?`.
#[derive(Debug)]
enum Day {
    OfMonth(Vec<DayOfMonth>),
    OfWeek(Vec<DayOfWeek>),
}

#[derive(Debug)]
enum DayOfMonth {
    On(BTreeSet<u32>),
    Last,
    /// The workday that is nearest to it, in the same month.
    Workday(u32),
}

#[derive(Debug)]
enum DayOfWeek {
    On(BTreeSet<u32>),
    LastOfMonth(u32),
    /// The n-th of the month.
    Nth(u32, u32),
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Cron {
    /// `cron(…)` with its six fields, or nothing if they say nothing.
    pub(super) fn parse(expression: &str) -> Option<Cron> {
        let inside = expression.strip_prefix("cron(")?.strip_suffix(')')?;
        let fields: Vec<&str> = inside.split_whitespace().collect();
        let &[minutes, hours, of_month, months, of_week, years] = fields.as_slice() else { return None };
        let day = match (of_month, of_week) {
            (_, "?") => Day::OfMonth(of_month.split(',').map(day_of_month).collect::<Option<_>>()?),
            ("?", _) => Day::OfWeek(of_week.split(',').map(day_of_week).collect::<Option<_>>()?),
            _ => return None,
        };
        Some(Cron {
            minutes: set(minutes, 0, 59, &[])?,
            hours: set(hours, 0, 23, &[])?,
            day,
            months: set(months, 1, 12, &MONTHS)?,
            years: set(years, 1970, 2199, &[])?,
        })
    }

    /// The first runs from a time on, that time included.
    pub(super) fn runs(&self, from: OffsetDateTime, most: usize) -> Vec<OffsetDateTime> {
        let mut runs = Vec::new();
        let mut date = from.date();
        for _ in 0..YEARS * 366 {
            if self.has(date) {
                let times =
                    self.hours.iter().flat_map(|hour| self.minutes.iter().map(move |at| (*hour, *at)));
                for (hour, minute) in times {
                    let time = Time::from_hms(to_u8(hour), to_u8(minute), 0).unwrap_or(Time::MIDNIGHT);
                    let run = date.with_time(time).assume_utc();
                    if run >= from && runs.len() < most {
                        runs.push(run);
                    }
                }
            }
            match date.next_day() {
                Some(next) if runs.len() < most => date = next,
                _ => break,
            }
        }
        runs
    }

    fn has(&self, date: Date) -> bool {
        let year = u32::try_from(date.year()).unwrap_or_default();
        let last = date.month().length(date.year());
        let weekday = u32::from(date.weekday().number_days_from_sunday()) + 1;
        let day = u32::from(date.day());
        self.years.contains(&year)
            && self.months.contains(&u32::from(u8::from(date.month())))
            && match &self.day {
                Day::OfMonth(days) => days.iter().any(|one| match one {
                    DayOfMonth::On(days) => days.contains(&day),
                    DayOfMonth::Last => date.day() == last,
                    DayOfMonth::Workday(near) => workday(date.year(), date.month(), *near) == Some(date),
                }),
                Day::OfWeek(days) => days.iter().any(|one| match one {
                    DayOfWeek::On(days) => days.contains(&weekday),
                    DayOfWeek::LastOfMonth(wanted) => *wanted == weekday && date.day() + 7 > last,
                    DayOfWeek::Nth(wanted, nth) => *wanted == weekday && (day - 1) / 7 + 1 == *nth,
                }),
            }
    }
}

fn to_u8(number: u32) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

/// A Saturday gives the Friday before, a Sunday the Monday after, unless that is in another month.
fn workday(year: i32, month: Month, day: u32) -> Option<Date> {
    let date = Date::from_calendar_date(year, month, to_u8(day)).ok()?;
    let moved = |days: i64| date.checked_add(Duration::days(days)).filter(|moved| moved.month() == month);
    match date.weekday() {
        Weekday::Saturday => moved(-1).or_else(|| moved(2)),
        Weekday::Sunday => moved(1).or_else(|| moved(-2)),
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
            Some(date)
        }
    }
}

fn day_of_month(field: &str) -> Option<DayOfMonth> {
    match field.strip_suffix('W') {
        Some(day) => Some(DayOfMonth::Workday(number(day, 1, 31, &[])?)),
        None if field == "L" => Some(DayOfMonth::Last),
        None => Some(DayOfMonth::On(set(field, 1, 31, &[])?)),
    }
}

fn day_of_week(field: &str) -> Option<DayOfWeek> {
    if let Some((day, nth)) = field.split_once('#') {
        return Some(DayOfWeek::Nth(number(day, 1, 7, &DAYS)?, number(nth, 1, 5, &[])?));
    }
    match field.strip_suffix('L') {
        Some("") => Some(DayOfWeek::On(BTreeSet::from([7]))),
        Some(day) => Some(DayOfWeek::LastOfMonth(number(day, 1, 7, &DAYS)?)),
        None => Some(DayOfWeek::On(set(field, 1, 7, &DAYS)?)),
    }
}

/// A list of numbers, names, ranges and steps.
fn set(field: &str, low: u32, high: u32, names: &[&str]) -> Option<BTreeSet<u32>> {
    let mut all = BTreeSet::new();
    for part in field.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step = step.map_or(Some(1), |step| step.parse().ok().filter(|step| *step > 0))?;
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (low, high),
            Some((first, last)) => (number(first, low, high, names)?, number(last, low, high, names)?),
            None => {
                let first = number(range, low, high, names)?;
                (first, if part.contains('/') { high } else { first })
            }
        };
        all.extend((first..=last).step_by(usize::try_from(step).ok()?));
    }
    Some(all)
}

/// A number within its bounds, or a name for one.
fn number(text: &str, low: u32, high: u32, names: &[&str]) -> Option<u32> {
    let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let number: Option<u32> =
        named.and_then(|at| u32::try_from(at).ok()).map(|at| at + 1).or_else(|| text.parse().ok());
    number.filter(|number| (low..=high).contains(number))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn first(expression: &str, most: usize) -> Vec<String> {
        let runs = Cron::parse(expression).expect("a schedule").runs(datetime!(2026-11-02 08:00 UTC), most);
        runs.iter().map(|run| format!("{} {:02}:{:02}", run.date(), run.hour(), run.minute())).collect()
    }

    #[test]
    fn each_form_of_a_field_runs_when_the_guide_says() {
        for (expression, runs) in [
            ("cron(20 * * * ? *)", vec!["2026-11-02 08:20", "2026-11-02 09:20"]),
            ("cron(0/30 8 * * ? *)", vec!["2026-11-02 08:00", "2026-11-02 08:30"]),
            ("cron(20 7 * * ? *)", vec!["2026-11-03 07:20", "2026-11-04 07:20"]),
            ("cron(20 7 1 * ? *)", vec!["2026-12-01 07:20", "2027-01-01 07:20"]),
            ("cron(0 5 ? * SUN *)", vec!["2026-11-08 05:00", "2026-11-15 05:00"]),
            ("cron(0 5 ? * MON-FRI *)", vec!["2026-11-03 05:00", "2026-11-04 05:00"]),
            ("cron(0 5 ? * 6L *)", vec!["2026-11-27 05:00", "2026-12-25 05:00"]),
            ("cron(0 5 ? * 3#2 *)", vec!["2026-11-10 05:00", "2026-12-08 05:00"]),
            ("cron(0 5 L * ? *)", vec!["2026-11-30 05:00", "2026-12-31 05:00"]),
            ("cron(0 5 1W AUG ? 2027)", vec!["2027-08-02 05:00"]),
            ("cron(0 5 29 2 ? *)", vec!["2028-02-29 05:00"]),
            ("cron(0 5 31 2 ? *)", vec![]),
        ] {
            assert_eq!(first(expression, 2), runs, "{expression}");
        }
    }

    #[test]
    fn what_says_nothing_is_no_schedule() {
        for expression in
            ["rate(1 day)", "cron(0 5 * * * *)", "cron(60 5 * * ? *)", "cron(0 5 * * ?)", "cron()"]
        {
            assert!(Cron::parse(expression).is_none(), "{expression}");
        }
    }
}
