//! The IAM actions that the SDK calls here need, so that a deployment can be given exactly these. A read and a call carry their own
//! ([`reconcile::read::Read::action`], [`reconcile::call::Call::action`]).

use reconcile::read::Read;

/// The IAM action of every read.
pub fn reads() -> impl Iterator<Item = &'static str> {
    Read::ALL.iter().map(|read| read.action())
}

/// The IAM action by which a report says who did it. Without it the report says that this is not known.
pub const HISTORY: &str = "cloudtrail:LookupEvents";

/// The IAM action by which a report at a terminal says the account's alias beside its number.
pub const ALIAS: &str = "iam:ListAccountAliases";

/// The IAM action of a report's way out. Asking STS who one is needs none.
pub const REPORT: &str = "sns:Publish";
