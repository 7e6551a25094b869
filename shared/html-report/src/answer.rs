//! What the page needs of the answer, and how bad a finding is.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) verdict: String,
    pub(crate) mode: String,
    pub(crate) account: Option<String>,
    pub(crate) spec: Spec,
    #[serde(default)]
    pub(crate) decision: String,
    pub(crate) trigger: Trigger,
    pub(crate) findings: Vec<Finding>,
    pub(crate) calls: Vec<Call>,
    pub(crate) passes: usize,
    #[serde(default)]
    pub(crate) attribution_gap: Option<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Spec {
    pub(crate) name: String,
    pub(crate) sha256: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Trigger {
    pub(crate) kind: String,
    pub(crate) event: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) time: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Call {
    pub(crate) call: String,
    pub(crate) resource: String,
    pub(crate) result: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Resource {
    pub(crate) kind: String,
    pub(crate) region: Option<String>,
    pub(crate) name: String,
}

impl Resource {
    pub(crate) fn is(&self, kind: &str, region: &str, name: &str) -> bool {
        self.kind == kind && self.region.as_deref() == Some(region) && self.name == name
    }

    pub(crate) fn in_words(&self) -> String {
        let region = self.region.as_ref().map(|region| format!("{region}/")).unwrap_or_default();
        format!("{} {region}{}", self.kind, self.name)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) resource: Resource,
    pub(crate) code: String,
    pub(crate) severity: Severity,
    pub(crate) attribute: Option<String>,
    pub(crate) expected: serde_json::Value,
    pub(crate) observed: serde_json::Value,
    pub(crate) summary: String,
    pub(crate) impact: String,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<String>,
    pub(crate) next_step: Option<String>,
    pub(crate) command: Option<String>,
    #[serde(default)]
    pub(crate) link: Option<String>,
    #[serde(default)]
    pub(crate) calls: Vec<String>,
    pub(crate) repaired_at: Option<String>,
    pub(crate) attribution: Option<Attribution>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Attribution {
    pub(crate) event: String,
    pub(crate) event_id: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) source_ip: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) certain: bool,
}

/// The worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Repaired,
    Planned,
    Blocked,
    Failed,
}

/// What a reader has to think of a finding. What needs somebody comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Open,
    Repaired,
    Excepted,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Repaired => "repaired",
            State::Excepted => "excepted",
        }
    }
}

impl Finding {
    pub(crate) fn state(&self) -> State {
        match self.outcome {
            Outcome::Repaired => State::Repaired,
            Outcome::Blocked if self.reason.as_deref() == Some("excepted") => State::Excepted,
            Outcome::Blocked | Outcome::Planned | Outcome::Failed => State::Open,
        }
    }

    /// The order of findings by what they need of a reader.
    pub(crate) fn need(&self) -> (State, Reverse<Severity>) {
        (self.state(), Reverse(self.severity))
    }

    pub(crate) fn code_in_words(&self) -> String {
        self.code.replace('-', " ")
    }
}

impl Answer {
    /// Whether everything that is open is so only because it could not be read.
    pub(crate) fn is_only_unread(&self) -> bool {
        let mut open = self.findings.iter().filter(|one| one.state() == State::Open).peekable();
        open.peek().is_some() && open.all(|one| one.reason.as_deref() == Some("unreadable"))
    }

    /// What needs somebody comes first, the worst first.
    pub(crate) fn sorted(mut self) -> Self {
        self.findings.sort_by_key(Finding::need);
        self
    }
}
