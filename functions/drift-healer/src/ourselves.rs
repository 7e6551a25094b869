//! Whose credentials we run with: asked once, and kept.

use std::time::Duration;

use aws_account::{Caller, Clients, Pace};
use reconcile::call::{CallError, OUT_OF_TIME};
use reconcile::history::RoleName;
use tokio::sync::OnceCell;
use tracing::warn;

/// How long STS and IAM may take: what they know makes a report better, and none is made for it.
const MOST_PATIENCE: Duration = Duration::from_secs(15);

/// What STS and IAM said, as soon as they were asked.
#[derive(Debug, Default)]
pub(crate) struct Ourselves {
    caller: OnceCell<Caller>,
    role: OnceCell<String>,
}

fn patience(pace: &Pace) -> Duration {
    MOST_PATIENCE.min(pace.time_left() / 4)
}

impl Ourselves {
    /// Who we are, if STS says it in the part of the time that may be spent on that.
    pub(crate) async fn caller(&self, clients: &Clients, pace: &Pace) -> Result<&Caller, CallError> {
        let late = |_| CallError {
            code: OUT_OF_TIME.to_owned(),
            message: "sts:GetCallerIdentity did not answer in time".to_owned(),
        };
        let patience = patience(pace);
        let _allowed = clients.allow(patience);
        let asking = self.caller.get_or_try_init(|| clients.caller());
        tokio::time::timeout(patience, asking).await.map_err(late)?
    }

    /// Who we are, if STS was asked already.
    pub(crate) fn known(&self) -> Option<&Caller> {
        self.caller.get()
    }

    /// ARN of the role that we run as, path included. STS does not tell the path, so IAM is asked; a guess would be believed.
    pub(crate) async fn role(&self, clients: &Clients, pace: &Pace) -> Option<String> {
        let caller = self.caller(clients, pace).await.ok()?;
        let role = RoleName::of_assumed_role(&caller.arn)?;
        let _allowed = clients.allow(patience(pace));
        match self.role.get_or_try_init(|| clients.role_arn(&role.name)).await {
            Ok(arn) => Some(arn.clone()),
            Err(error) => {
                warn!(error = %error, "own role unknown");
                None
            }
        }
    }
}
