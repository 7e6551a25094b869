//! AWS Backup: vaults with their policies and locks, plans, selections and recovery points.

mod access_policies;
mod admission;
mod air_gapped;
mod documents;
mod jobs;
mod locks;
mod names;
mod notifications;
mod operations;
mod plans;
mod preview;
mod recovery_points;
mod region_settings;
mod schedule;
mod selections;
mod tags;
mod vaults;

pub(crate) use admission::is_on_recovery_points;
pub(crate) use operations::{OPERATIONS, QUERY_NAMES, ROUTES};
pub(crate) use plans::{deleted as plan_deleted, updated as plan_updated, written as plan_written};
pub use recovery_points::NoSuchVault;
pub(crate) use recovery_points::{add as add_recovery_point, add_of_type as add_recovery_point_of_type};
pub(crate) use selections::written as selection_written;
pub(crate) use vaults::{AIR_GAPPED, AWS_KEY, CUSTOMER_KEY, STANDARD, written as vault_written};
