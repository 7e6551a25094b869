//! Who did it: the calls that CloudTrail tells of, which of them explains a finding, and how often we repaired the same before.
//!
//! Nothing here decides what is repaired. A record is anybody's JSON: a member that is missing costs that member only.

mod actor;
mod attribution;
mod clients;
mod contention;
mod principal;
mod question;
mod recorded_call;
mod relevance;
mod story;
mod times;
mod who;

pub use actor::RoleName;
pub use attribution::{Attribution, Doubt};
pub use clients::Client;
pub use contention::Contention;
pub use principal::{APP, Principal};
pub use question::{Asked, Question, questions};
pub use recorded_call::{RecordedCall, bounded};
pub use story::{Records, Stories, Story, is_explicable, nothing_was_there};
pub use times::{CONTESTED_FROM, LAG, WINDOW};
pub use who::{call_in_words, evidence, short_actor};
