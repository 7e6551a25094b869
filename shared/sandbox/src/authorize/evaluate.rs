//! One need against the statements: an explicit denial wins, and what nothing allows is denied.

use serde_json::Value;

use super::need::Need;
use crate::policy::{applies, is_deny};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Allowed,
    Denied,
    NotAllowed,
}

pub(super) fn decide(statements: &[Value], need: &Need) -> Decision {
    let concerned = |statement: &&Value| applies(statement, &need.action, &need.resource, &need.context);
    let (denials, grants): (Vec<&Value>, Vec<&Value>) =
        statements.iter().filter(concerned).partition(|statement| is_deny(statement));
    match (denials.is_empty(), grants.is_empty()) {
        (false, _) => Decision::Denied,
        (true, true) => Decision::NotAllowed,
        (true, false) => Decision::Allowed,
    }
}
