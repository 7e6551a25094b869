//! The sandbox's own tools.

use std::sync::Arc;

use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use super::tool::{Tool, ToolAnswer, ToolRequest};
use crate::authorize::Statements;
use crate::backup::add_recovery_point_of_type;
use crate::faults::Fault;
use crate::invented::Invented;
use crate::plant::plant;
use crate::settings::Settings;
use crate::trail::Actor;
use crate::wire::{Http, pairs, percent_decoded};
use crate::world::World;

pub(crate) const PREFIX: &str = "/_sandbox/";

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
        ("POST", "invent") => {
            let invented: Invented = serde_json::from_value(body(http)?)
                .map_err(|error| (400, format!("this is no invention: {error}")))?;
            world.invented.push(invented);
            Ok(json!({}))
        }
        ("DELETE", "invent") => {
            world.invented.clear();
            Ok(json!({}))
        }
        ("POST", "plant") => {
            let body = body(http)?;
            world.plant(account, |change| plant(change, &body)).map_err(|why| (400, why))?;
            Ok(json!({}))
        }
        ("POST", "options") => options(world, &body(http)?),
        ("POST", "enforce") => enforce(world, &body(http)?),
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
            let region = world.account(account).region(text("region"));
            let kind = body.get("type").and_then(Value::as_str).unwrap_or("EFS");
            let arn = add_recovery_point_of_type(region, text("vault"), kind, now)
                .map_err(|error| (404, error.to_string()))?;
            let vault = region.backup.vaults.get_mut(text("vault"));
            if let Some(point) = vault.and_then(|vault| vault.recovery_points.get_mut(&arn)) {
                point.continuous = body.get("continuous") == Some(&Value::Bool(true));
            }
            Ok(json!({ "arn": arn }))
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

/// Lets the calls that `access_key` signs through only if IAM would with `documents` and nothing else; all of them again,
/// if that is null.
fn enforce(world: &mut World, body: &Value) -> ToolAnswer {
    let wrong = || (400, "enforce needs {\"access_key\": text, \"documents\": [policy]}".to_owned());
    let key = body.get("access_key").and_then(Value::as_str).ok_or_else(wrong)?;
    if body.get("documents") == Some(&Value::Null) {
        world.policies.remove(key);
        return Ok(json!({}));
    }
    let given = body.get("documents").and_then(Value::as_array).ok_or_else(wrong)?;
    let documents: Vec<String> = given.iter().map(Value::to_string).collect();
    let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
    let statements = Statements::parse(&documents).map_err(|error| (400, error.to_string()))?;
    world.policies.insert(key.to_owned(), Arc::new(statements));
    Ok(json!({}))
}

/// Sets the options that are given, under their names in [`Settings`]; all of them.
fn options(world: &mut World, body: &Value) -> ToolAnswer {
    let given = body.as_object().ok_or_else(|| (400, format!("these are no options: {body}")))?;
    let mut all = json!(world.settings);
    for (name, value) in given {
        all[name] = value.clone();
    }
    world.settings = serde_json::from_value::<Settings>(all.clone())
        .map_err(|error| (400, format!("these are no options: {error}")))?;
    Ok(json!(world.settings))
}

fn unknown(http: &Http) -> (u16, String) {
    (404, format!("the sandbox has no tool {} {}", http.method, http.path))
}

fn body(http: &Http) -> Result<Value, (u16, String)> {
    serde_json::from_slice(&http.body).map_err(|error| (400, format!("the body is not JSON: {error}")))
}
