//! Every single way to drift, on whatever the spec puts first: its first key, vault, plan, rule and selection.

use reconcile::call::CallError;
use reconcile::desired::{
    AdvancedSetting, Copy, CopyLifecycle, CopyRetention, Desired, Rule, ScanAction, SelectionCondition,
    SelectionDocument, TagCondition,
};
use reconcile::desired::{ConditionOperator, DesiredVault};
use reconcile::read::{Read, Refusal};
use reconcile::state::{
    Grant, Key, KeyState, Lock, LockPut, MultiRegion, Observation, Observed, Place, Plan, PlanCandidate,
    RegionSettings, Role, Selection, Vault, place,
};
use serde_json::{Value, json};
use time::Duration;

use super::{NOW, refused};

/// One way to drift.
pub struct ModelDrift {
    /// The code that it brings about, as [`reconcile::drift::Code::id`] writes it.
    pub code: &'static str,
    /// How, where there are several ways.
    pub how: &'static str,
    /// What it does to an account that is in sync; nothing, where the spec has nothing of the sort.
    pub apply: fn(&mut Observed, &Desired),
}

impl ModelDrift {
    /// Code and way, for messages.
    pub fn name(&self) -> String {
        [self.code, self.how].join(" ").trim_end().to_owned()
    }
}

fn role<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut Role> {
    observed.roles.get_mut(&role_name(desired))?.present_mut()
}

fn role_name(desired: &Desired) -> String {
    desired.roles[0].name.clone()
}

fn alias_place(desired: &Desired) -> Place {
    let key = &desired.keys[0];
    place(&key.region, &key.alias)
}

fn key_arn(observed: &Observed, desired: &Desired) -> Option<String> {
    let behind_alias = observed.aliases.get(&alias_place(desired)).and_then(|alias| alias.present().cloned());
    let region = format!(":{}:", desired.keys[0].region);
    behind_alias.or_else(|| observed.keys.keys().find(|arn| arn.contains(&region)).cloned())
}

fn key<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut Key> {
    let arn = key_arn(observed, desired)?;
    observed.keys.get_mut(&arn)?.present_mut()
}

fn first_vault(desired: &Desired) -> &DesiredVault {
    // Of the reference's the daily one: rules of two plans write to it.
    desired.vaults.iter().find(|vault| vault.name.contains("daily")).unwrap_or(&desired.vaults[0])
}

fn vault_place(desired: &Desired) -> Place {
    let vault = first_vault(desired);
    place(&vault.region, &vault.name)
}

fn vault<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut Vault> {
    observed.vaults.get_mut(&vault_place(desired))?.present_mut()
}

fn plan_place(desired: &Desired) -> Place {
    let plan = &desired.plans[0];
    place(&plan.region, &plan.document.name)
}

/// The plan of a name that is the deployment's, if nobody made another one.
fn plan_named<'o>(observed: &'o mut Observed, place: &Place) -> Option<&'o mut Plan> {
    observed.plans.get_mut(place)?.present_mut()?.first_mut()?.plan.present_mut()
}

fn plan<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut Plan> {
    plan_named(observed, &plan_place(desired))
}

/// Puts another plan of the name beside the one that is there.
fn another_plan(observed: &mut Observed, desired: &Desired, id: &str, change: fn(&mut PlanCandidate)) {
    let Some(Observation::Present(candidates)) = observed.plans.get_mut(&plan_place(desired)) else { return };
    let Some(mut other) = candidates.first().cloned() else { return };
    other.id = id.to_owned();
    if let Observation::Present(plan) = &mut other.plan {
        plan.id = id.to_owned();
        plan.arn = format!("{}-{id}", plan.arn);
    }
    change(&mut other);
    candidates.push(other);
}

fn each_candidate(observed: &mut Observed, change: fn(&mut Plan)) {
    let candidates = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
    candidates.filter_map(|one| one.plan.present_mut()).for_each(change);
}

/// The first rule that copies.
fn rule<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut Rule> {
    let copies = |rule: &&Rule| !rule.copies.is_empty();
    let name = &desired.plans[0].document.rules.iter().find(copies)?.name;
    plan(observed, desired)?.document.rules.iter_mut().find(|rule| rule.name == *name)
}

fn copy<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut CopyLifecycle> {
    Some(&mut rule(observed, desired)?.copies.first_mut()?.lifecycle)
}

