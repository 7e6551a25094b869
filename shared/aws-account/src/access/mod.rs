//! The way to an account for a person at a terminal: profiles as the AWS CLI has them, with everything by which people sign in. What
//! fails is told by what the profile is, so that the one command that helps can be named.

mod error;
mod mfa;
mod profile;

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_sts::config::{ProvideCredentials, SharedCredentialsProvider};

use crate::config::{HOME, loader};
use crate::trust::http_client;

pub use error::{AccessError, Failure};
pub use profile::{ChosenBy, Profile, SignIn};

/// Which account a person means, and how it is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The profile's name.
    pub profile: Option<String>,
    /// The region of the global services.
    pub region: Option<String>,
    /// Where all services are, if that is not AWS.
    pub endpoint: Option<String>,
}

/// The way to an account.
#[derive(Debug, Clone)]
pub struct Way {
    /// The clients' configuration; its credentials were obtained once.
    pub config: SdkConfig,
    /// Whose credentials they are.
    pub profile: Profile,
}

/// Obtains credentials. `code` asks for the code of a device: it is given the device's serial number.
pub async fn sign_in(
    access: &Access,
    code: impl Fn(&str) -> std::io::Result<String>,
) -> Result<Way, AccessError> {
    let profile = profile::chosen(access).await?;
    let region = region(access, &profile).await;
    let mut loader = loader().region(region.clone()).profile_name(&profile.name);
    if let Some(endpoint) = &access.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    // A profile that was asked for comes before variables, as in the AWS CLI; the SDK's own chain has them the other way round.
    if profile.by == ChosenBy::Option {
        loader = loader.credentials_provider(credentials_of(&profile.name, region));
    }
    let mut config = loader.load().await;
    if let SignIn::RoleWithMfa(role) = &profile.sign_in {
        let credentials = mfa::assume(&config, role, code).await.map_err(|failure| failure.of(&profile))?;
        config =
            config.to_builder().credentials_provider(SharedCredentialsProvider::new(credentials)).build();
    } else if let Some(provider) = config.credentials_provider() {
        provider
            .provide_credentials()
            .await
            .map_err(|error| Failure::Credentials(error.into()).of(&profile))?;
    }
    Ok(Way { config, profile })
}

/// The region that is meant, for who needs no credentials.
pub async fn home(access: &Access) -> Result<String, AccessError> {
    let profile = profile::chosen(access).await?;
    Ok(region(access, &profile).await.map_or(HOME.to_owned(), |region| region.to_string()))
}

async fn region(access: &Access, profile: &Profile) -> Option<Region> {
    let region = RegionProviderChain::first_try(access.region.clone().map(Region::new))
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::builder().profile_name(&profile.name).build())
        .or_else(Region::from_static(HOME));
    region.region().await
}

/// A profile's credentials. Roles are assumed in a region, which the SDK does not take from the profile by itself.
fn credentials_of(profile: &str, region: Option<Region>) -> ProfileFileCredentialsProvider {
    let config = ProviderConfig::without_region().with_region(region).with_http_client(http_client());
    ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build()
}
