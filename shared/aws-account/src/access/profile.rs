//! Which profile is meant, and how one signs in with it.

use std::borrow::Cow;

use aws_config::profile::{Profile as Section, ProfileSet, load};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

use super::Access;
use super::error::{AccessError, Failure};

/// A profile, or the lack of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What chose it.
    pub by: ChosenBy,
    /// How one signs in with it.
    pub sign_in: SignIn,
}

/// What chose a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// The command line.
    Option,
    /// `AWS_PROFILE`
    Variable,
    /// Nothing.
    Default,
}

/// How one signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// `AWS_ACCESS_KEY_ID` and its companions, which come before any profile that was not asked for.
    Variables,
    /// IAM Identity Center.
    Sso,
    /// Another program gives credentials.
    Process,
    /// A role that asks for the code of a device.
    RoleWithMfa(Box<RoleWithMfa>),
    /// A role.
    Role,
    /// Keys in the file.
    Keys,
    /// None of these: the SDK may find credentials elsewhere, as in a container or on an instance.
    Elsewhere,
}

/// A role that asks for the code of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleWithMfa {
    pub(super) role_arn: String,
    pub(super) serial: String,
    /// The profile whose credentials assume it; `None` for those of the environment.
    pub(super) source: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) session: String,
    pub(super) seconds: i32,
}

/// What AWS takes when a role's session is given no length.
const AN_HOUR: i32 = 3600;

pub(super) async fn chosen(access: &Access) -> Result<Profile, AccessError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (name, by) = match (&access.profile, variable("AWS_PROFILE")) {
        (Some(name), _) => (name.clone(), ChosenBy::Option),
        (None, Some(name)) => (name, ChosenBy::Variable),
        (None, None) => ("default".to_owned(), ChosenBy::Default),
    };
    let mut profile = Profile { name: name.clone(), by, sign_in: SignIn::Elsewhere };
    if by != ChosenBy::Option && variable("AWS_ACCESS_KEY_ID").is_some() {
        return Ok(Profile { sign_in: SignIn::Variables, ..profile });
    }
    let files = load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), Some(Cow::Owned(name))).await;
    let files = files.map_err(|error| Failure::Files(error.to_string()).of(&profile))?;
    match files.get_profile(&profile.name) {
        Some(section) => profile.sign_in = of(section, &files),
        None if by == ChosenBy::Default => {}
        None => {
            let known = files.profiles().map(str::to_owned).collect();
            return Err(Failure::NoSuchProfile { known }.of(&profile));
        }
    }
    Ok(profile)
}

fn of(section: &Section, files: &ProfileSet) -> SignIn {
    let has = |name: &str| section.get(name).is_some();
    let text = |name: &str| section.get(name).map(str::to_owned);
    match (text("role_arn"), text("mfa_serial")) {
        (Some(role_arn), Some(serial)) => SignIn::RoleWithMfa(Box::new(RoleWithMfa {
            role_arn,
            serial,
            source: text("source_profile"),
            external_id: text("external_id"),
            session: text("role_session_name").unwrap_or_else(|| "drift".to_owned()),
            seconds: section.get("duration_seconds").and_then(|text| text.parse().ok()).unwrap_or(AN_HOUR),
        })),
        (Some(_), None) => match section.get("source_profile").and_then(|name| files.get_profile(name)) {
            // Who cannot assume the role because a sign-in is over has to sign in there.
            Some(source) if source.name() != section.name() && source.get("role_arn").is_none() => {
                match of(source, files) {
                    SignIn::Sso => SignIn::Sso,
                    _ => SignIn::Role,
                }
            }
            _ => SignIn::Role,
        },
        (None, _) if has("sso_session") || has("sso_start_url") => SignIn::Sso,
        (None, _) if has("credential_process") => SignIn::Process,
        (None, _) if has("aws_access_key_id") => SignIn::Keys,
        (None, _) => SignIn::Elsewhere,
    }
}
