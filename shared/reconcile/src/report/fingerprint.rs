//! The open findings in one word, so that whoever was told of them knows that nothing is new.

use sha2::{Digest, Sha256};

use super::{Outcome, Report, Reported};
use crate::drift::Drift;
use crate::repair::BlockReason;

impl Reported {
    /// Whether somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        match &self.outcome {
            Outcome::Repaired | Outcome::Blocked(BlockReason::Excepted(_)) => false,
            Outcome::Planned | Outcome::Blocked(_) | Outcome::Failed(_) => true,
        }
    }
}

impl Report {
    /// What tells two sets of open findings apart: equal as long as nothing new is to be told of them. AWS's words for an error are no
    /// news, because they may name a request.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for one in self.findings.iter().filter(|one| one.is_open()) {
            let drift = &one.finding.drift;
            let observed = if let Drift::Unreadable(unreadable) = drift {
                unreadable.refusal.error.code.clone()
            } else {
                drift.observed().to_string()
            };
            let why = match &one.outcome {
                Outcome::Repaired | Outcome::Planned => "",
                Outcome::Failed(error) => &error.code,
                Outcome::Blocked(reason) => reason.code(),
            };
            let facts = [
                one.finding.resource.to_string(),
                drift.code().code.to_owned(),
                drift.attribute().to_string(),
                drift.severity().as_str().to_owned(),
                observed,
                one.outcome.as_str().to_owned(),
                why.to_owned(),
            ];
            // What is told apart by a length cannot be made equal by a text.
            for fact in facts {
                hash.update(fact.len().to_be_bytes());
                hash.update(fact);
            }
        }
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}
