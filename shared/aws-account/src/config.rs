//! The configuration that all clients share.

use std::time::Duration;

#[cfg(feature = "sign-in")]
use aws_config::ConfigLoader;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{
    AppName, BehaviorVersion, Credentials, SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::Builder;
use reconcile::history::APP;

use crate::environment;
use crate::trust::http_client;

/// Where the global services are reached if nothing names a region, as under `cargo lambda watch`.
pub(crate) const HOME: &str = "us-east-1";

/// One try of one call, to the last byte of the answer. The control planes answer within a second or two; what takes longer is tried
/// again. So the SDK need not watch how fast the bytes come as well: it gives a stalled answer almost as long.
const ATTEMPT: Duration = Duration::from_secs(6);
/// All tries of one call together.
pub(crate) const OPERATION: Duration = Duration::from_secs(25);
/// Tries of one call, for throttling, 5xx and lost connections.
const ATTEMPTS: u32 = 4;

/// Region, credentials and endpoints from the environment, as every AWS tool takes them; one HTTP client for all services
/// and regions, so that connections and the list of certificate authorities are shared.
pub async fn sdk_config() -> SdkConfig {
    if environment::is_complete(environment::lookup) {
        return environment::sdk_config(environment::lookup);
    }
    of_a_person().await
}

/// Of whoever runs the function at a terminal: from variables and profiles, and from wherever a profile says.
#[cfg(feature = "sign-in")]
async fn of_a_person() -> SdkConfig {
    use aws_config::environment::region::EnvironmentVariableRegionProvider;
    use aws_config::meta::region::RegionProviderChain;
    use aws_config::profile::region::ProfileFileRegionProvider;

    // The default chain would go on to ask for an EC2 instance's region, and wait.
    let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new())
        .or_else(Region::from_static(HOME));
    loader().region(region).load().await
}

/// In Lambda there is nobody else to ask.
#[cfg(not(feature = "sign-in"))]
async fn of_a_person() -> SdkConfig {
    environment::sdk_config(environment::lookup)
}

/// What every configuration from profiles has in common.
#[cfg(feature = "sign-in")]
pub(crate) fn loader() -> ConfigLoader {
    let loader = aws_config::defaults(behavior())
        .http_client(http_client())
        .retry_config(retries())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts());
    match app_name() {
        Some(name) => loader.app_name(name),
        None => loader,
    }
}

/// What every other configuration has in common.
pub(crate) fn common() -> Builder {
    let mut config = SdkConfig::builder()
        .behavior_version(behavior())
        .http_client(http_client())
        .retry_config(retries())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts());
    config.set_app_name(app_name());
    config
}

/// For an emulated account at an endpoint: everything as in [`sdk_config`], but nothing from the environment.
pub fn emulator_config(endpoint: &str, access_key: &str) -> SdkConfig {
    let credentials = Credentials::new(access_key, "emulated", None, None, "emulator");
    common()
        .endpoint_url(endpoint)
        .region(Region::from_static(HOME))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(retries().with_initial_backoff(Duration::from_millis(10)))
        .build()
}

/// So that CloudTrail tells our calls from those of whoever else may use our role.
fn app_name() -> Option<AppName> {
    AppName::new(APP).ok()
}

/// The version is pinned because the time-outs and retries below are tuned against it.
fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build()
}
