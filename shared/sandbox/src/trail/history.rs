//! The records of one account, as calls, keys that end and tests add them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::deed::Deed;
use super::identity::Actor;
use super::record;
use crate::clock::iso;
use crate::ids::Ids;
use crate::partition::global_region;

/// The records of one account.
#[derive(Debug, Clone)]
pub(crate) struct Trail {
    account: String,
    /// In the order in which they were recorded, which decides between events of one second.
    pub(super) events: Vec<Event>,
    /// For each region, so that clients of two regions do not draw from one sequence.
    ids: BTreeMap<String, Ids>,
    /// When each region was last asked.
    pub(super) lookups: BTreeMap<String, Vec<OffsetDateTime>>,
}

#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) region: String,
    pub(super) time: OffsetDateTime,
    pub(super) record: Value,
}

impl Trail {
    pub(crate) fn new(account: &str) -> Trail {
        Trail {
            account: account.to_owned(),
            events: Vec::new(),
            ids: BTreeMap::new(),
            lookups: BTreeMap::new(),
        }
    }

    fn uuid(&mut self, region: &str) -> String {
        let new = || Ids::new(format!("{}/{region}/trail", self.account));
        self.ids.entry(region.to_owned()).or_insert_with(new).uuid()
    }

    /// Records a call by whoever made it. Calls that no client sent have no request id yet.
    pub(crate) fn tell(&mut self, deed: &Deed, by: &Actor, access_key: &str, request_id: Option<String>) {
        let request_id = request_id.unwrap_or_else(|| self.uuid(&deed.region));
        let mut record = record::of_call(deed, &by.identity(access_key, deed.time), &self.account);
        record["sourceIPAddress"] = by.source_ip.clone().into();
        if let Some(agent) = &by.user_agent {
            record["userAgent"] = agent.clone().into();
        }
        if by.is_in_console() {
            record["sessionCredentialFromConsole"] = "true".into();
        }
        record["requestID"] = request_id.into();
        self.push(&deed.region, deed.time, record);
    }

    /// Records that a key is gone: the end of its waiting period is nobody's call.
    pub(crate) fn tell_key_deleted(&mut self, region: &str, arn: &str, time: OffsetDateTime) {
        let record = record::of_key_deletion(arn, &self.account, region, time);
        self.push(region, time, record);
    }

    /// Records that imported material is gone: KMS deletes it by itself.
    pub(crate) fn tell_material_expired(&mut self, region: &str, arn: &str, time: OffsetDateTime) {
        let record = record::of_expired_material(arn, &self.account, region, time);
        self.push(region, time, record);
    }

    /// Adds a record as it is given; what it needs and does not say is filled in.
    pub(crate) fn add(&mut self, mut record: Value, now: OffsetDateTime) {
        let text = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
        let region = text("awsRegion").unwrap_or_else(|| global_region("aws").to_owned());
        let given = text("eventTime").and_then(|time| OffsetDateTime::parse(&time, &Rfc3339).ok());
        let time = given.unwrap_or(now);
        if let Some(record) = record.as_object_mut() {
            record.entry("awsRegion").or_insert_with(|| json!(region));
            record.entry("eventTime").or_insert_with(|| json!(iso(time)));
        }
        self.push(&region, time, record);
    }

    fn push(&mut self, region: &str, time: OffsetDateTime, mut record: Value) {
        let id = self.uuid(region);
        if let Some(record) = record.as_object_mut() {
            record.entry("eventID").or_insert_with(|| json!(id));
        }
        self.events.push(Event { region: region.to_owned(), time, record });
    }

    /// Every record of every region.
    pub(crate) fn oldest_first(&self) -> Vec<Value> {
        let mut events: Vec<&Event> = self.events.iter().collect();
        // By seconds, as LookupEvents sorts them.
        events.sort_by_key(|event| event.time.unix_timestamp());
        events.into_iter().map(|event| event.record.clone()).collect()
    }
}
