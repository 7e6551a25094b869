//! What more vaults and plans cost: calls, time, memory; and the pure core alone. Each size runs in a process of its own, because memory
//! that was used once is not given back.

use std::fmt::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use aws_account::emulator_config;
use drift_healer::{Healer, Settings};
use drift_tests::model::{NO_LIMITS, SPEC, in_sync, now, resolve};
use reconcile::diff::diff;
use reconcile::repair::{Limits, plan_repairs};
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use reconcile::spec::Spec;
use sandbox::Sandbox;
use sandbox_reference::options;
use serde_json::{Value, json};

use super::{median, milliseconds, usage};

const SIZES: [(usize, usize); 3] = [(10, 2), (100, 20), (1_000, 200)];
/// What an answer of the sandbox is late.
const LATENCY: Duration = Duration::from_millis(40);
/// As many calls as the function makes at once of one service in one region.
const AT_ONCE: f64 = 12.0;

pub(super) fn table() {
    println!(
        "a clean sweep, every answer {} ms late; the pure core is diff and plan alone:",
        LATENCY.as_millis()
    );
    println!(
        "{:>6} {:>6} {:>6} {:>9} {:>22} {:>8} {:>9} {:>9}",
        "vaults", "plans", "calls", "wall, ms", "wall/(calls/12 x late)", "CPU, ms", "peak, MB", "core, ms"
    );
    for (vaults, plans) in SIZES {
        let sandbox = Sandbox::start(options()).expect("a sandbox");
        let look = |endpoint: &str| {
            let program = std::env::current_exe().expect("this program");
            let arguments = ["scale", endpoint, &vaults.to_string(), &plans.to_string()];
            let output = Command::new(program).args(arguments).output().expect("this program again");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            serde_json::from_str::<Value>(&said).unwrap_or_else(|_| panic!("{output:?}"))
        };
        // The first process builds the deployment up; the second looks at it.
        let built = look(&sandbox.endpoint());
        assert_eq!(built["verdict"], "healed", "{built}");
        sandbox.clear_calls();
        sandbox.set_latency(LATENCY);
        let seen = look(&sandbox.endpoint());
        assert_eq!(seen["verdict"], "in_sync", "{seen}");
        let figure = |name: &str| seen[name].as_f64().expect("a figure");
        let calls = figure("calls");
        let least = calls / AT_ONCE * milliseconds(LATENCY);
        println!(
            "{vaults:6} {plans:6} {calls:6} {:9.0} {:22.2} {:8.0} {:9.1} {:9.2}",
            figure("wall_ms"),
            figure("wall_ms") / least,
            figure("cpu_ms"),
            figure("peak_mb"),
            core(&spec(vaults, plans)),
        );
    }
}

/// One look at the account behind an endpoint, which repairs; prints what it cost.
pub(super) async fn child(endpoint: &str, vaults: &str, plans: &str) {
    let text = spec(vaults.parse().expect("a number"), plans.parse().expect("a number"));
    let settings = Settings::read(|name| {
        let value = match name {
            "MODE" => "repair",
            "BOOTSTRAP" => "true",
            "COMPLIANCE_LOCKS" => "start",
            "HEALER_ROLE_ARN" => "arn:aws:iam::123456789012:role/drift-healer",
            _ => return None,
        };
        Some(value.to_owned())
    });
    let mut settings = settings.expect("settings");
    settings.limits.max_calls = usize::MAX;
    let config = emulator_config(endpoint, "AKIDEXAMPLE");
    let healer = Healer::of(Spec::parse(&text).expect("a spec"), settings, &config).expect("a function");
    let healer = healer.without_pauses();
    let start = Instant::now();
    let answer = healer.look(json!({})).await.expect("an answer");
    let wall = milliseconds(start.elapsed());
    let (cpu, peak) = usage(std::process::id());
    let (verdict, calls) = (answer.report.verdict(), healer.clients().requests());
    println!(
        "{}",
        json!({ "verdict": verdict, "calls": calls, "wall_ms": wall, "cpu_ms": cpu, "peak_mb": peak })
    );
}

/// The time of diff and plan, the median of some.
fn core(spec: &str) -> f64 {
    let desired = resolve(spec);
    // The model builds up no more than a run may.
    let account = Preview::new(&desired, in_sync(&desired));
    now(run(&account, &desired, &Limits { max_calls: usize::MAX, ..NO_LIMITS }));
    let observed = now(account.observe(&desired));
    let once = |_| {
        let start = Instant::now();
        let findings = diff(&desired, &observed);
        let plan = plan_repairs(&desired, &observed, &findings, &[], &NO_LIMITS);
        assert!(plan.steps.is_empty(), "{:?}", plan.steps.first());
        milliseconds(start.elapsed())
    };
    median((0..21).map(once).collect())
}

/// A region holds no more than 300 vaults.
const REGIONS: [(&str, &str); 5] = [
    ("primary", "us-east-1"),
    ("second", "us-east-2"),
    ("third", "eu-west-1"),
    ("fourth", "eu-central-1"),
    ("dr", "us-west-2"),
];

/// A spec with so many vaults in five regions, and so many plans in the first with a rule, a copy and a selection each.
fn spec(vaults: usize, plans: usize) -> String {
    let (start, policies) = parts();
    let mut text = start;
    for vault in 0..vaults {
        let region = REGIONS[vault % REGIONS.len()].0;
        let lock = "{ mode = \"governance\", min_retention_days = 7 }";
        writeln!(text, "[[vaults]]\nname = \"team-{vault}-backups\"\nregion = \"{region}\"\nkey = \"alias/aws_backup_key\"\npolicy = \"deny_all_delete\"\nlock = {lock}\n").expect("a string");
    }
    for plan in 0..plans {
        let (vault, copy) = (plan * 5 % vaults, (plan * 5 + 4) % vaults);
        writeln!(text, "[[plans]]\nname = \"team-{plan}\"\n\n[[plans.rules]]\nname = \"daily\"\nvault = \"team-{vault}-backups\"\nschedule = \"cron(0 3 * * ? *)\"\ndelete_after_days = 30\ncopies = [{{ vault = \"team-{copy}-backups\", region = \"dr\", delete_after_days = 30 }}]\n\n[[plans.selections]]\nname = \"all\"\nresources = [\"arn:aws:dynamodb:*:*:table/team-{plan}-*\"]\n").expect("a string");
    }
    text + &policies
}

/// What the reference's spec says before its vaults, and its vault policies.
fn parts() -> (String, String) {
    let start = SPEC.split("[[vaults]]").next().unwrap_or_default();
    let (mut regions, mut keys) = (String::from("[regions]\n"), String::new());
    for (name, region) in &REGIONS[1..4] {
        writeln!(regions, "{name} = \"{region}\"").expect("a string");
        writeln!(keys, "[[keys]]\nalias = \"alias/aws_backup_key\"\nregion = \"{name}\"\ndescription = \"AWS backups kms key used to encrypt backups\"\nrotation = true\n").expect("a string");
    }
    let start = start.replace("[regions]\n", &regions) + &keys;
    let policies = SPEC.find("[vault_policies]").and_then(|at| SPEC[at..].split("[[plans]]").next());
    let policies = policies.filter(|_| !start.contains("[vault_policies]")).unwrap_or_default().to_owned();
    (start, policies)
}
