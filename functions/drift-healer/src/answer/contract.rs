//! The contract's JSON as types. Its schema, made from them, is `answer.schema.json`: keys are stable, and more may be added.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::call::Call;
use reconcile::console::Link;
use reconcile::drift::{Severity, codes};
use reconcile::history::{Client, WINDOW};
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported, Verdict};
use reconcile::resource::ResourceId;
use reconcile::words::{Command, timestamp};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use super::Answer;
use crate::hold::Standing;
use crate::incident::{Incident, IncidentKind, Total};
use crate::settings::Mode;
use crate::trigger::{Skip, Trigger};

/// The answer of an invocation, and the body for machines on SNS.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "drift-healer's answer")]
pub(super) struct Contract<'a> {
    /// The run in one word.
    pub(super) verdict: Verdict,
    /// The mode that it ran in.
    pub(super) mode: Mode,
    /// The account's id; null only where nothing had to be looked at to answer.
    pub(super) account: Option<&'a str>,
    /// The desired spec.
    pub(super) spec: SpecId<'a>,
    /// The decision that a reader has to make, in one sentence.
    pub(super) decision: String,
    /// What started the run.
    pub(super) trigger: &'a Trigger,
    /// Every difference, sorted by kind, region and name.
    pub(super) findings: Vec<FindingLine>,
    /// Every call, in the order in which they were made.
    pub(super) calls: Vec<CallLine>,
    /// How often the account was observed; 0 if the event was no reason to look.
    pub(super) passes: usize,
    /// Why nothing was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skipped: Option<Skip>,
    /// The attempt on backups or their key that the event tells of, and that AWS refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attempt: Option<IncidentLine>,
    /// The call about a recovery point that the event tells of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) loss: Option<IncidentLine>,
    /// How many attempts and losses there were in an hour that is over, if not all of them were published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) incidents_before: Option<TotalLine>,
    /// The worst of what a person still has to do; null if there is nothing.
    pub(super) open_severity: Option<Severity>,
    /// Of the open findings: equal while nothing new is to be told of them.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub(super) fingerprint: String,
    /// When the same open findings were published, so that they are not published again within the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sent_before: Option<String>,
    /// Why it may not be known of a finding who brought it about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attribution_gap: Option<&'a str>,
    /// The hold that kept the run from repairing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hold: Option<HoldLine<'a>>,
    /// What else there is to say, in sentences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<String>,
}

/// Which spec it was.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SpecId<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// SHA-256 of its text, in lower-case hex.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub(super) sha256: &'a str,
}

/// A hold that somebody set.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct HoldLine<'a> {
    /// When it ends by itself.
    until: String,
    /// Why; empty if it was not said.
    reason: &'a str,
}

impl<'a> HoldLine<'a> {
    pub(super) fn new(standing: &'a Standing) -> Self {
        Self { until: timestamp(standing.until), reason: &standing.reason }
    }
}

/// What came of a finding.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum OutcomeName {
    /// Repaired, and seen to be.
    Repaired,
    /// Would be repaired; the mode is report.
    Planned,
    /// Left as it is; `reason` says why.
    Blocked,
    /// AWS refused the call; `reason` has its words.
    Failed,
}

/// A difference, and what came of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(extend("if" = is_blocked(), "then" = has_a_known_reason()))]
pub(super) struct FindingLine {
    /// Where.
    resource: ResourceId,
    /// What: stable, in kebab case.
    #[schemars(extend("enum" = all_codes()))]
    code: &'static str,
    /// How bad; one step worse if it is contested.
    severity: Severity,
    /// Which attribute of the resource; null for the resource itself.
    attribute: Option<String>,
    /// What the spec asks for.
    expected: Value,
    /// What was observed.
    observed: Value,
    /// The difference in a sentence.
    summary: String,
    /// What it meant for the backups.
    impact: String,
    /// What came of it.
    outcome: OutcomeName,
    /// Why it was not repaired: a reason's code, or AWS's error.
    reason: Option<String>,
    /// What a person has to know or do.
    next_step: Option<String>,
    /// The command that goes with it.
    command: Option<String>,
    /// The page of the AWS console that shows what it is about; null where the partition has no console that is public.
    link: Option<String>,
    /// The call that was made for it, or would be; of several the first, or the one that AWS refused.
    call: Option<&'static str>,
    /// All calls that were made for it, or would be, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    calls: Vec<&'static str>,
    /// When it was seen to be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    repaired_at: Option<String>,
    /// After a compliance lock was put: when it can no longer be undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    immutable_at: Option<String>,
    /// Who brought it about; null if that is not known.
    attribution: Option<AttributionLine>,
    /// That it is repaired and undone again and again.
    #[serde(skip_serializing_if = "Option::is_none")]
    contention: Option<ContentionLine>,
}

/// The call that brought a finding about, as CloudTrail recorded it.
#[derive(Debug, Serialize, JsonSchema)]
struct AttributionLine {
    event: String,
    event_id: Option<String>,
    time: Option<String>,
    actor: Option<String>,
    source_ip: Option<String>,
    user_agent: Option<String>,
    /// With what it was made.
    client: Client,
    /// Whether the call followed from code that describes infrastructure, and so fights the spec.
    code: bool,
    /// False if it may have been another call: this one is not confirmed, names only an id, is old, or was made by others too; or the
    /// event history could not be asked in full.
    certain: bool,
    /// Whether the event history knows the call: what only the invocation tells, whoever may invoke the function can have made up.
    confirmed: bool,
    /// Who else made such a call since it was repaired last.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    others: BTreeSet<String>,
}

