//! What the code needs: the actions that its reads and calls name, and those that AWS asks for besides.

use std::collections::BTreeSet;

use aws_account::permissions::{HISTORY, REPORT, reads};
use drift_tests::calls::samples;

/// Actions that no call of the code has the name of, each with who asks for it.
pub(crate) const DEPENDENT_READS: &[(&str, &str)] = &[
    ("kms:Decrypt", "SNS, for a topic that is encrypted with a customer key"),
    ("kms:GenerateDataKey*", "SNS, for a topic that is encrypted with a customer key"),
    ("logs:CreateLogStream", "Lambda, for the log"),
    ("logs:PutLogEvents", "Lambda, for the log"),
    ("sqs:SendMessage", "Lambda, for the on-failure destination"),
];
/// The same, for writes.
pub(crate) const DEPENDENT_WRITES: &[(&str, &str)] = &[
    ("backup-storage:MountCapsule", "CreateBackupVault"),
    ("iam:CreateServiceLinkedRole", "AWS Backup, when an account uses it for the first time"),
    ("iam:PassRole", "CreateBackupSelection"),
    ("kms:CreateGrant", "CreateBackupVault, for the vault's key"),
    ("kms:Decrypt", "CreateBackupVault, for the vault's key"),
    ("kms:GenerateDataKey", "CreateBackupVault, for the vault's key"),
    ("kms:RetireGrant", "CreateBackupVault, for the vault's key"),
];
/// Of the dependent ones, those that happen where the sandbox does not play.
pub(crate) const NOT_PLAYED: &[&str] = &[
    "iam:CreateServiceLinkedRole",
    "kms:GenerateDataKey*",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:SendMessage",
];

/// The actions of a function that only reports.
pub(crate) fn reading() -> BTreeSet<String> {
    let dependent = DEPENDENT_READS.iter().map(|(action, _)| *action);
    reads().chain([REPORT, HISTORY]).chain(dependent).map(str::to_owned).collect()
}

/// The actions of a function that repairs as well.
pub(crate) fn repairing() -> BTreeSet<String> {
    let dependent = DEPENDENT_WRITES.iter().map(|(action, _)| (*action).to_owned());
    let calls = samples().into_iter().map(|call| call.action().to_owned());
    reading().into_iter().chain(calls).chain(dependent).collect()
}
