//! Reports that wait for a topic that failed.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use reconcile::report::Reported;
use time::{Duration, OffsetDateTime};
use tracing::warn;

use crate::answer::Answer;
use crate::notify::{Notice, Publisher};
use crate::settings::Mode;

/// More than these are not worth waking anybody; the log has them all.
const MOST: usize = 10;

/// What a run changed no later run tells: its event comes again and finds everything in order. So it is kept until somebody hears of
/// it, or the process ends.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: Mutex<VecDeque<Notice>>,
    /// The open findings that were told last, and when.
    told: Mutex<Option<(String, OffsetDateTime)>>,
}

/// The same open findings are not told again sooner. A little less than an hour, so that the hourly run tells them again although no
/// schedule is exact.
const TOLD_AGAIN_AFTER: Duration = Duration::minutes(55);

impl Outbox {
    /// When the same open findings were sent, if that was within the hour and there is nothing else to tell of them.
    pub(crate) fn has_sent(&self, answer: &Answer, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let (fingerprint, at) = told.as_ref()?;
        let same = answer.only_repeats() && *fingerprint == answer.report.fingerprint();
        (same && (now - *at).abs() < TOLD_AGAIN_AFTER).then_some(*at)
    }

    /// Publishes the report if it is news, and then what no topic has taken yet.
    pub(crate) async fn deliver(
        &self,
        publisher: &Publisher,
        answer: &Answer,
        now: OffsetDateTime,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        // The newest first: what SNS refuses for what it says must not stop the others.
        if answer.is_news() {
            let notice = Notice::new(answer);
            if let Err(error) = publisher.publish(&notice).await {
                self.keep(changed_something(answer).then_some(notice));
                return Err(error);
            }
        }
        self.remember(answer, now);
        let mut waiting = self.take();
        while let Some(late) = waiting.front() {
            if let Err(error) = publisher.publish(late).await {
                warn!(reports = waiting.len(), "reports wait for the topic");
                self.keep(waiting);
                // What this run has to tell was told, and is not to be told again by another attempt at its event.
                return if answer.is_news() { Ok(()) } else { Err(error) };
            }
            waiting.pop_front();
        }
        Ok(())
    }

    /// What a look found open, and whether it was told: what is in order again and then differs once more is news.
    fn remember(&self, answer: &Answer, now: OffsetDateTime) {
        let looked = answer.skipped.is_none();
        if looked && answer.sent_before.is_none() {
            let open = answer.report.findings.iter().any(Reported::is_open);
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            *told = open.then(|| (answer.report.fingerprint(), now));
        }
    }

    fn take(&self) -> VecDeque<Notice> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, notices: impl IntoIterator<Item = Notice>) {
        let mut kept = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(notices);
        while kept.len() > MOST {
            warn!(subject = kept.pop_front().map(|notice| notice.subject), "report given up, the log has it");
        }
    }
}

fn changed_something(answer: &Answer) -> bool {
    answer.mode == Mode::Repair && !answer.report.calls.is_empty()
}
