//! `drift check` and `drift repair`: the Lambda's handler on the account of the caller's credentials.

use anstream::{eprintln, println};
use anyhow::Context;
use drift_healer::{Healer, Settings};
use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};

use crate::paint;

/// Runs once. `Ok(false)` if something is drifted still.
pub(crate) async fn look(mode: &str, as_json: bool) -> anyhow::Result<bool> {
    let settings = Settings::read(|name| match name {
        "MODE" => Some(mode.to_owned()),
        _ => std::env::var(name).ok(),
    })?;
    let healer = Healer::new(settings, &aws_account::sdk_config().await)?;
    let event = LambdaEvent::new(json!({}), lambda_runtime::Context::default());
    let answer = healer.handle(event).await.context("the run could not be finished")?;
    if as_json {
        println!("{answer:#}");
    } else {
        show(&answer);
    }
    Ok(answer["verdict"] != "drifted")
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
