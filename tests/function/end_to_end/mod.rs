//! End to end: the built Lambda binary behind the Runtime API, with a sandbox for an account.

mod again;
mod deadline;
mod delivery;
mod denied_reads;
mod events;
mod hold;
mod incidents;
mod log_lines;
mod look_alikes;
mod metrics;
mod modes;
mod never_weaker;
mod payloads;
mod policies;
mod settings;
mod stage;
mod who_did_it;
