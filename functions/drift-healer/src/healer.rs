//! [`Healer`]: what is made once and kept for warm invocations.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_account::{Clients, Identity, LOOKUP_PAUSE, Pace};
use aws_types::SdkConfig;
use lambda_runtime::Context;
use reconcile::desired::Desired;
use reconcile::region::partition_of;
use reconcile::spec::{PRIMARY, Spec, SpecWarning, Target};
use reconcile::words::Reader;
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::ask_history::HistoryDesk;
use crate::error::HealerError;
use crate::incident::Ledger;
use crate::listener::Ear;
use crate::notify::Publisher;
use crate::ourselves::Ourselves;
use crate::outbox::Outbox;
use crate::settings::Settings;
use crate::{DESIRED, DOUBTS, deadline};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// Takes the line of metrics of each run.
pub type Metrics = Arc<dyn Fn(&str) + Send + Sync>;

/// How long a write is given to become visible. KMS and AWS Backup mostly need less, and IAM is waited for separately.
const SETTLE: Duration = Duration::from_secs(2);

/// How far apart two looks are that have to agree that something is missing before AWS is asked to make another one: lists of AWS may
/// lag behind what was written.
const AGREE: Duration = Duration::from_secs(11);

/// The function: everything that is made once and kept for warm invocations.
pub struct Healer {
    pub(crate) settings: Settings,
    pub(crate) spec: Spec,
    pub(crate) clients: Clients,
    pub(crate) publisher: Option<Publisher>,
    pub(crate) clock: Clock,
    settle: Duration,
    agree: Duration,
    lookup_pause: Duration,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) ourselves: Ourselves,
    pub(crate) cold: AtomicBool,
    pub(crate) ledger: Ledger,
    pub(crate) last_look: LastLook,
    pub(crate) outbox: Outbox,
    pub(crate) ear: Ear,
    pub(crate) reader: Reader,
}

/// When this process looked last, and which keys it saw behind the spec's aliases and vaults.
#[derive(Debug, Default)]
pub(crate) struct LastLook(Mutex<(Option<OffsetDateTime>, BTreeSet<String>)>);

impl LastLook {
    pub(crate) fn at(&self) -> Option<OffsetDateTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    pub(crate) fn keys(&self) -> BTreeSet<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    pub(crate) fn write(&self, at: OffsetDateTime, keys: BTreeSet<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (Some(at), keys);
    }
}

impl fmt::Debug for Healer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Healer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Healer {
    /// Makes the clients, which connect to nothing yet, and checks the regions of the settings against the embedded spec.
    pub fn new(settings: Settings, config: &SdkConfig) -> Result<Self, HealerError> {
        // The build has held it against the rules.
        let doubts = DOUBTS
            .iter()
            .map(|(line, column, path, words)| SpecWarning::in_words(*line, *column, path, words));
        Self::of(Spec::parse_checked(DESIRED, doubts.collect())?, settings, config)
    }

    /// The same for another spec than the embedded one.
    pub fn of(spec: Spec, settings: Settings, config: &SdkConfig) -> Result<Self, HealerError> {
        let publisher = settings.topic.as_ref().map(|topic| Publisher::new(topic, config));
        let healer = Self {
            clients: Clients::new(config),
            clock: Arc::new(OffsetDateTime::now_utc),
            settle: SETTLE,
            agree: AGREE,
            lookup_pause: LOOKUP_PAUSE,
            metrics: None,
            ourselves: Ourselves::default(),
            cold: AtomicBool::new(true),
            ledger: Ledger::default(),
            last_look: LastLook::default(),
            outbox: Outbox::default(),
            ear: Ear::default(),
            reader: Reader::default(),
            settings,
            spec,
            publisher,
        };
        // Any account of their partition serves to find out whether the regions fit.
        let primary = healer.settings.primary_region.as_deref();
        let primary = primary.or_else(|| healer.spec.regions().get(PRIMARY).copied()).unwrap_or_default();
        let partition = partition_of(primary).unwrap_or("aws").to_owned();
        healer.desired(&Identity { partition, account: "000000000000".to_owned() })?;
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

    /// The same function for an account that shows at once what was written.
    #[must_use]
    pub fn without_settling(self) -> Self {
        Self { settle: Duration::ZERO, ..self }
    }

    /// The same function without pauses, neither after a pass that wrote nor between two questions to CloudTrail: for accounts in a
    /// process, which settle at once.
    pub fn without_pauses(self) -> Self {
        Self { settle: Duration::ZERO, agree: Duration::ZERO, lookup_pause: Duration::ZERO, ..self }
    }

    /// The same function with somebody who takes a line of metrics after each run.
    pub fn with_metrics(self, metrics: Metrics) -> Self {
        Self { metrics: Some(metrics), ..self }
    }

    /// Where questions to the event history are put during an invocation.
    pub(crate) fn history_desk<'a>(&'a self, pace: &'a Pace) -> HistoryDesk<'a> {
        HistoryDesk {
            clients: &self.clients,
            ourselves: &self.ourselves,
            interval: self.lookup_pause,
            pace,
            ear: &self.ear,
        }
    }

    /// The spec for an account.
    pub fn desired(&self, identity: &Identity) -> Result<Desired, HealerError> {
        let target = Target {
            partition: identity.partition.clone(),
            account: identity.account.clone(),
            primary_region: self.settings.primary_region.clone(),
            dr_region: self.settings.dr_region.clone(),
        };
        Ok(self.spec.resolve(&target)?)
    }

    /// Where this invocation logs, for whoever wants to read on.
    pub(crate) fn log_place(&self, context: &Context) -> Option<String> {
        let group = self.settings.log_group.as_ref()?;
        let region = self.settings.region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
        Some(format!("{group}{region}, request {}", context.request_id))
    }

    pub(crate) fn pace(&self, context: &Context) -> Pace {
        let left = deadline::time_left(context.deadline(), (self.clock)().into());
        Pace {
            deadline: Instant::now() + left,
            reserve: deadline::reserve(left),
            settle: self.settle,
            agree: self.agree,
            clock: Arc::clone(&self.clock),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_doubted_is_what_a_person_would_be_told_of_the_spec() {
        let settings = Settings::read(|_| None).expect("defaults");
        let healer = Healer::new(settings, &aws_account::emulator_config("http://127.0.0.1:1", "key"));
        let words = |spec: &Spec| {
            spec.warnings()
                .into_iter()
                .map(|one| (one.line, one.column, one.path, one.message))
                .collect::<Vec<_>>()
        };
        let found = words(&Spec::parse(DESIRED).expect("the build took it"));
        assert!(!found.is_empty(), "the reference hides one of its rules");
        assert_eq!(words(&healer.expect("a healer").spec), found);
    }
}
