//! One invocation from event to answer.

use std::sync::atomic::Ordering;
use std::time::Instant;

use aws_account::{AwsAccount, Identity, Pace};
use lambda_runtime::{Context, LambdaEvent};
use reconcile::desired::Desired;
use reconcile::history::{RoleName, Stories, iam_region};
use reconcile::lockout;
use reconcile::report::Report;
use reconcile::run::{Account, run};
use reconcile::say;
use reconcile::simulate::Preview;
use reconcile::words::{Prose, Verbatim};
use serde_json::Value;
use tracing::{Instrument, error, error_span, info, warn};

use crate::answer::Answer;
use crate::ask_history::Explained;
use crate::attempt::{self, DeniedAttempt};
use crate::error::{ErrorChain, HealerError};
use crate::healer::Healer;
use crate::settings::Mode;
use crate::trigger::{AskedMode, Skip, Trigger, TriggerKind, classify};
use crate::{log, metrics};

impl Healer {
    /// Handles one event: any JSON.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Value, HealerError> {
        let (payload, context) = event.into_parts();
        let cold = self.cold.swap(false, Ordering::Relaxed);
        // Of the highest level, or a log level of WARN would take the request's id from warnings.
        let span = error_span!(
            "invocation",
            requestId = context.request_id,
            xrayTraceId = context.xray_trace_id,
            coldStart = cold,
        );
        let handled = async {
            // Boxed, because the compiler gives up on futures that hold so many others.
            let result = Box::pin(self.look_and_tell(payload, &context, cold)).await;
            if let Err(error) = &result {
                error!(error_type = error.error_type(), error = %ErrorChain(error), "run failed");
            }
            result.map(|answer| answer.to_json())
        };
        handled.instrument(span).await
    }

    async fn look_and_tell(
        &self,
        payload: Value,
        context: &Context,
        cold: bool,
    ) -> Result<Answer, HealerError> {
        let (begun, calls) = (Instant::now(), self.clients.requests());
        let answer = self.answer(payload, context).await?;
        // Before anything is sent: what cannot be delivered is then at least here.
        log::run(&answer);
        let delivered = self.deliver(&answer).await;
        // Not before: an event whose message was lost comes again, and must not find that it was told.
        if let Some(attempt) =
            answer.attempt.as_ref().filter(|attempt| delivered.is_ok() && !attempt.repeated)
        {
            self.told_attempts.remember(attempt);
        }
        let run = metrics::Run {
            region: self.settings.region.as_deref().unwrap_or("unknown"),
            at: (self.clock)(),
            took: begun.elapsed(),
            calls: self.clients.requests() - calls,
            cold,
            completed: delivered.is_ok(),
        };
        if let (Some(metrics), Some(line)) = (&self.metrics, metrics::line(&answer, &run)) {
            metrics(&line);
        }
        delivered.map(|()| answer)
    }

    async fn deliver(&self, answer: &Answer) -> Result<(), HealerError> {
        let Some(publisher) = &self.publisher else { return Ok(()) };
        self.outbox.deliver(publisher, answer).await.map_err(|source| HealerError::NotDelivered {
            topic: publisher.topic().to_owned(),
            answer: Box::new(answer.to_json()),
            source,
        })
    }

    async fn answer(&self, payload: Value, context: &Context) -> Result<Answer, HealerError> {
        let started = (self.clock)();
        let trigger = classify(payload);
        let pace = self.pace(context);
        let known = Identity::from_function_arn(&context.invoked_function_arn);
        if let Some(skip) = self.skip(&trigger).await {
            let attempt = self.attempt(&trigger, known.as_ref(), &pace).await;
            return Ok(self.nothing_looked_at(trigger, known, skip, attempt, context));
        }
        let identity = match known {
            Some(identity) => identity,
            None => {
                let caller = self.ourselves.caller(&self.clients).await;
                caller.map_err(HealerError::UnknownAccount)?.identity.clone()
            }
        };
        let mut desired = self.desired(&identity)?;
        desired.healer_role.clone_from(&self.settings.healer_role);
        if desired.healer_role.is_none() && lockout::depends_on_role(&desired) {
            desired.healer_role = self.ourselves.role(&self.clients).await;
        }
        let (mode, note) = self.mode(&trigger.asked);
        info!(
            trigger = trigger.kind.as_str(),
            mode = mode.as_str(),
            account = identity.account,
            "run started"
        );

        let account = AwsAccount::new(&self.clients, pace.clone());
        let report = match mode {
            Mode::Report => self.preview(&account, &desired).await,
            Mode::Repair => run(&account, &desired, &self.settings.limits).await,
        };
        // Only now: nothing that is repaired waits for the question who did it.
        let desk = self.history_desk(&pace);
        let first = trigger.call.as_ref();
        let Explained { stories, gap } = desk.explain(&report, first, &identity.partition, started).await;
        let asked = trigger.kind == TriggerKind::Manual;
        let notes = note.into_iter().chain(report.notes.iter().cloned());
        let notes = notes.chain(asked.then(|| self.told_by_hand(&report)).into_iter().flatten()).collect();
        Ok(Answer {
            report,
            stories,
            mode,
            account: Some(identity.account),
            iam_region: iam_region(&identity.partition),
            spec_name: desired.name,
            spec_sha256: desired.sha256,
            trigger,
            skipped: None,
            attempt: None,
            gap,
            log: self.log_place(context),
            notes,
        })
    }

    /// What only somebody who asks is told: what the spec probably means otherwise, and when backups come next.
    fn told_by_hand(&self, report: &Report) -> Vec<Prose> {
        let warnings = self.spec.warnings().iter();
        let warnings = warnings.map(|one| {
            say!("The spec, line {}, {}: {}.", one.line, Verbatim(&one.path), Verbatim(&one.message))
        });
        warnings.chain(report.liveness.next_runs_note()).collect()
    }

    /// The account is read once; every pass that a repair would take happens in thought.
    async fn preview(&self, account: &AwsAccount<'_>, desired: &Desired) -> Report {
        let observed = account.observe(desired).await;
        run(&Preview::new(desired, observed), desired, &self.settings.limits).await.into_preview()
    }

    /// Why the event is no reason to look. Who cannot be identified is not taken for ourselves: a look too many does no harm.
    async fn skip(&self, trigger: &Trigger) -> Option<Skip> {
        let role = trigger.call.as_ref().and_then(|call| call.role.as_ref());
        let role = match (trigger.skip, role) {
            (Some(skip), _) => return Some(skip),
            (None, None) => return None,
            (None, Some(role)) => role,
        };
        match self.ourselves.caller(&self.clients).await {
            Ok(caller) => {
                (RoleName::of_assumed_role(&caller.arn).as_ref() == Some(role)).then_some(Skip::OwnCall)
            }
            Err(error) => {
                warn!(error = %error, "own role unknown");
                None
            }
        }
    }

    /// The denied attempt that an event tells of, if it was aimed at what the spec names.
    async fn attempt(
        &self,
        trigger: &Trigger,
        known: Option<&Identity>,
        pace: &Pace,
    ) -> Option<DeniedAttempt> {
        let call = trigger.call.as_ref().filter(|call| attempt::is_attempt(call))?;
        let identity = match known {
            Some(identity) => identity,
            None => match self.ourselves.caller_in_time(&self.clients, pace).await {
                Ok(caller) => &caller.identity,
                Err(error) => {
                    warn!(error = %error, event = call.event, "attempt not judged, the account is not known");
                    return None;
                }
            },
        };
        let desired = self.desired(identity).ok()?;
        let desk = self.history_desk(pace);
        attempt::judge(call, &desired, &self.told_attempts, &desk, (self.clock)()).await
    }

    fn nothing_looked_at(
        &self,
        trigger: Trigger,
        known: Option<Identity>,
        skip: Skip,
        attempt: Option<DeniedAttempt>,
        context: &Context,
    ) -> Answer {
        let why = match skip {
            Skip::OwnCall => "The event is a call of this function's own role.",
            Skip::FailedCall => "The event is a call that AWS refused; it changed nothing.",
            Skip::JobEvent => "The event is about a job or a recovery point, not about configuration.",
        };
        let identity = known.or_else(|| self.ourselves.known().map(|caller| caller.identity.clone()));
        Answer {
            report: Report::default(),
            stories: Stories::default(),
            mode: self.mode(&trigger.asked).0,
            iam_region: iam_region(identity.as_ref().map_or("aws", |identity| &identity.partition)),
            account: identity.map(|identity| identity.account),
            spec_name: self.spec.name().to_owned(),
            spec_sha256: self.spec.sha256().to_owned(),
            trigger,
            skipped: Some(skip),
            attempt,
            gap: None,
            log: self.log_place(context),
            notes: vec![Prose::own(why).and(Prose::own("Nothing was looked at."))],
        }
    }

    /// A payload lowers the mode and never raises it: whoever may invoke the function may not thereby make it write.
    fn mode(&self, asked: &AskedMode) -> (Mode, Option<Prose>) {
        match (asked, self.settings.mode) {
            (AskedMode::Deployed, deployed) => (deployed, None),
            (AskedMode::Known(Mode::Report), _) => (Mode::Report, None),
            (AskedMode::Known(Mode::Repair), Mode::Repair) => (Mode::Repair, None),
            (AskedMode::Known(Mode::Repair), Mode::Report) => {
                let note = "The payload asked for repair; the function is deployed with MODE=report, and only a deployment raises it.";
                (Mode::Report, Some(Prose::own(note)))
            }
            (AskedMode::Unknown(name), _) => {
                let note = say!(
                    "The payload asked for the mode {}, which does not exist; report and repair do. Nothing was repaired.",
                    name
                );
                (Mode::Report, Some(note))
            }
        }
    }
}
