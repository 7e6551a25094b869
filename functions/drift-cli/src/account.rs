//! `drift check` and `drift repair`: the Lambda's handler on the account of the caller's credentials.

use anstream::{eprintln, println};
use anyhow::Context;
use clap::Args;
use drift_healer::{Healer, HealerError, Settings};
use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};

use crate::paint;

/// How a run at a terminal is to be told.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Telling {
    /// Prints the function's answer as JSON
    #[arg(long)]
    json: bool,
    /// Sends the report to TOPIC_ARN too
    #[arg(long)]
    publish: bool,
}

/// Runs once. `Ok(false)` if something is drifted still.
pub(crate) async fn look(mode: &str, telling: Telling) -> anyhow::Result<bool> {
    let settings = Settings::read(|name| match name {
        "MODE" => Some(mode.to_owned()),
        "TOPIC_ARN" if !telling.publish => None,
        _ => std::env::var(name).ok(),
    })?;
    anyhow::ensure!(
        !telling.publish || settings.topic.is_some(),
        "--publish needs TOPIC_ARN in the environment"
    );
    let healer = Healer::new(settings, &aws_account::sdk_config().await)?;
    let event = LambdaEvent::new(json!({}), lambda_runtime::Context::default());
    // What was done is shown in any case.
    let result = healer.handle(event).await;
    let answer = match &result {
        Ok(answer) => answer,
        Err(HealerError::NotDelivered { answer, .. }) => answer.as_ref(),
        Err(_) => return result.map(|_| false).context("the run could not be finished"),
    };
    if telling.json {
        println!("{answer:#}");
    } else {
        show(answer);
    }
    let drifted = answer["verdict"] == "drifted";
    result.context("the run is finished, and its report is above")?;
    Ok(!drifted)
}

fn show(answer: &Value) {
    let findings = answer["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (line, finding) in paint::findings(answer).into_iter().zip(findings) {
        println!("{line}");
        for detail in details(finding) {
            println!("{}", paint::faint(&format!("           {detail}")));
        }
    }
    let account = answer["account"].as_str().unwrap_or("unknown");
    let verdict = answer["verdict"].as_str().unwrap_or_default();
    println!("{} account {account}: {}", paint::verdict(verdict), paint::counts(answer));
    if let Some(gap) = answer["attribution_gap"].as_str() {
        eprintln!("{}", paint::faint(&format!("Who did it may be missing: {gap}")));
    }
    let notes = answer["notes"].as_array().map(Vec::as_slice).unwrap_or_default();
    for note in notes.iter().filter_map(Value::as_str) {
        eprintln!("{}", paint::faint(note));
    }
}

/// The sentences of a finding: what differs, what that means, what is next, and who did it.
fn details(finding: &Value) -> Vec<String> {
    let text = |pointer: &str| finding.pointer(pointer).and_then(Value::as_str);
    let mut lines: Vec<String> =
        ["/summary", "/impact", "/next_step"].into_iter().filter_map(text).map(str::to_owned).collect();
    lines.extend(text("/command").map(|command| format!("  {command}")));
    let by = |actor: &str| {
        let more = [
            ("by way of", "/attribution/client"),
            ("from", "/attribution/source_ip"),
            ("at", "/attribution/time"),
        ];
        let more = more.into_iter().filter_map(|(word, pointer)| Some(format!(" {word} {}", text(pointer)?)));
        let probably = if finding["attribution"]["certain"] == true { "" } else { "probably " };
        let event = text("/attribution/event").unwrap_or("a call");
        format!("By {probably}{actor}{}: {event}", more.collect::<String>())
    };
    lines.extend(text("/attribution/actor").map(by));
    let contested = |contention: &Value| {
        format!("Contested: repaired {} times within {} hours", contention["repairs"], contention["hours"])
    };
    lines.extend(finding.get("contention").map(contested));
    lines
}
