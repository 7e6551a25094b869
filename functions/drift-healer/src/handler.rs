//! One invocation from event to answer.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_account::{AwsAccount, Caller, Clients, Identity, Pace};
use aws_config::SdkConfig;
use lambda_runtime::{Context, LambdaEvent};
use reconcile::desired::Desired;
use reconcile::lockout;
use reconcile::report::Report;
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use reconcile::spec::{Spec, Target};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tracing::{error, info, warn};

use crate::answer::Answer;
use crate::error::{ErrorChain, HealerError};
use crate::notify::{Notice, Publisher};
use crate::settings::{Mode, Settings};
use crate::trigger::{AskedMode, RoleName, Skip, Trigger, classify};
use crate::{DESIRED, deadline, log};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// How long a write is given to become visible. KMS and AWS Backup mostly need less, and IAM is waited for separately.
const SETTLE: Duration = Duration::from_secs(2);

/// The function: everything that is made once and kept for warm invocations.
pub struct Healer {
    settings: Settings,
    spec: Spec,
    clients: Clients,
    publisher: Option<Publisher>,
    clock: Clock,
    settle: Duration,
    caller: OnceCell<Caller>,
}

impl fmt::Debug for Healer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Healer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Healer {
    /// Makes the clients, which connect to nothing yet, and checks the regions of the settings against the embedded spec.
    pub fn new(settings: Settings, config: &SdkConfig) -> Result<Self, HealerError> {
        let spec = Spec::parse(DESIRED)?;
        let publisher = settings.topic.as_ref().map(|topic| Publisher::new(topic, config));
        let healer = Self {
            clients: Clients::new(config),
            clock: Arc::new(OffsetDateTime::now_utc),
            settle: SETTLE,
            caller: OnceCell::new(),
            settings,
            spec,
            publisher,
        };
        // Any account serves to find out whether the regions fit.
        healer.desired(&Identity { partition: "aws".to_owned(), account: "000000000000".to_owned() })?;
        Ok(healer)
    }

    /// The same function with another spec than the embedded one.
    pub fn with_spec(self, spec: Spec) -> Self {
        Self { spec, ..self }
    }

    /// The same function in another time, for accounts that live in one.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same function with another pause after a pass that wrote.
    pub fn with_settle(self, settle: Duration) -> Self {
        Self { settle, ..self }
    }

