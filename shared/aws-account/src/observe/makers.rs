//! Whether our own records say that we made a key: this run's memory, and CloudTrail's history.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::call::CallError;
use reconcile::history::RecordedCall;
use reconcile::read::Refusal;
use reconcile::state::{Key, Observation};
use time::{Duration, OffsetDateTime};

use super::Look;

/// CloudTrail's history may be this late, so that it says nothing of what is younger.
const HISTORY_LAG: Duration = Duration::minutes(30);

pub(super) async fn observe(
    look: &Look<'_>,
    region: &str,
    whose: BTreeSet<String>,
    keys: &BTreeMap<String, Observation<Key>>,
) -> BTreeMap<String, Observation<bool>> {
    let mut answers = BTreeMap::new();
    for arn in whose {
        let created = keys.get(&arn).and_then(Observation::present).and_then(|key| key.created);
        let answer = if look.memory.has_made(&arn) {
            Observation::Present(true)
        } else if look.desired.healer_role.is_none() {
            unknown("it is not known as which role the function runs; set HEALER_ROLE_ARN")
        } else {
            match look.memory.recorded(look.clients, region, "CreateKey").await {
                Err(why) => Observation::Unreadable(why),
                Ok(calls) => maker(look, &arn, created, &calls),
            }
        };
        answers.insert(arn, answer);
    }
    answers
}

fn maker(
    look: &Look<'_>,
    arn: &str,
    created: Option<OffsetDateTime>,
    calls: &[RecordedCall],
) -> Observation<bool> {
    let made = calls.iter().find(|call| call.error.is_none() && call.is_about(arn));
    let is_young = created.is_none_or(|created| created > (look.clock)() - HISTORY_LAG);
    match made {
        Some(call) => Observation::Present(look.is_ours(call)),
        None if is_young => unknown("CloudTrail's history does not have the key's making yet"),
        None => Observation::Present(false),
    }
}

fn unknown(why: &str) -> Observation<bool> {
    let error = CallError { code: "UnknownMaker".to_owned(), message: why.to_owned() };
    Observation::Unreadable(Refusal { read: None, error })
}
