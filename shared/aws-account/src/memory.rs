//! What a run knows beside what it reads: the keys that it made itself, and what CloudTrail's history has told it already.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use reconcile::call::CallError;
use reconcile::history::RecordedCall;
use reconcile::read::Refusal;
use reconcile::state::Observation;

use crate::Clients;
use crate::history::recorded;

/// What CloudTrail's history has of an operation, or why that is not all.
type Recorded = Result<Vec<RecordedCall>, Refusal>;

/// Of one run.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    made_keys: Mutex<BTreeSet<String>>,
    /// By role, what IAM has worked out to be denied to it. Nothing that a run writes takes such a denial away.
    denied: Mutex<BTreeMap<String, Observation<BTreeSet<String>>>>,
    /// By region and operation. Held while it asks, so that nothing is asked twice.
    told: tokio::sync::Mutex<BTreeMap<(String, &'static str), Recorded>>,
}

impl Memory {
    /// Takes in a key that this run made.
    pub(crate) fn made_key(&self, arn: &str) {
        self.made_keys.lock().unwrap_or_else(PoisonError::into_inner).insert(arn.to_owned());
    }

    /// Whether this run made the key.
    pub(crate) fn has_made(&self, arn: &str) -> bool {
        self.made_keys.lock().unwrap_or_else(PoisonError::into_inner).contains(arn)
    }

    /// What IAM worked out to be denied to a role when it was asked in this run.
    pub(crate) fn denied(&self, role_arn: &str) -> Option<Observation<BTreeSet<String>>> {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).get(role_arn).cloned()
    }

    /// Takes in what IAM worked out.
    pub(crate) fn asked_of(&self, role_arn: &str, denied: &Observation<BTreeSet<String>>) {
        let mut known = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(role_arn.to_owned(), denied.clone());
    }

    /// The calls of an operation that CloudTrail's history of a region has; asked once a run.
    pub(crate) async fn recorded(
        &self,
        clients: &Clients,
        region: &str,
        operation: &'static str,
    ) -> Recorded {
        let mut told = self.told.lock().await;
        let place = (region.to_owned(), operation);
        if let Some(known) = told.get(&place) {
            return known.clone();
        }
        let answer = recorded(&clients.region(region), operation).await;
        let answer = answer.map_err(|message| Refusal {
            read: None,
            error: CallError { code: "HistoryIncomplete".to_owned(), message },
        });
        told.insert(place, answer.clone());
        answer
    }
}
