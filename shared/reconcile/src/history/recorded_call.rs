//! One call as CloudTrail records it, whether it came as an event or out of the event history.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::actor::RoleName;
use super::clients::Client;
use crate::lock::Limits;
use crate::words::clean;

/// A call that changes something, or was refused it. Its texts are anybody's, and are cleaned wherever they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCall {
    /// CloudTrail's id of the event.
    pub id: Option<String>,
    /// The operation, such as `UpdateBackupPlan`; empty where the record does not say.
    pub event: String,
    /// The service, such as `backup`.
    pub service: String,
    /// The account that it happened in; `None` where the record does not say.
    pub account: Option<String>,
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
    /// The error's code, if AWS refused the call, or failed at what it tells of by itself.
    pub error: Option<String>,
    /// What AWS says of the error.
    pub error_message: Option<String>,
    /// Whether AWS tells of its own work: nobody called, so nobody was refused.
    pub is_service_event: bool,
    request: Value,
    response: Value,
    /// ARNs of what the call was about, where the service tells them.
    resources: Vec<String>,
}

impl RecordedCall {
    /// From a CloudTrail record: the `detail` of an event, or a `CloudTrailEvent` of the event history. `None` for what is no
    /// record at all.
    pub fn parse(record: &Value) -> Option<Self> {
        record.as_object()?;
        let at = |path: &str| bounded(record.pointer(path)?.as_str()?);
        // Which of these there are depends on who called: services have no ARN, root has no name, and only roles have an issuer.
        // The account alone, which a user of IAM Identity Center is in, names nobody.
        let names = [
            "arn",
            "sessionContext/sessionIssuer/arn",
            "userName",
            "principalId",
            "onBehalfOf/userId",
            "invokedBy",
            "accountId",
        ];
        let actor = names.iter().find_map(|name| at(&format!("/userIdentity/{name}")));
        let resources = record.get("resources").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            id: at("/eventID"),
            event: at("/eventName").unwrap_or_default(),
            service: at("/eventSource").unwrap_or_default().split('.').next().unwrap_or_default().to_owned(),
            account: at("/recipientAccountId"),
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
            error_message: at("/errorMessage"),
            is_service_event: at("/eventType").is_some_and(|kind| kind == "AwsServiceEvent"),
            request: record.get("requestParameters").cloned().unwrap_or_default(),
            response: record.get("responseElements").cloned().unwrap_or_default(),
            resources: resources.filter_map(|one| bounded(one.get("ARN")?.as_str()?)).collect(),
        })
    }

    /// Who made the call, also where the record does not say.
    pub fn who(&self) -> &str {
        self.actor.as_deref().unwrap_or("somebody unnamed")
    }

    /// With what the call was made.
    pub fn client(&self) -> Client {
        let told = [&self.invoked_by, &self.user_agent].into_iter().flatten();
        Client::of(told.map(String::as_str), self.from_console)
    }

    /// Whether AWS refused it, for whatever reason: then it changed nothing.
    pub fn is_refused(&self) -> bool {
        self.error.is_some() && !self.is_service_event
    }

    /// Whether it can have happened in an account. What a record of another one tells is about that one.
    pub fn is_of(&self, account: &str) -> bool {
        self.account.as_deref().is_none_or(|own| own == account)
    }

    /// A text among the request's parameters, by its path: `backupPlan/backupPlanName`.
    pub(super) fn request(&self, path: &str) -> Option<&str> {
        self.request.pointer(&format!("/{path}")).and_then(Value::as_str)
    }

    /// The days of grace, and the limits, that a put of a lock asked for.
    pub fn lock(&self) -> (Option<i64>, Limits) {
        let days = |name: &str| self.request.get(name).and_then(Value::as_i64);
        (days("changeableForDays"), (days("minRetentionDays"), days("maxRetentionDays")))
    }

    /// A text of the answer.
    pub(super) fn response(&self, name: &str) -> Option<&str> {
        self.response.get(name).and_then(Value::as_str)
    }

    /// Whether the service says that the call was about this ARN.
    pub fn is_about(&self, arn: &str) -> bool {
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
        names.iter().find_map(|name| self.request(name)).and_then(bounded)
    }

    /// The vault that the request names, whether by name or by ARN.
    pub fn vault(&self) -> Option<&str> {
        let named = self.request("backupVaultName")?;
        Some(named.split_once(":backup-vault:").map_or(named, |(_, name)| name))
    }

    /// The recovery point that the request names.
    pub fn recovery_point(&self) -> Option<&str> {
        self.request("recoveryPointArn")
    }

    /// Whether the call was about a key: its request names it by id or ARN, or the service says so.
    pub fn is_about_key(&self, arn: &str) -> bool {
        let id = arn.rsplit('/').next().unwrap_or(arn);
        self.is_about(arn) || self.request("keyId").is_some_and(|key| key == arn || key == id)
    }

    /// Whether it is told what the call was about.
    pub fn names_a_key(&self) -> bool {
        self.request("keyId").is_some() || !self.resources.is_empty()
    }
}

/// Whatever the offset, hours are counted in UTC. A time that UTC does not have is none.
fn utc(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_utc().map(Into::into)
}

/// Longer than any ARN of a session.
const LONGEST: usize = 512;

/// A text of a record, no more of it than can be shown in so many characters; `None` for an empty one.
pub fn bounded(text: &str) -> Option<String> {
    let mut room = LONGEST;
    let fits = |c: &char| {
        let shown = clean(c.encode_utf8(&mut [0; 4])).chars().count();
        room.checked_sub(shown).is_some_and(|left| {
            room = left;
            true
        })
    };
    let text: String = text.chars().take_while(fits).collect();
    (!text.is_empty()).then_some(text)
}
