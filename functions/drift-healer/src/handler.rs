//! One invocation from event to answer.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant as Moment};

use aws_account::{AwsAccount, Identity, Pace};
use lambda_runtime::{Context, LambdaEvent};
use reconcile::call::{CallError, TIMEOUT};
use reconcile::history::{RoleName, Stories};
use reconcile::lockout;
use reconcile::report::Report;
use reconcile::run::{Account, run};
use reconcile::say;
use reconcile::simulate::Preview;
use reconcile::words::{Note, Prose, Verbatim, Word};
use serde_json::Value;
use tokio::time::Instant;
use tracing::{Instrument, error, error_span, info, warn};

use crate::answer::Answer;
use crate::ask_history::Explained;
use crate::error::{ErrorChain, HealerError};
use crate::healer::Healer;
use crate::hold::Hold;
use crate::listener::Heard;
use crate::payload::Payload;
use crate::settings::Mode;
use crate::trigger::{AskedMode, Skip};
use crate::wakeup::Wakeup;
use crate::{log, metrics};

/// With less time than this a run may have to stop before it has repaired everything.
const LITTLE_TIME: Duration = Duration::from_secs(15);

/// By so much clocks differ without anybody having to know.
const SMALL_SKEW: time::Duration = time::Duration::minutes(1);

/// How long the question for a hold is waited for; it is asked while the account is looked at.
const MOST_PATIENCE: Duration = Duration::from_secs(10);

