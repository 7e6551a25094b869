//! A hold: whoever answers an incident stops the repairs for a while, by a tag on the function's own role.
//!
//! Who may tag that role can take its rights away as well, so a hold gives nobody more than he has. What cannot be read holds up
//! only what cannot be undone: whoever could hide the tag must not be able to stop repairs by that.

use std::collections::BTreeMap;

use reconcile::call::CallError;
use reconcile::repair::Limits;
use reconcile::say;
use reconcile::words::{Prose, Verbatim};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// The tag's key.
pub(crate) const TAG: &str = "drift-healer-hold";

/// Nobody answers one incident for longer, and a hold that is forgotten must end.
const LONGEST: Duration = Duration::days(7);

/// What the role's tag says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Hold {
    /// There is none.
    #[default]
    None,
    /// Nothing is repaired.
    Standing(Standing),
    /// It has ended.
    Over(OffsetDateTime),
    /// It is no hold.
    Misunderstood {
        /// The tag's value.
        value: String,
        /// Whether it begins with a time, which is too far away.
        too_long: bool,
    },
    /// There is none, and a tag is called almost as one.
    Misspelt(String),
    /// It could not be read.
    Unread(CallError),
}

/// A hold that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// When it ends by itself.
    pub until: OffsetDateTime,
    /// Why somebody set it; empty if he did not say.
    pub reason: String,
}

impl Hold {
    /// From the role's tags. IAM takes keys that differ in case for one, and the policies that keep holds to a few people may not: only the
    /// very key counts.
    pub(crate) fn of_tags(tags: &BTreeMap<String, String>, now: OffsetDateTime) -> Hold {
        let letters = |key: &str| -> String {
            key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
        };
        match tags.get(TAG) {
            Some(value) => Hold::of_tag(Some(value), now),
            None => {
                let almost = tags.keys().find(|key| letters(key) == letters(TAG));
                almost.map_or(Hold::None, |key| Hold::Misspelt(key.clone()))
            }
        }
    }

    /// From the value of the role's tag: a time, and then why.
    pub(crate) fn of_tag(value: Option<&str>, now: OffsetDateTime) -> Hold {
        let Some(value) = value.map(str::trim) else { return Hold::None };
        let (first, reason) = value.split_once(' ').unwrap_or((value, ""));
        match moment(first) {
            Some(until) if until <= now => Hold::Over(until),
            Some(until) if until <= now + LONGEST => {
                Hold::Standing(Standing { until, reason: reason.trim().to_owned() })
            }
            too_far => Hold::Misunderstood { value: value.to_owned(), too_long: too_far.is_some() },
        }
    }

    /// The hold that counts now.
    pub fn standing(&self) -> Option<&Standing> {
        match self {
            Hold::Standing(standing) => Some(standing),
            Hold::None | Hold::Over(_) | Hold::Misunderstood { .. } | Hold::Misspelt(_) | Hold::Unread(_) => {
                None
            }
        }
    }

    /// Whether somebody believes that there is a hold, and there is none.
    pub(crate) fn is_misunderstood(&self) -> bool {
        matches!(self, Hold::Misunderstood { .. } | Hold::Misspelt(_))
    }

    /// How far a run may go.
    pub(crate) fn bounded(&self, limits: &Limits) -> Limits {
        match self {
            Hold::Unread(_) => Limits { bootstrap: false, compliance_locks: false, ..limits.clone() },
            Hold::None
            | Hold::Standing(_)
            | Hold::Over(_)
            | Hold::Misunderstood { .. }
            | Hold::Misspelt(_) => limits.clone(),
        }
    }

