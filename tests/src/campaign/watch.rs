//! What has to hold of every single write of the function, at the moment at which AWS carries it out.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::Call;
use sandbox::state::{Account, Plan, Vault};
use serde_json::Value;

use super::case::{Case, DR, PRIMARY};
use super::strength::{denied, is_right_lock, kept, plans, selections, worse_lock};
use crate::model::desired;
use reconcile::desired::{Desired, SelectionDocument};

/// Sees the writes.
pub(super) struct Watch {
    desired: Desired,
    /// Keys that the function may write to: those that vaults of the spec have been on, and those that it made.
    keys: BTreeSet<String>,
    made_keys: BTreeMap<String, usize>,
    /// Plans of somebody else that have a name of ours.
    foreign_plans: BTreeSet<String>,
    unique_names: bool,
    /// Two functions at once can make a thing twice: both had looked.
    alone: bool,
    /// Nobody else does anything to keys, such as to change what ours is for, so that another one is needed.
    keys_alone: bool,
    /// Nobody else puts vault policies.
    policies_alone: bool,
    /// Nobody else puts locks.
    locks_alone: bool,
    /// Nobody else writes.
    undisturbed: bool,
    /// Selections that were deleted for one that has to follow.
    owed: BTreeSet<String>,
    last: Option<Call>,
    /// What did not hold.
    pub(super) violations: Vec<String>,
    /// Writes that took effect.
    pub(super) effective: usize,
}

impl Watch {
    pub(super) fn new(account: &Account, case: &Case) -> Watch {
        let desired = desired();
        let mut watch = Watch {
            keys: BTreeSet::new(),
            made_keys: BTreeMap::new(),
            foreign_plans: BTreeSet::new(),
            unique_names: case.unique_names,
            alone: case.second.is_none(),
            keys_alone: case.second.is_none()
                && case.meddling.iter().all(|one| !one.drift.starts_with("key-")),
            policies_alone: case.second.is_none()
                && case.meddling.iter().all(|one| !one.drift.starts_with("vault-policy")),
            locks_alone: case.second.is_none()
                && case.meddling.iter().all(|one| !one.drift.starts_with("vault-lock")),
            undisturbed: case.meddling.is_empty() && case.second.is_none(),
            owed: BTreeSet::new(),
            last: None,
            violations: Vec::new(),
            effective: 0,
            desired,
        };
        watch.keys = watch.named_keys(account);
        let others = || account.regions.values().flat_map(|region| region.backup.live_plans());
        let names: Vec<String> = watch.desired.plans.iter().map(|plan| plan.document.name.clone()).collect();
        for name in &names {
            let mut named: Vec<&Plan> = others().filter(|plan| plan.name() == name.as_str()).collect();
            named.sort_by_key(|plan| plan.versions.first().map(|version| version.created));
            watch.foreign_plans.extend(named.iter().skip(1).map(|plan| plan.id.clone()));
        }
        watch
    }

