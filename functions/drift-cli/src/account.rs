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
    for line in paint::findings(answer) {
        println!("{line}");
    }
    let account = answer["account"].as_str().unwrap_or("unknown");
    let verdict = answer["verdict"].as_str().unwrap_or_default();
    println!("{} account {account}: {}", paint::verdict(verdict), paint::counts(answer));
    let findings = answer["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    for next_step in findings.iter().filter_map(|finding| finding["next_step"].as_str()) {
        eprintln!("{}", paint::faint(&format!("  {next_step}")));
    }
}