/// How often a resource was repaired.
#[derive(Debug, Serialize, JsonSchema)]
struct ContentionLine {
    /// Repairs within these hours; this run's is one of them, if it made one.
    repairs: usize,
    hours: i64,
    /// Who called last before a repair within that time, and how often.
    undone_by: BTreeMap<String, usize>,
}

/// A call that was made, or would be.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CallLine {
    /// The IAM action, such as `backup:UpdateBackupPlan`.
    #[schemars(regex(pattern = "^(iam|kms|backup):[A-Z][A-Za-z]+$"))]
    pub(super) call: &'static str,
    /// The resource that it was made for: `kind region/name`.
    pub(super) resource: String,
    /// The pass that made it, counted from 1.
    pub(super) pass: usize,
    /// `ok`, `planned`, or AWS's error.
    pub(super) result: String,
}

/// A refused attempt on backups or their key, or a call about a recovery point.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct IncidentLine {
    event: String,
    event_id: Option<String>,
    time: Option<String>,
    severity: Severity,
    /// What it was aimed at, as the call named it.
    target: Option<String>,
    region: String,
    actor: Option<String>,
    source_ip: Option<String>,
    user_agent: Option<String>,
    /// AWS's error; null for a call that was made.
    error: Option<String>,
    /// Whether the event history knows the call: what only the invocation tells, whoever may invoke the function can have made up.
    confirmed: bool,
    /// Whether it was published by itself: in each hour the first of an actor is, of three actors; the rest is told as a total.
    published: bool,
}

/// The attempts and losses of an hour.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TotalLine {
    /// When the hour began.
    since: String,
    attempts: usize,
    losses: usize,
    /// How many of each operation.
    events: BTreeMap<String, usize>,
    /// How many different actors there were.
    actors: usize,
}

impl FindingLine {
    pub(super) fn new(one: &Reported, answer: &Answer) -> Self {
        let story = answer.story(one);
        let drift = &one.finding.drift;
        let attribute = drift.attribute();
        Self {
            summary: one.summary().into(),
            impact: one.impact().into(),
            resource: one.finding.resource.clone(),
            code: drift.code().code,
            severity: story.severity(one),
            attribute: (!attribute.is_whole()).then(|| attribute.to_string()),
            expected: drift.expected(),
            observed: drift.observed(),
            outcome: match &one.outcome {
                Outcome::Repaired => OutcomeName::Repaired,
                Outcome::Planned => OutcomeName::Planned,
                Outcome::Blocked(_) => OutcomeName::Blocked,
                Outcome::Failed(_) => OutcomeName::Failed,
            },
            reason: match &one.outcome {
                Outcome::Repaired | Outcome::Planned => None,
                Outcome::Blocked(reason) => Some(reason.code().to_owned()),
                Outcome::Failed(error) => Some(error.to_string()),
            },
            next_step: answer.next_step(one).map(String::from),
            command: answer.command(one).as_ref().map(Command::to_string),
            link: answer.link(one).as_ref().map(Link::to_string),
            call: match &one.outcome {
                Outcome::Failed(_) => one.call(),
                Outcome::Repaired | Outcome::Planned | Outcome::Blocked(_) => one.calls.first(),
            }
            .map(Call::action),
            calls: one.calls.iter().map(Call::action).collect(),
            repaired_at: one.repaired_at.map(timestamp),
            immutable_at: one.immutable_at.map(timestamp),
            attribution: story.attribution.as_ref().map(|attribution| {
                let call = &attribution.call;
                AttributionLine {
                    event: call.event.clone(),
                    event_id: call.id.clone(),
                    time: call.time.map(timestamp),
                    actor: call.actor.clone(),
                    source_ip: call.source_ip.clone(),
                    user_agent: call.user_agent.clone(),
                    client: call.client(),
                    code: call.client().is_code(),
                    certain: attribution.is_certain(),
                    confirmed: attribution.is_confirmed(),
                    others: attribution.others.clone(),
                }
            }),
            contention: story.contention.as_ref().map(|contention| ContentionLine {
                repairs: contention.repairs,
                hours: WINDOW.whole_hours(),
                undone_by: contention.undone_by.clone(),
            }),
        }
    }
}

impl IncidentLine {
    pub(super) fn new(incident: &Incident) -> Self {
        let call = &incident.call;
        Self {
            event: call.event.clone(),
            event_id: call.id.clone(),
            time: call.time.map(timestamp),
            severity: incident.severity(),
            target: call.target(),
            region: call.region.clone(),
            actor: call.actor.clone(),
            source_ip: call.source_ip.clone(),
            user_agent: call.user_agent.clone(),
            error: call.error.clone(),
            confirmed: incident.confirmed,
            published: incident.told,
        }
    }
}

impl TotalLine {
    pub(super) fn new(total: &Total) -> Self {
        let mut events = BTreeMap::new();
        for ((_, event), count) in &total.counts {
            *events.entry(event.clone()).or_insert(0) += count;
        }
        Self {
            since: timestamp(total.since),
            attempts: total.of(IncidentKind::Attempt),
            losses: total.of(IncidentKind::Loss),
            events,
            actors: total.actors.len(),
        }
    }
}

/// Every code once, in the order of the alphabet.
fn all_codes() -> Vec<&'static str> {
    codes().map(|code| code.code).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A finding that was left as it is.
fn is_blocked() -> Value {
    json!({ "properties": { "outcome": { "const": "blocked" } } })
}

/// Only AWS's errors are told in AWS's words.
fn has_a_known_reason() -> Value {
    json!({ "properties": { "reason": { "enum": BlockReason::codes() } } })
}

/// The schema of the answer, for machines that read it.
pub fn schema() -> Value {
    // As it is written: what is always there is required, also where it may be null.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<Contract<'static>>().to_value()
}
