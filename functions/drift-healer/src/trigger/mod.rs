//! Tells what an invocation is: a reason to look, who gave it, and whether it wishes for less than the deployed mode.
//!
//! Payloads are anybody's JSON. Nothing here fails: a member that is missing or of another type costs that member only, and
//! what is not recognised is a run by hand.

mod envelopes;

use reconcile::history::{RecordedCall, bounded};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::incident;
use crate::settings::Mode;

/// What started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TriggerKind {
    /// EventBridge Scheduler, or a rule with a schedule.
    Schedule,
    /// An API call or service event, told by CloudTrail.
    Cloudtrail,
    /// A state change, told by AWS Backup itself.
    Backup,
    /// Anything else.
    Manual,
}

impl TriggerKind {
    /// The kind as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            TriggerKind::Schedule => "schedule",
            TriggerKind::Cloudtrail => "cloudtrail",
            TriggerKind::Backup => "backup",
            TriggerKind::Manual => "manual",
        }
    }
}

/// Why an event is no reason to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    /// A call of this function's own role, coming back.
    OwnCall,
    /// A call that AWS refused changed nothing.
    FailedCall,
    /// Jobs and recovery points come and go without a change of configuration.
    JobEvent,
    /// A call about a recovery point changes no configuration either.
    RecoveryPoint,
    /// A report of this program, or what else its topic carries, coming back.
    OwnMessage,
}

impl Skip {
    /// The reason as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Skip::OwnCall => "own-call",
            Skip::FailedCall => "failed-call",
            Skip::JobEvent => "job-event",
            Skip::RecoveryPoint => "recovery-point",
            Skip::OwnMessage => "own-message",
        }
    }
}

/// The mode that a payload asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AskedMode {
    /// None.
    #[default]
    Deployed,
    /// A known one.
    Known(Mode),
    /// One that does not exist, as the payload wrote it.
    Unknown(String),
}

/// What an invocation says; `None` where it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trigger {
    /// What started the run.
    pub kind: TriggerKind,
    /// EventBridge's id of the event, the same in each delivery of it.
    pub id: Option<String>,
    /// The API call, or AWS Backup's name for the change.
    pub event: Option<String>,
    /// Who made the call.
    pub actor: Option<String>,
    /// The address or service it came from.
    pub source_ip: Option<String>,
    /// When it happened.
    pub time: Option<String>,
    /// The client's description of itself.
    pub user_agent: Option<String>,
    /// The call, if CloudTrail told of one.
    #[serde(skip)]
    pub call: Option<RecordedCall>,
    /// The mode that the payload asks for.
    #[serde(skip)]
    pub asked: AskedMode,
    /// Whether it is surely a person who waits for an answer: everything else that is not recognised may come from a machine.
    #[serde(skip)]
    pub by_a_person: bool,
    /// The account that the event tells of; `None` where it does not say.
    #[serde(skip)]
    pub account: Option<String>,
    /// The SNS topic that carried it.
    #[serde(skip)]
    pub topic: Option<String>,
    /// Why it is no reason to look, so far as the payload alone tells.
    #[serde(skip)]
    pub skip: Option<Skip>,
}

/// Classifies a payload: what each of its events is, in their order, and there is at least one.
pub fn classify(payload: Value) -> Vec<Trigger> {
    let events = envelopes::opened(payload).into_iter();
    events.map(|event| Trigger { topic: event.topic, ..classify_one(&event.payload) }).collect()
}

