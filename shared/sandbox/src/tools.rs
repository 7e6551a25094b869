//! The sandbox's own tools over HTTP, for clients in other languages.

use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use crate::faults::Fault;
use crate::trail::Actor;
use crate::wire::{DEFAULT_ACCOUNT, Http, pairs, percent_decoded};
use crate::world::World;
use crate::{drifts, reference};

pub(crate) const PREFIX: &str = "/_sandbox/";

type Outcome = Result<Value, (u16, String)>;

/// Status and JSON body.
pub(crate) fn answer(world: &mut World, http: &Http) -> (u16, Value) {
    match outcome(world, http) {
        Ok(body) => (200, body),
        Err((status, message)) => (status, json!({ "error": message })),
    }
}

fn outcome(world: &mut World, http: &Http) -> Outcome {
    let query = pairs(&http.query);
    let asked = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let account = asked("account").unwrap_or(DEFAULT_ACCOUNT);
    let tool = http.path.strip_prefix(PREFIX).unwrap_or_default().trim_end_matches('/');
    let now = world.clock.now();
    match (http.method.as_str(), tool) {
        ("GET", "health") => Ok(json!({ "status": "ok", "now": now.format(&Rfc3339).unwrap_or_default() })),
        ("POST", "deploy") => {
            reference::deploy(world.account(account), now);
            Ok(json!({ "deployed": account }))
        }
        ("GET", "drifts") => Ok(drifts::DRIFTS
            .iter()
            .map(|drift| json!({ "name": drift.name, "description": drift.description }))
            .collect()),
        ("POST", "advance") => {
            let seconds = body(http)?.get("seconds").and_then(Value::as_f64);
            let seconds = seconds.ok_or_else(|| (400, "advance needs {\"seconds\": number}".to_owned()))?;
            world.clock.advance(Duration::seconds_f64(seconds));
            Ok(json!({ "now": world.clock.now().format(&Rfc3339).unwrap_or_default() }))
        }
        ("GET", "calls") => {
            let only_writes = asked("writes") == Some("true");
            let calls = world.calls.iter().filter(|call| call.write || !only_writes);
            let calls = calls.filter(|call| asked("account").is_none_or(|account| account == call.account));
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
        ("POST", "trail") => match body(http)? {
            event @ Value::Object(_) => {
                world.record(account, event);
                Ok(json!({}))
            }
            other => Err((400, format!("this is not an event: {other}"))),
        },
        ("POST", "recovery-points") => {
            let body = body(http)?;
            let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            drifts::add_recovery_point(world.account(account), text("region"), text("vault"), now)
                .map(|arn| json!({ "arn": arn }))
                .map_err(|error| (404, error.to_string()))
        }
        ("POST", "reset") => {
            world.reset();
            Ok(json!({}))
        }
        ("POST", other) => match other.strip_prefix("drift/") {
            Some(name) => world
                .drift(account, &percent_decoded(name))
                .map(|()| json!({ "drifted": percent_decoded(name) }))
                .map_err(|error| (404, error.to_string())),
            None => Err(unknown(http)),
        },
        _ => Err(unknown(http)),
    }
}

/// Says who signs with `access_key`, or who drifts if none is given.
fn actor(world: &mut World, body: &Value) -> Outcome {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let arn = text("arn").ok_or_else(|| (400, "actor needs {\"arn\": text}".to_owned()))?;
    let source_ip = text("source_ip").unwrap_or_else(|| "127.0.0.1".to_owned());
    let actor = Actor { arn, user_agent: text("user_agent"), source_ip };
    match text("access_key") {
        Some(key) => {
            world.actors.insert(key, actor);
        }
        None => world.drifter = Some(actor),
    }
    Ok(json!({}))
}

/// Sets what is given: `latency_ms`, `page_size` (null for none), `selection_names_unique`, `trail_lag_seconds`.
fn options(world: &mut World, body: &Value) -> Outcome {
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
