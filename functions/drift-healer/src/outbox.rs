//! Reports that wait for a topic that failed.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use aws_account::Pace;
use tracing::warn;

use crate::answer::Answer;
use crate::notify::{Notice, Publisher};
use crate::settings::Mode;

/// More than these are not worth waking anybody; the log has them all.
const MOST: usize = 10;

/// What a run changed no later run tells: its event comes again and finds everything in order. So it is kept until somebody hears of
/// it, or the process ends.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Mutex<VecDeque<Notice>>);

impl Outbox {
    /// Publishes the report if it is news, and then what no topic has taken yet.
    pub(crate) async fn deliver(
        &self,
        publisher: &Publisher,
        answer: &Answer,
        pace: &Pace,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        // The newest first: what SNS refuses for what it says must not stop the others.
        if answer.is_news() {
            let notice = Notice::new(answer);
            if let Err(error) = publisher.publish(&notice, pace.time_to_report()).await {
                self.keep(changed_something(answer).then_some(notice));
                return Err(error);
            }
        }
        let mut waiting = self.take();
        while let Some(late) = waiting.front() {
            if let Err(error) = publisher.publish(late, pace.time_to_report()).await {
                warn!(reports = waiting.len(), "reports wait for the topic");
                self.keep(waiting);
                // What this run has to tell was told, and is not to be told again by another attempt at its event.
                return if answer.is_news() { Ok(()) } else { Err(error) };
            }
            waiting.pop_front();
        }
        Ok(())
    }

    fn take(&self) -> VecDeque<Notice> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, notices: impl IntoIterator<Item = Notice>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(notices);
        while kept.len() > MOST {
            warn!(subject = kept.pop_front().map(|notice| notice.subject), "report given up, the log has it");
        }
    }
}

fn changed_something(answer: &Answer) -> bool {
    answer.mode == Mode::Repair && !answer.report.calls.is_empty()
}
