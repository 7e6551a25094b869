//! AWS Backup: vaults with their policies and locks, plans, selections and recovery points.

mod access_policies;
mod admission;
mod locks;
mod names;
mod operations;
mod plans;
mod recovery_points;
mod rules;
mod selections;
mod tags;
mod vaults;

pub(crate) use operations::{OPERATIONS, QUERY_NAMES, ROUTES};
pub(crate) use plans::{deleted as plan_deleted, store_version, written as plan_written};
pub(crate) use rules::document as plan_document;
pub(crate) use selections::{document as selection_document, written as selection_written};
pub(crate) use vaults::{CUSTOMER_KEY, STANDARD, written as vault_written};
