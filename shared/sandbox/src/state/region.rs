//! One region of an account.

use super::backup::Backup;
use super::kms::Kms;
use super::sns::Sns;
use crate::ids::Ids;
use crate::partition::partition;

/// One region of one account.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) ids: Ids,
    pub(crate) backup: Backup,
    pub(crate) kms: Kms,
    pub(crate) sns: Sns,
}

impl Region {
    pub(super) fn new(account: &str, name: &str) -> Region {
        Region {
            name: name.to_owned(),
            account: account.to_owned(),
            ids: Ids::new(format!("{account}/{name}")),
            backup: Backup::default(),
            kms: Kms::default(),
            sns: Sns::default(),
        }
    }

    pub(crate) fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{rest}", partition(&self.name), self.name, self.account)
    }
}
