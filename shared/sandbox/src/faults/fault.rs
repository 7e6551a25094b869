//! A fault: which calls it hits.

use serde::{Deserialize, Serialize};

use super::kind::FaultKind;
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
    /// Only calls of this account.
    #[serde(default)]
    pub account: Option<String>,
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
            account: None,
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

    /// The same, only in one account.
    pub fn in_account(mut self, account: &str) -> Fault {
        self.account = Some(account.to_owned());
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

    /// The same, for every matching call.
    pub fn always(self) -> Fault {
        self.times(usize::MAX)
    }

    pub(super) fn matches(&self, call: &Incoming) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        fits(&self.service, call.service.name())
            && fits(&self.operation, &call.operation)
            && fits(&self.region, &call.region)
            && fits(&self.account, &call.account)
    }
}
