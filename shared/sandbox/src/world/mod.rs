//! Everything the sandbox knows, and where a call meets it.

mod accounts;
mod answering;
mod hooks;
mod past;

pub use accounts::World;
pub(crate) use answering::Sending;
pub(crate) use hooks::{Hook, Watcher};