    /// Handles one event: any JSON.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Value, HealerError> {
        let result = self.answer(event).await;
        if let Err(error) = &result {
            error!(error_type = error.error_type(), error = %ErrorChain(error), "run failed");
        }
        result.map(|answer| answer.to_json())
    }

    async fn answer(&self, event: LambdaEvent<Value>) -> Result<Answer, HealerError> {
        let (payload, context) = event.into_parts();
        let trigger = classify(payload);
        let known = Identity::from_function_arn(&context.invoked_function_arn);
        if let Some(skip) = self.skip(&trigger).await {
            let answer = self.nothing_looked_at(trigger, known, skip);
            log::run(&answer);
            return Ok(answer);
        }
        let identity = match known {
            Some(identity) => identity,
            None => self.caller().await.map_err(HealerError::UnknownAccount)?.identity.clone(),
        };
        let mut desired = self.desired(&identity)?;
        if lockout::depends_on_role(&desired) {
            desired.healer_role = self.own_role().await;
        }
        let (mode, note) = self.mode(&trigger.asked);
        info!(
            trigger = trigger.kind.as_str(),
            mode = mode.as_str(),
            account = identity.account,
            "run started"
        );

        let account = AwsAccount::new(&self.clients, self.pace(&context));
        let report = match mode {
            Mode::Report => self.preview(&account, &desired).await,
            Mode::Repair => run(&account, &desired, &self.settings.limits).await,
        };
        let notes = note.into_iter().chain(report.notes.iter().cloned()).collect();
        let answer = Answer {
            report,
            mode,
            account: Some(identity.account),
            spec_name: desired.name,
            spec_sha256: desired.sha256,
            trigger,
            skipped: None,
            notes,
        };
        // Before anything is sent: what cannot be delivered is then at least here.
        log::run(&answer);
        if let Some(publisher) = self.publisher.as_ref().filter(|_| answer.is_news()) {
            publisher.publish(&Notice::new(&answer)).await?;
        }
        Ok(answer)
    }

    /// The account is read once; every pass that a repair would take happens in thought.
    async fn preview(&self, account: &AwsAccount<'_>, desired: &Desired) -> Report {
        let observed = account.observe(desired).await;
        run(&Preview::new(desired, observed), desired, &self.settings.limits).await.into_preview()
    }

    /// Why the event is no reason to look. Who cannot be identified is not taken for ourselves: a look too many does no harm.
    async fn skip(&self, trigger: &Trigger) -> Option<Skip> {
        let role = match (trigger.skip, &trigger.role) {
            (Some(skip), _) => return Some(skip),
            (None, None) => return None,
            (None, Some(role)) => role,
        };
        match self.caller().await {
            Ok(caller) => {
                (RoleName::of_assumed_role(&caller.arn).as_ref() == Some(role)).then_some(Skip::OwnCall)
            }
            Err(error) => {
                warn!(error = %error, "own role unknown");
                None
            }
        }
    }

    /// ARN of the role that we run as, without its path, which STS does not tell.
    async fn own_role(&self) -> Option<String> {
        let caller = self.caller().await.ok()?;
        let role = RoleName::of_assumed_role(&caller.arn)?;
        Some(format!("arn:{}:iam::{}:role/{}", caller.identity.partition, role.account, role.name))
    }

    async fn caller(&self) -> Result<&Caller, reconcile::call::CallError> {
        self.caller.get_or_try_init(|| self.clients.caller()).await
    }

    fn nothing_looked_at(&self, trigger: Trigger, known: Option<Identity>, skip: Skip) -> Answer {
        let why = match skip {
            Skip::OwnCall => "The event is a call of this function's own role.",
            Skip::FailedCall => "The event is a call that AWS refused; it changed nothing.",
            Skip::JobEvent => "The event is about a job or a recovery point, not about configuration.",
        };
        let identity = known.or_else(|| self.caller.get().map(|caller| caller.identity.clone()));
        Answer {
            report: Report {
                findings: Vec::new(),
                calls: Vec::new(),
                passes: 0,
                at: None,
                notes: Vec::new(),
            },
            mode: self.mode(&trigger.asked).0,
            account: identity.map(|identity| identity.account),
            spec_name: self.spec.name().to_owned(),
            spec_sha256: self.spec.sha256().to_owned(),
            trigger,
            skipped: Some(skip),
            notes: vec![format!("{why} Nothing was looked at.")],
        }
    }

    fn desired(&self, identity: &Identity) -> Result<Desired, HealerError> {
        let target = Target {
            partition: identity.partition.clone(),
            account: identity.account.clone(),
            primary_region: self.settings.primary_region.clone(),
            dr_region: self.settings.dr_region.clone(),
        };
        Ok(self.spec.resolve(&target)?)
    }

    /// A payload lowers the mode and never raises it: whoever may invoke the function may not thereby make it write.
    fn mode(&self, asked: &AskedMode) -> (Mode, Option<String>) {
        match (asked, self.settings.mode) {
            (AskedMode::Deployed, deployed) => (deployed, None),
            (AskedMode::Known(Mode::Report), _) => (Mode::Report, None),
            (AskedMode::Known(Mode::Repair), Mode::Repair) => (Mode::Repair, None),
            (AskedMode::Known(Mode::Repair), Mode::Report) => {
                let note = "The payload asked for repair; the function is deployed with MODE=report, and only a deployment raises it.";
                (Mode::Report, Some(note.to_owned()))
            }
            (AskedMode::Unknown(name), _) => {
                let note = format!(
                    "The payload asked for the mode {name}, which does not exist; report and repair do. Nothing was repaired."
                );
                (Mode::Report, Some(note))
            }
        }
    }

    fn pace(&self, context: &Context) -> Pace {
        // Lambda's deadline is in the world's time, and the clock may be in another.
        let left = deadline::time_left(context.deadline(), SystemTime::now());
        Pace {
            deadline: (self.clock)() + left,
            reserve: deadline::reserve(left),
            settle: self.settle,
            clock: Arc::clone(&self.clock),
        }
    }
}
