//! The calls so far, and what is the same for every kind of resource.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::policy;
use crate::service::Service;
use crate::state::{Account, Tags};
use crate::trail::{Deed, named};

pub(super) struct Calls<'a> {
    pub(super) before: &'a Account,
    pub(super) now: OffsetDateTime,
    /// ARN and id of the roles that are no more.
    pub(super) gone: Vec<(String, String)>,
    pub(super) deeds: Vec<Deed>,
}

impl Calls<'_> {
    /// A call that answers nothing.
    pub(super) fn call(&mut self, service: Service, region: &str, operation: &str, params: Value) {
        self.answered(service, region, operation, params, Value::Null);
    }

    pub(super) fn answered(
        &mut self,
        service: Service,
        region: &str,
        operation: &str,
        params: Value,
        answer: Value,
    ) {
        let named = named(self.before, service, region, &params);
        let deed = Deed::new(service, operation, region, params, named, self.now);
        self.deeds.push(deed.with(Ok(answer)));
    }

    /// Tags of a vault or a plan.
    pub(super) fn tag_in_backup(&mut self, region: &str, arn: &str, old: &Tags, new: &Tags) {
        let (set, removed) = tags(old, new);
        if !set.is_empty() {
            let set: Value = set.into_iter().map(|(key, value)| (key.clone(), json!(value))).collect();
            self.call(Service::Backup, region, "TagResource", json!({ "ResourceArn": arn, "Tags": set }));
        }
        if !removed.is_empty() {
            let params = json!({ "ResourceArn": arn, "TagKeyList": removed });
            self.call(Service::Backup, region, "UntagResource", params);
        }
    }

    /// Whether nobody put another policy. AWS itself rewrites those that name a role when the role is deleted.
    pub(super) fn is_same_policy(&self, old: &str, new: &str) -> bool {
        let rewritten = |text: String, (arn, id): &(String, String)| {
            policy::without_principal(&text, arn, id).unwrap_or(text)
        };
        old == new || self.gone.iter().fold(old.to_owned(), rewritten) == new
    }
}

/// Tags that were set, and the keys of those that were taken away.
pub(super) fn tags<'a>(old: &'a Tags, new: &'a Tags) -> (Vec<(&'a String, &'a String)>, Vec<&'a String>) {
    let set = new.iter().filter(|(key, value)| old.get(*key) != Some(value)).collect();
    (set, old.keys().filter(|key| !new.contains_key(*key)).collect())
}
