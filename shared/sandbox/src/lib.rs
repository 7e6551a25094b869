//! An AWS account in a process: AWS Backup, KMS, IAM, STS, SNS and CloudTrail's event history on a loopback port, well
//! enough for unmodified clients, with a clock to move, faults to inject and named drifts to apply.

mod authorize;
mod backup;
mod calls;
mod clock;
mod drifts;
mod error;
mod faults;
mod iam;
mod ids;
mod kms;
mod messages;
mod operation;
mod page;
mod partition;
mod policy;
mod reference;
mod request;
mod sandbox;
mod server;
mod service;
mod services;
mod sns;
mod state;
mod sts;
mod tools;
mod trail;
mod wire;
mod world;

pub use authorize::UnenforceablePolicy;
pub use calls::Call;
pub use drifts::{DRIFTS, NamedDrift, UnknownDrift};
pub use faults::{Fault, FaultKind};
pub use messages::{Attribute, Message};
pub use reference::{DR_REGION, PRIMARY_REGION};
pub use sandbox::{Options, Sandbox};
pub use trail::Actor;
pub use wire::DEFAULT_ACCOUNT;

/// The topic of the reference deployment, in the default account.
pub const TOPIC_ARN: &str = "arn:aws:sns:us-east-1:123456789012:drift-healer";
