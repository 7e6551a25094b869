//! The account that is meant: signed in to, and looked at by the function's own run.

use std::io::{IsTerminal, Write, stderr, stdin};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::{Context, anyhow};
use aws_account::access::{Access, Failure, sign_in};
use drift_cli::look::{Look, Place};
use drift_cli::unmanaged::Unmanaged;
use drift_healer::error::ErrorChain;
use drift_healer::{Healer, HealerError, Listener, Moment, Settings};
use reconcile::desired::Desired;
use reconcile::region::mistake_in;
use reconcile::words::{Reader, clean};
use serde_json::Value;

use crate::arguments::Global;
use crate::failure::Usage;
use crate::progress::Progress;
use crate::which_spec::ReadSpec;

/// An account, ready to be looked at.
pub(crate) struct Account {
    pub(crate) healer: Healer,
    pub(crate) desired: Desired,
    place: Place,
    pub(crate) progress: Progress,
}

impl Account {
    /// Signs in. `settings` come from the command line; of the environment only what says which regions and which role are meant.
    pub(crate) async fn open(
        global: &Global,
        reader: Reader,
        read: ReadSpec,
        settings: Settings,
        hearing: Option<Listener>,
        stop: Arc<AtomicBool>,
    ) -> anyhow::Result<Self> {
        let progress = Progress::new(global.quiet);
        let way = sign_in(&access(global), ask_for_code).await?;
        let endpoint = way.config.endpoint_url().map(str::to_owned);
        let of_progress = progress.clone();
        let listener: Listener = Arc::new(move |moment: &Moment<'_>| {
            // The journal first: it is the record.
            if let Some(hearing) = &hearing {
                hearing(moment);
            }
            of_progress.hear(moment);
        });
        if let Some(mistake) = way.config.region().and_then(|region| mistake_in(region.as_ref())) {
            return Err(Usage(format!(
                "{mistake}\n  for:  the profile, or AWS_REGION; --region comes before both"
            ))
            .into());
        }
        let healer = Healer::of(read.spec, settings, &way.config).map_err(|error| told(&error))?;
        let healer = healer.read_by(reader);
        let healer =
            if endpoint.as_deref().is_some_and(is_here) { healer.without_settling() } else { healer };
        let healer = healer.with_listener(listener, stop);
        let caller = healer.caller().await.map_err(|error| Failure::Sts(error).of(&way.profile))?.clone();
        let desired = healer.desired(&caller.identity).map_err(|error| told(&error))?;
        let alias = healer.clients().account_alias().await;
        let place = Place { alias, caller: caller.arn, spec_file: read.file, endpoint };
        Ok(Self { healer, desired, place, progress })
    }

    /// One run.
    pub(crate) async fn look(&self, payload: Value) -> anyhow::Result<Look> {
        let (begun, sent) = (Instant::now(), self.healer.clients().requests());
        let run = self.healer.look(payload);
        let answer = tokio::select! {
            answer = run => answer.map_err(|error| told(&error)).context("the run could not be finished"),
            () = self.progress.count(|| self.healer.clients().requests()) => Err(anyhow!("the progress ended")),
        };
        self.progress.end();
        Ok(Look {
            answer: answer?,
            desired: self.desired.clone(),
            place: self.place.clone(),
            requests: self.healer.clients().requests() - sent,
            took: begun.elapsed(),
            unmanaged: None,
        })
    }

    /// What of AWS Backup the spec does not name, in its regions.
    pub(crate) async fn unmanaged(&self) -> Unmanaged {
        let regions: Vec<&str> = self.desired.regions().into_iter().collect();
        Unmanaged::of(self.healer.clients().inventory(&regions).await, &self.desired)
    }
}

/// Which account is meant.
pub(crate) fn access(global: &Global) -> Access {
    Access {
        profile: global.profile.clone(),
        region: global.region.clone(),
        endpoint: global.endpoint_url.clone(),
    }
}

/// What the function's topic is for in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Nothing.
    Unused,
    /// Its messages end a run, as in the function.
    Known,
    /// The report is sent to it.
    SentTo,
}

/// Settings as the function has them, from the command line. `given` comes before the few variables that say what is meant.
pub(crate) fn settings(given: impl Fn(&str) -> Option<String>, topic: Topic) -> anyhow::Result<Settings> {
    let settings = Settings::read(|name| match name {
        "PRIMARY_REGION" | "DR_REGION" | "HEALER_ROLE_ARN" => std::env::var(name).ok(),
        "TOPIC_ARN" if topic != Topic::Unused => given(name).or_else(|| std::env::var(name).ok()),
        _ => given(name),
    })?;
    if topic == Topic::SentTo && settings.topic.is_none() {
        return Err(Usage("--publish needs TOPIC_ARN in the environment".to_owned()).into());
    }
    Ok(settings)
}

/// On this machine: an account in a process, which settles at once.
fn is_here(endpoint: &str) -> bool {
    let host = endpoint.split("://").nth(1).unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|here| host.starts_with(here))
}

pub(crate) fn ask_for_code(serial: &str) -> std::io::Result<String> {
    if !stdin().is_terminal() {
        return Err(std::io::Error::other("there is no terminal to ask for it"));
    }
    write!(stderr(), "Code of {}: ", clean(serial))?;
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// In it are AWS's words, or those of whoever stands in the way to AWS.
pub(crate) fn told(error: &HealerError) -> anyhow::Error {
    anyhow!(clean(&ErrorChain(error).to_string()))
}
