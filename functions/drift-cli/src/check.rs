//! `drift check`: looks, and writes nothing.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use aws_account::permissions::{ALIAS, HISTORY, reads};
use serde_json::json;

use crate::account::{Account, Topic, settings, told};
use crate::arguments::{Check, Global};
use crate::failure::Interrupted;
use crate::tell::to_stdout;
use crate::which_spec::{self, ReadSpec};

pub(crate) async fn run(global: &Global, check: &Check) -> anyhow::Result<ExitCode> {
    if check.rights {
        to_stdout(&format!("{:#}\n", rights()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let spec = which_spec::read(global)?;
    check.telling.outputs(&spec.inputs())?;
    let account = open(global, spec, if check.publish { Topic::SentTo } else { Topic::Unused }).await?;
    let looking = async {
        let mut look = account.look(json!({})).await?;
        if check.unmanaged {
            account.progress.phase("listing what the spec does not name".to_owned());
            look.unmanaged = Some(account.unmanaged().await);
            account.progress.end();
        }
        anyhow::Ok(look)
    };
    let look = tokio::select! {
        // Asked first, so that it is waited for before anything is printed.
        biased;
        _ = tokio::signal::ctrl_c() => return Err(Interrupted("nothing was written").into()),
        look = looking => look?,
    };
    check.telling.tell(&look)?;
    // Last: what cannot be sent is then at least here.
    account.healer.send(&look.answer).await.map_err(|error| told(&error))?;
    Ok(ExitCode::from(look.exit_code(check.fail_on)))
}

/// An account that can only be looked at.
pub(crate) async fn open(global: &Global, spec: ReadSpec, topic: Topic) -> anyhow::Result<Account> {
    let settings = settings(|_| None, topic)?;
    Account::open(global, global.reader(), spec, settings, None, Arc::new(AtomicBool::new(false))).await
}

/// The least policy that a check needs. Lists and simulations have no resources to be limited to, and what a spec will name is not known.
fn rights() -> serde_json::Value {
    let mut actions: Vec<&str> = reads().chain([HISTORY, ALIAS]).collect();
    actions.sort_unstable();
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "DriftCheck", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    })
}
