//! `drift sandbox`: an account that keeps running until the process is stopped.

use std::sync::Arc;

use anyhow::Context;
use drift_cli::paint;
use reconcile::suggest::did_you_mean;
use sandbox::{Actor, Options, Sandbox};
use sandbox_reference::{DRIFTS, Deployment, TOPIC_ARN, deploy, drift, options};
use time::OffsetDateTime;

use crate::failure::Usage;
use crate::tell::println;

pub(crate) fn list() -> anyhow::Result<()> {
    let longest = DRIFTS.iter().map(|drift| drift.name.len()).max().unwrap_or(0);
    for drift in DRIFTS {
        println!(
            "{:longest$}  {} {}",
            drift.name,
            drift.description,
            paint::faint(&format!("({})", drift.target))
        );
    }
    Ok(())
}

/// Refuses a drift that has no such name, before anything is started.
pub(crate) fn known(drifts: &[String]) -> anyhow::Result<()> {
    let names = || DRIFTS.iter().map(|drift| drift.name);
    for asked in drifts {
        let name = asked.split(':').next().unwrap_or(asked);
        if !names().any(|one| one == name) {
            let meant = did_you_mean(name, names()).map(|meant| meant + " ").unwrap_or_default();
            return Err(Usage(format!(
                "there is no drift {name:?}; {meant}`drift sandbox --list` lists all of them"
            ))
            .into());
        }
    }
    Ok(())
}

/// An account in this process. Its clock stands: everything happens within the second, and CloudTrail is never asked too fast.
pub(crate) fn in_process() -> anyhow::Result<Arc<Sandbox>> {
    let options = Options { now: Some(OffsetDateTime::now_utc()), ..options() };
    Ok(Arc::new(Sandbox::start(options).context("no free port on 127.0.0.1")?))
}

/// An access key of somebody whom nobody takes for the function.
const INTERN: &str = "intern";

pub(crate) async fn serve(port: u16, drifts: &[String], empty: bool) -> anyhow::Result<()> {
    known(drifts)?;
    let sandbox = Sandbox::start(Options { port, ..options() })
        .with_context(|| format!("port {port} of 127.0.0.1 cannot be taken; try another with --port"))?;
    if !empty {
        deploy(&sandbox, Deployment::Reference)?;
    }
    for name in drifts {
        drift(&sandbox, name)?;
    }
    let intern = format!("arn:aws:iam::{}:user/{INTERN}", sandbox::DEFAULT_ACCOUNT);
    let source_ip = "203.0.113.77".to_owned();
    sandbox.act_as(INTERN, Actor { arn: intern, user_agent: None, source_ip });
    let state = match (empty, drifts) {
        (true, _) => "empty".to_owned(),
        (false, []) => "the reference deployment, in sync".to_owned(),
        (false, drifts) => format!("the reference deployment, with {}", drifts.join(", ")),
    };
    tokio::select! {
        // First, so that it is waited for when the first line says so.
        biased;
        stopped = tokio::signal::ctrl_c() => stopped.context("Ctrl-C cannot be waited for"),
        () = async {
            say_how_to_use(&sandbox, &state, empty);
            std::future::pending().await
        } => Ok(()),
    }
}

/// In lines that can be pasted into a shell.
fn say_how_to_use(sandbox: &Sandbox, state: &str, empty: bool) {
    println!("{}", paint::heading(&format!("# An AWS account: {state}. Stop it with Ctrl-C.")));
    println!("# Paste this where you run `cargo lambda watch`, the AWS CLI or an SDK:");
    println!("export AWS_ENDPOINT_URL={}", sandbox.endpoint());
    println!(
        "export AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1",
        sandbox::DEFAULT_ACCOUNT
    );
    println!("# For the function alone: export TOPIC_ARN={TOPIC_ARN} MODE=repair");
    println!("# Then: drift check --spec reference");
    if !empty {
        println!("# To break something as somebody else:");
        println!(
            "#   AWS_ACCESS_KEY_ID={INTERN} aws backup delete-backup-vault-access-policy --backup-vault-name vault_prod_daily"
        );
    }
    println!("# The tools beside the account: drift sandbox --help");
    println!("# Read back what was published: curl {}/_sandbox/messages", sandbox.endpoint());
}
