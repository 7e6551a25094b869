//! Measures the function. `tests/bench/run` builds what is needed and shows all of it; each part runs alone as well:
//!
//! `bench BINARY` prints a table of the function's binary behind the Runtime API; `bench beside BINARY PYTHON` sets it beside a boto3 program
//! that does the same reads; `bench scale` counts what more vaults and plans cost; `bench heal` measures from event to proof, for each drift;
//! `bench quotas BINARY` gives it as little of a core as Lambda does.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)] // a benchmark that cannot go on ends; its figures are its output

mod beside;
mod heal;
mod quotas;
mod scale;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use drift_tests::runtime_api::{Deadline, Function};
use sandbox::Sandbox;
use sandbox_reference::{Deployment, TOPIC_ARN, deploy, options};

const RUNS: usize = 15;
const SCHEDULE: &str = include_str!("../../events/schedule-default.json");

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["beside", binary, python] => beside::table(Path::new(binary), python).await,
        ["scale"] => scale::table(),
        ["scale", endpoint, vaults, plans] => scale::child(endpoint, vaults, plans).await,
        ["heal"] => heal::table().await,
        ["quotas", binary] => quotas::table(Path::new(binary)).await,
        [] => table(Path::new("target/release/drift-healer")).await,
        [binary, ..] => table(Path::new(binary)).await,
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The reference deployment.
fn deployed() -> Sandbox {
    let sandbox = Sandbox::start(options()).expect("a sandbox");
    deploy(&sandbox, Deployment::Reference).expect("a deployment");
    sandbox
}

async fn started(binary: &Path, sandbox: &Sandbox) -> Function {
    let endpoint = sandbox.endpoint();
    let environment = [("AWS_ENDPOINT_URL", endpoint.as_str()), ("TOPIC_ARN", TOPIC_ARN), ("MODE", "repair")];
    Function::start(binary, &environment, Deadline::In(Duration::from_secs(300))).await
}

async fn table(binary: &Path) {
    let bytes =
        fs::metadata(binary).expect("the binary; build it with cargo build --release -p drift-healer").len();
    let mut figures: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut calls = BTreeMap::new();
    for _ in 0..RUNS {
        measure(binary, &mut figures, &mut calls).await;
    }
    println!("binary: {bytes} bytes; {RUNS} processes; minimum, median, maximum");
    for (name, mut values) in figures {
        values.sort_by(f64::total_cmp);
        println!(
            "{name:34} {:8.1} {:8.1} {:8.1}",
            values[0],
            values[values.len() / 2],
            values[values.len() - 1]
        );
    }
    println!("calls of one sweep of the reference deployment: {}", calls.values().sum::<usize>());
    for (operation, count) in calls {
        println!("  {operation:34} {count}");
    }
}

async fn measure(binary: &Path, figures: &mut BTreeMap<&str, Vec<f64>>, calls: &mut BTreeMap<String, usize>) {
    let sandbox = deployed();
    let start = Instant::now();
    let mut function = started(binary, &sandbox).await;
    let mut note = |name, value: f64| figures.entry(name).or_default().push(value);
    function.invoke(SCHEDULE).await;
    note("1 start to first answer, ms", milliseconds(start.elapsed()));
    sandbox.clear_calls();
    let warm = Instant::now();
    function.invoke(SCHEDULE).await;
    note("2 warm invocation, ms", milliseconds(warm.elapsed()));
    calls.clear();
    for call in sandbox.calls() {
        *calls.entry(format!("{}:{}", call.service, call.operation)).or_insert(0) += 1;
    }
    // With 40 ms a call, as over a region's distance: a sweep costs its round trips, not its calls.
    sandbox.set_latency(Duration::from_millis(40));
    let distant = Instant::now();
    function.invoke(SCHEDULE).await;
    note("3 warm, every call takes 40 ms, ms", milliseconds(distant.elapsed()));
    let (cpu, peak) = usage(function.id());
    note("4 CPU of all three, ms", cpu);
    note("5 peak resident memory, MB", peak);
    function.stop().await;
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// CPU time in milliseconds and peak memory in megabytes of a process, as Linux tells.
fn usage(process: u32) -> (f64, f64) {
    let stat = fs::read_to_string(format!("/proc/{process}/schedstat")).expect("Linux's /proc");
    let nanoseconds: f64 = stat.split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux's /proc");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak");
    let kilobytes: f64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    (nanoseconds / 1e6, kilobytes / 1024.0)
}
