//! A stage: the reference deployment in a sandbox, and the adapters that look at it.

use std::sync::{Arc, Mutex};

use aws_account::{AwsAccount, Clients, Pace, emulator_config};
use reconcile::desired::Desired;
use reconcile::repair::Limits;
use reconcile::report::Report;
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use sandbox::{Options, Sandbox};
use sandbox_reference::{Deployment, deploy, drift, options};
use time::{Duration, OffsetDateTime};

use crate::model::{NO_LIMITS, NOW, desired};
use crate::stopped::Stopped;

/// A deployed sandbox and clients for it.
pub struct Stage {
    /// The account.
    pub sandbox: Arc<Sandbox>,
    /// Clients that reach it.
    pub clients: Clients,
    /// What should be.
    pub desired: Desired,
    /// How far a run may go.
    pub limits: Limits,
    /// Time that a run has, by the sandbox's clock.
    pub time_left: Arc<Mutex<Duration>>,
    /// After how many calls somebody stops a run.
    pub stop_after: usize,
}

impl Stage {
    /// The reference deployment, in sync, at [`NOW`].
    pub fn deployed() -> Stage {
        let stage = Stage::empty();
        deploy(&stage.sandbox, Deployment::Reference).unwrap();
        stage
    }

    /// An account with nothing in it.
    pub fn empty() -> Stage {
        let options = Options { now: Some(NOW), ..options() };
        // As which role the sandbox takes the clients.
        let healer_role = Some(format!("arn:aws:iam::123456789012:role/{}", options.role));
        let sandbox = Arc::new(Sandbox::start(options).unwrap());
        let clients = Clients::new(&emulator_config(&sandbox.endpoint(), "tester"));
        let time_left = Arc::new(Mutex::new(Duration::minutes(5)));
        let desired = Desired { healer_role, ..desired() };
        Stage { sandbox, clients, desired, limits: NO_LIMITS, time_left, stop_after: usize::MAX }
    }

    /// The account behind the core's border.
    pub fn account(&self) -> AwsAccount<'_> {
        let sandbox = Arc::clone(&self.sandbox);
        let pace = Pace {
            clock: Arc::new(move || sandbox.now()),
            deadline: self.now() + *self.time_left.lock().unwrap(),
            reserve: std::time::Duration::ZERO,
            settle: std::time::Duration::ZERO,
        };
        AwsAccount::new(&self.clients, pace)
    }

    /// The sandbox's time.
    pub fn now(&self) -> OffsetDateTime {
        self.sandbox.now()
    }

    /// Applies named drifts.
    pub fn drift(&self, names: &[&str]) {
        for name in names {
            drift(&self.sandbox, name).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// Runs in repair mode.
    pub async fn heal(&self) -> Report {
        let account = Stopped { account: self.account(), calls_left: self.stop_after.into() };
        run(&account, &self.desired, &self.limits).await
    }

    /// Runs in report mode.
    pub async fn preview(&self) -> Report {
        let observed = self.account().observe(&self.desired).await;
        run(&Preview::new(&self.desired, observed), &self.desired, &self.limits).await.into_preview()
    }
}
