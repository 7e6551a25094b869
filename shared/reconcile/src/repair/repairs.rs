//! What a pass is going to do: the calls with the findings that they answer, and what is left alone.

use super::only::Only;
use super::reason::BlockReason;
use crate::call::{Call, CallError};
use crate::drift::Finding;
use crate::resource::ResourceId;

/// How far a run may go, and what was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most calls in one run.
    pub max_calls: usize,
    /// Whether a region that is not recognisably the deployment's may be filled, and keys be made.
    pub bootstrap: bool,
    /// Whether the clock of a compliance lock may be started or shortened.
    pub compliance_locks: bool,
    /// What alone is repaired; empty for everything.
    pub only: Vec<Only>,
}

/// The answer to all findings of one pass: each finding is in exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RepairPlan {
    /// What to call, in dependency order; over the limit the most pressing of it.
    pub steps: Vec<Step>,
    /// What is left alone, and why.
    pub blocked: Vec<(Finding, BlockReason)>,
}

/// One call and the findings that it answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The call.
    pub call: Call,
    /// The resource that it is made for.
    pub resource: ResourceId,
    /// The findings that it answers; an update of a plan may answer many.
    pub findings: Vec<Finding>,
}

/// A call that this run has made, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CallMade {
    /// The call.
    pub call: Call,
    /// The resource that it was made for.
    pub resource: ResourceId,
    /// The pass that made it, counted from 1.
    pub pass: usize,
    /// AWS's answer.
    pub result: Result<(), CallError>,
}
