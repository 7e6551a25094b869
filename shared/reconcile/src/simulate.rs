//! What a call would do: a model of AWS, just good enough to preview every pass of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use crate::call::{Call, CallError};
use crate::desired::{Desired, Tags};
use crate::identity::default_key_policy;
use crate::run::Account;
use crate::state::{
    AVAILABLE, AWS_KMS, BACKUP_VAULT, ENCRYPT_DECRYPT, Key, KeyState, Lock, LockPut, MultiRegion,
    Observation, Observed, Plan, PlanCandidate, Role, Rotation, SYMMETRIC, Selection, Vault, place,
};

/// An account that is only thought of: starts as what was observed, and takes every call.
#[derive(Debug)]
pub struct Preview {
    desired: Desired,
    observed: Mutex<Observed>,
}

impl Preview {
    /// A preview that starts from what was observed.
    pub fn new(desired: &Desired, observed: Observed) -> Self {
        Self { desired: desired.clone(), observed: Mutex::new(observed) }
    }
}

impl Account for Preview {
    async fn observe(&self, _desired: &Desired) -> Observed {
        self.observed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn apply(&self, call: &Call) -> Result<(), CallError> {
        simulate(&mut self.observed.lock().unwrap_or_else(PoisonError::into_inner), &self.desired, call);
        Ok(())
    }

    async fn settle(&self) {}

    async fn wait_to_agree(&self) -> bool {
        true
    }

    fn has_time_for(&self, _calls: usize) -> bool {
        true
    }
}

/// Changes what was observed as the call would change the account.
pub fn simulate(observed: &mut Observed, desired: &Desired, call: &Call) {
    match call {
        Call::CreateRole { role, trust, boundary, tags, .. } => {
            let made = Role {
                arn: desired.role(role).map(|role| role.arn.clone()).unwrap_or_default(),
                created: Some(observed.at),
                last_used: None,
                trust: trust.clone(),
                boundary: boundary.clone(),
                attached: Observation::Present(BTreeSet::new()),
                inline: Observation::Present(BTreeMap::new()),
                denied_actions: Observation::Absent,
                tags: tags.clone(),
            };
            observed.roles.insert(role.clone(), Observation::Present(made));
        }
        Call::UpdateAssumeRolePolicy { role, trust } => {
            change_role(observed, role, |role| role.trust.clone_from(trust));
        }
        Call::AttachRolePolicy { role, policy_arn } => change_role(observed, role, |role| {
            if let Observation::Present(attached) = &mut role.attached {
                attached.insert(policy_arn.clone());
            }
        }),
        Call::TagRole { role, tags } => change_role(observed, role, |role| role.tags.extend(tags.clone())),
        Call::CreateKey { region, description, policy, tags } => {
            create_key(observed, desired, region, description, policy.as_ref(), tags);
        }
        Call::CancelKeyDeletion { key_arn, .. } => change_key(observed, key_arn, |key| {
            key.state = KeyState::Disabled;
            // Rotation reads false while a key is pending deletion, and what it was comes back with the rescue: a preview
            // cannot know it and takes it to be on.
            if let Observation::Present(rotation) = &mut key.rotation {
                rotation.enabled = true;
            }
        }),
        Call::EnableKey { key_arn, .. } => change_key(observed, key_arn, |key| key.state = KeyState::Enabled),
        Call::EnableKeyRotation { key_arn, period_days, .. } => change_key(observed, key_arn, |key| {
            // AWS takes a year when no period is given ("EnableKeyRotation").
            key.rotation =
                Observation::Present(Rotation { enabled: true, period_days: period_days.or(Some(365)) });
        }),
        Call::UpdateKeyDescription { key_arn, description, .. } => {
            change_key(observed, key_arn, |key| key.description.clone_from(description));
        }
        Call::PutKeyPolicy { key_arn, policy, .. } => {
            change_key(observed, key_arn, |key| key.policy = Observation::Present(policy.clone()));
        }
        Call::TagKey { key_arn, tags, .. } => {
            change_key(observed, key_arn, |key| add_tags(&mut key.tags, tags))
        }
        Call::CreateAlias { region, alias, key_arn } | Call::UpdateAlias { region, alias, key_arn } => {
            observed.aliases.insert(place(region, alias), Observation::Present(key_arn.clone()));
        }
        Call::CreateBackupVault { region, vault, key_arn, tags } => {
            let arn = desired
                .vaults
                .iter()
                .find(|want| want.region == *region && want.name == *vault)
                .map(|want| want.arn.clone());
            let made = Vault {
                arn: arn.unwrap_or_default(),
                key_arn: key_arn.clone().unwrap_or_else(|| managed_key(observed, desired, region)),
                vault_type: BACKUP_VAULT.to_owned(),
                created: Some(observed.at),
                state: AVAILABLE.to_owned(),
                recovery_points: Some(0),
                namesakes: BTreeSet::new(),
                lock_puts: Observation::Absent,
                notifications: Observation::Absent,
                lock: Lock::default(),
                tags: Observation::Present(tags.clone()),
                policy: Observation::Absent,
            };
            observed.vaults.insert(place(region, vault), Observation::Present(made));
        }
        Call::PutBackupVaultAccessPolicy { region, vault, policy } => {
            if let Some(Observation::Present(vault)) = observed.vaults.get_mut(&place(region, vault)) {
                vault.policy = Observation::Present(policy.clone());
            }
        }
        Call::PutBackupVaultLockConfiguration {
            region,
            vault,
            changeable_for_days,
            min_retention_days,
            max_retention_days,
        } => {
            let at = observed.at;
            if let Some(Observation::Present(vault)) = observed.vaults.get_mut(&place(region, vault)) {
                vault.lock = Lock {
                    locked: true,
                    min_retention_days: *min_retention_days,
                    max_retention_days: *max_retention_days,
                    lock_date: changeable_for_days.map(|days| at + Duration::days(days)),
                };
                if let Observation::Present(puts) = &mut vault.lock_puts {
                    puts.push(LockPut {
                        at,
                        ours: true,
                        grace_days: *changeable_for_days,
                        limits: (*min_retention_days, *max_retention_days),
                        removal: false,
                    });
                }
            }
        }
        Call::PutBackupVaultNotifications { region, vault, notifications } => {
            if let Some(Observation::Present(vault)) = observed.vaults.get_mut(&place(region, vault)) {
                vault.notifications = Observation::Present(notifications.clone());
            }
        }
        Call::CreateBackupPlan { region, document, tags } => {
            let id = format!("{}-to-be-made", document.name);
            let made = Plan {
                id: id.clone(),
                arn: format!("{}-to-be-made", document.name),
                version: "to-be-made".to_owned(),
                last_run: None,
                next_runs: Vec::new(),
                document: document.as_stored(),
                unknown_members: BTreeSet::new(),
                tags: Observation::Present(tags.clone()),
                selections: Observation::Present(Vec::new()),
            };
            let made = PlanCandidate { id, created: Some(observed.at), plan: Observation::Present(made) };
            observed.plans.insert(place(region, &document.name), Observation::Present(vec![made]));
        }
        Call::UpdateBackupPlan { plan_id, document, .. } => {
            change_plan(observed, |plan| {
                if plan.id == *plan_id {
                    plan.document = document.as_stored();
                    plan.unknown_members.clear();
                }
            });
        }
        Call::CreateBackupSelection { plan_id, document, .. } => change_plan(observed, |plan| {
            if plan.id == *plan_id
                && let Observation::Present(selections) = &mut plan.selections
            {
                let document_seen = Observation::Present(document.clone());
                let id = format!("{}-to-be-made-{}", document.name, selections.len());
                selections.push(Selection {
                    id,
                    name: document.name.clone(),
                    document: document_seen,
                    unknown_members: BTreeSet::new(),
                });
            }
        }),
        Call::DeleteBackupSelection { selection_id, .. } => change_plan(observed, |plan| {
            if let Observation::Present(selections) = &mut plan.selections {
                selections.retain(|one| one.id != *selection_id);
            }
        }),
        Call::UpdateRegionSettings { region, opt_in, management } => {
            let settings = observed.region_settings.get_mut(region).and_then(Observation::present_mut);
            if let Some(settings) = settings {
                settings.opt_in.extend(opt_in.iter().map(|kind| (kind.clone(), true)));
                settings.management.extend(management.iter().map(|kind| (kind.clone(), true)));
            }
        }
        Call::TagBackupResource { arn, tags, .. } => {
            for vault in observed.vaults.values_mut().filter_map(Observation::present_mut) {
                if vault.arn == *arn {
                    add_tags(&mut vault.tags, tags);
                }
            }
            change_plan(observed, |plan| {
                if plan.arn == *arn {
                    add_tags(&mut plan.tags, tags);
                }
            });
        }
    }
}

fn create_key(
    observed: &mut Observed,
    desired: &Desired,
    region: &str,
    description: &str,
    policy: Option<&String>,
    tags: &Tags,
) {
    let arn = format!("arn:{}:kms:{region}:{}:key/to-be-made", desired.partition, desired.account);
    let policy = policy.cloned().unwrap_or_else(|| default_key_policy(&desired.partition, &desired.account));
    let key = Key {
        customer_managed: true,
        description: description.to_owned(),
        rotation: Observation::Present(Rotation { enabled: false, period_days: None }),
        policy: Observation::Present(policy),
        grants: Observation::Present(Vec::new()),
        tags: Observation::Present(tags.clone()),
        ..managed_by_aws(&arn, observed.at)
    };
    observed.keys.insert(arn.clone(), Observation::Present(key));
    observed.made_by_us.insert(arn.clone(), Observation::Present(true));
    for key in desired.keys.iter().filter(|key| key.region == region && key.description == description) {
        observed.unaliased.insert(place(&key.region, &key.alias), Observation::Present(vec![arn.clone()]));
    }
}

/// The key that AWS manages; its id is not known before it is there.
fn managed_key(observed: &mut Observed, desired: &Desired, region: &str) -> String {
    let arn = format!("arn:{}:kms:{region}:{}:key/managed-by-aws", desired.partition, desired.account);
    let key = managed_by_aws(&arn, observed.at);
    observed.keys.entry(arn.clone()).or_insert(Observation::Present(key));
    arn
}

fn managed_by_aws(arn: &str, at: OffsetDateTime) -> Key {
    Key {
        arn: arn.to_owned(),
        state: KeyState::Enabled,
        spec: SYMMETRIC.to_owned(),
        usage: ENCRYPT_DECRYPT.to_owned(),
        customer_managed: false,
        created: Some(at),
        origin: AWS_KMS.to_owned(),
        valid_to: None,
        multi_region: MultiRegion::No,
        description: String::new(),
        rotation: Observation::Absent,
        policy: Observation::Absent,
        shared: Observation::Absent,
        grants: Observation::Absent,
        tags: Observation::Absent,
    }
}

fn change_role(observed: &mut Observed, name: &str, change: impl FnOnce(&mut Role)) {
    if let Some(Observation::Present(role)) = observed.roles.get_mut(name) {
        change(role);
    }
}

fn change_key(observed: &mut Observed, arn: &str, change: impl FnOnce(&mut Key)) {
    if let Some(Observation::Present(key)) = observed.keys.get_mut(arn) {
        change(key);
    }
}

fn change_plan(observed: &mut Observed, mut change: impl FnMut(&mut Plan)) {
    let candidates = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
    for plan in candidates.filter_map(|candidate| candidate.plan.present_mut()) {
        change(plan);
    }
}

fn add_tags(seen: &mut Observation<Tags>, tags: &Tags) {
    match seen {
        Observation::Present(seen) => seen.extend(tags.clone()),
        Observation::Absent | Observation::Unreadable(_) => *seen = Observation::Present(tags.clone()),
    }
}
