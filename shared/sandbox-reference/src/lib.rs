//! Deployments in a sandbox, and named drifts: what a person, a script or an attacker can really do to such
//! an account. The sandbox itself knows of neither.

mod acme;
mod deployment;
mod drifts;
mod reference;
mod tools;

use sandbox::{AwsError, DEFAULT_ACCOUNT, Options, Sandbox};

pub use acme::ACME_REGION;
pub use deployment::Deployment;
pub use drifts::{DRIFTS, NamedDrift, UnknownDrift};
pub use reference::{DR_REGION, PRIMARY_REGION, TOPIC_ARN};
pub use tools::TOOLS;

/// Options of a sandbox whose callers are the function, unless somebody else is named, and which has [`TOOLS`].
pub fn options() -> Options {
    Options { role: "drift-healer", tools: TOOLS, ..Options::default() }
}

/// Replaces what the default account holds by a deployment, with locks put now.
///
/// # Errors
/// When AWS would refuse a part of the deployment.
pub fn deploy(sandbox: &Sandbox, deployment: Deployment) -> Result<(), AwsError> {
    sandbox.replace(DEFAULT_ACCOUNT, |change| deployment.make(change))
}

/// Applies a drift of [`DRIFTS`] to the default account: a name, or a name and its target as `name:target`.
///
/// # Errors
/// When there is no such drift, the account does not hold what it is to change, or AWS refuses it.
pub fn drift(sandbox: &Sandbox, name: &str) -> Result<(), UnknownDrift> {
    sandbox.change(DEFAULT_ACCOUNT, |change| drifts::apply(change, name))
}
