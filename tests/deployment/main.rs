//! The function's policy in `infra/` and the code: what is given is what is needed, and what is needed is given.
#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test")]

mod defaults;
mod documents;
mod enforced;
mod hostile;
mod needed;
mod template;
mod threats;
