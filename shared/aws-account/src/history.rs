//! Asks CloudTrail's event history who did what: at the rate that AWS allows, while there is time, and never at the cost of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use futures_util::future::join_all;
use reconcile::history::{Question, RecordedCall};
use time::OffsetDateTime;

use crate::Clients;
use crate::clients::Regional;
use crate::error::refusal;
use crate::observe::moment;
use crate::permissions::HISTORY;

/// AWS takes two lookups a second for each account and region ("LookupEvents"); a little less often is asked here, because its
/// second is not ours.
pub const LOOKUP_PAUSE: Duration = Duration::from_millis(550);

/// Fifty events a page. More calls of one name than these hide what came before, and that is told.
const MOST_PAGES: usize = 3;

/// How often a question is put again that AWS had no room for: others may be asking too.
const MOST_TRIES: usize = 3;

const THROTTLED: [&str; 3] = ["ThrottlingException", "Throttling", "TooManyRequestsException"];

/// What the event history told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// The calls that it knows, in no order.
    pub calls: Vec<RecordedCall>,
    /// Why some of it may be missing.
    pub gap: Option<String>,
    /// Whether asking on would be of no use: it was denied, or the time is over.
    pub ended: bool,
}

/// What to ask, and how long that may take.
#[derive(Debug, Clone, Copy)]
pub struct Inquiry<'a> {
    /// The questions.
    pub questions: &'a BTreeSet<Question>,
    /// What is older is not needed.
    pub since: Option<OffsetDateTime>,
    /// How long after the one before a question comes, whoever asked that.
    pub interval: Duration,
    /// How long all of it may take.
    pub time: Duration,
}

impl Clients {
    /// Puts the questions, in all regions at once, and one after the other in each. What is left when the time is over is not asked.
    pub async fn history(&self, inquiry: &Inquiry<'_>) -> History {
        let mut by_region: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
        for question in inquiry.questions {
            by_region.entry(&question.region).or_default().push(question.event);
        }
        let asking = by_region.into_iter().map(|(region, events)| async move {
            // Kept outside of what the time may cut off: what was told until then counts.
            let mut told = History::default();
            let client = self.region(region);
            let all = ask_all(&client, &events, inquiry, &mut told);
            if tokio::time::timeout(inquiry.time, all).await.is_err() {
                told.gap = Some("the invocation's time was over".to_owned());
                told.ended = true;
            }
            told
        });
        let mut whole = History::default();
        for told in join_all(asking).await {
            whole.calls.extend(told.calls);
            whole.gap = whole.gap.or(told.gap);
            whole.ended |= told.ended;
        }
        if let Some(gap) = &whole.gap {
            tracing::warn!(operation = HISTORY, error = gap, "event history incomplete");
        }
        whole
    }
}

/// All calls of an operation that the history of a region has, or why some may be missing.
pub(crate) async fn recorded(
    client: &Regional,
    operation: &'static str,
) -> Result<Vec<RecordedCall>, String> {
    let mut told = History::default();
    let questions = BTreeSet::new();
    let inquiry = Inquiry { questions: &questions, since: None, interval: LOOKUP_PAUSE, time: Duration::MAX };
    ask_all(client, &[operation], &inquiry, &mut told).await;
    match told.gap {
        None => Ok(told.calls),
        Some(gap) => Err(gap),
    }
}

async fn ask_all(client: &Regional, events: &[&str], inquiry: &Inquiry<'_>, told: &mut History) {
    for event in events {
        let mut token = None;
        for page in 1..=MOST_PAGES {
            let last = page == MOST_PAGES;
            let page = match ask(client, event, token, inquiry.interval).await {
                Ok(page) => page,
                Err(why) => {
                    // What is denied once is denied each time.
                    told.gap = Some(why);
                    told.ended = true;
                    return;
                }
            };
            told.calls.extend(page.calls);
            token = page.next;
            let enough = |since| page.oldest.is_none_or(|oldest| oldest < since);
            if token.is_none() || inquiry.since.is_some_and(enough) {
                break;
            }
            if last {
                told.gap = Some(format!("it holds so many calls of {event} that only the newest were read"));
            }
        }
    }
}

struct Page {
    calls: Vec<RecordedCall>,
    oldest: Option<OffsetDateTime>,
    next: Option<String>,
}

async fn ask(
    client: &Regional,
    event: &str,
    token: Option<String>,
    interval: Duration,
) -> Result<Page, String> {
    let by_name = LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::EventName)
        .attribute_value(event)
        .build()
        .map_err(|error| error.to_string())?;
    let mut tries = 0;
    loop {
        let request = client
            .cloudtrail(interval)
            .await
            .lookup_events()
            .lookup_attributes(by_name.clone())
            .set_next_token(token.clone());
        tries += 1;
        match request.send().await {
            Ok(answer) => {
                let records = answer.events.as_deref();
                let records = records.ok_or_else(|| format!("{HISTORY}: the answer holds no events"))?;
                let parsed = records.iter().filter_map(|one| {
                    RecordedCall::parse(&serde_json::from_str(one.cloud_trail_event()?).ok()?)
                });
                return Ok(Page {
                    calls: parsed.collect(),
                    oldest: records.iter().filter_map(|one| moment(one.event_time()?)).min(),
                    next: answer.next_token().map(str::to_owned),
                });
            }
            Err(error) => {
                let refusal = refusal(&error);
                if tries == MOST_TRIES || !THROTTLED.contains(&refusal.code.as_str()) {
                    return Err(format!("{HISTORY}: {refusal}"));
                }
            }
        }
    }
}
