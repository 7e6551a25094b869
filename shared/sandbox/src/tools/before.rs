//! Tools that faults use just before a call.

use super::own::{PREFIX, answer};
use super::tool::Tool;
use crate::faults::{FaultKind, Plan};
use crate::wire::Http;
use crate::world::World;

/// Uses the tools of a plan; the fault that is left for the call. A tool that fails refuses it, loudly.
pub(crate) fn before(world: &mut World, plan: &Plan, added: &[Tool]) -> Option<FaultKind> {
    for (tool, body) in &plan.tools {
        let (method, path) = tool.split_once(' ').unwrap_or(("POST", tool));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let http = Http {
            method: method.to_owned(),
            path: format!("{PREFIX}{path}"),
            query: query.to_owned(),
            body: body.to_string().into_bytes(),
            ..Http::default()
        };
        let (status, said) = answer(world, &http, added);
        if status != 200 {
            let message = format!("{tool}: {said}");
            return Some(FaultKind::Error { code: "SandboxToolFailed".to_owned(), status: 500, message });
        }
    }
    plan.fault.clone()
}
