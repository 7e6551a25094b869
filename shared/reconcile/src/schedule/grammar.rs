//! The grammar of AWS's cron, which is not quite anybody else's.
//!
//! It is that of the EventBridge guide's "Cron expressions reference", which AWS Backup's plans refer to. What that page does not show
//! (ranges that run backwards, `LW`, names in small letters) is refused: AWS would refuse it only when a plan is repaired, and
//! everything can be said in the documented way.

use super::days::Days;

/// Why a schedule is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// It is no cron expression at all.
    #[error("{0:?} is not a cron expression, and AWS Backup takes no others; write cron({FIELD_NAMES})")]
    NotCron(String),
    /// There are too many or too few fields.
    #[error("{expression:?} has {} fields; AWS cron has six: {FIELD_NAMES}", in_words(*.count))]
    FieldCount {
        /// The expression.
        expression: String,
        /// How many there are.
        count: usize,
    },
    /// The fields are not separated by one space each.
    #[error(
        "the fields of {0:?} are not separated by single spaces; write exactly one space between two fields and none beside the brackets"
    )]
    Spaces(String),
    /// Both day fields, or neither, are `?`.
    #[error(
        "{0:?} must have ? in exactly one of day-of-month and day-of-week; write the days in one of them and ? in \
         the other"
    )]
    Days(String),
    /// A field holds what it may not.
    #[error("{field} {text:?}: {problem}; allowed: {allowed}")]
    Field {
        /// The field's name.
        field: &'static str,
        /// The field's text.
        text: String,
        /// What is wrong with it.
        problem: String,
        /// The field's values and wildcards.
        allowed: &'static str,
    },
}

const FIELD_NAMES: &str = "minutes hours day-of-month month day-of-week year";

struct Field {
    name: &'static str,
    low: u16,
    high: u16,
    /// Words for the values from 1.
    words: &'static [&'static str],
    wildcards: &'static str,
    allowed: &'static str,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: [Field; 6] = [
    Field { name: "minutes", low: 0, high: 59, words: &[], wildcards: ",-*/", allowed: "0-59 and , - * /" },
    Field { name: "hours", low: 0, high: 23, words: &[], wildcards: ",-*/", allowed: "0-23 and , - * /" },
    Field {
        name: "day-of-month",
        low: 1,
        high: 31,
        words: &[],
        wildcards: ",-*?/LW",
        allowed: "1-31 and , - * ? / L W",
    },
    Field {
        name: "month",
        low: 1,
        high: 12,
        words: &MONTHS,
        wildcards: ",-*/",
        allowed: "1-12, JAN-DEC and , - * /",
    },
    Field {
        name: "day-of-week",
        low: 1,
        high: 7,
        words: &DAYS,
        wildcards: ",-*?L#",
        allowed: "1-7 (1 is Sunday), SUN-SAT and , - * ? L #",
    },
    Field {
        name: "year",
        low: 1970,
        high: 2199,
        words: &[],
        wildcards: ",-*/",
        allowed: "1970-2199 and , - * /",
    },
];

/// The values of the six fields.
pub(super) struct Fields {
    pub(super) minutes: Vec<u16>,
    pub(super) hours: Vec<u16>,
    pub(super) days: Days,
    pub(super) months: Vec<u16>,
    pub(super) years: Vec<u16>,
}

/// What an expression says, or why AWS Backup would not take it.
pub(super) fn read(expression: &str) -> Result<Fields, CronError> {
    let fields = expression.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')'));
    let fields = fields.ok_or_else(|| CronError::NotCron(expression.to_owned()))?;
    let count = fields.split_whitespace().count();
    if count != FIELDS.len() {
        return Err(CronError::FieldCount { expression: expression.to_owned(), count });
    }
    let texts: Vec<&str> = fields.split(' ').collect();
    if texts.len() != count {
        return Err(CronError::Spaces(expression.to_owned()));
    }
    let read = |index: usize| {
        let (field, text) = (&FIELDS[index], texts[index]);
        field.read(text).map_err(|problem| CronError::Field {
            field: field.name,
            text: text.to_owned(),
            problem,
            allowed: field.allowed,
        })
    };
    let [minutes, hours, of_month, months, of_week, years] =
        [read(0)?, read(1)?, read(2)?, read(3)?, read(4)?, read(5)?];
    let days = match (of_month, of_week) {
        (Values::Any, Values::Any) => return Err(CronError::Days(expression.to_owned())),
        (of_month, Values::Any) => Days::of_month(of_month),
        (Values::Any, of_week) => Days::of_week(of_week),
        _ => return Err(CronError::Days(expression.to_owned())),
    };
    Ok(Fields {
        minutes: minutes.list(),
        hours: hours.list(),
        days,
        months: months.list(),
        years: years.list(),
    })
}

