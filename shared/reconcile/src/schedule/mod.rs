//! When rules run: AWS's cron, and time zones. Schedules are compared by what they mean, and put as the spec writes them.

mod days;
mod grammar;
mod zone;

use time::{Date, Duration, PrimitiveDateTime, Time};

pub use grammar::CronError;
pub use zone::{Zone, is_zone, nearest_zone, same_zone};

use days::Days;

/// A schedule in one form, however it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: Vec<u16>,
    hours: Vec<u16>,
    days: Days,
    months: Vec<u16>,
    years: Vec<u16>,
}

impl Cron {
    /// Reads an expression, and refuses what AWS Backup would not take.
    pub fn parse(expression: &str) -> Result<Self, CronError> {
        let grammar::Fields { minutes, hours, days, months, years } = grammar::read(expression)?;
        Ok(Self { minutes, hours, days, months, years })
    }

    /// How often it runs within an hour in which it runs.
    pub fn times_an_hour(&self) -> usize {
        self.minutes.len()
    }

    /// Whether it runs on a day at all.
    fn includes(&self, date: Date) -> bool {
        let year = u16::try_from(date.year()).is_ok_and(|year| self.years.contains(&year));
        year && self.months.contains(&u16::from(u8::from(date.month()))) && self.days.include(date)
    }

    /// Its runs from the beginning of a day on, for a number of days, in its own time zone.
    pub fn runs(&self, from: Date, days: i64) -> impl Iterator<Item = PrimitiveDateTime> + '_ {
        let dates = (0..days).filter_map(move |day| from.checked_add(Duration::days(day)));
        dates.filter(|date| self.includes(*date)).flat_map(move |date| {
            let hours = self.hours.iter();
            hours.flat_map(move |hour| self.minutes.iter().filter_map(move |minute| at(date, *hour, *minute)))
        })
    }

    /// Whether it ever runs again, from a day on.
    pub fn comes_after(&self, from: Date) -> bool {
        // The calendar repeats itself every 400 years; no schedule of AWS reaches beyond 2199.
        self.runs(from, 366 * 230).next().is_some()
    }
}

fn at(date: Date, hour: u16, minute: u16) -> Option<PrimitiveDateTime> {
    let time = Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, 0).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

/// Whether a schedule runs within a year from a day on. One that cannot be read may.
pub fn runs_within_a_year(schedule: &str, from: Date) -> bool {
    !matches!(Cron::parse(schedule), Ok(cron) if cron.runs(from, 366).next().is_none())
}

/// Whether two schedules mean the same. What cannot be read means the same only if it is spelt the same.
pub fn same_schedule(a: &str, b: &str) -> bool {
    a == b || matches!((Cron::parse(a), Cron::parse(b)), (Ok(a), Ok(b)) if a == b)
}
