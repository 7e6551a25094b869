//! The service clients: made once, kept for warm invocations, each with a bound on what runs at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::retry::RetryConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_backup as backup;
use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_iam as iam;
use aws_sdk_kms as kms;
use aws_sdk_sts as sts;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::request_count::RequestCount;

/// Calls at once for each service and region. AWS documents no rates for AWS Backup and IAM, and both throttle readily; the
/// reference deployment has at most ten independent reads of one service and region, so that they take one round trip.
const AT_ONCE: usize = 12;

/// The clients of all services and regions.
#[derive(Debug)]
pub struct Clients {
    config: SdkConfig,
    requests: RequestCount,
    pub(crate) iam: Limited<iam::Client>,
    pub(crate) sts: sts::Client,
    regions: Mutex<BTreeMap<String, Arc<Regional>>>,
}

/// The clients of one region.
#[derive(Debug)]
pub(crate) struct Regional {
    pub(crate) backup: Limited<backup::Client>,
    pub(crate) kms: Limited<kms::Client>,
    /// Asked one question after the other, and never twice on its own: AWS takes two in a second.
    pub(crate) cloudtrail: cloudtrail::Client,
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

impl Clients {
    /// Clients that share a configuration.
    pub fn new(config: &SdkConfig) -> Self {
        let requests = RequestCount::default();
        let iam = iam::config::Builder::from(config).interceptor(requests.clone()).build();
        let sts = sts::config::Builder::from(config).interceptor(requests.clone()).build();
        Self {
            iam: Limited::new(iam::Client::from_conf(iam)),
            sts: sts::Client::from_conf(sts),
            config: config.clone(),
            requests,
            regions: Mutex::default(),
        }
    }

    /// How many requests these clients have sent, repeated ones included.
    pub fn requests(&self) -> usize {
        self.requests.count()
    }

    /// The clients of a region; made when it is first asked for.
    pub(crate) fn region(&self, region: &str) -> Arc<Regional> {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let made = regions.entry(region.to_owned()).or_insert_with(|| {
            let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
            let requests = || self.requests.clone();
            let backup = backup::config::Builder::from(&config).interceptor(requests()).build();
            let kms = kms::config::Builder::from(&config).interceptor(requests()).build();
            let cloudtrail = cloudtrail::config::Builder::from(&config)
                .retry_config(RetryConfig::disabled())
                .interceptor(requests())
                .build();
            Arc::new(Regional {
                backup: Limited::new(backup::Client::from_conf(backup)),
                kms: Limited::new(kms::Client::from_conf(kms)),
                cloudtrail: cloudtrail::Client::from_conf(cloudtrail),
            })
        });
        Arc::clone(made)
    }
}
