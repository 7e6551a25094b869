//! The command line. The names of commands and options are a promise: other tools call them.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use drift_cli::output::Output;
use drift_cli::spec::SpecCommand;
use reconcile::drift::Severity;
use reconcile::repair::Only;

/// What every help ends with.
const MORE: &str = "\
Environment:
  AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and the other variables of the AWS CLI
  DRIFT_SPEC       the spec, as --spec; a file .drift-spec here or above names one too
  PRIMARY_REGION, DR_REGION, HEALER_ROLE_ARN   as the function takes them
  TOPIC_ARN        where --publish sends the report
  NO_COLOR, CLICOLOR_FORCE, COLUMNS

Exit codes:
  0    in sync, or repaired
  3    drift
  4    the account could not be read in full, and what was read is in sync
  1    error
  2    wrong use
  130  interrupted";

const EXAMPLES: &str = "\
Examples:
  drift                                                  a healing run on an account in this process
  drift spec import --profile prod --out prod.toml       the spec of an account as it is
  drift check --profile prod --spec prod.toml            does the account differ from it? Writes nothing
  drift check --spec prod.toml --output html=prod.html --output json
  drift repair --profile prod --spec prod.toml           shows what it would do, asks, and repairs
  drift explain retention-differs";

fn epilogue() -> String {
    format!("{EXAMPLES}\n\n{MORE}")
}

/// Keeps AWS Backup exactly as designed: compares an account with a spec, and repairs what drifted.
#[derive(Debug, Parser)]
#[command(name = "drift", version, after_long_help = epilogue(), max_term_width = 120)]
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
    /// The AWS profile, before any other credentials [default: as the AWS CLI]
    #[arg(long, global = true, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// The region of the global services; what is looked at is in the regions of the spec
    #[arg(long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Where AWS's services are, if it is not AWS
    #[arg(long, global = true, value_name = "URL", value_parser = endpoint)]
    pub(crate) endpoint_url: Option<String>,
    /// The spec to judge by: a file, or `reference` for the one that is shipped [env: DRIFT_SPEC]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) spec: Option<String>,
    /// Colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Logs what happens to standard error; twice: the AWS SDK's log too
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
    #[command(after_long_help = CHECK)]
    Check(Check),
    /// Shows what a repair would do, asks, and repairs
    #[command(after_long_help = REPAIR)]
    Repair(Repair),
    /// Checks again and again, and tells what changes
    Watch(Watch),
    /// Tells what the function would do with an event
    #[command(after_long_help = REPLAY)]
    Replay(Replay),
    /// Keeps an AWS account running on a local port, for `cargo lambda watch`, the AWS CLI or any SDK
    #[command(after_long_help = SANDBOX)]
    Sandbox(Sandbox),
    /// Explains a drift code, or lists all of them
    Explain {
        /// The code, such as `retention-differs`, or `plan/retention-differs`
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

const CHECK: &str = "\
Examples:
  drift check --spec prod.toml                           up to ten findings in full; of more, ten in brief and a line each
  drift check --spec prod.toml --severity high --full
  drift check --spec prod.toml --fail-on high            a pipeline that only stops for high and critical
  drift check --spec prod.toml --output junit=drift.xml --output text
  drift check --spec prod.toml --unmanaged               what of AWS Backup the spec does not name
  drift check --rights > rights.json                     the least policy that this command needs

Exit codes: 0 in sync, 3 drift, 4 could not be read in full, 1 error, 2 wrong use, 130 interrupted.";

#[derive(Debug, Clone, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// Ends with 3 only if something at least so bad differs
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) fail_on: Option<Severity>,
    /// Lists vaults, plans and selections that the spec does not name
    #[arg(long)]
    pub(crate) unmanaged: bool,
    /// Prints the least IAM policy that this command needs, and ends
    #[arg(long)]
    pub(crate) rights: bool,
}

