//! Who did it: asks CloudTrail after the run, and lets nothing of that harm the report.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use aws_account::{Caller, History, Identity, Pace};
use reconcile::call::{CallError, OUT_OF_TIME};
use reconcile::history::{Asked, Explained, Principal, Question, WINDOW, Write, iam_region, questions};
use reconcile::report::Report;
use time::OffsetDateTime;
use tracing::warn;

use crate::Healer;
use crate::attempt::{self, Attempt};
use crate::trigger::Trigger;

impl Healer {
    /// Says of each finding who brought it about; why that may be incomplete.
    pub(crate) async fn explain(
        &self,
        report: &mut Report,
        trigger: &Trigger,
        partition: &str,
        started: OffsetDateTime,
        pace: &Pace,
    ) -> Option<String> {
        if report.findings.is_empty() {
            return None;
        }
        // What started the run is often too new for the history.
        let mut writes: Vec<Write> = trigger.write.iter().cloned().collect();
        let own = match self.caller_in_time(pace).await {
            Ok(caller) => Principal::of_caller(&caller.arn),
            // Among the calls of others are then our own, which nobody must be blamed for.
            Err(error) => {
                Explained { writes: &writes, own: None, is_complete: false, started }.explain(report);
                return Some(format!("whose calls are our own is not known: {error}"));
            }
        };
        let (mut asked, mut gap, mut ended) = (BTreeSet::new(), None, false);
        loop {
            let is_complete = gap.is_none();
            Explained { writes: &writes, own: Some(&own), is_complete, started }.explain(report);
            let so_far = Asked { so_far: &asked, iam_region: iam_region(partition), started };
            let next = questions(report, &so_far);
            if ended || next.is_empty() {
                return gap;
            }
            let history = self.ask(&next, asked.is_empty(), None, pace).await;
            // Before the event: of two that happened in one second, what started the run is the later.
            writes.splice(0..0, history.writes);
            gap = gap.or(history.gap);
            ended = history.ended;
            asked.extend(next);
        }
    }

    /// Who we are, if STS says it before what is left of the time is needed for the report.
    async fn caller_in_time(&self, pace: &Pace) -> Result<&Caller, CallError> {
        let late = |_| CallError {
            code: OUT_OF_TIME.to_owned(),
            message: "the invocation's time was over before sts:GetCallerIdentity answered".to_owned(),
        };
        tokio::time::timeout(pace.time_left(), self.caller()).await.map_err(late)?
    }

    async fn ask(
        &self,
        questions: &BTreeSet<Question>,
        rested: bool,
        since: Option<OffsetDateTime>,
        pace: &Pace,
    ) -> History {
        self.clients.history(questions, rested, since, self.lookup_pause, pace.time_left()).await
    }

    /// The denied attempt that an event tells of, if it was aimed at what the spec names.
    pub(crate) async fn attempt(
        &self,
        trigger: &Trigger,
        known: Option<&Identity>,
        pace: &Pace,
    ) -> Option<Attempt> {
        let write = attempt::of(trigger)?;
        let identity = match known {
            Some(identity) => identity,
            None => match self.caller_in_time(pace).await {
                Ok(caller) => &caller.identity,
                Err(error) => {
                    warn!(error = %error, event = write.event, "attempt not judged, the account is not known");
                    return None;
                }
            },
        };
        let desired = self.desired(identity).ok()?;
        if !attempt::is_aimed_at(&desired, write) {
            return None;
        }
        let repeated = self.told_attempts.knows(write) || {
            let questions: BTreeSet<_> = attempt::questions(write).collect();
            let history = self.ask(&questions, true, Some((self.clock)() - WINDOW), pace).await;
            attempt::is_repeated(&desired, write, &history.writes)
        };
        Some(Attempt { write: write.clone(), repeated })
    }
}

/// The attempts that this process has told: by actor and hour. CloudTrail's history lags; this does not, and is gone with the
/// process.
#[derive(Debug, Default)]
pub(crate) struct ToldAttempts(Mutex<BTreeSet<(String, i64)>>);

impl ToldAttempts {
    fn knows(&self, write: &Write) -> bool {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        attempt::key(write).is_some_and(|key| told.contains(&key))
    }

    pub(crate) fn remember(&self, attempt: &Attempt) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = attempt::key(&attempt.write) {
            // Events come late, but hardly by two hours.
            told.retain(|(_, hour)| *hour >= key.1 - 2);
            told.insert(key);
        }
    }
}