    /// What the report says of it.
    pub(crate) fn note(&self) -> Option<Prose> {
        let on_the_role = Prose::own("the tag drift-healer-hold of the function's role");
        Some(match self {
            Hold::None => return None,
            Hold::Standing(Standing { until, reason }) => {
                let why = match reason.as_str() {
                    "" => Prose::own("It gives no reason."),
                    reason => say!("It says: {}.", Verbatim(reason)),
                };
                say!(
                    "Repairs are on hold until {}, by {}. {} Nothing was written. The hold ends by itself; infra/hold --end ends it now.",
                    *until,
                    on_the_role,
                    why
                )
            }
            Hold::Over(until) => {
                say!(
                    "The hold by {} ended at {}. Repairs go on; the tag can be removed.",
                    on_the_role,
                    *until
                )
            }
            Hold::Misunderstood { value, too_long: true } => say!(
                "There is no hold: {} is {}, and that ends more than 7 days from now. Repairs go on. Set it again with an earlier time.",
                on_the_role,
                Verbatim(value)
            ),
            Hold::Misunderstood { value, too_long: false } => say!(
                "There is no hold: {} is {}, and that does not begin with a time such as 2026-12-01T18:00Z. Repairs go on. Set it again.",
                on_the_role,
                Verbatim(value)
            ),
            Hold::Misspelt(key) => say!(
                "There is no hold: the function's role has a tag {}, and a hold is called drift-healer-hold. Repairs go on. Take that tag away, and set the hold again.",
                Verbatim(key)
            ),
            Hold::Unread(error) => say!(
                "It could not be read whether there is a hold ({}). Repairs go on; no clock of a lock was started and no key was made.",
                Verbatim(&error.to_string())
            ),
        })
    }
}

fn moment(text: &str) -> Option<OffsetDateTime> {
    let minutes = format_description!("[year]-[month]-[day]T[hour]:[minute]Z");
    let whole = || PrimitiveDateTime::parse(text, &minutes).map(PrimitiveDateTime::assume_utc);
    OffsetDateTime::parse(text, &Rfc3339).or_else(|_| whole()).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-27 12:00 UTC);

    fn hold(value: &str) -> Hold {
        Hold::of_tag(Some(value), NOW)
    }

    #[test]
    fn a_hold_has_an_end_and_perhaps_a_reason() {
        let until = datetime!(2026-12-01 18:00 UTC);
        for (value, reason) in [
            ("2026-12-01T18:00Z", ""),
            ("2026-12-01T18:00:00Z incident 4711", "incident 4711"),
            (" 2026-12-01T20:00:00+02:00  key material: who? ", "key material: who?"),
        ] {
            let standing = Standing { until, reason: reason.to_owned() };
            assert_eq!(hold(value), Hold::Standing(standing), "{value}");
        }
    }

    #[test]
    fn a_hold_is_called_as_it_is_and_what_is_called_almost_so_is_told() {
        let hold = |key: &str| Hold::of_tags(&[(key.to_owned(), "2026-12-01T18:00Z".to_owned())].into(), NOW);
        assert!(hold(TAG).standing().is_some());
        for key in ["Drift-Healer-Hold", "drift_healer_hold", "driftHealerHold", "drift-healer-hold "] {
            assert_eq!(hold(key), Hold::Misspelt(key.to_owned()));
            assert!(hold(key).is_misunderstood() && hold(key).note().is_some(), "{key}");
        }
        assert_eq!(hold("drift-healer"), Hold::None);
    }

    #[test]
    fn a_hold_ends_by_itself() {
        assert_eq!(hold("2026-11-27T12:00Z x"), Hold::Over(NOW));
        assert_eq!(Hold::of_tag(None, NOW), Hold::None);
    }

    #[test]
    fn no_hold_is_without_an_end_or_for_longer_than_a_week() {
        for (value, too_long) in [
            ("", false),
            ("incident", false),
            ("2026-12-01", false),
            ("2026-12-01 18:00Z", false),
            ("2026-12-04T12:01Z", true),
            ("9999-12-31T23:59Z for ever", true),
        ] {
            let value = value.to_owned();
            assert_eq!(hold(&value), Hold::Misunderstood { value, too_long });
        }
        assert!(hold("2026-12-04T12:00Z").standing().is_some());
    }
}
