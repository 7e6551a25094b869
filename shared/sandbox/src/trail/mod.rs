//! The trail: what CloudTrail's event history tells of an account. Every call that is to change something is recorded
//! here, and so are the calls that a change from outside stands for. AWS's history holds reads as well; they are left out here,
//! because nobody who uses the sandbox asks for them. So are messages, which SNS tells only as data events.

mod deed;
mod difference;
mod history;
mod identity;
mod lookup;
mod named;
mod record;
mod resources;
mod told;

pub(crate) use deed::Deed;
pub(crate) use difference::between;
pub(crate) use history::Trail;
pub use identity::Actor;
pub(crate) use lookup::OPERATIONS;
pub(crate) use named::named;
