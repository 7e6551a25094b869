//! The command line. The names of commands and options are a promise: other tools call them.

mod help;

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use drift_cli::output::Output;
use drift_cli::spec::{SpecCommand, a_region};
use reconcile::drift::Severity;
use reconcile::repair::Only;
use reconcile::words::{Called, Reader};

pub(crate) use help::{Help, of as help_of};

/// Keeps AWS Backup exactly as designed: compares an account with a spec, and repairs what drifted.
#[derive(Debug, Parser)]
#[command(name = "drift", version, max_term_width = 120)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options of all commands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of all commands")]
pub(crate) struct Global {
    /// The AWS profile; it comes before all other credentials [default: as the AWS CLI]
    #[arg(long, global = true, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// The region for STS and IAM; the spec says which regions are looked at
    #[arg(long, global = true, value_name = "REGION", value_parser = a_region)]
    pub(crate) region: Option<String>,
    /// Sends all requests here instead of to AWS
    #[arg(long, global = true, value_name = "URL", value_parser = endpoint)]
    pub(crate) endpoint_url: Option<String>,
    /// The spec to judge by: a file, or `reference` for the one that is shipped [env: DRIFT_SPEC]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) spec: Option<String>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Logs to standard error; -vv adds the log of the AWS SDK
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,
    /// No progress on standard error
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// At a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Arguments {
    /// What the process was called with; ends it where that is wrong, or asks for help.
    pub(crate) fn read() -> Self {
        let matches = command().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// Every command, with all of its help.
pub(crate) fn command() -> clap::Command {
    help::with_help(Arguments::command())
}

impl Global {
    /// The options with which this was called, for commands that are to be pasted.
    pub(crate) fn called(&self) -> Called {
        Called {
            spec: self.spec.clone(),
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            repair: Vec::new(),
        }
    }

    /// Whoever called, as a reader.
    pub(crate) fn reader(&self) -> Reader {
        Reader::Caller(self.called())
    }
}

impl Repair {
    /// The options that make this repair what it is.
    pub(crate) fn options(&self) -> Vec<(&'static str, Option<String>)> {
        let only = self.only.iter().map(|only| ("only", Some(only.in_words())));
        let consents =
            [("allow-compliance-locks", self.allow_compliance_locks), ("bootstrap", self.bootstrap)];
        let consents = consents.into_iter().filter_map(|(option, given)| given.then_some((option, None)));
        let most = (self.max_calls != MAX_CALLS).then(|| ("max-calls", Some(self.max_calls.to_string())));
        only.chain(consents).chain(most).collect()
    }
}

fn endpoint(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() => Ok(text.to_owned()),
        Some(_) | None => {
            Err("an endpoint begins with http:// or https://, such as http://127.0.0.1:4566".to_owned())
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows a healing run on an AWS account in this process (the default)
    Demo,
    /// Compares an account with a spec, and writes nothing
    Check(Check),
    /// Shows what a repair would do, asks, and repairs
    Repair(Repair),
    /// Checks every few minutes, and shows what changes
    Watch(Watch),
    /// Shows what the function would do with an event
    Replay(Replay),
    /// Keeps an AWS account running on a local port, for `cargo lambda watch`, the AWS CLI or any SDK
    Sandbox(Sandbox),
    /// Explains a drift code, a reason or a kind of resource, or lists all of them
    Explain {
        /// The code, such as `retention-differs` or `plan/retention-differs`; the reason, such as `needs-consent`; or the kind, such as `vault-lock`
        code: Option<String>,
    },
    /// Makes a spec of what is there, and checks, explains and compares specs
    #[command(subcommand)]
    Spec(SpecCommand),
    /// Prints a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Prints the manual page
    Man,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// Ends with 3 only for findings of this severity or worse
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) fail_on: Option<Severity>,
    /// Lists vaults, plans and selections that the spec does not name
    #[arg(long)]
    pub(crate) unmanaged: bool,
    /// Also sends the report to the topic TOPIC_ARN
    #[arg(long)]
    pub(crate) publish: bool,
    /// Prints the least IAM policy that this command needs, and ends
    #[arg(long, conflicts_with_all = ["severity", "full", "output", "json", "fail_on", "unmanaged", "publish"])]
    pub(crate) rights: bool,
}

/// How a run at a terminal is to be told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Telling {
    /// Shows only findings of this severity or worse. JSON and HTML always hold all of them
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) severity: Option<Severity>,
    /// Shows every finding in full
    #[arg(long)]
    pub(crate) full: bool,
    /// Writes text, json, markdown, html, ocsf or junit, to standard output or a file; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Output::from_str)]
    pub(crate) output: Vec<Output>,
    /// The same as --output json
    #[arg(long, hide = true, conflicts_with = "output")]
    pub(crate) json: bool,
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    PossibleValuesParser::new(ALL.map(Severity::as_str))
        .map(|name| ALL.into_iter().find(|one| one.as_str() == name).unwrap_or(Severity::Low))
}

const MAX_CALLS: u16 = 30;

#[derive(Debug, Clone, Args)]
pub(crate) struct Repair {
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// Also sends the report to the topic TOPIC_ARN
    #[arg(long)]
    pub(crate) publish: bool,
    /// Agrees to the plan for this account, without a question
    #[arg(long, value_name = "ACCOUNT_ID")]
    pub(crate) yes: Option<String>,
    /// Allows a repair to start or shorten the clock of compliance locks. When it has run out nobody can remove the lock
    #[arg(long)]
    pub(crate) allow_compliance_locks: bool,
    /// Allows a repair to fill a region that is not recognisably the deployment's, and to make keys
    #[arg(long)]
    pub(crate) bootstrap: bool,
    /// Repairs only this: a drift code, a kind, or "KIND REGION/NAME"; may be repeated
    #[arg(long, value_name = "RESOURCE|CODE")]
    pub(crate) only: Vec<Only>,
    /// Makes no more than so many calls
    #[arg(long, value_name = "NUMBER", default_value_t = MAX_CALLS, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) max_calls: u16,
    /// Where the journal is written [default: beside the first output file, else here]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Watch {
    /// Minutes from one check to the next
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=1440))]
    pub(crate) every: u64,
    #[command(flatten)]
    pub(crate) telling: Telling,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Replay {
    /// The event's JSON; - for standard input
    pub(crate) event: PathBuf,
    /// Against an account in this process
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// Drifts of that account: NAME or NAME:TARGET
    #[arg(long = "drift", value_name = "NAME", num_args = 1.., requires = "sandbox")]
    pub(crate) drifts: Vec<String>,
    #[command(flatten)]
    pub(crate) telling: Telling,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Sandbox {
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 4566)]
    pub(crate) port: u16,
    /// Drifts to apply to the reference deployment: NAME or NAME:TARGET
    #[arg(long = "drift", value_name = "NAME", num_args = 1..)]
    pub(crate) drifts: Vec<String>,
    /// Starts with an account that holds nothing
    #[arg(long, conflicts_with = "drifts")]
    pub(crate) empty: bool,
    /// Lists the drifts that have a name, and ends
    #[arg(long)]
    pub(crate) list: bool,
}
