//! Things that go wrong on request: errors, delays and lost connections.

use serde::{Deserialize, Serialize};

use crate::wire::Incoming;

/// What to break, and when. A field that is not set matches every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Only calls of this service, such as `backup`.
    #[serde(default)]
    pub service: Option<String>,
    /// Only calls of this operation, such as `ListBackupVaults`.
    #[serde(default)]
    pub operation: Option<String>,
    /// Only calls to this region.
    #[serde(default)]
    pub region: Option<String>,
    /// The first matching call that is hit, counted from 1.
    #[serde(default = "one")]
    pub nth: usize,
    /// How many matching calls in a row are hit.
    #[serde(default = "one")]
    pub times: usize,
    /// What happens to them.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// What happens to a call that a fault hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The call is not carried out and answered with this error.
    Error {
        /// The error code on the wire, such as `ThrottlingException`.
        code: String,
        /// HTTP status.
        status: u16,
        /// The message.
        message: String,
    },
    /// The call is carried out after a pause.
    Delay {
        /// How long.
        milliseconds: u64,
    },
    /// The call is not carried out and the connection closes without an answer.
    Reset,
    /// The call is carried out, but the connection closes before the answer: what a retry has to survive.
    LostAnswer,
    /// The call is accepted, and the account shows its effect only after so many further calls: writes to IAM and KMS
    /// take seconds to minutes to be seen everywhere. What is written in between is lost.
    Late {
        /// How many calls still see the account as it was.
        calls: usize,
    },
}

fn one() -> usize {
    1
}

impl Fault {
    /// A fault that hits the first call of an operation, in any region.
    pub fn on(service: &str, operation: &str, kind: FaultKind) -> Fault {
        Fault {
            service: Some(service.to_owned()),
            operation: Some(operation.to_owned()),
            region: None,
            nth: 1,
            times: 1,
            kind,
        }
    }

    /// The same, only in one region.
    pub fn in_region(mut self, region: &str) -> Fault {
        self.region = Some(region.to_owned());
        self
    }

    /// The same, from the n-th matching call on, counted from 1.
    pub fn from_call(mut self, nth: usize) -> Fault {
        self.nth = nth;
        self
    }

    /// The same, for so many matching calls in a row.
    pub fn times(mut self, times: usize) -> Fault {
        self.times = times;
        self
    }

    fn matches(&self, call: &Incoming) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        fits(&self.service, call.service.name())
            && fits(&self.operation, &call.operation)
            && fits(&self.region, &call.region)
    }
}

/// The faults that are set, each with the number of matching calls that it has seen.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(Fault, usize)>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    /// What happens to this call: the first fault whose turn it is. Every matching fault counts the call.
    pub(crate) fn hit(&mut self, call: &Incoming) -> Option<FaultKind> {
        let mut hit = None;
        for (fault, seen) in self.0.iter_mut().filter(|(fault, _)| fault.matches(call)) {
            *seen += 1;
            let turn = *seen >= fault.nth && *seen - fault.nth < fault.times;
            if turn && hit.is_none() {
                hit = Some(fault.kind.clone());
            }
        }
        hit
    }
}
