//! What the code needs: the actions that its reads and calls name, and those that AWS asks for besides.

use std::collections::BTreeSet;

use aws_account::permissions::{HISTORY, REPORT, reads};
use reconcile::call::Call;
use reconcile::desired::{PlanDocument, SelectionDocument, Tags};
use reconcile::state::Notifications;
use strum::VariantNames;

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

/// One call of each kind.
pub(crate) fn samples() -> Vec<Call> {
    let s = String::new;
    let tags = Tags::new;
    let plan = PlanDocument {
        name: s(),
        rules: Vec::new(),
        advanced_settings: Default::default(),
        scan_settings: None,
    };
    let selection = SelectionDocument {
        name: s(),
        role_arn: s(),
        resources: Default::default(),
        not_resources: Default::default(),
        tags: Default::default(),
        conditions: Default::default(),
    };
    let calls = vec![
        Call::CreateRole { role: s(), path: s(), trust: s(), boundary: None, tags: tags() },
        Call::UpdateAssumeRolePolicy { role: s(), trust: s() },
        Call::AttachRolePolicy { role: s(), policy_arn: s() },
        Call::TagRole { role: s(), tags: tags() },
        Call::CreateKey { region: s(), description: s(), policy: None, tags: tags() },
        Call::CancelKeyDeletion { region: s(), key_arn: s() },
        Call::EnableKey { region: s(), key_arn: s() },
        Call::EnableKeyRotation { region: s(), key_arn: s(), period_days: None },
        Call::UpdateKeyDescription { region: s(), key_arn: s(), description: s() },
        Call::PutKeyPolicy { region: s(), key_arn: s(), policy: s() },
        Call::TagKey { region: s(), key_arn: s(), tags: tags() },
        Call::CreateAlias { region: s(), alias: s(), key_arn: s() },
        Call::UpdateAlias { region: s(), alias: s(), key_arn: s() },
        Call::CreateBackupVault { region: s(), vault: s(), key_arn: Some(s()), tags: tags() },
        Call::PutBackupVaultAccessPolicy { region: s(), vault: s(), policy: s() },
        Call::PutBackupVaultLockConfiguration {
            region: s(),
            vault: s(),
            changeable_for_days: None,
            min_retention_days: None,
            max_retention_days: None,
        },
        Call::CreateBackupPlan { region: s(), document: plan.clone(), tags: tags() },
        Call::UpdateBackupPlan { region: s(), plan_id: s(), document: plan, replaces: Default::default() },
        Call::CreateBackupSelection { region: s(), plan_id: s(), document: selection },
        Call::DeleteBackupSelection { region: s(), plan_id: s(), selection_id: s() },
        Call::TagBackupResource { region: s(), arn: s(), tags: tags() },
        Call::PutBackupVaultNotifications {
            region: s(),
            vault: s(),
            notifications: Notifications { topic: s(), events: Default::default() },
        },
        Call::UpdateRegionSettings {
            region: s(),
            opt_in: Default::default(),
            management: Default::default(),
        },
    ];
    let sampled: BTreeSet<&str> = calls.iter().map(|call| call.into()).collect();
    let known: BTreeSet<&str> = Call::VARIANTS.iter().copied().collect();
    assert_eq!(sampled, known, "every kind of call has one sample here");
    calls
}