/// How a run at a terminal is to be told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Telling {
    /// Shows only findings at least so bad: low, medium, high or critical. JSON and HTML hold all of them
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub(crate) severity: Option<Severity>,
    /// Tells everything in full
    #[arg(long)]
    pub(crate) full: bool,
    /// Writes text, json, markdown, html, ocsf or junit, to standard output or to a file; can be given several times
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Output::from_str)]
    pub(crate) output: Vec<Output>,
    /// The same as --output json
    #[arg(long, hide = true, conflicts_with = "output")]
    pub(crate) json: bool,
    /// Sends the report to TOPIC_ARN too
    #[arg(long)]
    pub(crate) publish: bool,
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    const ALL: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    PossibleValuesParser::new(ALL.map(Severity::as_str))
        .map(|name| ALL.into_iter().find(|one| one.as_str() == name).unwrap_or(Severity::Low))
}

const REPAIR: &str = "\
First the plan is shown: every call, and what of it cannot be undone. Then the account's id has to be typed; in a pipeline
--yes ACCOUNT_ID says the same. The first Ctrl-C lets the call that is under way end, looks at the account again and reports;
a second one ends at once. Every call stands in a journal file as soon as it is made.

Examples:
  drift repair --spec prod.toml
  drift repair --spec prod.toml --only \"vault-policy eu-west-1/prod-daily\" --only retention-differs
  drift repair --spec prod.toml --yes 123456789012 --output json=repair.json

Exit codes: 0 in sync or repaired, 3 drift is left, 4 could not be read in full, 1 error, 2 wrong use, 130 interrupted.";

#[derive(Debug, Clone, Args)]
pub(crate) struct Repair {
    #[command(flatten)]
    pub(crate) telling: Telling,
    /// Agrees to the plan for this account, without a question
    #[arg(long, value_name = "ACCOUNT_ID")]
    pub(crate) yes: Option<String>,
    /// Lets the clock of compliance locks be started or shortened, which nobody can undo when it has run out
    #[arg(long)]
    pub(crate) allow_compliance_locks: bool,
    /// Fills a region that is not recognisably the deployment's, and makes keys
    #[arg(long)]
    pub(crate) bootstrap: bool,
    /// Repairs nothing else: a drift code, a kind, or "KIND REGION/NAME"; can be given several times
    #[arg(long, value_name = "RESOURCE|CODE")]
    pub(crate) only: Vec<Only>,
    /// The most calls
    #[arg(long, value_name = "NUMBER", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=1000))]
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

const REPLAY: &str = "\
The account is only looked at: the event cannot make the function write here. With --sandbox the event goes to an account in this
process, the reference deployment with drifts of your choice, and there it may repair.

Examples:
  drift replay events/delete-backup-vault-access-policy.json --sandbox --drift vault-policy-deleted
  drift replay event.json --profile prod --spec prod.toml";

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

const SANDBOX: &str = "\
The account speaks the protocols of AWS Backup, KMS, IAM, STS, SNS and CloudTrail's LookupEvents. Tools beside them, by HTTP:
  POST   /_sandbox/drift/NAME       drifts: NAME or NAME:TARGET; GET /_sandbox/drifts lists them
  POST   /_sandbox/deploy           the reference deployment, in sync
  GET    /_sandbox/calls            every call so far; ?writes=true for writes only; DELETE forgets them
  GET    /_sandbox/messages         what was published; DELETE forgets it
  POST   /_sandbox/faults           an answer that goes wrong; DELETE ends all of them
  POST   /_sandbox/plant            something with a state of your choice
  POST   /_sandbox/actor            who makes the changes from now on; GET /_sandbox/trail shows them
  POST   /_sandbox/enforce          what the caller's IAM policy allows
  POST   /_sandbox/options          latency, page size and other habits
  POST   /_sandbox/advance          {\"seconds\": 3600} lets time pass
  GET    /_sandbox/health           whether it is there, and its time

Examples:
  drift sandbox --drift vault-policy-deleted rule-retention-cut
  drift --endpoint-url http://127.0.0.1:4566 --spec reference check";

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