    /// Keys of the account that carry the spec's description, as the reference deployment made them, or that its vaults are on.
    fn named_keys(&self, account: &Account) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for (name, region) in &account.regions {
            let on = |vault: &&Vault| {
                self.desired.vaults.iter().any(|want| want.region == *name && want.name == vault.name)
            };
            keys.extend(region.backup.vaults.values().filter(on).map(|vault| vault.key.clone()));
            if keys.is_empty() {
                let oldest = region
                    .kms
                    .keys
                    .values()
                    .filter(|key| key.manager == "CUSTOMER")
                    .min_by_key(|key| key.created);
                keys.extend(oldest.map(|key| key.arn.clone()));
            }
        }
        keys
    }

    /// Judges a write by what it changed.
    pub(super) fn see(&mut self, call: &Call, before: &Account, after: &Account) {
        self.keys.extend(self.pinned(before));
        if let Err(why) = self.is_ours(call, before) {
            self.violates(call, &why);
        }
        let ok = call.status == 200 || call.status == 0;
        if !ok {
            return;
        }
        self.effective += usize::from(call.status == 200);
        for why in self.worse(call, before, after) {
            self.violates(call, &why);
        }
        // What is repeated on the way nobody can help.
        let repeated = self.last.replace(call.clone()).is_some_and(|last| {
            last.time == call.time && last.operation == call.operation && last.params == call.params
        });
        let twice = self.twice(call, before, after);
        for why in twice.into_iter().filter(|_| !repeated) {
            self.violates(call, &why);
        }
    }

    fn violates(&mut self, call: &Call, why: &str) {
        let params = call.params.to_string();
        self.violations.push(format!("{}:{} {why}; {params:.300}", call.service, call.operation));
    }

    fn pinned(&self, account: &Account) -> Vec<String> {
        let wanted = self.desired.vaults.iter();
        let vaults =
            wanted.filter_map(|want| account.regions.get(&want.region)?.backup.vaults.get(&want.name));
        vaults.map(|vault| vault.key.clone()).filter(|key| !key.is_empty()).collect()
    }

    /// Whether the write is about what the spec names.
    fn is_ours(&self, call: &Call, before: &Account) -> Result<(), String> {
        let text = |name: &str| call.params[name].as_str().unwrap_or_default();
        let vault = |name: &str| {
            self.desired.vaults.iter().any(|want| want.name == name && want.region == call.region)
        };
        let plan = |id: &str| -> bool {
            let plan = before.regions.get(&call.region).and_then(|region| region.backup.plans.get(id));
            let named = |plan: &Plan| self.desired.plans.iter().any(|want| want.document.name == plan.name());
            plan.is_none_or(named) && !self.foreign_plans.contains(id)
        };
        let key = |id: &str| self.keys.contains(id);
        let fits = match call.operation.as_str() {
            "CreateBackupVault" | "PutBackupVaultAccessPolicy" | "PutBackupVaultLockConfiguration" => {
                vault(text("BackupVaultName"))
            }
            "CreateBackupPlan" => {
                let name = call.params["BackupPlan"]["BackupPlanName"].as_str().unwrap_or_default();
                self.desired.plans.iter().any(|want| want.document.name == name)
            }
            "UpdateBackupPlan" | "CreateBackupSelection" | "DeleteBackupSelection" => {
                plan(text("BackupPlanId"))
            }
            "TagResource" if call.service == "backup" => {
                let (kind, name) = text("ResourceArn").rsplit_once(':').unwrap_or_default();
                if kind.ends_with("backup-vault") { vault(name) } else { plan(name) }
            }
            "UpdateRegionSettings" => [PRIMARY, DR].contains(&call.region.as_str()),
            "CreateRole" | "UpdateAssumeRolePolicy" | "AttachRolePolicy" | "TagRole" => {
                self.desired.role(text("RoleName")).is_some()
            }
            "CreateKey" => true,
            "CreateAlias" | "UpdateAlias" => {
                self.desired.key(&call.region, text("AliasName")).is_some() && key(text("TargetKeyId"))
            }
            "CancelKeyDeletion"
            | "EnableKey"
            | "EnableKeyRotation"
            | "UpdateKeyDescription"
            | "PutKeyPolicy"
            | "TagResource" => key(text("KeyId")),
            other => return Err(format!("{other} is no call of ours")),
        };
        if fits { Ok(()) } else { Err("is about what is not ours".to_owned()) }
    }

    /// What protects less after the write than before it, where the spec asks for it.
    fn worse(&mut self, call: &Call, before: &Account, after: &Account) -> Vec<String> {
        let mut worse = Vec::new();
        for want in &self.desired.vaults {
            let vault = |account: &Account| {
                account
                    .regions
                    .get(&want.region)
                    .and_then(|region| region.backup.vaults.get(&want.name))
                    .cloned()
            };
            let (Some(was), Some(is)) = (vault(before), vault(after)) else { continue };
            let lost: Vec<String> = denied(&was).difference(&denied(&is)).cloned().collect();
            // What somebody put in between cannot be known.
            if !lost.is_empty() && self.policies_alone {
                worse.push(format!("takes the denial of {lost:?} from {}", want.name));
            }
            worse.extend(worse_lock(was.lock, is.lock, call.time));
            let put = call.operation == "PutBackupVaultLockConfiguration"
                && call.params["BackupVaultName"] == want.name.as_str()
                && call.region == want.region;
            // What somebody wrote in between cannot be known.
            if put && self.locks_alone && is_right_lock(was.lock, call.time) && was.lock != is.lock {
                worse.push(format!("puts a lock that was right: {:?}, now {:?}", was.lock, is.lock));
            }
        }
        for want in &self.desired.plans {
            let name = &want.document.name;
            let (was, is) = (plans(before, &want.region, name), plans(after, &want.region, name));
            for old in &was {
                let Some(new) = is.iter().find(|new| new.id == old.id) else {
                    worse.push(format!("takes away the plan {name}"));
                    continue;
                };
                for rule in &want.document.rules {
                    let spec = rule.lifecycle.delete_after_days.unwrap_or(i64::MAX);
                    if kept(new, &rule.name).unwrap_or(0) < kept(old, &rule.name).unwrap_or(0).min(spec) {
                        worse.push(format!(
                            "keeps {name}/{} shorter than before and than the spec",
                            rule.name
                        ));
                    }
                }
                for selection in &want.selections {
                    let (had, has) = (selections(old, &selection.name), selections(new, &selection.name));
                    let full = format!("{name}/{}", selection.name);
                    if !had.is_empty() && has.is_empty() {
                        if self.unique_names {
                            self.owed.insert(full.clone());
                        } else {
                            worse.push(format!("leaves {full} without a selection"));
                        }
                    } else if !has.is_empty() {
                        self.owed.remove(&full);
                    }
                    let right = |one: &&Value| is_right(one, selection);
                    // What somebody changed since the look cannot be known.
                    if self.undisturbed && had.iter().any(right) && !has.iter().any(right) {
                        worse.push(format!("takes away the right selection {full}"));
                    }
                }
            }
        }
        worse
    }

    /// What there is twice by the write.
    fn twice(&mut self, call: &Call, before: &Account, after: &Account) -> Vec<String> {
        let mut twice = Vec::new();
        match call.operation.as_str() {
            "CreateKey" => {
                let new = |account: &Account| {
                    account
                        .regions
                        .get(&call.region)
                        .map(|region| region.kms.keys.keys().cloned().collect::<BTreeSet<_>>())
                        .unwrap_or_default()
                };
                let made: Vec<String> = new(after).difference(&new(before)).cloned().collect();
                for id in made {
                    let arn = after
                        .regions
                        .get(&call.region)
                        .and_then(|region| region.kms.keys.get(&id))
                        .map(|key| key.arn.clone());
                    self.keys.extend(arn);
                    let count = self.made_keys.entry(call.region.clone()).or_default();
                    *count += 1;
                    if *count > 1 && self.keys_alone {
                        twice.push("makes a second key".to_owned());
                    }
                }
            }
            "CreateBackupPlan" => {
                for want in &self.desired.plans {
                    let count = |account: &Account| plans(account, &want.region, &want.document.name).len();
                    if count(before) >= 1 && count(after) > count(before) && self.alone {
                        twice.push(format!("makes a second plan {}", want.document.name));
                    }
                }
            }
            "CreateBackupSelection" => {
                for want in &self.desired.plans {
                    for old in plans(before, &want.region, &want.document.name) {
                        let Some(new) = plans(after, &want.region, &want.document.name)
                            .into_iter()
                            .find(|new| new.id == old.id)
                        else {
                            continue;
                        };
                        for selection in &want.selections {
                            let right = |one: &&&Value| is_right(one, selection);
                            let count =
                                |plan: &Plan| selections(plan, &selection.name).iter().filter(right).count();
                            if count(old) >= 1 && count(new) > count(old) && self.alone {
                                twice.push(format!("makes {}/{} twice", want.document.name, selection.name));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        twice
    }

    /// Selections that are gone and have not come back.
    pub(super) fn owed(&self) -> impl Iterator<Item = &String> {
        self.owed.iter()
    }
}

/// Whether a selection is the spec's; those of the reference deployment have neither tags nor conditions.
fn is_right(document: &Value, want: &SelectionDocument) -> bool {
    let texts = |name: &str| -> BTreeSet<String> {
        let all = document[name].as_array().into_iter().flatten();
        all.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let conditions = document["Conditions"].as_object().into_iter().flat_map(|all| all.values());
    let tags = document["ListOfTags"].as_array().into_iter().flatten();
    texts("Resources") == want.resources
        && texts("NotResources") == want.not_resources
        && document["IamRoleArn"] == want.role_arn.as_str()
        && conditions.filter_map(Value::as_array).flatten().chain(tags).next().is_none()
}
