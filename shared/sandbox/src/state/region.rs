//! One region of an account.

use super::backup::Backup;
use super::kms::Kms;
use super::sns::Sns;
use super::ssm::Ssm;
use crate::ids::Ids;
use crate::partition::partition;

/// One region of one account.
#[derive(Debug, Clone)]
pub struct Region {
    /// Its name, such as `us-east-1`.
    pub name: String,
    /// The id of the account.
    pub account: String,
    /// AWS Backup.
    pub backup: Backup,
    /// KMS.
    pub kms: Kms,
    /// SNS.
    pub sns: Sns,
    /// Systems Manager.
    pub ssm: Ssm,
    pub(crate) ids: Ids,
}

impl Region {
    pub(super) fn new(account: &str, name: &str) -> Region {
        Region {
            name: name.to_owned(),
            account: account.to_owned(),
            backup: Backup::default(),
            kms: Kms::default(),
            sns: Sns::default(),
            ssm: Ssm::default(),
            ids: Ids::new(format!("{account}/{name}")),
        }
    }

    /// The ARN of something of a service here, such as `backup` and `backup-vault:NAME`.
    pub fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{rest}", partition(&self.name), self.name, self.account)
    }
}
