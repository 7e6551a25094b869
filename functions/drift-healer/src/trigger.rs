//! Tells what an invocation is: a reason to look, who gave it, and whether it wishes for less than the deployed mode.
//!
//! Payloads are anybody's JSON. Nothing here fails: a member that is missing or of another type costs that member only, and
//! what is not recognised is a run by hand.

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::settings::Mode;

/// What started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

/// A role, by what an assumed-role ARN keeps of it: the path is not among that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName {
    /// The account's id.
    pub account: String,
    /// The name without path.
    pub name: String,
}

/// What an invocation says; `None` where it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// The role behind the actor, if there is one.
    #[serde(skip)]
    pub role: Option<RoleName>,
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
    let Some(event) = envelope(payload) else {
        return Trigger { asked, ..unknown(TriggerKind::Manual) };
    };
    let known = |kind| Trigger {
        id: clean(event.id.as_deref()),
        time: time.clone(),
        asked: asked.clone(),
        ..unknown(kind)
    };
    let detail = unwrapped(&event.detail);
    match (event.source.as_str(), event.detail_type.as_str()) {
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
            let event = clean(Some(&format!("{name}{state}")));
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
        role: None,
        asked: AskedMode::Deployed,
        skip: None,
    }
}

/// The event, if the payload is one. A date that is no date or an absent detail must not turn a change into a run by hand:
/// what does not parse as a whole is read by the members that name it.
fn envelope(payload: Value) -> Option<EventBridgeEvent> {
    EventBridgeEvent::deserialize(&payload).ok().or_else(|| {
        let Value::Object(mut members) = payload else {
            return None;
        };
        let names = ["source", "detail-type", "id"].into_iter();
        let mut kept: Map<String, Value> = names
            .filter_map(|name| Some((name.to_owned(), members.remove(name)?)))
            .filter(|(_, value)| value.is_string())
            .collect();
        kept.insert("detail".to_owned(), members.remove("detail").unwrap_or_default());
        EventBridgeEvent::deserialize(Value::Object(kept)).ok()
    })
}

/// EventBridge Scheduler sends its detail as JSON in a string.
fn unwrapped(detail: &Value) -> Value {
    match detail {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    }
}

fn of_cloudtrail(detail: &Value, trigger: Trigger) -> Trigger {
    let at = |path: &str| text(detail.pointer(path));
    // Which of these there are depends on who called: services have no ARN, root has no name, and only roles have an issuer.
    let actor =
        ["arn", "sessionContext/sessionIssuer/arn", "userName", "principalId", "invokedBy", "accountId"]
            .iter()
            .find_map(|name| at(&format!("/userIdentity/{name}")));
    Trigger {
        event: at("/eventName"),
        actor,
        source_ip: at("/sourceIPAddress"),
        time: at("/eventTime").or(trigger.time),
        role: at("/userIdentity/sessionContext/sessionIssuer/arn").and_then(|arn| RoleName::of_role(&arn)),
        skip: at("/errorCode").map(|_| Skip::FailedCall),
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
        Some(other) => AskedMode::Unknown(clean(Some(&other.to_string())).unwrap_or_default()),
    }
}

impl RoleName {
    /// From `arn:aws:iam::123456789012:role/some/path/name`, as CloudTrail names the issuer of a session.
    fn of_role(arn: &str) -> Option<Self> {
        let (account, resource) = resource(arn, "iam")?;
        let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
        Some(Self { account, name: name.to_owned() })
    }

    /// From `arn:aws:sts::123456789012:assumed-role/name/session`, as STS names the caller.
    pub fn of_assumed_role(arn: &str) -> Option<Self> {
        let (account, resource) = resource(arn, "sts")?;
        let name = resource.strip_prefix("assumed-role/")?.split('/').next()?;
        Some(Self { account, name: name.to_owned() })
    }
}

fn resource<'a>(arn: &'a str, service: &str) -> Option<(String, &'a str)> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        &["arn", _, of, _, account, resource] if of == service => Some((account.to_owned(), resource)),
        _ => None,
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    clean(value?.as_str())
}

/// Longer than any ARN of a session.
const LONGEST: usize = 512;

/// Strings of a payload end in messages that people read: no line breaks that would fake a line, no megabytes.
fn clean(text: Option<&str>) -> Option<String> {
    let text: String = text?.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}
