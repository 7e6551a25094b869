//! Plan documents: what AWS refuses in them, and the defaults that it fills in.

mod actions;
mod lifecycle;
mod members;
mod plan;
mod rule;

pub(super) use plan::stored;
