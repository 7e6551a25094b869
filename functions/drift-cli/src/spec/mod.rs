//! `drift spec`: makes a spec of what is there, starts one, checks, explains and compares specs.

mod annotated;
mod diff;
mod import;
mod init;
mod schema;
mod show;
mod source;
mod validate;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use aws_account::access::Access;
use clap::{Args, Subcommand};
use reconcile::region;
use reconcile::spec::Spec;

pub use annotated::refusal;
pub use diff::differences;
pub use import::from_account;
pub use init::START;
pub use show::description;
pub use source::REFERENCE;
pub use words::schedule as schedule_in_words;

/// What is done with specs.
#[derive(Debug, Clone, Subcommand)]
pub enum SpecCommand {
    /// Writes the spec of an account, a Terraform state or plan, or a CloudFormation template as it is; reads only
    Import(Import),
    /// Writes a commented spec to start from
    Init {
        /// The file to write; without it, standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Checks a spec as the build does: every mistake and every doubt, with its line
    Validate {
        /// The spec
        file: PathBuf,
    },
    /// Tells in words what a spec wants
    Show {
        /// The spec; without it, the one that is named as for `check`, or else the reference that is shipped
        file: Option<PathBuf>,
    },
    /// Prints the JSON Schema of specs, for editors
    Schema,
    /// Tells in words how two specs differ
    Diff {
        /// The spec as it was
        from: PathBuf,
        /// The spec as it is now
        to: PathBuf,
    },
}

/// From where a spec is made, and whereto.
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// The regions to look at, the primary one first; by default that of the profile, and those that its copies go to
    #[arg(long, value_delimiter = ',', value_name = "REGION", value_parser = a_region)]
    pub regions: Vec<String>,
    /// What `terraform show -json` prints of a state or a plan, instead of an account; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "cloudformation")]
    pub terraform: Option<PathBuf>,
    /// A CloudFormation template, JSON or YAML, instead of an account; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub cloudformation: Option<PathBuf>,
    /// The file to write, which must not exist; without it, standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A region on the command line, as it is written.
///
/// # Errors
///
/// What is wrong with it, and what may be meant.
pub fn a_region(text: &str) -> Result<String, String> {
    region::mistake_in(text).map_or_else(|| Ok(text.to_owned()), Err)
}

/// Does it. `named` is the spec that is meant where none is given, with its file; `code` asks for that of a device.
///
/// # Errors
///
/// What could not be read or written.
pub async fn run(
    command: SpecCommand,
    named: impl FnOnce() -> anyhow::Result<Option<(Spec, String)>>,
    access: &Access,
    code: impl Fn(&str) -> std::io::Result<String>,
) -> anyhow::Result<ExitCode> {
    match command {
        SpecCommand::Import(import) => import::import(import, access, code).await,
        SpecCommand::Init { out } => init::init(out.as_deref()),
        SpecCommand::Validate { file } => validate::validate(&file),
        SpecCommand::Show { file } => show::show(match file {
            Some(file) => Some((source::spec(&file)?, file.display().to_string())),
            None => named()?,
        }),
        SpecCommand::Schema => schema::print(),
        SpecCommand::Diff { from, to } => diff::diff(&from, &to),
    }
}
