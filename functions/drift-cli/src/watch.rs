//! `drift watch`: a check every few minutes, and what changed since the one before.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use drift_cli::look::{Look, Need};
use drift_cli::paint;
use reconcile::words::moment;
use serde_json::json;
use time::OffsetDateTime;

use crate::account::Topic;
use crate::arguments::{Global, Watch};
use crate::check;
use crate::failure::INTERRUPTED;
use crate::tell::to_stdout;
use crate::which_spec;

pub(crate) async fn run(global: &Global, watch: &Watch) -> anyhow::Result<ExitCode> {
    let spec = which_spec::read(global)?;
    watch.telling.outputs(&spec.inputs())?;
    let account = check::open(global, spec, Topic::Unused).await?;
    let mut before: Option<BTreeSet<String>> = None;
    let watching = async {
        loop {
            match account.look(json!({})).await {
                Ok(look) => {
                    let now = open_findings(&look);
                    if before.as_ref() != Some(&now) {
                        tell(watch, &look, before.as_ref(), &now)?;
                        before = Some(now);
                    } else {
                        line(&look)?;
                    }
                }
                // The next look may find AWS again.
                Err(error) => {
                    let _ = writeln!(anstream::stderr(), "{}: {error:#}", paint::bad("error"));
                }
            }
            tokio::time::sleep(Duration::from_secs(watch.every * 60)).await;
        }
    };
    tokio::select! {
        // Asked first, so that it is waited for before anything is printed.
        biased;
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::from(INTERRUPTED)),
        ended = watching => ended,
    }
}

/// The findings that are there, in a form that two looks share.
fn open_findings(look: &Look) -> BTreeSet<String> {
    let open = look.answer.report.findings.iter().filter(|one| Look::need(one) == Need::Open);
    open.map(|one| one.title().to_string()).collect()
}

/// The first look, and each that differs from the one before, in full.
fn tell(
    watch: &Watch,
    look: &Look,
    before: Option<&BTreeSet<String>>,
    now: &BTreeSet<String>,
) -> anyhow::Result<()> {
    if let Some(before) = before {
        line(look)?;
        let new = now.difference(before).map(|title| format!("  new   {title}\n"));
        let gone = before.difference(now).map(|title| format!("  gone  {title}\n"));
        to_stdout(&new.chain(gone).collect::<String>())?;
    }
    watch.telling.tell(look)
}

fn line(look: &Look) -> anyhow::Result<()> {
    let at = look.answer.report.at.unwrap_or_else(OffsetDateTime::now_utc);
    to_stdout(&format!("{} {}\n", paint::faint(&moment(at)), paint::verdict(look.verdict())))
}
