//! LookupEvents: the events of one region, newest first, of the last 90 days.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::history::{Event, Trail};
use super::{identity, resources};
use crate::error::AwsError;
use crate::operation::{Answer, Operation, read};
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::Account;

pub(crate) const OPERATIONS: &[Operation] = &[read("LookupEvents", events)];

const KEPT: Duration = Duration::days(90);
const MOST_IN_A_SECOND: usize = 2;

fn events(account: &mut Account, request: &Request) -> Answer {
    let trail = &mut account.trail;
    // While the clock stands all calls are in one second, and none of them came too fast.
    if request.clock_runs {
        trail.refuse_rush(request)?;
    }
    let wanted = Wanted::parse(request)?;
    // A token is good for the question that it answered and for no other one.
    let question = question(request);
    if request.text("NextToken").is_some_and(|token| !page::is_token_of(token, &question)) {
        return Err(AwsError::bad("InvalidNextTokenException", "NextToken is not of this question"));
    }
    let lag = Duration::try_from(request.settings.trail_lag).unwrap_or(Duration::MAX);
    let (oldest, newest) = (request.now.saturating_sub(KEPT), request.now.saturating_sub(lag));
    let shown = trail
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| event.region == request.region && (oldest..=newest).contains(&event.time));
    let items = shown
        .map(|(at, event)| (format!("{question}/{}", newest_first(event, at)), member(event)))
        .filter(|(_, event)| wanted.covers(event))
        .collect();
    let page = request.page(items, &page::CLOUDTRAIL)?;
    Ok(without_nulls(json!({ "Events": page.items, "NextToken": page.next })))
}

impl Trail {
    fn refuse_rush(&mut self, request: &Request) -> Result<(), AwsError> {
        let recent = self.lookups.entry(request.region.clone()).or_default();
        recent.retain(|time| *time > request.now - Duration::SECOND);
        if recent.len() >= MOST_IN_A_SECOND {
            return Err(AwsError::bad("ThrottlingException", "Rate exceeded"));
        }
        recent.push(request.now);
        Ok(())
    }
}

/// Lists are cut into pages in the order of their keys, from small to large: the key of an event is what is left of
/// time after it, and of two events of one second the later recorded one is the newer.
fn newest_first(event: &Event, at: usize) -> String {
    let left = i64::MAX.saturating_sub(event.time.unix_timestamp());
    format!("{left:020}/{:020}", usize::MAX - at)
}

/// What was asked, whichever page of it.
fn question(request: &Request) -> String {
    let asked = ["LookupAttributes", "StartTime", "EndTime", "EventCategory"].map(|name| request.value(name));
    let digest = Sha256::digest(json!(asked).to_string());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn member(event: &Event) -> Value {
    let record = &event.record;
    let read_only = record.get("readOnly").and_then(Value::as_bool);
    json!({
        "EventId": record.get("eventID"),
        "EventName": record.get("eventName"),
        "ReadOnly": read_only.map(|is| is.to_string()),
        "AccessKeyId": record.pointer("/userIdentity/accessKeyId"),
        "EventTime": event.time.unix_timestamp(),
        "EventSource": record.get("eventSource"),
        "Username": identity::user_name(record),
        "Resources": resources::findable(record),
        "CloudTrailEvent": record.to_string(),
    })
}

/// What a call asks for.
struct Wanted<'a> {
    attribute: Option<(&'a str, &'a str)>,
    /// In seconds, as events have their time.
    start: Option<f64>,
    end: Option<f64>,
    insights: bool,
}

impl<'a> Wanted<'a> {
    fn parse(request: &'a Request) -> Result<Wanted<'a>, AwsError> {
        let (start, end) = (seconds(request, "StartTime")?, seconds(request, "EndTime")?);
        if let (Some(start), Some(end)) = (start, end)
            && start > end
        {
            return Err(AwsError::bad("InvalidTimeRangeException", "StartTime is after EndTime"));
        }
        let insights = match request.text("EventCategory") {
            None => false,
            Some("insight") => true,
            Some(other) => {
                let message = format!("There is no event category {other}");
                return Err(AwsError::bad("InvalidEventCategoryException", message));
            }
        };
        Ok(Wanted { attribute: attribute(request)?, start, end, insights })
    }

    /// Whether an event is asked for. Nothing here is ever unusual enough for an insight.
    fn covers(&self, event: &Value) -> bool {
        let time = event["EventTime"].as_f64().unwrap_or_default();
        let is = |(key, value): (&str, &str)| match key {
            "ResourceType" | "ResourceName" => {
                event["Resources"].as_array().into_iter().flatten().any(|resource| resource[key] == value)
            }
            _ => event[key] == value,
        };
        !self.insights
            && self.start.is_none_or(|start| start <= time)
            && self.end.is_none_or(|end| time <= end)
            && self.attribute.is_none_or(is)
    }
}

const ATTRIBUTES: [&str; 8] = [
    "EventId",
    "EventName",
    "ReadOnly",
    "Username",
    "ResourceType",
    "ResourceName",
    "EventSource",
    "AccessKeyId",
];

/// The one attribute that a call may name, with its value.
fn attribute(request: &Request) -> Result<Option<(&str, &str)>, AwsError> {
    let invalid = |why: &str| AwsError::bad("InvalidLookupAttributesException", why);
    let given = match request.list("LookupAttributes") {
        [] => return Ok(None),
        [one] => one,
        _ => return Err(invalid("LookupAttributes can hold one attribute")),
    };
    let text = |name: &str| given.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let key = text("AttributeKey").filter(|key| ATTRIBUTES.contains(key));
    let key = key.ok_or_else(|| invalid("AttributeKey is none of the attributes"))?;
    let value = text("AttributeValue").ok_or_else(|| invalid("AttributeValue is missing"))?;
    Ok(Some((key, value)))
}

fn seconds(request: &Request, name: &str) -> Result<Option<f64>, AwsError> {
    let Some(value) = request.value(name) else { return Ok(None) };
    let seconds = value
        .as_f64()
        .ok_or_else(|| AwsError::bad("SerializationException", format!("{name} is no number: {value}")))?;
    // What no calendar has is no time.
    match OffsetDateTime::from_unix_timestamp(seconds as i64) {
        Ok(_) => Ok(Some(seconds)),
        Err(_) => Err(AwsError::bad("InvalidTimeRangeException", format!("{name} is no time: {value}"))),
    }
}
