//! What a named drift is, and what can stand in its way.

use sandbox::{AwsError, Change};

/// One way to drift, applied by its name.
#[derive(Debug, Clone, Copy)]
pub struct NamedDrift {
    /// The name, in kebab case.
    pub name: &'static str,
    /// What happens, in one line.
    pub description: &'static str,
    /// What it happens to unless the caller says otherwise.
    pub target: &'static str,
    /// What it is found by if it happens to its own target, and to nothing else, in the deployment that its spec
    /// describes: `kind/code`, each once. None if the spec says nothing of what drifts.
    pub codes: &'static [&'static str],
    pub(super) apply: Apply,
}

/// The account and the target.
pub(super) type Apply = fn(&mut Change<'_>, &str) -> Outcome;

pub(super) type Outcome<T = ()> = Result<T, Obstacle>;

/// What stands in the way of a drift.
#[derive(Debug, thiserror::Error)]
pub(super) enum Obstacle {
    /// Something that it needs is not there, or not as it needs it.
    #[error("{0}")]
    State(&'static str),
    /// AWS refuses one of its calls.
    #[error(transparent)]
    Call(#[from] AwsError),
}

impl From<&'static str> for Obstacle {
    fn from(why: &'static str) -> Obstacle {
        Obstacle::State(why)
    }
}
