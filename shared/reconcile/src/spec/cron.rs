//! Checks the schedules of rules: AWS's cron, which is not quite anybody else's.
//!
//! The grammar is that of the EventBridge guide's "Cron expressions reference", which AWS Backup's plans refer to.
//! What that page does not show (ranges that run backwards, `LW`, names in small letters) is refused: AWS would
//! refuse it only when a plan is repaired, and everything can be said in the documented way.

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

/// Refuses what AWS Backup would not take as the schedule of a rule.
pub fn check(expression: &str) -> Result<(), CronError> {
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
    for (field, text) in FIELDS.iter().zip(&texts) {
        field.check(text).map_err(|problem| CronError::Field {
            field: field.name,
            text: (*text).to_owned(),
            problem,
            allowed: field.allowed,
        })?;
    }
    if (texts[2] == "?") == (texts[4] == "?") {
        return Err(CronError::Days(expression.to_owned()));
    }
    Ok(())
}

impl Field {
    fn takes(&self, wildcard: char) -> bool {
        self.wildcards.contains(wildcard)
    }

    fn check(&self, text: &str) -> Result<(), String> {
        if text == "*" || (text == "?" && self.takes('?')) {
            return Ok(());
        }
        let items: Vec<&str> = text.split(',').collect();
        for item in &items {
            if self.is_special(item)? {
                if items.len() > 1 {
                    return Err(format!("{item} must stand alone"));
                }
            } else if *item == "*" || *item == "?" && self.takes('?') {
                return Err(format!("{item} must stand alone"));
            } else {
                self.check_item(item)?;
            }
        }
        Ok(())
    }

    /// Whether the item is one of the forms that name days by their place in the month, after checking their numbers.
    fn is_special(&self, item: &str) -> Result<bool, String> {
        if item == "L" {
            return Ok(self.takes('L'));
        }
        if let Some((day, nth)) = item.split_once('#').filter(|_| self.takes('#')) {
            self.value(day)?;
            return match nth {
                "1" | "2" | "3" | "4" | "5" => Ok(true),
                _ => Err(format!("{nth:?} is no week of a month; # takes 1 to 5")),
            };
        }
        let last_weekday = item.strip_suffix('L').filter(|_| self.takes('#'));
        let nearest_weekday = item.strip_suffix('W').filter(|_| self.takes('W'));
        match last_weekday.or(nearest_weekday) {
            Some(day) => self.value(day).map(|_| true),
            None => Ok(false),
        }
    }

    fn check_item(&self, item: &str) -> Result<(), String> {
        let (base, step) = match item.split_once('/') {
            Some(_) if !self.takes('/') => return Err("/ is not allowed in this field".to_owned()),
            Some((base, step)) => (base, Some(step)),
            None => (item, None),
        };
        match base.split_once('-') {
            Some((first, last)) => {
                if self.value(first)? > self.value(last)? {
                    return Err(format!("the range {base} runs backwards; write two ranges"));
                }
            }
            None if base == "*" => {}
            None => {
                self.value(base)?;
            }
        }
        let Some(step) = step else { return Ok(()) };
        let longest = if self.low <= 1 { self.high } else { self.high - self.low };
        match number(step) {
            Some(step) if (1..=longest).contains(&step) => Ok(()),
            Some(_) | None => Err(format!("{step:?} is no step; / takes 1 to {longest}")),
        }
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
