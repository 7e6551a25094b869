//! An AWS account in a process: AWS Backup, KMS, IAM, STS, SNS, parameters and CloudTrail's event history on a loopback port,
//! well enough for unmodified clients, with a clock to move, faults to inject, and accounts to change behind their backs.
//!
//! It knows of no deployment. What builds one on it makes and changes accounts with [`Sandbox::replace`] and
//! [`Sandbox::change`], by calls or by hand in their [`state`], and adds [`Tool`]s over HTTP for doing so.

mod authorize;
mod backup;
mod caller;
mod calls;
mod change;
mod clock;
mod error;
mod faults;
mod iam;
mod ids;
mod invented;
mod kms;
mod messages;
mod operation;
mod page;
mod partition;
mod plant;
mod policy;
mod request;
mod sandbox;
mod sent;
mod server;
mod service;
mod services;
mod settings;
mod sns;
mod ssm;
pub mod state;
mod sts;
mod tools;
mod trail;
mod wire;
mod world;

pub use authorize::UnenforceablePolicy;
pub use backup::NoSuchVault;
pub use calls::Call;
pub use change::Change;
pub use error::AwsError;
pub use faults::{Fault, FaultKind};
pub use invented::Invented;
pub use messages::{Attribute, Message};
pub use sandbox::{Options, Sandbox};
pub use service::Service;
pub use settings::Settings;
pub use tools::{Tool, ToolAnswer, ToolRequest};
pub use trail::Actor;
pub use wire::DEFAULT_ACCOUNT;
pub use world::World;
