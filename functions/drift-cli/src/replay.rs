//! `drift replay`: what the function would do with an event.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use drift_cli::look::{Look, Place};
use drift_cli::output::{Format, Output};
use drift_healer::Healer;
use drift_healer::answer::Answer;
use drift_healer::notify::Notice;
use reconcile::spec::Spec;
use reconcile::words::clean;
use sandbox_reference::{Deployment, TOPIC_ARN, deploy, drift};
use serde_json::Value;

use crate::account::{Topic, settings, told};
use crate::arguments::{Global, Replay};
use crate::check;
use crate::serve;
use crate::tell::to_stdout;
use crate::which_spec::{self, REFERENCE, ReadSpec};

pub(crate) async fn run(global: &Global, replay: &Replay) -> anyhow::Result<ExitCode> {
    let spec = if replay.sandbox { None } else { Some(which_spec::read(global)?) };
    let mut inputs = spec.as_ref().map(ReadSpec::inputs).unwrap_or_default();
    inputs.push(("the event", replay.event.clone()));
    let outputs = replay.telling.outputs(&inputs)?;
    let event = read(&replay.event)?;
    let look = match spec {
        None => in_sandbox(global, &replay.drifts, event).await?,
        Some(spec) => check::open(global, spec, Topic::Known).await?.look(event).await?,
    };
    let is_story = |output: &Output| output.file.is_none() && output.format == Format::Text;
    let to_stdout_is_free = outputs.iter().all(|output| output.file.is_some());
    if to_stdout_is_free || outputs.iter().any(is_story) {
        to_stdout(&(story(&look.answer).join("\n") + "\n"))?;
    }
    // Of an event that is no reason to look there is nothing else to tell in words; machines get the function's answer.
    if look.answer.skipped.is_none() || !outputs.iter().any(is_story) {
        replay.telling.tell(&look)?;
    }
    Ok(ExitCode::from(look.exit_code(None)))
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let name = clean(&path.display().to_string());
    let mut text = String::new();
    if name == "-" {
        std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
    } else {
        text = std::fs::read_to_string(path).with_context(|| format!("the event {name} cannot be read"))?;
    }
    serde_json::from_str(&text).with_context(|| format!("the event {name} is no JSON"))
}

/// What started the run, whether it was a reason to look, and what people would be told.
fn story(answer: &Answer) -> Vec<String> {
    let trigger = &answer.trigger;
    let facts = [
        ("", &trigger.event),
        (" by ", &trigger.actor),
        (" from ", &trigger.source_ip),
        (" at ", &trigger.time),
    ];
    let facts: String =
        facts.iter().filter_map(|(word, fact)| Some(format!("{word}{}", (*fact).as_ref()?))).collect();
    let event = [trigger.kind.as_str(), facts.trim()].join(" ");
    let mut lines = vec![format!("event   {}", event.trim())];
    match answer.skipped {
        Some(skip) => {
            lines.push(format!("looked  no, {}", skip.as_str()));
            lines.extend(answer.remarks().map(|note| format!("        {}", note.in_line())));
        }
        None => lines.push("looked  yes".to_owned()),
    }
    let mail = if answer.is_news() {
        Notice::new(&answer.clone().for_deployer()).subject
    } else {
        "none".to_owned()
    };
    lines.push(format!("mail    {mail}"));
    lines.iter().map(|line| clean(line)).collect()
}

/// The reference deployment in this process, with drifts, where the event may lead to repairs.
async fn in_sandbox(global: &Global, drifts: &[String], event: Value) -> anyhow::Result<Look> {
    serve::known(drifts)?;
    let sandbox = serve::in_process()?;
    deploy(&sandbox, Deployment::Reference)?;
    for name in drifts {
        drift(&sandbox, name)?;
    }
    let config = aws_account::emulator_config(&sandbox.endpoint(), sandbox::DEFAULT_ACCOUNT);
    let given = |name: &str| match name {
        "MODE" => Some("repair".to_owned()),
        "TOPIC_ARN" => Some(TOPIC_ARN.to_owned()),
        _ => None,
    };
    let settings = settings(given, Topic::Known)?;
    let clock = Arc::clone(&sandbox);
    let healer = Healer::of(Spec::parse(REFERENCE)?, settings, &config).map_err(|error| told(&error))?;
    let healer = healer.read_by(global.reader());
    let healer = healer.without_pauses().with_clock(Arc::new(move || clock.now()));
    let begun = Instant::now();
    let answer = healer.look(event).await.map_err(|error| told(&error))?;
    let caller = healer.caller().await?.clone();
    Ok(Look {
        desired: healer.desired(&caller.identity).map_err(|error| told(&error))?,
        answer,
        place: Place {
            alias: None,
            caller: caller.arn,
            spec_file: "the reference that is shipped".to_owned(),
            endpoint: Some("an account in this process".to_owned()),
        },
        requests: healer.clients().requests(),
        took: begun.elapsed(),
        unmanaged: None,
    })
}
