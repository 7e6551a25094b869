//! Which accounts can be deployed.

use sandbox::{AwsError, Change};

use crate::reference;

/// An account as somebody designed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deployment {
    /// The one that the embedded spec describes.
    Reference,
}

impl Deployment {
    /// Every deployment.
    pub const ALL: &[Deployment] = &[Deployment::Reference];

    /// What callers from outside name it by.
    pub fn name(self) -> &'static str {
        match self {
            Deployment::Reference => "reference",
        }
    }

    pub(crate) fn make(self, change: &mut Change<'_>) -> Result<(), AwsError> {
        match self {
            Deployment::Reference => reference::make(change),
        }
    }
}
