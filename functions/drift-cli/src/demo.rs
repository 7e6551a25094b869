//! `drift demo`: the reference deployment, an attacker's night, and the Lambda's own handler.

use drift_cli::paint;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use drift_healer::{Healer, Settings};
use lambda_runtime::LambdaEvent;
use sandbox::Sandbox;
use sandbox_reference::{DRIFTS, Deployment, TOPIC_ARN, deploy, drift};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;

use crate::serve;
use crate::tell::println;

/// What an attacker who wants no backups left would do.
const NIGHT: [&str; 6] = [
    "vault-policy-deleted",
    "vault-lock-deleted",
    "rule-retention-cut",
    "copy-dropped:ec2_prod_backups/daily_backup_rule",
    "key-pending-deletion",
    "selection-emptied",
];

/// One of the things that CloudTrail would report.
const EVENT: &str = include_str!("../../../events/delete-backup-vault-access-policy.json");
const SCHEDULE: &str = include_str!("../../../events/schedule-default.json");

/// Paragraphs of the e-mail that are shown, and lines of its evidence.
const EMAIL_PARAGRAPHS: usize = 4;
const EVIDENCE_LINES: usize = 3;

pub(crate) async fn show() -> anyhow::Result<()> {
    println!(
        "{}",
        paint::heading(
            "drift-healer: an AWS account in this process, and the Lambda's own handler. Nothing leaves this machine."
        )
    );
    let sandbox = serve::in_process()?;
    let healer = healer_with(&sandbox, "hold")?;

    deploy(&sandbox, Deployment::Reference)?;
    let answer = invoke(&healer, SCHEDULE).await?;
    println!(
        "\n{}",
        step(1, "The reference deployment: keys, role, vaults with policies and locks, plans, selections")
    );
    quiet(&sandbox, &answer);

    println!("\n{}", step(2, "An attacker with an administrator's session"));
    for name in NIGHT {
        drift(&sandbox, name)?;
        let plain = name.split(':').next().unwrap_or(name);
        let description =
            DRIFTS.iter().find(|drift| drift.name == plain).map_or("", |drift| drift.description);
        println!("  {plain:22} {}", paint::faint(description));
    }

    let mut event: Value = serde_json::from_str(EVENT).context("the demo's event is no JSON")?;
    let now = sandbox.now().format(&Rfc3339).context("the time has no form")?;
    for pointer in ["/time", "/detail/eventTime"] {
        if let Some(time) = event.pointer_mut(pointer) {
            *time = Value::String(now.clone());
        }
    }
    let detail = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let title = format!(
        "CloudTrail reports {} from {}: EventBridge wakes the function",
        detail("/detail/eventName"),
        detail("/detail/sourceIPAddress"),
    );
    println!("\n{}", step(3, &title));
    sandbox.clear_calls();
    let start = Instant::now();
    let answer = invoke(&healer, &event.to_string()).await?;
    let took = start.elapsed();
    for line in paint::findings(&answer) {
        println!("{line}");
    }
    let verdict = answer["verdict"].as_str().unwrap_or_default().to_owned();
    println!("  {} {}, {} ms", paint::verdict(&verdict), paint::counts(&answer), took.as_millis());

    println!("\n{}", step(4, "What SNS sent to the people on call"));
    show_message(&sandbox)?;

    println!(
        "\n{}",
        step(5, "What cannot be undone waits for consent. An operator gives it: COMPLIANCE_LOCKS=start")
    );
    let consented = healer_with(&sandbox, "start")?;
    let answer = invoke(&consented, SCHEDULE).await?;
    for line in paint::findings(&answer) {
        println!("{line}");
    }
    let verdict = answer["verdict"].as_str().unwrap_or_default().to_owned();
    println!("  {} {}", paint::verdict(&verdict), paint::counts(&answer));
    if let Some(date) = answer.pointer("/findings/0/immutable_at").and_then(Value::as_str) {
        println!("  {}", paint::faint(&format!("From {date} on nobody can remove this lock.")));
    }

    sandbox.clear_messages();
    sandbox.clear_calls();
    let proof = invoke(&consented, SCHEDULE).await?;
    println!("\n{}", step(6, "The next scheduled run"));
    quiet(&sandbox, &proof);
    ensure!(verdict == "healed" && proof["verdict"] == "in_sync", "the demo's account was not healed");
    println!(
        "  {}. {}",
        paint::verdict(&verdict),
        paint::faint("drift sandbox keeps such an account running; drift --help tells more")
    );
    Ok(())
}

fn healer_with(sandbox: &Arc<Sandbox>, compliance_locks: &str) -> anyhow::Result<Healer> {
    let settings = Settings::read(|name| match name {
        "MODE" => Some("repair".to_owned()),
        "COMPLIANCE_LOCKS" => Some(compliance_locks.to_owned()),
        "TOPIC_ARN" => Some(TOPIC_ARN.to_owned()),
        _ => None,
    })?;
    let config = aws_account::emulator_config(&sandbox.endpoint(), sandbox::DEFAULT_ACCOUNT);
    // The account in the process settles at once, and the time is its own.
    let clock = Arc::clone(sandbox);
    Ok(Healer::new(settings, &config)?.without_pauses().with_clock(Arc::new(move || clock.now())))
}

async fn invoke(healer: &Healer, event: &str) -> anyhow::Result<Value> {
    let event: Value = serde_json::from_str(event).context("the demo's event is no JSON")?;
    Ok(healer.handle(LambdaEvent::new(event, lambda_runtime::Context::default())).await?)
}

fn step(number: usize, title: &str) -> String {
    paint::heading(&format!("{number} {title}"))
}

/// A run that found nothing: what it read, and that it did nothing else.
fn quiet(sandbox: &Sandbox, answer: &Value) {
    let writes = sandbox.writes().len();
    let reads = sandbox.calls().len() - writes;
    let messages = match sandbox.messages().len() {
        0 => "no message".to_owned(),
        count => format!("{count} messages"),
    };
    let verdict = answer["verdict"].as_str().unwrap_or_default();
    println!("  {} {reads} reads, {writes} writes, {messages}", paint::verdict(verdict));
}

fn show_message(sandbox: &Sandbox) -> anyhow::Result<()> {
    let messages = sandbox.messages();
    let message = messages.last().context("nothing was published")?;
    let bodies: Value = serde_json::from_str(&message.message).context("the message is no JSON")?;
    println!("  Subject: {}", message.subject.as_deref().unwrap_or_default());
    let email = bodies["email"].as_str().unwrap_or_default();
    let paragraphs: Vec<&str> = email.split("\n\n").collect();
    let shown = paragraphs.iter().take(EMAIL_PARAGRAPHS).flat_map(|paragraph| paragraph.lines().chain([""]));
    let evidence = paragraphs.last().into_iter().flat_map(|last| last.lines().take(EVIDENCE_LINES));
    let left = paragraphs.len().saturating_sub(EMAIL_PARAGRAPHS + 1);
    let gap = format!("… {left} more paragraphs; a chat card and JSON went with the mail");
    for line in shown.chain([gap.as_str(), ""]).chain(evidence) {
        println!("{}", paint::faint(format!("  | {line}").trim_end()));
    }
    Ok(())
}
