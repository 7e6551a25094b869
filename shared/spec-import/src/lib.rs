//! From what is to what should be: an account, a Terraform state or plan, or a CloudFormation template becomes a commented spec.
//!
//! Each source is read into one form, [`Imported`], which is the resolved spec with notes, and one writer makes the text. Nothing here does
//! I/O; what a text says is never trusted.

pub mod account;
pub mod cloudformation;
mod error;
mod imported;
mod json;
pub mod terraform;
mod write;

pub use error::ImportError;
use imported::partition;
pub use imported::{Imported, LeftOut, UNKNOWN_ACCOUNT};
pub use write::{WriteError, Written, write};
