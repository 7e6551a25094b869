//! One write as CloudTrail records it, whether it came as an event or out of the event history.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Client, RoleName};

/// A call that changes something, or was refused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// CloudTrail's id of the event.
    pub id: Option<String>,
    /// The operation, such as `UpdateBackupPlan`; empty where the record does not say.
    pub event: String,
    /// The service, such as `backup`.
    pub service: String,
    /// Where it happened.
    pub region: String,
    /// When it happened.
    pub time: Option<OffsetDateTime>,
    /// Who made the call: an ARN, else the best name that there is.
    pub actor: Option<String>,
    /// The role behind the actor's session.
    pub role: Option<RoleName>,
    /// The address or service that it came from.
    pub source_ip: Option<String>,
    /// The client's description of itself.
    pub user_agent: Option<String>,
    /// The service that made the call for the actor.
    pub invoked_by: Option<String>,
    /// Whether the credentials came out of a session of the console.
    pub from_console: bool,
    /// The error's code, if AWS refused the call.
    pub error: Option<String>,
    request: Value,
    response: Value,
    /// ARNs of what the call was about, where the service tells them.
    resources: Vec<String>,
}

impl Write {
    /// From a CloudTrail record: the `detail` of an event, or a `CloudTrailEvent` of the event history. `None` for what is no
    /// record at all.
    pub fn parse(record: &Value) -> Option<Self> {
        record.as_object()?;
        let at = |path: &str| line(record.pointer(path)?.as_str()?);
        // Which of these there are depends on who called: services have no ARN, root has no name, and only roles have an issuer.
        let actor =
            ["arn", "sessionContext/sessionIssuer/arn", "userName", "principalId", "invokedBy", "accountId"]
                .iter()
                .find_map(|name| at(&format!("/userIdentity/{name}")));
        let resources = record.get("resources").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            id: at("/eventID"),
            event: at("/eventName").unwrap_or_default(),
            service: at("/eventSource").unwrap_or_default().split('.').next().unwrap_or_default().to_owned(),
            region: at("/awsRegion").unwrap_or_default(),
            time: at("/eventTime").and_then(|text| utc(&text)),
            actor,
            role: at("/userIdentity/sessionContext/sessionIssuer/arn")
                .and_then(|arn| RoleName::of_role(&arn)),
            source_ip: at("/sourceIPAddress"),
            user_agent: at("/userAgent"),
            invoked_by: at("/userIdentity/invokedBy"),
            from_console: at("/sessionCredentialFromConsole").is_some_and(|text| text == "true"),
            error: at("/errorCode"),
            request: record.get("requestParameters").cloned().unwrap_or_default(),
            response: record.get("responseElements").cloned().unwrap_or_default(),
            resources: resources.filter_map(|one| line(one.get("ARN")?.as_str()?)).collect(),
        })
    }

    /// Who made the call, also where the record does not say.
    pub fn who(&self) -> &str {
        self.actor.as_deref().unwrap_or("somebody unnamed")
    }

    /// With what the call was made.
    pub fn client(&self) -> Client {
        Client::of(self)
    }

    /// A text among the request's parameters, by its path: `backupPlan/backupPlanName`.
    pub(super) fn request(&self, path: &str) -> Option<&str> {
        self.request.pointer(&format!("/{path}")).and_then(Value::as_str)
    }

    /// A text of the answer.
    pub(super) fn response(&self, name: &str) -> Option<&str> {
        self.response.get(name).and_then(Value::as_str)
    }

    /// Whether the service says that the call was about this ARN.
    pub(super) fn is_about(&self, arn: &str) -> bool {
        self.resources.iter().any(|one| one == arn)
    }

    /// What the call was about, as its request names it: a vault, a key, a role.
    pub fn target(&self) -> Option<String> {
        let names = [
            "backupVaultName",
            "backupPlanId",
            "aliasName",
            "keyId",
            "roleName",
            "resourceArn",
            "recoveryPointArn",
        ];
        names.iter().find_map(|name| self.request(name)).and_then(line)
    }

    /// The vault that the request names.
    pub fn vault(&self) -> Option<&str> {
        self.request("backupVaultName")
    }
}

/// Whatever the offset, hours are counted in UTC. A time that UTC does not have is none.
fn utc(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_utc().map(Into::into)
}

/// Longer than any ARN of a session.
const LONGEST: usize = 512;

/// Strings of a record end in messages that people read: no line breaks that would fake a line, nothing that turns the direction of
/// what follows, no megabytes. `None` for an empty one.
pub fn line(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !is_unseen(*c)).take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// Control characters, and those of Unicode that take no room: separators of lines, marks of direction, joiners.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
