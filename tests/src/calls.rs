//! One call of each kind, for the suites that go through all of them.

use std::collections::BTreeSet;

use reconcile::call::{Call, Replaced};
use reconcile::desired::{PlanDocument, SelectionDocument, Tags};
use reconcile::state::Notifications;
use strum::VariantNames;

/// One call of each kind.
pub fn samples() -> Vec<Call> {
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
        Call::UpdateBackupPlan { region: s(), plan_id: s(), document: plan, replaces: Replaced::default() },
        Call::CreateBackupSelection { region: s(), plan_id: s(), document: selection },
        Call::DeleteBackupSelection {
            region: s(),
            plan_id: s(),
            selection_id: s(),
            unknown_members: [s()].into(),
        },
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
