//! Which accounts can be deployed.

use sandbox::{AwsError, Change};

use crate::{acme, reference};

/// An account as somebody designed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deployment {
    /// The one that the embedded spec describes.
    Reference,
    /// One that shares no name and no value with it.
    Acme,
}

impl Deployment {
    /// Every deployment.
    pub const ALL: &[Deployment] = &[Deployment::Reference, Deployment::Acme];

    /// What callers from outside name it by.
    pub fn name(self) -> &'static str {
        match self {
            Deployment::Reference => "reference",
            Deployment::Acme => "acme",
        }
    }

    pub(crate) fn make(self, change: &mut Change<'_>) -> Result<(), AwsError> {
        match self {
            Deployment::Reference => reference::make(change),
            Deployment::Acme => acme::make(change),
        }
    }
}
