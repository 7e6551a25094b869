//! The service clients: made once, kept for warm invocations, each with a bound on what runs at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aws_sdk_backup as backup;
use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_iam as iam;
use aws_sdk_kms as kms;
use aws_sdk_sts as sts;
use aws_sdk_sts::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_types::SdkConfig;
use aws_types::region::Region;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::aws_time::AwsTime;
use crate::budget::{Allowance, Budget};
use crate::request_count::RequestCount;

/// Calls at once for each service and region. AWS documents no rates for AWS Backup and IAM, and both throttle readily; the
/// reference deployment has at most ten independent reads of one service and region, so that they take one round trip.
const AT_ONCE: usize = 12;

/// What may be spent on repeating requests, of each client. The SDK's own measure is for the life of a process: a bad hour would use it
/// up, and the runs after it would give up at the first refusal. How often one request is repeated is bounded anyway.
const RETRY_TOKENS: usize = 100_000;

/// The clients of all services and regions.
#[derive(Debug)]
pub struct Clients {
    config: SdkConfig,
    common: Common,
    pub(crate) iam: Limited<iam::Client>,
    sts: OnceLock<sts::Client>,
    regions: Mutex<BTreeMap<String, Arc<Regional>>>,
}

/// The clients of one region.
#[derive(Debug)]
pub(crate) struct Regional {
    pub(crate) backup: Limited<backup::Client>,
    pub(crate) kms: Limited<kms::Client>,
    config: SdkConfig,
    common: Common,
    cloudtrail: OnceLock<cloudtrail::Client>,
    /// When the last question was put to it, or will be.
    asked: Mutex<Option<Instant>>,
}

/// A client and its bound.
#[derive(Debug)]
pub(crate) struct Limited<C> {
    client: C,
    permits: Semaphore,
}

impl<C> Limited<C> {
    fn new(client: C) -> Self {
        Self { client, permits: Semaphore::new(AT_ONCE) }
    }

    /// The client, as soon as fewer than the bound use it. The permit ends with the caller's use.
    pub(crate) async fn acquire(&self) -> (&C, Option<SemaphorePermit<'_>>) {
        // The semaphore is never closed, so there is always a permit in the end.
        (&self.client, self.permits.acquire().await.ok())
    }
}

/// The configuration of a service's client: the shared one, and what all requests have in common.
macro_rules! configured {
    ($common:expr, $service:ident, $config:expr) => {{
        let mut builder = $service::config::Builder::from($config).retry_partition(patient());
        for interceptor in $common.interceptors() {
            builder.push_interceptor(interceptor);
        }
        builder
    }};
}

fn patient() -> RetryPartition {
    RetryPartition::custom("drift-healer").token_bucket(TokenBucket::new(RETRY_TOKENS)).build()
}

/// What is counted, bounded and learnt over all requests.
#[derive(Debug, Clone, Default)]
struct Common {
    requests: RequestCount,
    budget: Budget,
    aws_time: AwsTime,
}

impl Common {
    /// Nobody switches them off, so that the SDK need not ask at each of its nineteen hooks whether somebody has.
    fn interceptors(&self) -> [SharedInterceptor; 3] {
        [
            SharedInterceptor::permanent(self.requests.clone()),
            SharedInterceptor::permanent(self.budget.clone()),
            SharedInterceptor::permanent(self.aws_time.clone()),
        ]
    }
}

impl Regional {
    /// For one question, when its turn comes: AWS takes two in a second. Never asked twice on its own, and made when it is first asked,
    /// which it hardly ever is.
    pub(crate) async fn cloudtrail(&self, interval: Duration) -> &cloudtrail::Client {
        let turn = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = asked.map_or(now, |last| now.max(last + interval));
            *asked = Some(turn);
            turn
        };
        tokio::time::sleep_until(turn).await;
        self.cloudtrail.get_or_init(|| {
            let config = configured!(self.common, cloudtrail, &self.config);
            cloudtrail::Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
        })
    }
}

impl Clients {
    /// Clients that share a configuration.
    pub fn new(config: &SdkConfig) -> Self {
        let common = Common::default();
        let iam = configured!(common, iam, config).build();
        Self {
            iam: Limited::new(iam::Client::from_conf(iam)),
            sts: OnceLock::new(),
            config: config.clone(),
            common,
            regions: Mutex::default(),
        }
    }

    /// Made when it is first asked: in Lambda the function's ARN tells the account.
    pub(crate) fn sts(&self) -> &sts::Client {
        let made = || sts::Client::from_conf(configured!(self.common, sts, &self.config).build());
        self.sts.get_or_init(made)
    }

    /// How far AWS's clock is ahead of ours, by its answers so far.
    pub fn aws_is_ahead(&self) -> time::Duration {
        self.common.aws_time.ahead()
    }

    /// As long as the allowance lives, no request ends later than after this time, with all its tries.
    pub fn allow(&self, time: Duration) -> Allowance {
        self.common.budget.ends(Instant::now() + time)
    }

    /// How many requests these clients have sent, repeated ones included.
    pub fn requests(&self) -> usize {
        self.common.requests.count()
    }

    /// The clients of a region; made when it is first asked for.
    pub(crate) fn region(&self, region: &str) -> Arc<Regional> {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let made = regions.entry(region.to_owned()).or_insert_with(|| {
            let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
            let backup = configured!(self.common, backup, &config).build();
            let kms = configured!(self.common, kms, &config).build();
            Arc::new(Regional {
                backup: Limited::new(backup::Client::from_conf(backup)),
                kms: Limited::new(kms::Client::from_conf(kms)),
                config,
                common: self.common.clone(),
                cloudtrail: OnceLock::new(),
                asked: Mutex::default(),
            })
        });
        Arc::clone(made)
    }
}
