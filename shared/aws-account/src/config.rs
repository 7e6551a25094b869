//! The configuration that all clients share.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

/// One try of one call. The control planes answer within a second or two; what takes longer is tried again.
const ATTEMPT: Duration = Duration::from_secs(6);
/// All tries of one call together.
const OPERATION: Duration = Duration::from_secs(25);
/// Tries of one call, for throttling, 5xx and lost connections.
const ATTEMPTS: u32 = 4;

/// Region, credentials and endpoints from the environment, as every AWS tool takes them; one HTTP client for all services
/// and regions, so that connections and the list of certificate authorities are shared.
pub async fn sdk_config() -> SdkConfig {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https();
    // The version is pinned because the time-outs and retries below are tuned against it.
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(
            TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(OPERATION).build(),
        )
        .load()
        .await
}
