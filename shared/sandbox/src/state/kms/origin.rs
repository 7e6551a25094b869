//! Where the material of a key is.

use time::OffsetDateTime;

/// Where the material of a key comes from, and where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// KMS made it and keeps it.
    #[default]
    Kms,
    /// Somebody brings it, or has not yet.
    External {
        /// Whether it is there.
        imported: bool,
        /// When KMS deletes it, if ever.
        valid_to: Option<OffsetDateTime>,
    },
    /// It is in a CloudHSM cluster behind this key store.
    CloudHsm(String),
    /// It is outside of AWS, behind this key store.
    ExternalKeyStore(String),
}

impl Origin {
    /// AWS's own name.
    pub fn name(&self) -> &'static str {
        match self {
            Origin::Kms => "AWS_KMS",
            Origin::External { .. } => "EXTERNAL",
            Origin::CloudHsm(_) => "AWS_CLOUDHSM",
            Origin::ExternalKeyStore(_) => "EXTERNAL_KEY_STORE",
        }
    }

    /// The id of its custom key store.
    pub fn store(&self) -> Option<&str> {
        match self {
            Origin::CloudHsm(store) | Origin::ExternalKeyStore(store) => Some(store),
            Origin::Kms | Origin::External { .. } => None,
        }
    }
}
