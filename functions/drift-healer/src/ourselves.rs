//! Whose credentials we run with: asked of STS once, and kept.

use aws_account::{Caller, Clients, Pace};
use reconcile::call::{CallError, OUT_OF_TIME};
use reconcile::history::RoleName;
use tokio::sync::OnceCell;

/// What STS said, as soon as it was asked.
#[derive(Debug, Default)]
pub(crate) struct Ourselves(OnceCell<Caller>);

impl Ourselves {
    /// Who we are.
    pub(crate) async fn caller(&self, clients: &Clients) -> Result<&Caller, CallError> {
        self.0.get_or_try_init(|| clients.caller()).await
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
        self.0.get()
    }

    /// ARN of the role that we run as, without its path, which STS does not tell.
    pub(crate) async fn role(&self, clients: &Clients) -> Option<String> {
        let caller = self.caller(clients).await.ok()?;
        let role = RoleName::of_assumed_role(&caller.arn)?;
        Some(format!("arn:{}:iam::{}:role/{}", caller.identity.partition, role.account, role.name))
    }
}
