//! `drift`: the Lambda's run at a terminal, and an AWS account to run it against.

mod account;
mod arguments;
mod check;
mod demo;
mod failure;
mod journal;
mod progress;
mod repair;
mod replay;
mod serve;
mod tell;
mod watch;
mod which_spec;

use std::io::{Write, stderr};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use drift_cli::explain::explain;
use drift_cli::{paint, spec};
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

use arguments::{Arguments, Color, Command, Global, Sandbox};
use tell::to_stdout;

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { global, command } = Arguments::parse();
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
            clap_complete::generate(shell, &mut Arguments::command(), "drift", &mut script);
            to_stdout(&String::from_utf8(script)?)?;
        }
        Command::Man => to_stdout(&manual()?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn set_up(global: &Global) {
    match global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let level = match global.verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    tracing_subscriber::fmt().with_max_level(LevelFilter::from_level(level)).with_writer(stderr).init();
}

/// One page for all commands: what belongs together is read together.
fn manual() -> anyhow::Result<String> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        writeln!(page, ".SH \"DRIFT {}\"", sub.get_name().to_uppercase())?;
        let sub = clap_mangen::Man::new(sub.clone());
        sub.render_synopsis_section(&mut page)?;
        sub.render_description_section(&mut page)?;
        sub.render_options_section(&mut page)?;
        sub.render_extra_section(&mut page)?;
    }
    // Within a command's section its parts are no sections of their own.
    let text = String::from_utf8(page)?;
    let (head, commands) = text.split_at(text.find(".SH \"DRIFT ").unwrap_or(text.len()));
    let parts = ["SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXTRA"];
    let commands = parts
        .iter()
        .fold(commands.to_owned(), |text, part| text.replace(&format!(".SH {part}"), &format!(".SS {part}")));
    Ok(format!("{head}{commands}"))
}
