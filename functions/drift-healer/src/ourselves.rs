//! Whose credentials we run with: asked of STS once, and kept.

use std::time::Duration;

use aws_account::{Caller, Clients, Pace};
use reconcile::call::{CallError, OUT_OF_TIME};
use reconcile::history::RoleName;
use tokio::sync::OnceCell;

/// How long STS may take: what it knows makes a report better, and none is made for it.
const MOST_PATIENCE: Duration = Duration::from_secs(15);

/// What STS said, as soon as it was asked.
#[derive(Debug, Default)]
pub(crate) struct Ourselves(OnceCell<Caller>);

impl Ourselves {
    /// Who we are, if STS says it in the part of the time that may be spent on that.
    pub(crate) async fn caller(&self, clients: &Clients, pace: &Pace) -> Result<&Caller, CallError> {
        let late = |_| CallError {
            code: OUT_OF_TIME.to_owned(),
            message: "sts:GetCallerIdentity did not answer in time".to_owned(),
        };
        let patience = MOST_PATIENCE.min(pace.time_left() / 4);
        clients.allow(patience);
        let asking = self.0.get_or_try_init(|| clients.caller());
        tokio::time::timeout(patience, asking).await.map_err(late)?
    }

    /// Who we are, if STS was asked already.
    pub(crate) fn known(&self) -> Option<&Caller> {
        self.0.get()
    }

    /// ARN of the role that we run as, without its path, which STS does not tell.
    pub(crate) async fn role(&self, clients: &Clients, pace: &Pace) -> Option<String> {
        let caller = self.caller(clients, pace).await.ok()?;
        let role = RoleName::of_assumed_role(&caller.arn)?;
        Some(format!("arn:{}:iam::{}:role/{}", caller.identity.partition, role.account, role.name))
    }
}
