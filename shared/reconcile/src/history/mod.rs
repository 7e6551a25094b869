//! Who did it: the writes that CloudTrail tells of, which of them explains a finding, and how often we repaired the same before.
//!
//! Nothing here decides what is repaired. A record is anybody's JSON: a member that is missing costs that member only.

mod actor;
mod attribution;
mod bearing;
mod clients;
mod events;
mod explain;
mod write;

pub use actor::{APP, Principal, RoleName};
pub use attribution::{Attribution, Doubt};
pub use clients::Client;
pub use events::repaired_by;
pub use explain::{Asked, Contention, Explained, Question, is_explicable, nothing_was_there, questions};
pub use write::{Write, line};

/// Over how much time repairs of one resource are counted.
pub const WINDOW: time::Duration = time::Duration::hours(24);

/// How far CloudTrail's event history lags behind ("Viewing events with CloudTrail event history").
pub const LAG: time::Duration = time::Duration::minutes(15);

/// From this repair of one resource within [`WINDOW`] on, somebody is taken to be undoing them.
pub const CONTESTED_FROM: usize = 3;

/// IAM has one region in each partition. Its calls are recorded there, whatever the deployment's regions.
pub fn iam_region(partition: &str) -> &'static str {
    match partition {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        _ => "us-east-1",
    }
}
