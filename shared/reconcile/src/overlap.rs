//! Rules of one plan that are in each other's way. Where the start windows of two rules overlap, AWS Backup makes the backup of the rule that
//! keeps it longer, and the copies of the other rule are not made ("Backup plan options and configuration", "Understanding backup plan
//! summary").

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use time::{Date, Duration, Month, PrimitiveDateTime, Weekday};

use crate::desired::{Copy, PlanDocument, Rule};
use crate::schedule::{Cron, Zone, same_zone};

/// For how long rules are compared.
const A_YEAR: i64 = 365;
/// No two clocks are further apart.
const AROUND: Duration = Duration::days(2);

/// A rule that does not run because another one does.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap<'a> {
    /// The rule that does not run.
    pub hidden: &'a Rule,
    /// The rule that runs instead.
    pub by: &'a Rule,
    /// When.
    pub when: When,
    /// The copies of the hidden rule that the other one does not make either.
    pub lost: Vec<&'a Copy>,
    /// Whether both keep equally long: AWS takes one, and does not say which.
    pub either: bool,
}

/// When a rule does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It never runs.
    Always,
    /// Each day on which it would, at some of its times.
    EachDay,
    /// On this day of each month.
    DayOfMonth(u8),
    /// On this day of each week.
    Weekly(Weekday),
    /// On so many days of the year, and the first of them.
    Days(usize, Date),
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Always => f.write_str("at all of its runs"),
            When::EachDay => f.write_str("once or more on each day"),
            When::DayOfMonth(day) => write!(f, "on day {day} of the month"),
            When::Weekly(day) => write!(f, "on each {day}"),
            When::Days(1, day) => write!(f, "on {day}"),
            When::Days(days, first) => write!(f, "on {days} days of the year, the first is {first}"),
        }
    }
}

/// The year from a day on, with what was worked out of it: the plans of a large spec have few schedules.
#[derive(Debug)]
pub struct Year {
    from: Date,
    runs: HashMap<Schedule, Rc<[Run]>>,
    hidden: HashMap<Pair, Option<When>>,
}

/// A schedule, and the time zone of its clock if that is not the other rule's.
type Schedule = (String, Option<String>);

/// Schedule and start window of the rule that is hidden, and of the other one.
type Pair = ((Schedule, i64), (Schedule, i64));

impl Year {
    /// The year from a day on.
    pub fn new(from: Date) -> Self {
        Self { from, runs: HashMap::new(), hidden: HashMap::new() }
    }

    /// The rules of a plan that hide one another.
    pub fn overlaps<'a>(&mut self, plan: &'a PlanDocument) -> Vec<Overlap<'a>> {
        let mut found = Vec::new();
        for hidden in &plan.rules {
            for by in &plan.rules {
                if std::ptr::eq(hidden, by) {
                    continue;
                }
                let Some(when) = self.when(hidden, by) else { continue };
                let is_lost =
                    |copy: &&Copy| by.copies.iter().all(|other| other.destination != copy.destination);
                let lost = hidden.copies.iter().filter(is_lost).collect();
                found.push(Overlap { hidden, by, when, lost, either: kept(hidden) == kept(by) });
            }
        }
        found
    }

    /// Whether one rule, at one time or more, does not run because another one does that keeps longer, or as long.
    pub fn hides(&mut self, by: &Rule, hidden: &Rule) -> bool {
        self.when(hidden, by).is_some()
    }

    fn when(&mut self, hidden: &Rule, by: &Rule) -> Option<When> {
        if kept(hidden) > kept(by) {
            return None;
        }
        // By one clock, unless what the two do to each other changes through the year.
        let one_clock = same_zone(&hidden.timezone, &by.timezone);
        let schedule = |rule: &Rule| (rule.schedule.clone(), (!one_clock).then(|| rule.timezone.clone()));
        let of = |rule: &Rule| (schedule(rule), rule.start_window_minutes);
        let pair = (of(hidden), of(by));
        if let Some(known) = self.hidden.get(&pair) {
            return *known;
        }
        let (times, others) = (self.runs(&pair.0.0), self.runs(&pair.1.0));
        // Both are in order, so one walk through both will do.
        let mut next = 0;
        let meets = |run: &&Run| {
            let is_over = |other: &Run| run.minute - other.minute >= by.start_window_minutes;
            while others.get(next).is_some_and(is_over) {
                next += 1;
            }
            others.get(next).is_some_and(|other| other.minute - run.minute < hidden.start_window_minutes)
        };
        // The other rule's runs around the year meet the first and the last ones of it.
        let times: Vec<Run> = times.iter().filter(|run| run.is_of_the_year).copied().collect();
        let skipped: Vec<Run> = times.iter().filter(meets).copied().collect();
        let when = when(&times, &skipped);
        self.hidden.insert(pair, when);
        when
    }

    /// None of a schedule that cannot be read, and of a time zone that is none.
    fn runs(&mut self, schedule: &Schedule) -> Rc<[Run]> {
        if let Some(known) = self.runs.get(schedule) {
            return Rc::clone(known);
        }
        let (cron, zone) = schedule;
        let (from, until) = (self.from, self.from + Duration::days(A_YEAR));
        let zone = zone.as_ref().map(|name| Zone::named(name));
        let instant = |at: PrimitiveDateTime| match &zone {
            None => Some(at),
            Some(zone) => zone.as_ref()?.to_utc(at),
        };
        let cron = Cron::parse(cron).ok();
        let local = cron.iter().flat_map(|cron| cron.runs(from - AROUND, A_YEAR + 2 * AROUND.whole_days()));
        let mut runs: Vec<Run> = local
            .filter_map(|at| {
                let minute = (instant(at)? - from.midnight()).whole_minutes();
                Some(Run { day: at.date(), minute, is_of_the_year: (from..until).contains(&at.date()) })
            })
            .collect();
        // An hour that a clock shows twice, or not at all.
        runs.sort_by_key(|run| run.minute);
        let runs: Rc<[Run]> = runs.into();
        self.runs.insert(schedule.clone(), Rc::clone(&runs));
        runs
    }
}

/// For how long, for ever being the longest.
fn kept(rule: &Rule) -> i64 {
    rule.lifecycle.delete_after_days.unwrap_or(i64::MAX)
}

/// A run of a rule: its day by the rule's own clock, and its minute since the first day, because dates are slow to subtract.
#[derive(Debug, Clone, Copy)]
struct Run {
    day: Date,
    minute: i64,
    is_of_the_year: bool,
}

fn when(all: &[Run], skipped: &[Run]) -> Option<When> {
    let first = skipped.first()?.day;
    if all.len() == skipped.len() {
        return Some(When::Always);
    }
    // They are in order.
    let days = |runs: &[Run]| {
        let mut days: Vec<Date> = runs.iter().map(|run| run.day).collect();
        days.dedup();
        days
    };
    let on = days(skipped);
    let each = |same: &dyn Fn(&Date) -> bool| on.iter().all(same);
    // Every month of the year that has such a day, and every week.
    let months = (1..=12).filter_map(|month| Month::try_from(month).ok());
    let months = months.filter(|month| first.day() <= month.length(first.year())).count();
    Some(if on == days(all) {
        When::EachDay
    } else if on.len() == months && each(&|day| day.day() == first.day()) {
        When::DayOfMonth(first.day())
    } else if on.len() >= 52 && each(&|day| day.weekday() == first.weekday()) {
        When::Weekly(first.weekday())
    } else {
        When::Days(on.len(), first)
    })
}
