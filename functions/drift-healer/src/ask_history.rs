//! Who did it: asks CloudTrail after the run, and lets nothing of that harm the report.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_account::{Clients, History, Inquiry, Pace};
use reconcile::desired::Desired;
use reconcile::history::{Asked, Principal, Question, RecordedCall, Records, Stories, questions};
use reconcile::report::Report;
use reconcile::say;
use reconcile::words::{Prose, Verbatim};
use time::OffsetDateTime;

use crate::listener::{Ear, Moment};
use crate::ourselves::Ourselves;

/// What it takes to ask the event history, for one invocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HistoryDesk<'a> {
    pub(crate) clients: &'a Clients,
    pub(crate) ourselves: &'a Ourselves,
    /// How long to wait between two questions.
    pub(crate) interval: Duration,
    pub(crate) pace: &'a Pace,
    pub(crate) ear: &'a Ear,
}

/// What the history told of a report.
#[derive(Debug, Default)]
pub(crate) struct Explained {
    pub(crate) stories: Stories,
    /// Why they may be incomplete.
    pub(crate) gap: Option<Prose>,
}

impl HistoryDesk<'_> {
    /// Who brought each finding about. `told` are the calls that the invocation tells of, which are often too new for the history.
    pub(crate) async fn explain(
        &self,
        report: &Report,
        told: &[RecordedCall],
        desired: &Desired,
        started: OffsetDateTime,
    ) -> Explained {
        if report.findings.is_empty() {
            return Explained::default();
        }
        let (account, iam_region) = (desired.account.as_str(), desired.iam_region.as_str());
        let mut calls: Vec<RecordedCall> = Vec::new();
        let own = match self.ourselves.caller(self.clients, self.pace).await {
            Ok(caller) => Principal::of_caller(&caller.arn),
            // Among the calls of others are then our own, which nobody must be blamed for.
            Err(error) => {
                let records =
                    Records { calls: &calls, told, account, own: None, is_complete: false, started };
                let gap = say!(
                    "the function could not tell its own calls from others', because sts:GetCallerIdentity failed: {}",
                    Verbatim(&error.to_string())
                );
                return Explained { stories: records.stories(report), gap: Some(gap) };
            }
        };
        let (mut asked, mut gap, mut ended) = (BTreeSet::new(), None, false);
        loop {
            let is_complete = gap.is_none();
            let records = Records { calls: &calls, told, account, own: Some(&own), is_complete, started };
            let stories = records.stories(report);
            let so_far = Asked { so_far: &asked, iam_region, started };
            let next = questions(report, &stories, &so_far);
            if ended || next.is_empty() {
                let gap = gap.map(|gap: String| say!("{}", Verbatim(&gap)));
                return Explained { stories, gap };
            }
            if self.ear.is_stopped() {
                let gap = Prose::own("the run was stopped before CloudTrail was asked");
                return Explained { stories, gap: Some(gap) };
            }
            self.ear.hear(&Moment::Asking { questions: next.len() });
            let history = self.ask(&next, None).await;
            calls.extend(history.calls);
            gap = gap.or(history.gap);
            ended = history.ended;
            asked.extend(next);
        }
    }

    /// Puts questions, as long as there is time.
    pub(crate) async fn ask(&self, questions: &BTreeSet<Question>, since: Option<OffsetDateTime>) -> History {
        let (interval, time) = (self.interval, self.pace.time_left());
        let _allowed = self.clients.allow(time);
        self.clients.history(&Inquiry { questions, since, interval, time }).await
    }
}