/// The first rule of which the spec says this.
fn rule_that<'o>(
    observed: &'o mut Observed,
    desired: &Desired,
    says: fn(&Rule) -> bool,
) -> Option<&'o mut Rule> {
    let plan = desired.plans.iter().find(|plan| plan.document.rules.iter().any(says))?;
    let rule = plan.document.rules.iter().find(|rule| says(rule))?;
    let seen = plan_named(observed, &place(&plan.region, &plan.document.name))?;
    seen.document.rules.iter_mut().find(|seen| seen.name == rule.name)
}

/// The first copy of which the spec says this.
fn copy_that<'o>(
    observed: &'o mut Observed,
    desired: &Desired,
    says: fn(&Copy) -> bool,
) -> Option<&'o mut CopyLifecycle> {
    let rules = || desired.plans.iter().flat_map(|plan| &plan.document.rules);
    let destination = rules().flat_map(|rule| &rule.copies).find(|copy| says(copy))?.destination.clone();
    let plans = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
    let rules = plans.filter_map(|one| one.plan.present_mut()).flat_map(|plan| &mut plan.document.rules);
    let mut copies = rules.flat_map(|rule| &mut rule.copies);
    copies.find(|copy| copy.destination == destination).map(|copy| &mut copy.lifecycle)
}

fn selections<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut Vec<Selection>> {
    plan(observed, desired)?.selections.present_mut()
}

fn selected<'o>(observed: &'o mut Observed, desired: &Desired) -> Option<&'o mut SelectionDocument> {
    selections(observed, desired)?.first_mut()?.document.present_mut()
}

/// Puts another key into the account; its ARN.
fn other_key(observed: &mut Observed, desired: &Desired) -> String {
    let region = &desired.keys[0].region;
    let arn = format!("arn:aws:kms:{region}:{}:key/another", desired.account);
    if let Some(found) = key(observed, desired).cloned() {
        let created = Some(NOW - Duration::days(1));
        let other = Key { arn: arn.clone(), description: "another".to_owned(), created, ..found };
        observed.keys.insert(arn.clone(), Observation::Present(other));
    }
    arn
}

fn settings(observed: &mut Observed) -> Option<&mut RegionSettings> {
    observed.region_settings.values_mut().next()?.present_mut()
}

fn replace_policy(observed: &mut Observed, desired: &Desired, from: &str, to: &str) {
    if let Some(policy) = vault(observed, desired).and_then(|vault| vault.policy.present_mut()) {
        *policy = policy.replacen(from, to, 1);
    }
}

/// Adds statements to the key's policy, where the spec has one or has none.
fn add_to_key_policy(observed: &mut Observed, desired: &Desired, if_in_spec: bool, statement: Value) {
    if desired.keys[0].policy.is_some() != if_in_spec {
        return;
    }
    let Some(policy) = key(observed, desired).and_then(|key| key.policy.present_mut()) else { return };
    let mut document: Value = serde_json::from_str(policy).unwrap();
    document["Statement"].as_array_mut().unwrap().push(statement);
    *policy = document.to_string();
}

/// Puts a condition on each statement of the role's trust.
fn narrow_trust(observed: &mut Observed, desired: &Desired, key: &str, value: &str) {
    let Some(role) = role(observed, desired) else { return };
    let mut document: Value = serde_json::from_str(&role.trust).unwrap();
    let condition = json!({ "StringEquals": { key: value } });
    if let Some(all) = document["Statement"].as_array_mut() {
        all.iter_mut().for_each(|one| one["Condition"] = condition.clone());
    } else {
        document["Statement"]["Condition"] = condition;
    }
    role.trust = document.to_string();
}

/// A Deny of these for somebody.
fn deny(who: &str, actions: &[&str]) -> Value {
    json!({ "Effect": "Deny", "Principal": { "AWS": who }, "Action": actions, "Resource": "*" })
}

/// Adds a statement.
fn add_to_policy(observed: &mut Observed, desired: &Desired, statement: &str) {
    replace_policy(observed, desired, "\"Statement\": [", &format!("\"Statement\": [{statement},"));
}

fn hidden<T>() -> Observation<T> {
    let said = "User: healer is not authorized to perform: backup:GetBackupVaultAccessPolicy on resource: vault with an explicit deny in a resource-based policy";
    let error = CallError { code: "AccessDeniedException".to_owned(), message: said.to_owned() };
    Observation::Unreadable(Refusal::of(Read::GetBackupVaultAccessPolicy, error))
}

