//! The faults that are set, and what they plan for a call.

use serde_json::Value;

use super::fault::Fault;
use super::kind::FaultKind;
use crate::wire::Incoming;

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Each with the number of matching calls that it has seen.
    set: Vec<(Fault, usize)>,
    /// What has hit a call so far.
    struck: Vec<FaultKind>,
}

/// What is to happen to a call.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Tools that are used before it, with their bodies.
    pub(crate) tools: Vec<(String, Value)>,
    /// The fault that hits it.
    pub(crate) fault: Option<FaultKind>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.set.push((fault, 0));
    }

    /// What has hit a call, in the order of the calls; tools are not among it.
    pub(crate) fn struck(&self) -> &[FaultKind] {
        &self.struck
    }

    /// Whether reads may have to see what was.
    pub(crate) fn look_back(&self) -> bool {
        self.set.iter().any(|(fault, _)| matches!(fault.kind, FaultKind::Stale { .. }))
    }

    /// What happens to this call: every tool whose turn it is, and the first other fault. Every matching fault counts the
    /// call.
    pub(crate) fn plan(&mut self, call: &Incoming) -> Plan {
        let mut plan = Plan::default();
        for (fault, seen) in self.set.iter_mut().filter(|(fault, _)| fault.matches(call)) {
            *seen += 1;
            let turn = *seen >= fault.nth && *seen - fault.nth < fault.times;
            if !turn {
                continue;
            }
            if let FaultKind::Tool { tool, body } = &fault.kind {
                plan.tools.push((tool.clone(), body.clone()));
            } else if plan.fault.is_none() {
                plan.fault = Some(fault.kind.clone());
            }
        }
        self.struck.extend(plan.fault.clone());
        plan
    }
}
