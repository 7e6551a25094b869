//! Members that no model has, added to answers: what a client meets when AWS is newer than its SDK.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::service::Service;

/// A member that is added to the successful answers of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invented {
    /// The service, such as `backup`.
    pub service: String,
    /// The operation, such as `GetBackupPlan`.
    pub operation: String,
    /// Where in the answer, as a JSON pointer in which `*` is every item of a list: `/BackupPlan/Rules/*`. The answer itself,
    /// if it is empty.
    #[serde(default)]
    pub at: String,
    /// The member's name.
    pub member: String,
    /// Its value.
    pub value: Value,
}

impl Invented {
    pub(crate) fn add(&self, service: Service, operation: &str, answer: &mut Value) {
        if self.service == service.name() && self.operation == operation {
            let at: Vec<&str> = self.at.split('/').skip(1).collect();
            self.put(&at, answer);
        }
    }

    fn put(&self, at: &[&str], value: &mut Value) {
        match (at.split_first(), value) {
            (None, Value::Object(members)) => {
                members.insert(self.member.clone(), self.value.clone());
            }
            (Some((&"*", rest)), Value::Array(items)) => {
                items.iter_mut().for_each(|item| self.put(rest, item))
            }
            (Some((name, rest)), value) => {
                if let Some(inner) = value.pointer_mut(&format!("/{name}")) {
                    self.put(rest, inner);
                }
            }
            (None, _) => {}
        }
    }
}