fn denied<T>(read: Read) -> Observation<T> {
    Observation::Unreadable(refused(read, "AccessDeniedException"))
}

macro_rules! drifts {
    ($($code:literal $($how:literal)?: |$observed:ident, $desired:ident| $body:expr;)*) => {
        /// Every single way to drift.
        pub const DRIFTS: &[ModelDrift] = &[$(ModelDrift {
            code: $code,
            how: concat!("" $(, $how)?),
            apply: |$observed, $desired| { $body; },
        },)*];
    };
}

drifts! {
    "role/missing": |o, d| o.roles.insert(role_name(d), Observation::Absent);
    "role/path-differs (path)": |o, d| role(o, d).map(|r| r.arn = d.roles[0].arn.replace(&d.roles[0].path, "/moved/"));
    "any/unreadable" "role": |o, d| o.roles.insert(role_name(d), denied(Read::GetRole));
    "role/trust-differs (trust)": |o, d| role(o, d).map(|r| r.trust = r.trust.replace("backup.amazonaws.com", "ec2.amazonaws.com"));
    "role/trust-differs (trust)" "narrower, and somebody else": |o, d| role(o, d).map(|r| r.trust = r.trust.replace(r#""Service": "backup.amazonaws.com""#, r#""Service": ["backup.amazonaws.com", "ec2.amazonaws.com"]"#)).map(|()| narrow_trust(o, d, "aws:SourceAccount", "123456789012"));
    "role/trust-stronger (trust)": |o, d| narrow_trust(o, d, "aws:SourceAccount", "123456789012");
    "role/trust-stronger (trust)" "perhaps too much": |o, d| narrow_trust(o, d, "aws:SourceOrgID", "o-example");
    "role/policy-detached (managed_policies.*)": |o, d| role(o, d).and_then(|r| r.attached.present_mut()).and_then(|a| a.pop_first());
    "role/policy-unexpected (managed_policies.*)": |o, d| role(o, d).and_then(|r| r.attached.present_mut()).map(|a| a.insert("arn:aws:iam::aws:policy/AdministratorAccess".into()));
    "any/unreadable" "managed policies": |o, d| role(o, d).map(|r| r.attached = denied(Read::ListAttachedRolePolicies));
    "role/inline-policy-unexpected (inline_policies.*)": |o, d| role(o, d).and_then(|r| r.inline.present_mut()).map(|a| a.insert("deny_all".into(), Observation::Absent));
    "any/unreadable" "inline policies": |o, d| role(o, d).map(|r| r.inline = denied(Read::ListRolePolicies));
    "role/boundary-unexpected (permissions_boundary)": |o, d| role(o, d).map(|r| r.boundary = Some("arn:aws:iam::123456789012:policy/nothing".into()));
    "role/inline-policy-missing (inline_policies.*)": |o, d| role(o, d).filter(|_| !d.roles[0].inline_policies.is_empty()).map(|r| r.inline = Observation::Present(Default::default()));
    "role/inline-policy-differs (inline_policies.*)": |o, d| role(o, d).and_then(|r| r.inline.present_mut()).map(|all| {
        let known = d.roles[0].inline_policies.iter().find(|(_, text)| text.is_some());
        known.map(|(name, _)| all.insert(name.clone(), Observation::Present("{}".into())))
    });
    "role/boundary-differs (permissions_boundary)": |o, d| role(o, d).filter(|_| d.roles[0].boundary.is_some()).map(|r| r.boundary = None);
    "role/action-denied (permissions)": |o, d| role(o, d).map(|r| r.denied_actions = Observation::Present(["ec2:CreateSnapshot".into()].into()));
    "role/tags-differ (tags)": |o, d| role(o, d).and_then(|r| r.tags.pop_first());
    "key/pending-deletion (state)": |o, d| key(o, d).map(|k| { k.state = KeyState::PendingDeletion { deletion_at: None }; });
    "key/disabled (state)": |o, d| key(o, d).map(|k| k.state = KeyState::Disabled);
    "key/pending-replica-deletion (state)": |o, d| key(o, d).map(|k| k.state = KeyState::PendingReplicaDeletion);
    "key/settling (state)": |o, d| key(o, d).map(|k| k.state = KeyState::Updating);
    "key/unusable (state)": |o, d| key(o, d).map(|k| k.state = KeyState::Unavailable);
    "key/unusable (state)" "without material": |o, d| key(o, d).map(|k| k.state = KeyState::PendingImport);
    "key/unusable (state)" "in a new state": |o, d| key(o, d).map(|k| k.state = KeyState::Other("Odd".into()));
    "key/origin-differs (origin)": |o, d| key(o, d).map(|k| k.origin = "EXTERNAL".into());
    "key/material-expires (valid_to)": |o, d| key(o, d).map(|k| k.valid_to = Some(NOW + Duration::days(9)));
    "key/multi-region-differs (multi_region)": |o, d| key(o, d).map(|k| k.multi_region = MultiRegion::Replica);
    "key/foreign-grant (grants.*)": |o, d| key(o, d).map(|k| k.grants = Observation::Present(vec![
        Grant { id: "one".into(), grantee: "arn:aws:iam::999999999999:role/theirs".into(), operations: ["Decrypt".into()].into() },
        Grant { id: "two".into(), grantee: "backup.amazonaws.com".into(), operations: ["Decrypt".into()].into() },
        Grant { id: "three".into(), grantee: format!("arn:aws:iam::{}:role/ours", d.account), operations: ["Decrypt".into()].into() },
    ]));
    "key/shared (shared)": |o, d| key(o, d).map(|k| k.shared = Observation::Present("{}".into()));
    "any/unreadable" "grants": |o, d| key(o, d).map(|k| k.grants = denied(Read::ListGrants));
    "any/unreadable" "sharing": |o, d| key(o, d).map(|k| k.shared = denied(Read::GetKeyPolicy));
    "key/missing": |o, d| key_arn(o, d).map(|arn| o.keys.insert(arn, Observation::Absent));
    "any/unreadable" "key": |o, d| key_arn(o, d).map(|arn| o.keys.insert(arn, denied(Read::DescribeKey)));
    "key/rotation-off (rotation)": |o, d| key(o, d).and_then(|k| k.rotation.present_mut()).map(|r| r.enabled = false);
    "key/rotation-period-differs (rotation_period_days)": |o, d| key(o, d).and_then(|k| k.rotation.present_mut()).map(|r| r.period_days = Some(2560));
    "any/unreadable" "rotation": |o, d| key(o, d).map(|k| k.rotation = denied(Read::GetKeyRotationStatus));
    "key/spec-differs (key_spec)": |o, d| key(o, d).map(|k| k.spec = "RSA_2048".into());
    "key/usage-differs (key_usage)": |o, d| key(o, d).map(|k| k.usage = "SIGN_VERIFY".into());
    "key/description-differs (description)": |o, d| key(o, d).map(|k| k.description = "mine".into());
    "key/key-policy-differs (policy)": |o, d| key(o, d).and_then(|k| k.policy.present_mut()).map(|p| *p = p.replace("kms:Decrypt", "kms:Encrypt"));
    "key/key-policy-differs (policy)" "the role is shut out": |o, d| add_to_key_policy(o, d, true, deny(&d.roles[0].arn, &["kms:Decrypt", "kms:ScheduleKeyDeletion"]));
    "key/policy-stronger (policy)": |o, d| add_to_key_policy(o, d, true, deny("*", &["kms:ScheduleKeyDeletion"]));
    "key/policy-shuts-out (policy)": |o, d| add_to_key_policy(o, d, false, deny(&d.roles[0].arn, &["kms:Decrypt"]));
    "key/policy-shuts-out (policy)" "perhaps": |o, d| {
        let mut statement = deny(&d.roles[0].arn, &["kms:GenerateDataKey*"]);
        statement["Condition"] = json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-example" } });
        add_to_key_policy(o, d, false, statement);
    };
    "key/policy-lets-in (policy)": |o, d| add_to_key_policy(o, d, false, json!({ "Effect": "Allow", "Principal": { "AWS": "999999999999" }, "Action": "kms:Decrypt", "Resource": "*" }));
    "any/unreadable" "key policy": |o, d| key(o, d).map(|k| k.policy = denied(Read::GetKeyPolicy));
    "key/tags-differ (tags)": |o, d| key(o, d).and_then(|k| k.tags.present_mut()).and_then(|t| t.pop_first());
    "any/unreadable" "key tags": |o, d| key(o, d).map(|k| k.tags = denied(Read::ListResourceTags));
    "alias/missing": |o, d| o.aliases.insert(alias_place(d), Observation::Absent);
    "any/unreadable" "alias": |o, d| o.aliases.insert(alias_place(d), denied(Read::DescribeKey));
    "alias/target-differs (target)": |o, d| { let arn = other_key(o, d); o.aliases.insert(alias_place(d), Observation::Present(arn)) };
    "alias/untrusted (target)": |o, d| {
        let arn = other_key(o, d);
        if let Some(Observation::Present(key)) = o.keys.get_mut(&arn) {
            key.created = Some(NOW);
        }
        o.aliases.insert(alias_place(d), Observation::Present(arn));
        let region = d.keys[0].region.clone();
        o.vaults.retain(|(there, _), _| *there != region);
    };
    "vault/missing": |o, d| o.vaults.insert(vault_place(d), Observation::Absent);
    "any/unreadable" "vault": |o, d| o.vaults.insert(vault_place(d), denied(Read::ListBackupVaults));
    "vault/key-differs (encryption_key)": |o, d| { let arn = other_key(o, d); vault(o, d).map(|v| v.key_arn = arn) };
    "vault/type-differs (vault_type)": |o, d| vault(o, d).map(|v| v.vault_type = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT".into());
    "vault/not-available (state)": |o, d| vault(o, d).map(|v| v.state = "FAILED".into());
    "vault/notifications-differ (notifications)": |o, d| vault(o, d).filter(|_| first_vault(d).notifications.is_some()).map(|v| v.notifications = Observation::Absent);
    "any/unreadable" "notifications": |o, d| vault(o, d).filter(|_| first_vault(d).notifications.is_some()).map(|v| v.notifications = denied(Read::GetBackupVaultNotifications));
    "vault/tags-differ (tags)": |o, d| vault(o, d).and_then(|v| v.tags.present_mut()).and_then(|t| t.pop_first());
    "any/unreadable" "vault tags": |o, d| vault(o, d).map(|v| v.tags = denied(Read::ListTags));
    "vault-policy/missing": |o, d| vault(o, d).map(|v| v.policy = Observation::Absent);
    "any/unreadable" "vault policy": |o, d| vault(o, d).map(|v| v.policy = denied(Read::GetBackupVaultAccessPolicy));
    "vault-policy/weakened": |o, d| replace_policy(o, d, "backup:DeleteRecoveryPoint", "backup:ListTags");
    "vault-policy/weakened" "on the vault only": |o, d| replace_policy(o, d, "\"Resource\": \"*\"", "\"Resource\": \"arn:aws:backup:*:*:backup-vault:*\"");
    "vault-policy/weakened" "with more": |o, d| replace_policy(o, d, "backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint");
    "vault-policy/hidden": |o, d| vault(o, d).map(|v| v.policy = hidden());
    "vault-policy/blocks-backups": |o, d| replace_policy(o, d, "\"backup:DeleteRecoveryPoint\"", "\"backup:DeleteRecoveryPoint\", \"backup:StartCopyJob\"");
    "vault-policy/blocks-backups" "with more": |o, d| replace_policy(o, d, "\"backup:DeleteRecoveryPoint\"", "\"backup:DeleteRecoveryPoint\", \"backup:StartBackupJob\", \"backup:DeleteBackupVaultAccessPolicy\"");
    "vault-policy/blocks-backups" "perhaps": |o, d| {
        let roles: Vec<&str> = d.roles.iter().map(|role| role.arn.as_str()).collect();
        let condition = json!({ "ArnNotEquals": { "aws:PrincipalArn": roles } });
        let statement = json!({ "Effect": "Deny", "Principal": "*", "Action": "backup:StartBackupJob", "Resource": "*", "Condition": condition });
        add_to_policy(o, d, &statement.to_string());
    };
    "vault-policy/blocks-repairs": |o, d| replace_policy(o, d, "\"backup:DeleteRecoveryPoint\"", "\"backup:DeleteRecoveryPoint\", \"backup:PutBackupVaultLockConfiguration\"");
    "vault-policy/blocks-repairs" "perhaps": |o, d| add_to_policy(o, d, r#"{"Effect":"Deny","Principal":"*","Action":"backup:TagResource","Resource":"*","Condition":{"StringNotLike":{"aws:userId":"AROAEXAMPLE:*"}}}"#);
    "vault-policy/lets-in": |o, d| add_to_policy(o, d, r#"{"Effect":"Allow","Principal":{"AWS":"999999999999"},"Action":"backup:CopyIntoBackupVault","Resource":"*"}"#);
    "vault-policy/stronger": |o, d| replace_policy(o, d, "\"backup:DeleteRecoveryPoint\"", "\"backup:DeleteRecoveryPoint\", \"backup:DisassociateRecoveryPoint\"");
    "vault-policy/differs": |o, d| add_to_policy(o, d, r#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"backup:ListTags","Resource":"*"}"#);
    "vault-policy/differs" "an allow is gone": |o, d| {
        let taking = d.vaults.iter().find(|v| v.policy.as_ref().is_some_and(|policy| policy.contains("210987654321")));
        let seen = taking.and_then(|v| o.vaults.get_mut(&place(&v.region, &v.name))?.present_mut()?.policy.present_mut());
        if let Some(policy) = seen {
            *policy = policy.replace("210987654321", &d.account);
        }
    };
    "vault-policy/differs (labels)": |o, d| replace_policy(o, d, "\"Id\": \"", "\"Id\": \"other");
    "vault-lock/missing": |o, d| vault(o, d).map(|v| v.lock = Lock::default());
    "vault-lock/mode-differs (mode)": |o, d| vault(o, d).map(|v| v.lock.lock_date = None);
    "vault-lock/retention-differs (retention)": |o, d| vault(o, d).map(|v| v.lock.max_retention_days = Some(7));
    "vault-lock/retention-differs (retention)" "that fails jobs": |o, d| vault(o, d).map(|v| { v.lock.min_retention_days = Some(3000); v.lock.max_retention_days = None; });
    "vault-lock/retention-differs (retention)" "stricter": |o, d| vault(o, d).map(|v| v.lock.min_retention_days = v.lock.min_retention_days.map_or(Some(7), |days| Some(days + 1)));
    "vault-lock/kept-changeable (lock_date)": |o, d| vault(o, d).map(|v| {
        v.created = Some(NOW - Duration::days(300));
        let puts = [2, 30].map(|hours| LockPut { at: NOW - Duration::hours(hours), ours: false, grace_days: Some(3), limits: (None, None), removal: false });
        v.lock_puts = Observation::Present(puts.into());
    });
    "vault-lock/kept-changeable (lock_date)" "by removals that we answer": |o, d| vault(o, d).map(|v| {
        v.created = Some(NOW - Duration::days(300));
        let removals = [3, 30].map(|hours| LockPut { at: NOW - Duration::hours(hours), ours: false, grace_days: Some(3), limits: (None, None), removal: true });
        let puts = [2, 29].map(|hours| LockPut { at: NOW - Duration::hours(hours), ours: true, grace_days: Some(3), limits: (None, None), removal: false });
        v.lock_puts = Observation::Present([removals, puts].concat());
    });
    "vault-lock/kept-changeable (lock_date)" "or so it seems": |o, d| vault(o, d).map(|v| {
        v.created = Some(NOW - Duration::days(300));
        v.lock.lock_date = v.lock.lock_date.map(|date| date - Duration::hours(3));
        v.lock_puts = denied(Read::ListBackupVaults);
    });
    "vault-lock/date-too-far (lock_date)": |o, d| vault(o, d).map(|v| v.lock.lock_date = Some(NOW + Duration::days(365)));
    "vault-lock/retention-differs (retention)" "for ever": |o, d| vault(o, d).map(|v| { v.lock.lock_date = Some(NOW - Duration::days(1)); v.lock.min_retention_days = Some(90); });
    "plan/missing": |o, d| o.plans.insert(plan_place(d), Observation::Absent);
    "plan/duplicate (duplicates.*)": |o, d| another_plan(o, d, "younger", |other| other.created = Some(NOW));
    "plan/duplicate (duplicates.*)" "older and empty": |o, d| another_plan(o, d, "older", |other| {
        other.created = Some(NOW - Duration::days(900));
        if let Observation::Present(plan) = &mut other.plan {
            plan.document.rules.clear();
            plan.selections = Observation::Present(Vec::new());
            plan.tags = Observation::Present(Default::default());
        }
    });
    "plan/ambiguous": |o, d| another_plan(o, d, "twin", |_| ());
    "plan/ambiguous" "and gutted": |o, d| { another_plan(o, d, "twin", |_| ()); each_candidate(o, |plan| plan.selections = Observation::Present(Vec::new())); };
    "any/unreadable" "an older plan of the name": |o, d| another_plan(o, d, "unread", |other| {
        other.created = Some(NOW - Duration::days(900));
        other.plan = denied(Read::GetBackupPlan);
    });
    "any/unreadable" "plan": |o, d| o.plans.insert(plan_place(d), denied(Read::GetBackupPlan));
    "plan/tags-differ (tags)": |o, d| plan(o, d).and_then(|p| p.tags.present_mut()).and_then(|t| t.pop_first());
    "any/unreadable" "plan tags": |o, d| plan(o, d).map(|p| p.tags = denied(Read::ListTags));
    "plan/advanced-settings-differ (advanced_settings)": |o, d| plan(o, d).map(|p| p.document.advanced_settings.push(AdvancedSetting { resource_type: "RDS".into(), options: [("Another".into(), "option".into())].into() }));
    "plan/rule-missing (rules.*)": |o, d| plan(o, d).map(|p| p.document.rules.retain(|r| !r.copies.is_empty()));
    "plan/rule-unexpected (rules.*)": |o, d| plan(o, d).map(|p| { let mut extra = p.document.rules[0].clone(); extra.name = "extra".into(); p.document.rules.push(extra); });
    "plan/rule-repeated (rules.*)": |o, d| plan(o, d).map(|p| { let mut twin = p.document.rules[0].clone(); twin.start_window_minutes += 1; p.document.rules.insert(0, twin); });
    "plan/air-gapped-vault-differs (rules.*.air_gapped_vault)": |o, d| rule(o, d).map(|r| r.air_gapped_vault = Some("arn:aws:backup:us-east-1:123456789012:backup-vault:elsewhere".into()));
    "plan/air-gapped-vault-differs (rules.*.air_gapped_vault)" "gone": |o, d| rule_that(o, d, |r| r.air_gapped_vault.is_some()).map(|r| r.air_gapped_vault = None);
    "plan/archive-differs (rules.*.opt_in_to_archive)": |o, d| rule_that(o, d, |r| r.lifecycle.opt_in_to_archive.is_some()).map(|r| r.lifecycle.opt_in_to_archive = r.lifecycle.opt_in_to_archive.map(|on| !on));
    "plan/scan-actions-differ (rules.*.scan_actions)": |o, d| rule_that(o, d, |r| r.scan_actions.is_some()).map(|r| r.scan_actions = Some(Default::default()));
    "plan/scan-actions-differ (rules.*.scan_actions)" "more": |o, d| rule_that(o, d, |r| r.scan_actions.is_some()).and_then(|r| r.scan_actions.as_mut()).map(|all| all.insert(ScanAction { scanner: "GUARDDUTY".into(), mode: "FULL_SCAN".into() }));
    "plan/index-actions-differ (rules.*.index_actions)": |o, d| rule_that(o, d, |r| r.index_actions.is_some()).map(|r| r.index_actions = Some(Default::default()));
    "plan/scan-settings-differ (scan_settings)": |o, d| plan(o, d).filter(|_| d.plans[0].document.scan_settings.is_some()).map(|p| p.document.scan_settings = Some(Default::default()));
    "plan/advanced-setting-repeated (advanced_settings.*)": |o, d| plan(o, d).map(|p| { let twin = AdvancedSetting { resource_type: "EC2".into(), options: [("WindowsVSS".into(), "enabled".into())].into() }; p.document.advanced_settings.extend([twin.clone(), twin]); });
    "plan/schedule-differs (rules.*.schedule)": |o, d| rule(o, d).map(|r| r.schedule = "cron(0 0 1 1 ? 2199)".into());
    "plan/timezone-differs (rules.*.timezone)": |o, d| rule(o, d).map(|r| r.timezone = "Asia/Tokyo".into());
    "plan/target-vault-differs (rules.*.vault)": |o, d| rule(o, d).map(|r| r.target_vault = "Default".into());
    "plan/start-window-differs (rules.*.start_window_minutes)": |o, d| rule(o, d).map(|r| r.start_window_minutes = 480);
    "plan/completion-window-differs (rules.*.completion_window_minutes)": |o, d| rule(o, d).map(|r| r.completion_window_minutes = 500);
    "plan/retention-differs (rules.*.delete_after_days)": |o, d| rule(o, d).map(|r| r.lifecycle.delete_after_days = Some(1));
    "plan/cold-storage-differs (rules.*.cold_storage_after_days)": |o, d| rule(o, d).map(|r| r.lifecycle.cold_storage_after_days = Some(8));
    "plan/continuous-backup-differs (rules.*.continuous_backup)": |o, d| rule(o, d).map(|r| r.continuous_backup = !r.continuous_backup);
    "plan/recovery-point-tags-differ (rules.*.recovery_point_tags)": |o, d| rule(o, d).map(|r| r.recovery_point_tags.insert("a".into(), "b".into()));
    "plan/copy-missing (rules.*.copies.*)": |o, d| rule(o, d).map(|r| r.copies.drain(..r.copies.len().min(1)).count());
    "plan/copy-unexpected (rules.*.copies.*)": |o, d| rule(o, d).map(|r| r.copies.push(Copy { destination: "arn:aws:backup:us-east-1:999999999999:backup-vault:theirs".into(), lifecycle: CopyLifecycle::default() }));
    "plan/copy-repeated (rules.*.copies.*)": |o, d| rule(o, d).map(|r| {
        if let Some(mut twin) = r.copies.first().cloned() {
            twin.lifecycle.kept = CopyRetention::Days(1);
            r.copies.insert(0, twin);
        }
    });
    "plan/copy-archive-differs (rules.*.copies.*.opt_in_to_archive)": |o, d| copy_that(o, d, |c| c.lifecycle.opt_in_to_archive.is_some()).map(|c| c.opt_in_to_archive = c.opt_in_to_archive.map(|on| !on));
    "plan/copy-retention-differs (rules.*.copies.*.delete_after_days)": |o, d| copy(o, d).map(|c| c.kept = CopyRetention::Days(1));
    "plan/copy-retention-differs (rules.*.copies.*.delete_after_days)" "as its source": |o, d| copy_that(o, d, |c| c.lifecycle.kept == CopyRetention::Days(60)).map(|c| c.kept = CopyRetention::AsItsSource);
    "plan/copy-cold-storage-differs (rules.*.copies.*.cold_storage_after_days)": |o, d| copy(o, d).map(|c| c.cold_storage_after_days = Some(1));
    "selection/missing": |o, d| selections(o, d).map(Vec::clear);
    "any/unreadable" "selections": |o, d| plan(o, d).map(|p| p.selections = denied(Read::ListBackupSelections));
    "selection/resources-differ (resources)": |o, d| selected(o, d).map(|s| s.resources = ["arn:aws:ec2:us-east-1:123456789012:instance/none".into()].into());
    "selection/not-resources-differ (not_resources)": |o, d| selected(o, d).map(|s| s.not_resources.insert("arn:aws:rds:*".into()));
    "selection/tags-differ (tags)": |o, d| selected(o, d).map(|s| s.tags.insert(TagCondition { key: "backup".into(), value: "yes".into() }));
    "selection/conditions-differ (conditions)": |o, d| selected(o, d).map(|s| s.conditions.insert(SelectionCondition {
        operator: ConditionOperator::StringEquals, key: "aws:ResourceTag/x".into(), value: "y".into(),
    }));
    "selection/role-differs (role)": |o, d| selected(o, d).map(|s| s.role_arn = "arn:aws:iam::123456789012:role/other".into());
    "selection/ambiguous": |o, d| selections(o, d).map(|s| s.extend(s.first().cloned().map(|one| Selection { id: "copy".into(), ..one })));
    "region-settings/opt-in-off (opt_in.*)": |o, _d| settings(o).map(|s| s.opt_in.insert("RDS".into(), false));
    "region-settings/opt-in-off (opt_in.*)" "not needed": |o, _d| settings(o).map(|s| s.opt_in.insert("S3".into(), false));
    "region-settings/management-off (management.*)": |o, _d| settings(o).map(|s| s.management.insert("DynamoDB".into(), false));
    "any/unreadable" "region settings": |o, d| o.region_settings.insert(d.region_settings[0].region.clone(), denied(Read::DescribeRegionSettings));
    "selection/unmanaged": |o, d| selections(o, d).map(|s| s.extend(s.first().cloned().map(|one| Selection { id: "extra".into(), name: "extra".into(), ..one })));
}
