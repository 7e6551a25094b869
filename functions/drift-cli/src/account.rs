//! `drift check` and `drift repair`: the Lambda's handler on the account of the caller's credentials.

use anstream::{eprintln, println};
use anyhow::{Context, anyhow};
use clap::Args;
use drift_cli::answer;
use drift_healer::error::ErrorChain;
use drift_healer::{Healer, HealerError, Settings};
use lambda_runtime::LambdaEvent;
use reconcile::words::clean;
use serde_json::json;

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
    let made = match &result {
        Ok(answer) => answer,
        Err(HealerError::NotDelivered { answer, .. }) => answer.as_ref(),
        Err(error) => return Err(told(error)).context("the run could not be finished"),
    };
    if telling.json {
        println!("{made:#}");
    } else {
        answer::lines(made).iter().for_each(|line| println!("{line}"));
        answer::remarks(made).iter().for_each(|line| eprintln!("{line}"));
    }
    let drifted = made["verdict"] == "drifted";
    result.map_err(|error| told(&error)).context("the run is finished, and its report is above")?;
    Ok(!drifted)
}

/// In it are AWS's words, or those of whoever stands in the way to AWS.
fn told(error: &HealerError) -> anyhow::Error {
    anyhow!(clean(&ErrorChain(error).to_string()))
}
