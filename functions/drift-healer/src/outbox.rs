//! Reports that wait for a topic that failed.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use tracing::warn;

use crate::answer::Answer;
use crate::notify::{Notice, Publisher};
use crate::settings::Mode;
use crate::{Healer, HealerError};

/// More than these are not worth waking anybody; the log has them all.
const MOST: usize = 10;

/// What a run changed no later run tells: its event comes again and finds everything in order. So it is kept until somebody hears of
/// it, or the process ends.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Mutex<VecDeque<Notice>>);

impl Outbox {
    fn take(&self) -> VecDeque<Notice> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, notices: VecDeque<Notice>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(notices);
        while kept.len() > MOST {
            kept.pop_front();
        }
    }
}

impl Healer {
    /// Publishes the report if it is news, and before it what no topic has taken yet.
    pub(crate) async fn deliver(&self, answer: &Answer) -> Result<(), HealerError> {
        if let Some(publisher) = &self.publisher {
            self.publish(publisher, answer).await.map_err(|source| HealerError::NotDelivered {
                topic: publisher.topic().to_owned(),
                answer: Box::new(answer.to_json()),
                source,
            })?;
        }
        // Not before: an event whose message was lost comes again, and must not find that it was told.
        if let Some(attempt) = answer.attempt.as_ref().filter(|attempt| !attempt.repeated) {
            self.told_attempts.remember(attempt);
        }
        Ok(())
    }

    async fn publish(
        &self,
        publisher: &Publisher,
        answer: &Answer,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut waiting = self.outbox.take();
        while let Some(late) = waiting.front() {
            if let Err(error) = publisher.publish(late).await {
                waiting.extend(changed_something(answer).then(|| Notice::new(answer)));
                warn!(reports = waiting.len(), "reports wait for the topic");
                self.outbox.keep(waiting);
                return Err(error);
            }
            waiting.pop_front();
        }
        if !answer.is_news() {
            return Ok(());
        }
        let notice = Notice::new(answer);
        let published = publisher.publish(&notice).await;
        if published.is_err() && changed_something(answer) {
            self.outbox.keep(VecDeque::from([notice]));
        }
        published
    }
}

fn changed_something(answer: &Answer) -> bool {
    answer.mode == Mode::Repair && !answer.report.calls.is_empty()
}
