//! Things that go wrong on request: refusals, delays, lost connections, broken answers, stale reads, and changes in between.

mod fault;
mod kind;
mod planned;

pub use fault::Fault;
pub use kind::FaultKind;
pub(crate) use planned::{Faults, Plan};
