//! `drift`: the Lambda's run at a terminal, and an AWS account to run it against.

mod account;
mod arguments;
mod check;
mod demo;
mod failure;
mod journal;
mod man;
mod progress;
mod repair;
mod replay;
mod serve;
mod tell;
mod watch;
mod which_spec;

use std::io::{Write, stderr};
use std::process::ExitCode;

use drift_cli::explain::explain;
use drift_cli::{paint, spec};
use reconcile::region;
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

use arguments::{Arguments, Color, Command, Global, Sandbox};
use tell::to_stdout;

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { global, command } = Arguments::read();
    set_up(&global);
    match run(&global, command.unwrap_or(Command::Demo)).await {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(anstream::stderr(), "{}: {error:#}", paint::bad("error"));
            failure::code_of(&error)
        }
    }
}

async fn run(global: &Global, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo => demo::show().await?,
        Command::Check(check) => return check::run(global, &check).await,
        Command::Repair(repair) => return repair::run(global, &repair).await,
        Command::Watch(watch) => return watch::run(global, &watch).await,
        Command::Replay(replay) => return replay::run(global, &replay).await,
        Command::Sandbox(Sandbox { list: true, .. }) => serve::list()?,
        Command::Sandbox(sandbox) => serve::serve(sandbox.port, &sandbox.drifts, sandbox.empty).await?,
        Command::Explain { code } => to_stdout(&(explain(code.as_deref())?.join("\n") + "\n"))?,
        Command::Spec(command) => {
            let named = || {
                let read = which_spec::read_if_named(global.spec.as_deref())?;
                Ok(read.map(|read| (read.spec, read.file)))
            };
            return spec::run(command, named, &account::access(global), account::ask_for_code).await;
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut arguments::command(), "drift", &mut script);
            to_stdout(&String::from_utf8(script)?)?;
        }
        Command::Man => to_stdout(&man::page()?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn set_up(global: &Global) {
    match global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    if let Some(doubt) = global.region.as_deref().and_then(region::doubt_of) {
        // Who cannot be told goes on all the same.
        let _ = writeln!(anstream::stderr(), "{}: --region {doubt}", paint::doubtful("warning"));
    }
    let level = match global.verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    tracing_subscriber::fmt().with_max_level(LevelFilter::from_level(level)).with_writer(stderr).init();
}
