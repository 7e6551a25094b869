//! The figures of a campaign.

use std::collections::BTreeMap;
use std::fmt;

use super::case::Case;

/// What was played, and what did not hold.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cases.
    pub runs: usize,
    /// Invocations of the function.
    pub invocations: usize,
    /// Requests to AWS.
    pub requests: usize,
    /// Writes that took effect.
    pub writes: usize,
    /// Faults that hit a call, by kind.
    pub faults: BTreeMap<String, usize>,
    /// What did not hold, with the case.
    pub violations: Vec<(Case, String)>,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Tally) -> Tally {
        self.runs += other.runs;
        self.invocations += other.invocations;
        self.requests += other.requests;
        self.writes += other.writes;
        for (kind, count) in other.faults {
            *self.faults.entry(kind).or_default() += count;
        }
        self.violations.extend(other.violations);
        self
    }

    /// Counts a fault.
    pub fn struck(&mut self, kind: &str, times: usize) {
        if times > 0 {
            *self.faults.entry(kind.to_owned()).or_default() += times;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: usize = self.faults.values().sum();
        writeln!(
            f,
            "{} runs, {} invocations, {} requests, {} writes, {faults} faults",
            self.runs, self.invocations, self.requests, self.writes
        )?;
        for (kind, count) in &self.faults {
            writeln!(f, "  {count:>8} {kind}")?;
        }
        let seeds: std::collections::BTreeSet<u64> =
            self.violations.iter().map(|(case, _)| case.seed).collect();
        write!(f, "{} violations in {} runs", self.violations.len(), seeds.len())
    }
}
