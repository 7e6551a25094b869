//! `drift`: the Lambda's run at a terminal, and an AWS account to run it against.

mod account;
mod demo;
mod serve;

use std::process::ExitCode;

use anstream::{eprintln, println};
use clap::{Parser, Subcommand};
use drift_cli::explain::explain;
use drift_cli::{paint, spec};

use account::Telling;

/// Keeps AWS Backup exactly as designed: compares an account with the embedded spec, and repairs what drifted.
#[derive(Debug, Parser)]
#[command(name = "drift", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows a healing run on an AWS account in this process (the default)
    Demo,
    /// Keeps an AWS account running on a local port, for `cargo lambda watch`, the AWS CLI or any SDK
    Sandbox {
        /// The port on 127.0.0.1
        #[arg(long, default_value_t = 4566)]
        port: u16,
        /// Drifts to apply to the reference deployment: NAME or NAME:TARGET
        #[arg(long = "drift", value_name = "NAME", num_args = 1..)]
        drifts: Vec<String>,
        /// Starts with an account that holds nothing
        #[arg(long, conflicts_with = "drifts")]
        empty: bool,
        /// Lists the drifts that have a name, and ends
        #[arg(long)]
        list: bool,
    },
    /// Compares the account of your AWS credentials with the spec, and writes nothing
    Check(Telling),
    /// Compares the account of your AWS credentials with the spec, and repairs what drifted
    Repair(Telling),
    /// Explains a drift code, or lists all of them
    Explain {
        /// The code, such as `retention-differs`, or `plan/retention-differs`
        code: Option<String>,
    },
    /// Makes a spec of what is there, and checks, explains and compares specs
    #[command(subcommand)]
    Spec(spec::SpecCommand),
}

/// What a drifted account ends the process with, so that scripts can tell it from an error.
const DRIFTED: u8 = 3;

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command.unwrap_or(Command::Demo) {
        Command::Demo => demo::show().await,
        Command::Sandbox { list: true, .. } => serve::list(),
        Command::Sandbox { port, drifts, empty, list: false } => serve::serve(port, &drifts, empty).await,
        Command::Check(telling) => account::look("report", telling).await,
        Command::Repair(telling) => account::look("repair", telling).await,
        Command::Explain { code } => explain(code.as_deref()).map(|lines| {
            lines.iter().for_each(|line| println!("{line}"));
            true
        }),
        Command::Spec(command) => {
            match spec::run(command, async || Ok(aws_account::sdk_config().await)).await {
                Ok(code) => return code,
                Err(error) => Err(error),
            }
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(DRIFTED),
        Err(error) => {
            eprintln!("{}: {error:#}", paint::bad("error"));
            ExitCode::FAILURE
        }
    }
}
