//! What the account is really like, read without faults from a copy of it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use aws_account::{AwsAccount, Clients, Pace, emulator_config};
use reconcile::desired::Desired;
use reconcile::diff::diff;
use reconcile::drift::Finding;
use reconcile::run::Account as _;
use sandbox::{DEFAULT_ACCOUNT, Options, Sandbox};
use sandbox_reference::options;
use tokio::time::Instant;

use super::stage::{ROLE_ARN, account};
use crate::inside::inside;
use crate::model::desired;

/// What differs by now.
pub(super) async fn findings(sandbox: &Sandbox) -> Vec<Finding> {
    let now = sandbox.now();
    let copy = Options { now: Some(now), time_flows: true, ..options() };
    let copy = Arc::new(Sandbox::start(copy).unwrap());
    let real = account(sandbox);
    let Ok(()) = copy.plant(DEFAULT_ACCOUNT, |change| {
        *change.account = real;
        Ok::<_, Infallible>(())
    });
    let clients = Clients::new(&inside(&emulator_config(&copy.endpoint(), "auditor"), &copy));
    let minutes = Duration::from_secs(600);
    let pace = Pace {
        clock: Arc::new(move || now),
        deadline: Instant::now() + minutes,
        reserve: Duration::ZERO,
        settle: Duration::ZERO,
        agree: Duration::ZERO,
    };
    let desired = Desired { healer_role: Some(ROLE_ARN.to_owned()), ..desired() };
    let observed = AwsAccount::new(&clients, pace).observe(&desired).await;
    diff(&desired, &observed)
}

/// A finding by its resource, code and attribute.
pub(super) fn name(finding: &Finding) -> String {
    let drift = &finding.drift;
    format!("{} {} {}", finding.resource, drift.code().code, drift.attribute())
}