/// What one field says.
pub(super) enum Values {
    /// `?`: another field says it.
    Any,
    /// These, sorted, each once.
    Each(Vec<u16>),
    /// `L` alone.
    Last,
    /// `5L`: the last such weekday of the month.
    LastOf(u16),
    /// `15W`: the weekday nearest to the day.
    NearestWeekday(u16),
    /// `3#2`: the second such weekday of the month.
    Nth(u16, u16),
}

impl Values {
    fn list(self) -> Vec<u16> {
        match self {
            Values::Each(values) => values,
            // Only the fields for days take the others.
            Values::Any | Values::Last | Values::LastOf(_) | Values::NearestWeekday(_) | Values::Nth(..) => {
                Vec::new()
            }
        }
    }
}

impl Field {
    fn takes(&self, wildcard: char) -> bool {
        self.wildcards.contains(wildcard)
    }

    fn read(&self, text: &str) -> Result<Values, String> {
        if text == "?" && self.takes('?') {
            return Ok(Values::Any);
        }
        if text == "*" {
            return Ok(Values::Each((self.low..=self.high).collect()));
        }
        let items: Vec<&str> = text.split(',').collect();
        let mut values = Vec::new();
        for item in &items {
            let alone = || Err(format!("{item} must stand alone"));
            if let Some(special) = self.special(item)? {
                return if items.len() > 1 { alone() } else { Ok(special) };
            }
            if *item == "*" || *item == "?" && self.takes('?') {
                return alone();
            }
            self.read_item(item, &mut values)?;
        }
        values.sort_unstable();
        values.dedup();
        Ok(Values::Each(values))
    }

    /// The forms that name days by their place in the month.
    fn special(&self, item: &str) -> Result<Option<Values>, String> {
        if item == "L" && self.takes('L') {
            return Ok(Some(Values::Last));
        }
        if let Some((day, nth)) = item.split_once('#').filter(|_| self.takes('#')) {
            let day = self.value(day)?;
            let week = ["1", "2", "3", "4", "5"].into_iter().zip(1..).find(|(text, _)| *text == nth);
            return match week {
                Some((_, week)) => Ok(Some(Values::Nth(day, week))),
                None => Err(format!("{nth:?} is no week of a month; # takes 1 to 5")),
            };
        }
        if let Some(day) = item.strip_suffix('L').filter(|_| self.takes('#')) {
            return self.value(day).map(|day| Some(Values::LastOf(day)));
        }
        if let Some(day) = item.strip_suffix('W').filter(|_| self.takes('W')) {
            return self.value(day).map(|day| Some(Values::NearestWeekday(day)));
        }
        Ok(None)
    }

    fn read_item(&self, item: &str, values: &mut Vec<u16>) -> Result<(), String> {
        let (base, step) = match item.split_once('/') {
            Some(_) if !self.takes('/') => return Err("/ is not allowed in this field".to_owned()),
            Some((base, step)) => (base, Some(step)),
            None => (item, None),
        };
        let (first, last) = match base.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (self.value(first)?, self.value(last)?);
                if first > last {
                    return Err(format!("the range {base} runs backwards; write two ranges"));
                }
                (first, last)
            }
            None if base == "*" => (self.low, self.high),
            // A step from one value goes on to the end of the field.
            None if step.is_some() => (self.value(base)?, self.high),
            None => (self.value(base)?, self.value(base)?),
        };
        let longest = if self.low <= 1 { self.high } else { self.high - self.low };
        let step = match step {
            None => 1,
            Some(step) => match number(step) {
                Some(step) if (1..=longest).contains(&step) => step,
                Some(_) | None => return Err(format!("{step:?} is no step; / takes 1 to {longest}")),
            },
        };
        values.extend((first..=last).step_by(step.into()));
        Ok(())
    }

    fn value(&self, text: &str) -> Result<u16, String> {
        let word = self.words.iter().zip(1..).find(|(word, _)| **word == text);
        let value = word.map(|(_, value)| value).or_else(|| number(text));
        match value {
            Some(value) if (self.low..=self.high).contains(&value) => Ok(value),
            Some(value) => Err(format!("{value} is out of range")),
            None if text.is_empty() => Err("a value is missing".to_owned()),
            None => Err(format!("{text:?} is not a value")),
        }
    }
}

/// Digits only: `parse` alone would take a sign.
fn number(text: &str) -> Option<u16> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn in_words(count: usize) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}
