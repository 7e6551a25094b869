//! `campaign --seed N --runs M [--jobs J]`: the fault campaign. Each violation is told with the seed that replays it.
#![allow(clippy::print_stdout, reason = "it is a program for a terminal")]

use std::cell::Cell;
use std::panic;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use clap::Parser;
use drift_tests::campaign::{Case, Tally, play};

thread_local! {
    /// The run that this thread plays.
    static SEED: Cell<u64> = const { Cell::new(0) };
}

/// Random drifts and random faults against the function's own handler.
#[derive(Debug, Parser)]
struct Arguments {
    /// The seed of the first run; each run adds one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many runs.
    #[arg(long, default_value_t = 1_000)]
    runs: u64,
    /// How many at once.
    #[arg(long, default_value_t = 1)]
    jobs: u64,
}

fn main() -> ExitCode {
    let Arguments { seed, runs, jobs } = Arguments::parse();
    let (began, next) = (Instant::now(), AtomicU64::new(seed));
    if runs == 1 {
        println!("{:#?}", Case::of(seed));
    }
    // A release build ends with it.
    panic::set_hook(Box::new(|panic| println!("seed {}: {panic}", SEED.get())));
    let work = || {
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= Arguments::parse().seed + runs {
                return tally;
            }
            SEED.set(seed);
            let show = |text: &str| {
                if runs == 1 {
                    println!("{text}");
                }
            };
            let played = play(&Case::of(seed), &show);
            for (case, what) in &played.violations {
                println!("seed {}: {what}", case.seed);
            }
            tally = tally.and(played);
        }
    };
    let tally = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        let tallies = workers.into_iter().filter_map(|worker| worker.join().ok());
        tallies.fold(Tally::default(), Tally::and)
    });
    println!("{tally}, {:.0} s", began.elapsed().as_secs_f64());
    if let Some((case, _)) = tally.violations.first() {
        println!(
            "replay: cargo run --release -p drift-tests --bin campaign -- --seed {} --runs 1",
            case.seed
        );
        return ExitCode::FAILURE;
    }
    if u64::try_from(tally.runs).is_ok_and(|done| done == runs) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
