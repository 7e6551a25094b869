//! The tools over HTTP, for clients in other languages: the sandbox's own, and those that somebody adds.

use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use crate::backup::add_recovery_point;
use crate::faults::Fault;
use crate::trail::Actor;
use crate::wire::{DEFAULT_ACCOUNT, Http, pairs, percent_decoded};
use crate::world::World;

pub(crate) const PREFIX: &str = "/_sandbox/";

/// A tool that whoever starts a sandbox adds to its own ones: a method and a path after `/_sandbox/`.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path; if it ends in a slash, whatever follows it in a request is the request's `rest`.
    pub path: &'static str,
    /// What the tool does.
    pub answer: fn(&mut World, &ToolRequest) -> ToolAnswer,
}

/// A request for a tool.
#[derive(Debug, Clone)]
pub struct ToolRequest {
    /// What follows the tool's path, decoded.
    pub rest: String,
    query: Vec<(String, String)>,
}

/// What is answered as JSON, or the status and the message of a refusal.
pub type ToolAnswer = Result<Value, (u16, String)>;

impl ToolRequest {
    /// The value of `?name=`.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The account that is asked for, else the default one.
    pub fn account(&self) -> &str {
        self.query("account").unwrap_or(DEFAULT_ACCOUNT)
    }
}

impl Tool {
    /// What of the path comes after the tool's own, if it is the tool that is asked for.
    fn rest<'a>(&self, method: &str, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.path).filter(|_| method == self.method)?;
        (rest.is_empty() || self.path.ends_with('/')).then_some(rest)
    }
}

/// Status and JSON body.
pub(crate) fn answer(world: &mut World, http: &Http, added: &[Tool]) -> (u16, Value) {
    match outcome(world, http, added) {
        Ok(body) => (200, body),
        Err((status, message)) => (status, json!({ "error": message })),
    }
}

fn outcome(world: &mut World, http: &Http, added: &[Tool]) -> ToolAnswer {
    let tool = http.path.strip_prefix(PREFIX).unwrap_or_default().trim_end_matches('/');
    let mut request = ToolRequest { rest: String::new(), query: pairs(&http.query) };
    let account = request.account();
    let now = world.clock.now();
    match (http.method.as_str(), tool) {
        ("GET", "health") => Ok(json!({ "status": "ok", "now": now.format(&Rfc3339).unwrap_or_default() })),
        ("POST", "advance") => {
            let seconds = body(http)?.get("seconds").and_then(Value::as_f64);
            let seconds = seconds.ok_or_else(|| (400, "advance needs {\"seconds\": number}".to_owned()))?;
            world.clock.advance(Duration::seconds_f64(seconds));
            Ok(json!({ "now": world.clock.now().format(&Rfc3339).unwrap_or_default() }))
        }
        ("GET", "calls") => {
            let only_writes = request.query("writes") == Some("true");
            let calls = world.calls.iter().filter(|call| call.write || !only_writes);
            let calls =
                calls.filter(|call| request.query("account").is_none_or(|account| account == call.account));
            Ok(calls.map(|call| json!(call)).collect())
        }
        ("DELETE", "calls") => {
            world.calls.clear();
            Ok(json!({}))
        }
        ("GET", "messages") => Ok(world.messages().iter().map(|message| json!(message)).collect()),
        ("DELETE", "messages") => {
            world.clear_messages();
            Ok(json!({}))
        }
        ("POST", "faults") => {
            let fault: Fault = serde_json::from_value(body(http)?)
                .map_err(|error| (400, format!("this is not a fault: {error}")))?;
            world.faults.add(fault);
            Ok(json!({}))
        }
        ("DELETE", "faults") => {
            world.faults = Default::default();
            Ok(json!({}))
        }
        ("POST", "options") => options(world, &body(http)?),
        ("POST", "actor") => actor(world, &body(http)?),
        ("GET", "trail") => Ok(world.account(account).trail.oldest_first().into()),
        ("POST", "trail") => {
            let event = body(http)?;
            if !event.is_object() {
                return Err((400, format!("this is not an event: {event}")));
            }
            world.record(account, event);
            Ok(json!({}))
        }
        ("POST", "recovery-points") => {
            let body = body(http)?;
            let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            add_recovery_point(world.account(account).region(text("region")), text("vault"), now)
                .map(|arn| json!({ "arn": arn }))
                .map_err(|error| (404, error.to_string()))
        }
        ("POST", "reset") => {
            world.reset();
            Ok(json!({}))
        }
        (method, path) => {
            let found = added.iter().find_map(|tool| Some((tool, tool.rest(method, path)?)));
            let (tool, rest) = found.ok_or_else(|| unknown(http))?;
            request.rest = percent_decoded(rest);
            (tool.answer)(world, &request)
        }
    }
}

/// Says who signs with `access_key`, or who changes accounts from outside if none is given.
fn actor(world: &mut World, body: &Value) -> ToolAnswer {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let arn = text("arn").ok_or_else(|| (400, "actor needs {\"arn\": text}".to_owned()))?;
    let source_ip = text("source_ip").unwrap_or_else(|| "127.0.0.1".to_owned());
    let actor = Actor { arn, user_agent: text("user_agent"), source_ip };
    match text("access_key") {
        Some(key) => {
            world.actors.insert(key, actor);
        }
        None => world.changer = Some(actor),
    }
    Ok(json!({}))
}

/// Sets what is given: `latency_ms`, `page_size` (null for none), `selection_names_unique`, `trail_lag_seconds`.
fn options(world: &mut World, body: &Value) -> ToolAnswer {
    if let Some(milliseconds) = body.get("latency_ms").and_then(Value::as_u64) {
        world.latency = std::time::Duration::from_millis(milliseconds);
    }
    if let Some(size) = body.get("page_size") {
        world.settings.page_size = size.as_u64().and_then(|size| usize::try_from(size).ok());
    }
    if let Some(unique) = body.get("selection_names_unique").and_then(Value::as_bool) {
        world.settings.selection_names_unique = unique;
    }
    if let Some(seconds) = body.get("trail_lag_seconds").and_then(Value::as_f64) {
        let lag = std::time::Duration::try_from_secs_f64(seconds);
        world.settings.trail_lag =
            lag.map_err(|error| (400, format!("trail_lag_seconds is {seconds}: {error}")))?;
    }
    Ok(json!({
        "latency_ms": u64::try_from(world.latency.as_millis()).unwrap_or(u64::MAX),
        "page_size": world.settings.page_size,
        "selection_names_unique": world.settings.selection_names_unique,
        "trail_lag_seconds": world.settings.trail_lag.as_secs_f64(),
    }))
}

fn unknown(http: &Http) -> (u16, String) {
    (404, format!("the sandbox has no tool {} {}", http.method, http.path))
}

fn body(http: &Http) -> Result<Value, (u16, String)> {
    serde_json::from_slice(&http.body).map_err(|error| (400, format!("the body is not JSON: {error}")))
}
