//! The tools over HTTP, for clients in other languages: the sandbox's own, and those that somebody adds.

mod before;
mod own;
mod tool;

pub(crate) use before::before;
pub(crate) use own::{PREFIX, answer};
pub use tool::{Tool, ToolAnswer, ToolRequest};
