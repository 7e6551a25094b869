//! The tools over HTTP that a sandbox gets from here: to deploy, and to drift.

use sandbox::{Tool, ToolAnswer, ToolRequest, World};
use serde_json::json;

use crate::deployment::Deployment;
use crate::drifts::{self, DRIFTS};

/// `POST deploy`, `GET drifts` and `POST drift/NAME`.
pub const TOOLS: &[Tool] = &[
    Tool { method: "POST", path: "deploy", answer: deploy },
    Tool { method: "GET", path: "drifts", answer: list },
    Tool { method: "POST", path: "drift/", answer: drift },
];

/// `?deployment=` says which one; without it, it is the reference.
fn deploy(world: &mut World, request: &ToolRequest) -> ToolAnswer {
    let name = request.query("deployment").unwrap_or(Deployment::Reference.name());
    let named = Deployment::ALL.iter().find(|deployment| deployment.name() == name);
    let deployment = named.ok_or_else(|| (404, format!("there is no deployment {name}")))?;
    world
        .replace(request.account(), |change| deployment.make(change))
        .map_err(|error| (500, error.to_string()))?;
    Ok(json!({ "deployed": request.account() }))
}

fn list(_: &mut World, _: &ToolRequest) -> ToolAnswer {
    let member = |drift: &drifts::NamedDrift| json!({ "name": drift.name, "description": drift.description });
    Ok(DRIFTS.iter().map(member).collect())
}

fn drift(world: &mut World, request: &ToolRequest) -> ToolAnswer {
    world
        .change(request.account(), |change| drifts::apply(change, &request.rest))
        .map_err(|error| (404, error.to_string()))?;
    Ok(json!({ "drifted": request.rest }))
}
