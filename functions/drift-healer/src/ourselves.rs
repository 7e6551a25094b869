//! Whose credentials we run with: asked once, and kept.

use aws_account::{Caller, Clients, Pace};
use reconcile::call::{CallError, OUT_OF_TIME};
use reconcile::history::RoleName;
use tokio::sync::OnceCell;
use tracing::warn;

/// What STS and IAM said, as soon as they were asked.
#[derive(Debug, Default)]
pub(crate) struct Ourselves {
    caller: OnceCell<Caller>,
    role: OnceCell<String>,
}

impl Ourselves {
    /// Who we are.
    pub(crate) async fn caller(&self, clients: &Clients) -> Result<&Caller, CallError> {
        self.caller.get_or_try_init(|| clients.caller()).await
    }

    /// Who we are, if STS says it before what is left of the time is needed for the report.
    pub(crate) async fn caller_in_time(&self, clients: &Clients, pace: &Pace) -> Result<&Caller, CallError> {
        let late = |_| CallError {
            code: OUT_OF_TIME.to_owned(),
            message: "the invocation's time was over before sts:GetCallerIdentity answered".to_owned(),
        };
        tokio::time::timeout(pace.time_left(), self.caller(clients)).await.map_err(late)?
    }

    /// Who we are, if STS was asked already.
    pub(crate) fn known(&self) -> Option<&Caller> {
        self.caller.get()
    }

    /// ARN of the role that we run as, path included. STS does not tell the path, so IAM is asked; a guess would be believed.
    pub(crate) async fn role(&self, clients: &Clients) -> Option<String> {
        let caller = self.caller(clients).await.ok()?;
        let role = RoleName::of_assumed_role(&caller.arn)?;
        match self.role.get_or_try_init(|| clients.role_arn(&role.name)).await {
            Ok(arn) => Some(arn.clone()),
            Err(error) => {
                warn!(error = %error, "own role unknown");
                None
            }
        }
    }
}
