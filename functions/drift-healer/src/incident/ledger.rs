//! What was told of incidents in this hour, and how many there were: somebody who makes thousands of them gets no more attention than
//! that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use reconcile::drift::Severity;
use time::{Duration, OffsetDateTime};

use super::{Incident, IncidentKind};

/// So many incidents of a kind are told by themselves in an hour, each of another actor. The rest is counted.
const MOST_TOLD: usize = 3;
/// So many different actors are remembered, and so many ids of events that came already.
const MOST_REMEMBERED: usize = 50_000;

/// The incidents of an hour that has passed, some of which nobody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// When the hour began.
    pub since: OffsetDateTime,
    /// How many there were, by kind and operation.
    pub counts: BTreeMap<(IncidentKind, String), usize>,
    /// Who made them.
    pub actors: BTreeSet<String>,
}

impl Total {
    /// How many there were.
    pub fn all(&self) -> usize {
        self.counts.values().sum()
    }

    /// How many there were of a kind.
    pub fn of(&self, kind: IncidentKind) -> usize {
        self.counts.iter().filter(|((one, _), _)| *one == kind).map(|(_, count)| count).sum()
    }
}

/// The incidents of an hour (UTC) by the function's own clock: the times in events are anybody's.
#[derive(Debug, Default)]
struct Hour {
    begun: Option<OffsetDateTime>,
    /// By kind and actor: how bad the worst was that was told.
    told: BTreeMap<(IncidentKind, String), Severity>,
    ids: BTreeSet<String>,
    counts: BTreeMap<(IncidentKind, String), usize>,
    actors: BTreeSet<String>,
    untold: usize,
}

/// What this process remembers; it is gone with it.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Hour>);

/// What is known of an incident that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// The same event came before, or its actor was told of in this hour, or enough was.
    Enough,
    /// Another of its kind was told in this hour, by somebody else.
    Another,
    /// This process has heard of none in this hour.
    Nothing,
}

impl Ledger {
    /// What is known of an incident, after those that came with it.
    pub(crate) fn knows(&self, incident: &Incident, before: &[Incident]) -> Known {
        let hour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_now = hour.begun == Some(begin_of_hour(incident.at));
        let mut told: BTreeMap<(IncidentKind, String), Severity> =
            before.iter().filter(|one| one.told).map(|one| (actor(one), one.severity())).collect();
        for (actor, severity) in hour.told.iter().filter(|_| is_now) {
            let worst = told.entry(actor.clone()).or_insert(*severity);
            *worst = (*worst).max(*severity);
        }
        told.retain(|(kind, _), _| *kind == incident.kind);
        // What is worse than all that was told is told whatever came before: a small loss must not hide a great one.
        let is_worst = told.values().max().is_some_and(|worst| incident.severity() > *worst);
        let came = |one: &Incident| one.call.id.is_some() && one.call.id == incident.call.id;
        let again = is_now && hour.has(incident) || before.iter().any(came);
        if again {
            Known::Enough
        } else if is_worst {
            Known::Another
        } else if told.len() >= MOST_TOLD || told.contains_key(&actor(incident)) {
            Known::Enough
        } else if !told.is_empty() {
            Known::Another
        } else {
            Known::Nothing
        }
    }

    /// The total of an hour that is over, if somebody has to be told of it.
    pub(crate) fn total(&self, now: OffsetDateTime) -> Option<Total> {
        let hour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = hour.begun.filter(|begun| *begun < begin_of_hour(now) && hour.untold > 0)?;
        Some(Total { since, counts: hour.counts.clone(), actors: hour.actors.clone() })
    }

    /// Takes in what was delivered.
    pub(crate) fn remember(&self, incidents: &[Incident], now: OffsetDateTime) {
        let mut hour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = begin_of_hour(now);
        // What is over was told as a total with the same message.
        if hour.begun != Some(begun) {
            *hour = Hour { begun: Some(begun), ..Hour::default() };
        }
        for incident in incidents {
            if hour.has(incident) {
                continue;
            }
            let id = incident.call.id.clone().filter(|_| hour.ids.len() < MOST_REMEMBERED);
            hour.ids.extend(id);
            if hour.actors.len() < MOST_REMEMBERED {
                hour.actors.insert(incident.call.who().to_owned());
            }
            *hour.counts.entry((incident.kind, incident.call.event.clone())).or_default() += 1;
            if incident.told {
                let severity = incident.severity();
                let worst = hour.told.entry(actor(incident)).or_insert(severity);
                *worst = (*worst).max(severity);
            } else {
                hour.untold += 1;
            }
        }
    }
}

impl Hour {
    fn has(&self, incident: &Incident) -> bool {
        incident.call.id.as_ref().is_some_and(|id| self.ids.contains(id))
    }
}

fn actor(incident: &Incident) -> (IncidentKind, String) {
    (incident.kind, incident.call.who().to_owned())
}

fn begin_of_hour(at: OffsetDateTime) -> OffsetDateTime {
    at - Duration::seconds(at.unix_timestamp().rem_euclid(3600))
        - Duration::nanoseconds(i64::from(at.nanosecond()))
}

/// When the hour ends that something happened in.
pub(crate) fn end_of_hour(at: OffsetDateTime) -> OffsetDateTime {
    begin_of_hour(at) + Duration::HOUR
}