impl Healer {
    /// Handles one event: any JSON.
    pub async fn handle(&self, event: LambdaEvent<impl Into<Payload>>) -> Result<Value, HealerError> {
        let (payload, context) = event.into_parts();
        let payload: Payload = payload.into();
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
            let result = Box::pin(self.look_and_tell(payload.read(), &context, cold)).await;
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
        let (begun, calls) = (Moment::now(), self.clients.requests());
        let pace = self.pace(context);
        let mut answer = self.answer(payload, context, &pace).await?;
        answer.sent_before = self.outbox.has_sent(&answer, (self.clock)());
        // Before anything is sent: what cannot be delivered is then at least here.
        log::run(&answer);
        let delivered = self.deliver(&answer, &pace).await;
        // Not before: an event whose message was lost comes again, and must not find that it was told.
        if delivered.is_ok() {
            self.ledger.remember(&answer.incidents, (self.clock)());
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

    pub(crate) async fn deliver(&self, answer: &Answer, pace: &Pace) -> Result<(), HealerError> {
        let Some(publisher) = &self.publisher else { return Ok(()) };
        self.outbox.deliver(publisher, answer, (self.clock)(), pace).await.map_err(|source| {
            HealerError::NotDelivered {
                topic: publisher.topic().to_owned(),
                answer: Box::new(answer.to_json()),
                source,
            }
        })
    }

    pub(crate) async fn answer(
        &self,
        payload: Value,
        context: &Context,
        pace: &Pace,
    ) -> Result<Answer, HealerError> {
        let started = (self.clock)();
        let mut wakeup = self.wakeup(payload, pace).await;
        let known = Identity::from_function_arn(&context.invoked_function_arn);
        if let Some(skip) = wakeup.skip {
            let due = wakeup.tells_of_harm() && self.look_is_due(started);
            if !due {
                return Ok(self.nothing_looked_at(wakeup, known, skip, pace, context).await);
            }
        }
        let identity = match known {
            Some(identity) => identity,
            None => {
                let caller = self.ourselves.caller(&self.clients, pace).await;
                caller.map_err(HealerError::UnknownAccount)?.identity.clone()
            }
        };
        let mut desired = self.desired(&identity)?;
        desired.healer_role.clone_from(&self.settings.healer_role);
        if desired.healer_role.is_none() && lockout::depends_on_role(&desired) {
            desired.healer_role = self.ourselves.role(&self.clients, pace).await;
        }
        let (mode, note) = self.mode(&wakeup.trigger.asked);
        info!(
            trigger = wakeup.trigger.kind.as_str(),
            mode = mode.as_str(),
            account = identity.account,
            "run started"
        );

        let given = pace.deadline.saturating_duration_since(Instant::now());
        let account = Heard::new(AwsAccount::new(&self.clients, pace.clone()), &self.ear);
        let (observed, hold) = tokio::join!(account.observe(&desired), self.hold(pace));
        let mode = if hold.standing().is_some() { Mode::Report } else { mode };
        let limits = hold.bounded(&self.settings.limits);
        let report = match mode {
            // Every pass that a repair would take happens in thought.
            Mode::Report => run(&Preview::new(&desired, observed), &desired, &limits).await.into_preview(),
            Mode::Repair => {
                account.begin_with(observed);
                run(&account, &desired, &limits).await
            }
        };
        self.last_look.write(started, report.keys.clone());
        // Only now: nothing that is repaired waits for the question who did it.
        let incidents = self.incidents(&mut wakeup, &identity, &desired, &report.keys, pace).await;
        let desk = self.history_desk(pace);
        let ahead = self.clients.aws_is_ahead();
        let Explained { stories, gap } =
            desk.explain(&report, &wakeup.calls, &desired, started + ahead).await;
        let notes = note.into_iter().chain(wakeup.notes(&identity.account)).chain(hold.note());
        let notes = notes.chain(clock_note(ahead)).chain(time_note(mode, given));
        let asked = wakeup.trigger.by_a_person;
        let told_by_hand = asked.then(|| self.told_by_hand(&report)).into_iter().flatten().map(Note::from);
        Ok(Answer {
            notes: notes.map(Note::from).chain(report.notes.iter().cloned()).chain(told_by_hand).collect(),
            report,
            stories,
            mode,
            account: Some(identity.account),
            iam_region: desired.iam_region,
            spec_name: desired.name,
            spec_sha256: desired.sha256,
            trigger: wakeup.trigger,
            skipped: None,
            incidents,
            total: self.ledger.total(started),
            sent_before: None,
            gap,
            log: self.log_place(context),
            hold,
            reader: self.reader.clone(),
        })
    }

    /// What only somebody who asks is told: what the spec probably means otherwise, and when backups come next.
    fn told_by_hand(&self, report: &Report) -> Vec<Prose> {
        let warnings = self.spec.warnings().into_iter();
        let warnings = warnings.map(|one| {
            say!("The spec, line {}, {}: {}.", one.line, Verbatim(&one.path), Verbatim(&one.message))
        });
        warnings.chain(report.liveness.next_runs_note()).collect()
    }

    /// Whether somebody has set a hold on the role that the settings name.
    async fn hold(&self, pace: &Pace) -> Hold {
        let Some(role) = self.settings.healer_role.as_deref().and_then(RoleName::of_role) else {
            return Hold::None;
        };
        let patience = MOST_PATIENCE.min(pace.time_left() * 2 / 3);
        match tokio::time::timeout(patience, self.clients.role_tags(&role.name)).await {
            Ok(Ok(tags)) => Hold::of_tags(&tags, (self.clock)()),
            Ok(Err(error)) => Hold::Unread(error),
            Err(_) => Hold::Unread(CallError {
                code: TIMEOUT.to_owned(),
                message: "iam:GetRole did not answer in time".to_owned(),
            }),
        }
    }

    async fn nothing_looked_at(
        &self,
        mut wakeup: Wakeup,
        known: Option<Identity>,
        skip: Skip,
        pace: &Pace,
        context: &Context,
    ) -> Answer {
        let why = match skip {
            Skip::OwnCall => "The event is a call of this function's own role.",
            Skip::FailedCall => "The event is a call that AWS refused; it changed nothing.",
            Skip::JobEvent => "The event is about a job or a recovery point, not about configuration.",
            Skip::RecoveryPoint => "The event is a call about a recovery point, not about configuration.",
            Skip::OwnMessage => {
                "The message is a report of drift-healer, or came from the topic of its reports."
            }
        };
        let identity = match known {
            None if wakeup.tells_of_harm() => {
                let caller = self.ourselves.caller(&self.clients, pace).await;
                caller
                    .inspect_err(
                        |error| warn!(error = %error, "incident not judged, the account is not known"),
                    )
                    .ok()
                    .map(|caller| caller.identity.clone())
            }
            None => self.ourselves.known().map(|caller| caller.identity.clone()),
            known => known,
        };
        let incidents = match identity.as_ref().map(|identity| (identity, self.desired(identity))) {
            Some((identity, Ok(desired))) => {
                self.incidents(&mut wakeup, identity, &desired, &self.last_look.keys(), pace).await
            }
            Some((_, Err(_))) | None => Vec::new(),
        };
        let account = identity.map(|identity| identity.account);
        let mut notes = vec![Prose::own(why).and(Prose::own("Nothing was looked at."))];
        notes.extend(account.as_ref().map(|account| wakeup.notes(account)).unwrap_or_default());
        Answer {
            report: Report::default(),
            stories: Stories::default(),
            mode: self.mode(&wakeup.trigger.asked).0,
            iam_region: String::new(),
            account,
            spec_name: self.spec.name().to_owned(),
            spec_sha256: self.spec.sha256().to_owned(),
            trigger: wakeup.trigger,
            skipped: Some(skip),
            incidents,
            total: self.ledger.total((self.clock)()),
            sent_before: None,
            gap: None,
            log: self.log_place(context),
            hold: Hold::None,
            notes: notes.into_iter().map(Note::from).collect(),
            reader: self.reader.clone(),
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

fn clock_note(ahead: time::Duration) -> Option<Prose> {
    if ahead.abs() <= SMALL_SKEW {
        return None;
    }
    let way = Word(if ahead.is_positive() { "behind" } else { "ahead of" });
    let minutes = ahead.whole_minutes().unsigned_abs().to_string();
    warn!(seconds = ahead.whole_seconds(), "the clock differs from AWS's");
    Some(say!("The function's clock is {} minutes {} AWS's. This report uses AWS's time.", minutes, way))
}

fn time_note(mode: Mode, given: Duration) -> Option<Prose> {
    if mode != Mode::Repair || given >= LITTLE_TIME {
        return None;
    }
    let seconds = given.as_secs_f64().round().to_string();
    warn!(seconds, "the invocation has little time");
    Some(say!(
        "The invocation had {} seconds. The function begins no repair that it could not report in this time. Set its timeout to 300 seconds.",
        seconds
    ))
}
