//! Assumes a role that asks for the code of a device, which the SDK does not do by itself.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};

use super::credentials_of;
use super::error::Failure;
use super::profile::RoleWithMfa;
use crate::error::refusal;

pub(super) async fn assume(
    config: &SdkConfig,
    role: &RoleWithMfa,
    code: impl Fn(&str) -> std::io::Result<String>,
) -> Result<Credentials, Failure> {
    let mut source = config.to_builder();
    if let Some(profile) = &role.source {
        let provider = credentials_of(profile, config.region().cloned());
        source.set_credentials_provider(Some(SharedCredentialsProvider::new(provider)));
    }
    let code = code(&role.serial).map_err(|error| Failure::NoCode(error.to_string()))?;
    let answer = Client::new(&source.build())
        .assume_role()
        .role_arn(&role.role_arn)
        .serial_number(&role.serial)
        .token_code(code.trim())
        .role_session_name(&role.session)
        .duration_seconds(role.seconds)
        .set_external_id(role.external_id.clone())
        .send()
        .await
        .map_err(|error| Failure::Sts(refusal(&error)))?;
    let Some(given) = answer.credentials() else {
        return Err(Failure::NoCode("sts:AssumeRole answered without credentials".to_owned()));
    };
    let expires = u64::try_from(given.expiration().secs()).unwrap_or_default();
    Ok(Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        Some(SystemTime::UNIX_EPOCH + Duration::from_secs(expires)),
        "role with MFA",
    ))
}
