//! `drift replay`: what the function would do with an event.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use drift_cli::look::{Look, Place};
use drift_healer::Healer;
use drift_healer::answer::Answer;
use drift_healer::notify::Notice;
use reconcile::spec::Spec;
use reconcile::words::clean;
use sandbox::Sandbox;
use sandbox_reference::{Deployment, deploy, drift, options};
use serde_json::Value;

use crate::account::{settings, told};
use crate::arguments::{Global, Replay};
use crate::check;
use crate::tell::to_stdout;
use crate::which_spec::REFERENCE;

pub(crate) async fn run(global: &Global, replay: &Replay) -> anyhow::Result<ExitCode> {
    let outputs = replay.telling.outputs()?;
    let event = read(&replay.event)?;
    let look = if replay.sandbox {
        in_sandbox(&replay.drifts, event).await?
    } else {
        check::open(global, &replay.telling).await?.look(event).await?
    };
    // Of an event that is no reason to look there is nothing else to tell.
    if outputs.iter().all(|output| output.file.is_some() || output.format.as_str() == "text") {
        to_stdout(&(story(&look.answer).join("\n") + "\n"))?;
    }
    if look.answer.skipped.is_none() {
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
    let mut lines = vec![format!("event   {} {facts}", trigger.kind.as_str())];
    match answer.skipped {
        Some(skip) => {
            lines.push(format!("looked  no, {}", skip.as_str()));
            lines.extend(answer.notes.iter().map(|note| format!("        {note}")));
        }
        None => lines.push("looked  yes".to_owned()),
    }
    lines.push(match answer.is_news() {
        true => format!("mail    {}", Notice::new(answer).subject),
        false => "mail    none".to_owned(),
    });
    lines.iter().map(|line| clean(line)).collect()
}

/// The reference deployment in this process, with drifts, where the event may lead to repairs.
async fn in_sandbox(drifts: &[String], event: Value) -> anyhow::Result<Look> {
    let sandbox = Arc::new(Sandbox::start(options()).context("no free port on 127.0.0.1")?);
    deploy(&sandbox, Deployment::Reference)?;
    for name in drifts {
        drift(&sandbox, name)?;
    }
    let config = aws_account::emulator_config(&sandbox.endpoint(), sandbox::DEFAULT_ACCOUNT);
    let settings = settings(|name| (name == "MODE").then(|| "repair".to_owned()), false)?;
    let clock = Arc::clone(&sandbox);
    let healer = Healer::of(Spec::parse(REFERENCE)?, settings, &config).map_err(|error| told(&error))?;
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
