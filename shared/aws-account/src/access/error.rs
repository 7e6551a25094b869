//! Why there are no credentials, in three lines: what failed, for which profile, and the command that helps.

use std::error::Error;
use std::fmt;

use reconcile::call::{CONNECTION_FAILED, CallError, TIMEOUT};
use reconcile::read::is_denied;
use reconcile::suggest::nearest;
use reconcile::words::clean;

use super::profile::{ChosenBy, Profile, SignIn};

/// What failed.
#[derive(Debug)]
pub enum Failure {
    /// The files of profiles cannot be read.
    Files(String),
    /// There is no profile of this name.
    NoSuchProfile {
        /// Those that there are.
        known: Vec<String>,
    },
    /// There are no credentials to be had.
    Credentials(Box<dyn Error + Send + Sync>),
    /// No code of the device came.
    NoCode(String),
    /// AWS takes the credentials for none.
    Sts(CallError),
}

impl Failure {
    /// For this profile.
    pub fn of(self, profile: &Profile) -> AccessError {
        AccessError { failure: self, profile: profile.clone() }
    }
}

/// Why there are no credentials.
#[derive(Debug)]
pub struct AccessError {
    /// What failed.
    pub failure: Failure,
    /// With which profile.
    pub profile: Profile,
}

impl Error for AccessError {}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  for:  {}\n  help: {}", self.what(), self.whom(), self.help())
    }
}

impl AccessError {
    fn what(&self) -> String {
        let sign_in = &self.profile.sign_in;
        match &self.failure {
            Failure::Files(error) => format!("the AWS configuration cannot be read: {}", clean(error)),
            Failure::NoSuchProfile { .. } => "there is no such AWS profile".to_owned(),
            Failure::NoCode(error) => format!("the code of the MFA device is missing: {}", clean(error)),
            Failure::Credentials(error) => {
                let cause = clean(&innermost(error.as_ref()));
                match sign_in {
                    SignIn::Sso => format!("nobody is signed in, or the sign-in has expired ({cause})"),
                    SignIn::Process => format!("the program that gives the credentials failed ({cause})"),
                    SignIn::Role | SignIn::RoleWithMfa(_) => format!("the role cannot be assumed ({cause})"),
                    SignIn::Variables | SignIn::Keys => format!("the credentials cannot be used ({cause})"),
                    SignIn::Elsewhere => "there are no AWS credentials".to_owned(),
                }
            }
            Failure::Sts(error) => {
                let said = clean(&error.to_string());
                if is_over(error) {
                    format!("the AWS credentials have expired ({said})")
                } else if is_unknown(error) {
                    format!("AWS does not know these credentials ({said})")
                } else if is_denied(&error.code) {
                    format!("AWS denies access with these credentials ({said})")
                } else if [CONNECTION_FAILED, TIMEOUT].contains(&error.code.as_str()) {
                    format!("AWS cannot be reached ({said})")
                } else {
                    format!("AWS did not say whose credentials these are ({said})")
                }
            }
        }
    }

    fn whom(&self) -> String {
        let Profile { name, by, sign_in } = &self.profile;
        let by = match by {
            _ if *sign_in == SignIn::Variables => {
                return "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned();
            }
            ChosenBy::Option => "from --profile",
            ChosenBy::Variable => "from AWS_PROFILE",
            ChosenBy::Default => "as neither --profile nor AWS_PROFILE names another",
        };
        format!("profile {}, {by}", clean(name))
    }

    fn help(&self) -> String {
        let profile = shell_word(&self.profile.name);
        let unreachable = |error: &CallError| [CONNECTION_FAILED, TIMEOUT].contains(&error.code.as_str());
        match (&self.failure, &self.profile.sign_in) {
            (Failure::Sts(error), _) if unreachable(error) => {
                "aws sts get-caller-identity --debug   (and look at --endpoint-url or AWS_ENDPOINT_URL, and at the proxy)".to_owned()
            }
            (Failure::NoSuchProfile { known }, _) => {
                match nearest(&self.profile.name, known.iter().map(String::as_str)) {
                    Some(meant) => format!("--profile {}   (aws configure list-profiles shows all)", shell_word(meant)),
                    None => "aws configure list-profiles".to_owned(),
                }
            }
            (Failure::Files(_), _) => "aws configure list".to_owned(),
            (_, SignIn::Sso) => format!("aws sso login --profile {profile}"),
            (_, SignIn::Variables) => {
                "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN   (then --profile NAME, or set new ones)"
                    .to_owned()
            }
            (Failure::Credentials(_), SignIn::Elsewhere) => {
                "aws configure sso   (then drift --profile NAME; aws configure list-profiles shows those that there are)"
                    .to_owned()
            }
            (_, SignIn::RoleWithMfa(_)) => "run it at a terminal and type the code that the device shows now".to_owned(),
            (_, SignIn::Process | SignIn::Role | SignIn::Keys | SignIn::Elsewhere) => {
                format!("aws sts get-caller-identity --profile {profile}")
            }
        }
    }
}

/// How STS and the services say that credentials are over.
fn is_over(error: &CallError) -> bool {
    ["ExpiredToken", "ExpiredTokenException", "RequestExpired"].contains(&error.code.as_str())
}

/// How they say that they do not know them.
fn is_unknown(error: &CallError) -> bool {
    ["InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"]
        .contains(&error.code.as_str())
}

/// What went wrong first: what is around it only says that there are no credentials.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(next) = innermost.source() {
        innermost = next;
    }
    innermost.to_string()
}

fn shell_word(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c));
    if plain && !text.is_empty() {
        text.to_owned()
    } else {
        format!("'{}'", clean(text).replace('\'', r"'\''"))
    }
}
