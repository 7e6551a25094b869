//! The function beside a boto3 program with threads that does the same reads, on one machine, against one sandbox.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use drift_tests::runtime_api::Function;
use sandbox::Sandbox;
use serde_json::Value;

use super::{SCHEDULE, deployed, median, milliseconds, started, usage};

/// So many processes of each are measured; the median counts.
const PROCESSES: usize = 7;
/// Milliseconds that each answer of the sandbox is late.
const LATENCIES: [u64; 5] = [0, 20, 40, 80, 160];
const BOTO3: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/boto3_sweep.py");

/// What a process used for its start and one sweep.
struct Used {
    cpu_ms: f64,
    peak_mb: f64,
    calls: usize,
}

pub(super) async fn table(binary: &Path, python: &str) {
    let (mut ours, mut boto3) = (Vec::new(), Vec::new());
    for _ in 0..PROCESSES {
        ours.push(function(binary).await);
        boto3.push(program(python).await);
    }
    let of = |used: &[Used], figure: fn(&Used) -> f64| median(used.iter().map(figure).collect());
    println!("medians of {PROCESSES} processes, start and first clean sweep without TLS and distance:");
    println!("{:34} {:>10} {:>10} {:>8}", "", "function", "boto3", "ratio");
    let ratio = |name: &str, figure: fn(&Used) -> f64| {
        let (ours, theirs) = (of(&ours, figure), of(&boto3, figure));
        println!("{name:34} {ours:10.1} {theirs:10.1}     1/{:.1}", theirs / ours);
    };
    ratio("CPU, ms", |one| one.cpu_ms);
    ratio("peak memory, MB", |one| one.peak_mb);
    println!("{:34} {:10} {:10}", "calls", ours[0].calls, boto3[0].calls);
    println!("round trips of a warm sweep: {:.2}", round_trips(binary).await);
    match instructions(binary, 1).await.zip(instructions(binary, 2).await) {
        Some((one, two)) => println!(
            "instructions: {:.1} M for start and first sweep, {:.1} M for a warm one",
            one / 1e6,
            (two - one) / 1e6
        ),
        None => println!("instructions: not counted, there is no valgrind"),
    }
}

async fn function(binary: &Path) -> Used {
    let sandbox = deployed();
    let mut function = started(binary, &sandbox).await;
    function.invoke(SCHEDULE).await;
    let (cpu_ms, peak_mb) = usage(function.id());
    function.stop().await;
    Used { cpu_ms, peak_mb, calls: sandbox.calls().len() }
}

async fn program(python: &str) -> Used {
    let sandbox = deployed();
    let output = tokio::process::Command::new(python).args([BOTO3, &sandbox.endpoint(), "1"]).output().await;
    let output = output.expect("Python with boto3");
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{output:?}"));
    let figure = |name: &str| figures[name].as_f64().expect("a figure");
    Used {
        cpu_ms: figure("cpu_seconds") * 1000.0,
        peak_mb: figure("peak_kib") / 1024.0,
        calls: sandbox.calls().len(),
    }
}

/// How much longer a sweep takes for each millisecond that every answer is later: the slope of the best line.
async fn round_trips(binary: &Path) -> f64 {
    let sandbox = deployed();
    let mut function = started(binary, &sandbox).await;
    function.invoke(SCHEDULE).await;
    let mut points = Vec::new();
    for latency in LATENCIES {
        sandbox.set_latency(Duration::from_millis(latency));
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let start = Instant::now();
            function.invoke(SCHEDULE).await;
            best = best.min(milliseconds(start.elapsed()));
        }
        points.push((Duration::from_millis(latency).as_secs_f64() * 1000.0, best));
    }
    function.stop().await;
    slope(&points)
}

fn slope(points: &[(f64, f64)]) -> f64 {
    let mean = |of: fn(&(f64, f64)) -> f64| {
        points.iter().map(of).sum::<f64>() / points.iter().map(|_| 1.0).sum::<f64>()
    };
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let above: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let below: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    above / below
}

/// Callgrind's count for a process that sweeps so often.
async fn instructions(binary: &Path, sweeps: usize) -> Option<f64> {
    Command::new("valgrind").arg("--version").output().ok()?;
    let sandbox: Sandbox = deployed();
    let folder = std::env::temp_dir();
    let counts = folder.join(format!("drift-healer-callgrind-{}-{sweeps}", std::process::id()));
    let wrapper = counts.with_extension("sh");
    let script = format!(
        "#!/bin/sh\nexec {} --tool=callgrind --callgrind-out-file={} {}\n",
        which("valgrind").display(),
        counts.display(),
        fs::canonicalize(binary).expect("the binary").display()
    );
    fs::write(&wrapper, script).expect("a file");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&wrapper, executable).expect("permissions");
    let mut function: Function = started(&wrapper, &sandbox).await;
    for _ in 0..sweeps {
        function.invoke(SCHEDULE).await;
    }
    // It writes its counts when it is asked to end.
    Command::new("kill").arg(function.id().to_string()).status().ok()?;
    let mut count = None;
    for _ in 0..100 {
        let written = fs::read_to_string(&counts).unwrap_or_default();
        let total = written.lines().find_map(|line| line.strip_prefix("totals: "));
        count = total.and_then(|total| total.trim().parse().ok());
        if count.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    function.stop().await;
    for file in [&counts, &wrapper] {
        fs::remove_file(file).ok();
    }
    count
}

fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .expect("in the PATH")
}
