//! Tells what an invocation is: a reason to look, who gave it, and whether it wishes for less than the deployed mode.
//!
//! Payloads are anybody's JSON. Nothing here fails: a member that is missing or of another type costs that member only, and
//! what is not recognised is a run by hand.

use reconcile::history::{RecordedCall, bounded};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

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
}

impl Skip {
    /// The reason as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Skip::OwnCall => "own-call",
            Skip::FailedCall => "failed-call",
            Skip::JobEvent => "job-event",
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
    /// Why it is no reason to look, so far as the payload alone tells.
    #[serde(skip)]
    pub skip: Option<Skip>,
}

/// Classifies a payload.
pub fn classify(payload: Value) -> Trigger {
    let time = text(payload.get("time"));
    let asked = asked(payload.get("mode"));
    // What EventBridge sends has both of these, whatever else it has.
    let (Some(source), Some(detail_type)) =
        (payload.get("source").and_then(Value::as_str), payload.get("detail-type").and_then(Value::as_str))
    else {
        return Trigger { asked, ..unknown(TriggerKind::Manual) };
    };
    let known = |kind| Trigger {
        id: text(payload.get("id")),
        time: time.clone(),
        asked: asked.clone(),
        ..unknown(kind)
    };
    let detail = unwrapped(payload.get("detail"));
    match (source, detail_type) {
        (_, name) if name.ends_with(" via CloudTrail") => {
            of_cloudtrail(&detail, known(TriggerKind::Cloudtrail))
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
        skip: None,
    }
}

/// EventBridge Scheduler sends its detail as JSON in a string.
fn unwrapped(detail: Option<&Value>) -> Value {
    match detail {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        other => other.cloned().unwrap_or_default(),
    }
}

fn of_cloudtrail(detail: &Value, trigger: Trigger) -> Trigger {
    let Some(call) = RecordedCall::parse(detail) else {
        return trigger;
    };
    Trigger {
        event: bounded(&call.event),
        actor: call.actor.clone(),
        source_ip: call.source_ip.clone(),
        user_agent: call.user_agent.clone(),
        // As the record writes it.
        time: text(detail.get("eventTime")).or(trigger.time),
        skip: call.error.as_ref().map(|_| Skip::FailedCall),
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
