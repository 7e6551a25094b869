//! What the events of an invocation are for this function: whether one of them is a reason to look, and which of them tell of harm.

use std::collections::BTreeSet;

use aws_account::{Identity, Pace};
use reconcile::desired::Desired;
use reconcile::history::{Principal, Question, RecordedCall, RoleName};
use reconcile::say;
use reconcile::words::{Prose, Verbatim};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tracing::warn;

use crate::healer::Healer;
use crate::incident::{self, Incident, IncidentKind, Known};
use crate::trigger::{AskedMode, Skip, Trigger, classify};

/// An attempt or a loss is no reason to look, and a flood of them would keep every look away: the last one is no older than this.
const LOOK_AGAIN: Duration = Duration::minutes(5);

/// What woke the function.
#[derive(Debug)]
pub(crate) struct Wakeup {
    /// The event that the run is for: of several, one that is a reason to look.
    pub(crate) trigger: Trigger,
    /// Why none is.
    pub(crate) skip: Option<Skip>,
    /// The calls that the events tell of.
    pub(crate) calls: Vec<RecordedCall>,
    /// Those of them that may be incidents.
    suspects: Vec<(IncidentKind, RecordedCall)>,
}

impl Wakeup {
    pub(crate) fn tells_of_harm(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// What a reader has to know of the event itself.
    pub(crate) fn notes(&self, account: &str) -> Vec<Prose> {
        let Trigger { call, account: told, .. } = &self.trigger;
        let of_another = told.as_ref().filter(|told| *told != account).map(|told| {
            say!("The event is one of the account {}: it explains nothing that is found in this one.", told)
        });
        let failed = call.as_ref().filter(|call| call.is_service_event && of_another.is_none());
        let failed = failed.and_then(|call| {
            let error = call.error.as_ref()?;
            let words = call.error_message.as_ref().map(|words| say!(": {}", Verbatim(words)));
            Some(say!(
                "An event of AWS itself says that {} failed ({}{}).",
                call.event,
                error,
                words.unwrap_or_default().without_end('.')
            ))
        });
        of_another.into_iter().chain(failed).collect()
    }
}

impl Healer {
    pub(crate) async fn wakeup(&self, payload: Value, pace: &Pace) -> Wakeup {
        let mut events = Vec::new();
        for trigger in classify(payload) {
            let skip = self.skip(&trigger, pace).await;
            events.push((trigger, skip));
        }
        let ours = |skip: &Option<Skip>| matches!(skip, Some(Skip::OwnMessage | Skip::OwnCall));
        let calls: Vec<RecordedCall> = events
            .iter()
            .filter(|(_, skip)| !ours(skip))
            .filter_map(|(trigger, _)| trigger.call.clone())
            .collect();
        let suspects =
            calls.iter().filter_map(|call| Some((incident::suspected(call)?, call.clone()))).collect();
        // Who asks for a mode in the same batch as a change must not keep the change from being repaired.
        let rank = |(_, (trigger, skip)): &(usize, &(Trigger, _))| {
            (Option::is_some(skip), trigger.asked != AskedMode::Deployed)
        };
        let best = events.iter().enumerate().min_by_key(rank).map_or(0, |(index, _)| index);
        let (mut trigger, skip) = events.swap_remove(best);
        // An answer would come back by the topic that it went out by.
        trigger.by_a_person &= skip.is_none();
        Wakeup { trigger, skip, calls, suspects }
    }

    /// Why the event is no reason to look. Who cannot be identified is not taken for ourselves: a look too many does no harm.
    async fn skip(&self, trigger: &Trigger, pace: &Pace) -> Option<Skip> {
        let own_topic = self.settings.topic.as_ref().map(|topic| topic.arn.as_str());
        if trigger.topic.is_some() && trigger.topic.as_deref() == own_topic {
            return Some(Skip::OwnMessage);
        }
        let role = trigger.call.as_ref().and_then(|call| call.role.as_ref());
        let role = match (trigger.skip, role) {
            (Some(skip), _) => return Some(skip),
            (None, None) => return None,
            (None, Some(role)) => role,
        };
        match self.ourselves.caller(&self.clients, pace).await {
            Ok(caller) => {
                (RoleName::of_assumed_role(&caller.arn).as_ref() == Some(role)).then_some(Skip::OwnCall)
            }
            Err(error) => {
                warn!(error = %error, "own role unknown");
                None
            }
        }
    }

    /// Whether the last look is so old that an event which is no reason to look becomes one.
    pub(crate) fn look_is_due(&self, now: OffsetDateTime) -> bool {
        self.last_look.at().is_none_or(|last| (now - last).abs() >= LOOK_AGAIN)
    }

    /// The incidents among the calls, and which of them are told by themselves. `keys` are those of the spec, as far as a look has told.
    pub(crate) async fn incidents(
        &self,
        wakeup: &mut Wakeup,
        identity: &Identity,
        desired: &Desired,
        keys: &BTreeSet<String>,
        pace: &Pace,
    ) -> Vec<Incident> {
        let mut incidents: Vec<Incident> = Vec::new();
        for (kind, call) in std::mem::take(&mut wakeup.suspects) {
            let here = call.is_of(&identity.account) && incident::is_aimed_at(desired, keys, &call);
            if !here || self.is_ours(&call, pace).await {
                continue;
            }
            let mut incident = Incident { kind, call, confirmed: false, told: false, at: (self.clock)() };
            incident.told = match self.ledger.knows(&incident, &incidents) {
                Known::Enough => false,
                Known::Another => true,
                Known::Nothing => {
                    let history = self.history_of(&incident, pace).await;
                    let id = incident.call.id.as_deref();
                    incident.confirmed = id.is_some() && history.iter().any(|call| call.id.as_deref() == id);
                    !was_told_before(&incident, &history, desired, keys)
                }
            };
            incidents.push(incident);
        }
        incidents
    }

    /// Whether the call is one of ours that AWS refused.
    async fn is_ours(&self, call: &RecordedCall, pace: &Pace) -> bool {
        if !incident::may_be_ours(call) {
            return false;
        }
        match self.ourselves.caller(&self.clients, pace).await {
            Ok(caller) => incident::is_ours(call, &Principal::of_caller(&caller.arn)),
            Err(error) => {
                warn!(error = %error, event = call.event, "own role unknown");
                false
            }
        }
    }

    /// What the event history knows of the like: it is asked once an hour, and not of each incident.
    async fn history_of(&self, incident: &Incident, pace: &Pace) -> Vec<RecordedCall> {
        let Some(event) = incident.operation() else { return Vec::new() };
        let question = Question { region: incident.call.region.clone(), event };
        let since = incident.call.time.unwrap_or(incident.at) - Duration::HOUR;
        let desk = self.history_desk(pace);
        desk.ask(&BTreeSet::from([question]), Some(since)).await.calls
    }
}

/// Whether a process before this one can have told of the like.
fn was_told_before(
    incident: &Incident,
    history: &[RecordedCall],
    desired: &Desired,
    keys: &BTreeSet<String>,
) -> bool {
    history.iter().any(|other| {
        incident.comes_after(other)
            && incident::suspected(other) == Some(incident.kind)
            && incident::is_aimed_at(desired, keys, other)
    })
}
