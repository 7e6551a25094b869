//! Named drifts: each is something that a person, a script or an attacker can really do to an account.

mod account;
mod apply;
mod key;
mod named;
mod plan;
mod region;
mod replaced;
mod role;
mod rule;
mod selection;
mod table;
mod vault;

pub use apply::UnknownDrift;
pub(crate) use apply::apply;
pub use named::NamedDrift;
pub use table::DRIFTS;