fn classify_one(payload: &Value) -> Trigger {
    let time = text(payload.get("time"));
    let asked = asked(payload.get("mode"));
    if is_report(payload) {
        return Trigger { skip: Some(Skip::OwnMessage), ..unknown(TriggerKind::Manual) };
    }
    // What EventBridge sends has both of these, whatever else it has.
    let (Some(source), Some(detail_type)) =
        (payload.get("source").and_then(Value::as_str), payload.get("detail-type").and_then(Value::as_str))
    else {
        let by_a_person = asked != AskedMode::Deployed || payload.as_object().is_some_and(Map::is_empty);
        return Trigger { asked, by_a_person, ..unknown(TriggerKind::Manual) };
    };
    let known = |kind| Trigger {
        id: text(payload.get("id")),
        time: time.clone(),
        account: text(payload.get("account")),
        asked: asked.clone(),
        ..unknown(kind)
    };
    let detail = unwrapped(payload.get("detail"));
    match (source, detail_type) {
        (_, name) if name.ends_with(" via CloudTrail") => {
            of_cloudtrail(&detail, name == SERVICE_EVENT, known(TriggerKind::Cloudtrail))
        }
        ("aws.scheduler" | "aws.events", _) | (_, "Scheduled Event") => {
            let trigger = known(TriggerKind::Schedule);
            match trigger.asked {
                AskedMode::Deployed => Trigger { asked: self::asked(detail.get("mode")), ..trigger },
                AskedMode::Known(_) | AskedMode::Unknown(_) => trigger,
            }
        }
        ("aws.backup", name) => {
            let state = text(detail.get("state")).map(|state| format!(" {state}")).unwrap_or_default();
            let event = bounded(&format!("{name}{state}"));
            Trigger {
                event,
                skip: is_job_event(name).then_some(Skip::JobEvent),
                ..known(TriggerKind::Backup)
            }
        }
        _ => known(TriggerKind::Manual),
    }
}

/// What AWS tells of its own work.
const SERVICE_EVENT: &str = "AWS Service Event via CloudTrail";

fn unknown(kind: TriggerKind) -> Trigger {
    Trigger {
        kind,
        id: None,
        event: None,
        actor: None,
        source_ip: None,
        time: None,
        user_agent: None,
        call: None,
        asked: AskedMode::Deployed,
        by_a_person: false,
        account: None,
        topic: None,
        skip: None,
    }
}

/// A report of this program, of this deployment or of another one, which somebody has sent on: without this, it would ask for a mode.
fn is_report(payload: &Value) -> bool {
    ["/verdict", "/mode", "/spec/sha256", "/trigger/kind"]
        .iter()
        .all(|member| payload.pointer(member).is_some_and(Value::is_string))
}

/// EventBridge Scheduler sends its detail as JSON in a string.
fn unwrapped(detail: Option<&Value>) -> Value {
    match detail {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        other => other.cloned().unwrap_or_default(),
    }
}

fn of_cloudtrail(detail: &Value, by_itself: bool, trigger: Trigger) -> Trigger {
    let Some(mut call) = RecordedCall::parse(detail) else {
        return trigger;
    };
    call.is_service_event |= by_itself;
    if call.account.is_none() {
        call.account.clone_from(&trigger.account);
    }
    Trigger {
        event: bounded(&call.event),
        actor: call.actor.clone(),
        source_ip: call.source_ip.clone(),
        user_agent: call.user_agent.clone(),
        // As the record writes it.
        time: text(detail.get("eventTime")).or(trigger.time),
        account: call.account.clone(),
        skip: if call.is_refused() {
            Some(Skip::FailedCall)
        } else {
            incident::is_loss(&call).then_some(Skip::RecoveryPoint)
        },
        call: Some(call),
        ..trigger
    }
}

fn is_job_event(detail_type: &str) -> bool {
    detail_type.ends_with(" Job State Change") || detail_type == "Recovery Point State Change"
}

fn asked(mode: Option<&Value>) -> AskedMode {
    match mode {
        None | Some(Value::Null) => AskedMode::Deployed,
        Some(Value::String(name)) if name == Mode::Report.as_str() => AskedMode::Known(Mode::Report),
        Some(Value::String(name)) if name == Mode::Repair.as_str() => AskedMode::Known(Mode::Repair),
        Some(other) => AskedMode::Unknown(bounded(&other.to_string()).unwrap_or_default()),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    bounded(value?.as_str()?)
}
