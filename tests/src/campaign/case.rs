//! A case: everything that is random about a run, out of one seed.

use std::time::Duration;

use fastrand::Rng;
use sandbox::Fault;
use sandbox_reference::{DR_REGION, DRIFTS, PRIMARY_REGION};

use super::faults;

pub(super) const PRIMARY: &str = PRIMARY_REGION;
pub(super) const DR: &str = DR_REGION;

/// What is there at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The reference deployment.
    Deployed,
    /// Nothing, and the function may make it.
    Empty,
}

/// Somebody else's change, just before a call of ours.
#[derive(Debug, Clone)]
pub struct Meddling {
    /// The operation of the call.
    pub before: &'static str,
    /// Which of these calls, counted from 1.
    pub nth: usize,
    /// The named drift.
    pub drift: &'static str,
}

/// Everything that is random about a run.
#[derive(Debug, Clone)]
pub struct Case {
    /// Where it comes from.
    pub seed: u64,
    /// What is there.
    pub start: Start,
    /// Named drifts.
    pub drifts: Vec<&'static str>,
    /// Faults.
    pub faults: Vec<Fault>,
    /// Changes of somebody else while the function works.
    pub meddling: Vec<Meddling>,
    /// How long an invocation may take.
    pub time: Duration,
    /// How long each call takes.
    pub latency: Duration,
    /// How far the function's clock is ahead of AWS's, in seconds.
    pub clock_ahead: i64,
    /// How often the event is delivered.
    pub deliveries: usize,
    /// Whether a second function works at the same time, and how much later it begins.
    pub second: Option<Duration>,
    /// `MAX_CALLS`.
    pub max_calls: usize,
    /// Whether AWS refuses a second selection of a name.
    pub unique_names: bool,
    /// The most items of a page.
    pub page: Option<usize>,
    /// Whether compliance locks may be put.
    pub locks: bool,
    /// Whether the process ends after each invocation, so that its memory is gone.
    pub forgets: bool,
}

/// What others are likely to do, and when it hurts.
const MEDDLED: [&str; 12] = [
    "ListBackupVaults",
    "ListBackupPlans",
    "GetBackupPlan",
    "GetBackupSelection",
    "ListBackupSelections",
    "DescribeKey",
    "GetRole",
    "PutBackupVaultAccessPolicy",
    "UpdateBackupPlan",
    "CreateBackupSelection",
    "EnableKey",
    "CreateAlias",
];

/// Enough for everything, the reference deployment from nothing included.
const MANY_CALLS: usize = 60;

impl Case {
    /// The case of a seed.
    pub fn of(seed: u64) -> Case {
        let rng = &mut Rng::with_seed(seed);
        let start = if rng.usize(..7) == 0 { Start::Empty } else { Start::Deployed };
        let drifts = match start {
            Start::Empty => Vec::new(),
            Start::Deployed => (0..rng.usize(1..=4)).map(|_| drift(rng)).collect(),
        };
        let meddling = if rng.usize(..4) == 0 {
            (0..rng.usize(1..=2)).map(|_| meddling(rng)).collect()
        } else {
            Vec::new()
        };
        // There cannot be two of a name where AWS refuses the second one.
        let twins = drifts.iter().copied().chain(meddling.iter().map(|one| one.drift));
        let twins = twins.filter(|name| *name == "selection-duplicated").count();
        Case {
            seed,
            start,
            drifts,
            faults: faults::some(rng),
            meddling,
            time: Duration::from_secs([3, 5, 8, 15, 20, 40, 60, 120, 300, 300, 300][rng.usize(..11)]),
            latency: Duration::from_millis([0, 0, 1, 5, 40, 40, 120, 250, 400][rng.usize(..9)]),
            clock_ahead: [0, 0, 0, 0, 0, 40, -1_800, 1_800, 7_200, -7_200][rng.usize(..10)],
            deliveries: [1, 1, 1, 2][rng.usize(..4)],
            second: (rng.usize(..8) == 0).then(|| Duration::from_millis(rng.u64(0..20_000))),
            // With fewer than three a selection whose name is taken can never be replaced.
            max_calls: if rng.usize(..6) == 0 { rng.usize(3..=6) } else { MANY_CALLS },
            unique_names: rng.usize(..4) == 0 && twins == 0,
            page: [None, None, Some(1), Some(2)][rng.usize(..4)],
            locks: rng.usize(..5) != 0,
            forgets: rng.usize(..4) == 0,
        }
    }

    /// The reference deployment, and nothing that goes wrong.
    pub fn quiet() -> Case {
        Case {
            seed: 0,
            start: Start::Deployed,
            drifts: Vec::new(),
            faults: Vec::new(),
            meddling: Vec::new(),
            time: Duration::from_secs(300),
            latency: Duration::ZERO,
            clock_ahead: 0,
            deliveries: 1,
            second: None,
            max_calls: MANY_CALLS,
            unique_names: false,
            page: None,
            locks: true,
            forgets: false,
        }
    }

    /// The same without what goes wrong: what it comes to in the end.
    pub fn undisturbed(&self) -> Case {
        let others = self.meddling.iter().map(|one| one.drift);
        Case {
            drifts: self.drifts.iter().copied().chain(others).collect(),
            seed: self.seed,
            start: self.start,
            unique_names: self.unique_names,
            locks: self.locks,
            ..Case::quiet()
        }
    }
}

fn drift(rng: &mut Rng) -> &'static str {
    DRIFTS[rng.usize(..DRIFTS.len())].name
}

fn meddling(rng: &mut Rng) -> Meddling {
    Meddling { before: MEDDLED[rng.usize(..MEDDLED.len())], nth: rng.usize(1..5), drift: drift(rng) }
}
