//! A pure model: the account as the spec describes it, derived from the spec, and every single way to drift from it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use reconcile::call::CallError;
use reconcile::desired::{Desired, Lifecycle, TagCondition};
use reconcile::read::{Read, Refusal};
use reconcile::repair::Limits;
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use reconcile::spec::{Spec, Target};
use reconcile::state::{
    KeyState, Lock, Observation, Observed, Plan, PlanMatch, Role, Selection, Vault, place,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// When the model is observed.
pub const NOW: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);
/// Limits that do not limit.
pub const NO_LIMITS: Limits = Limits { max_calls: 1000, bootstrap: false };

/// The embedded spec's text.
pub const SPEC: &str = include_str!("../../functions/drift-healer/desired.toml");

/// A spec, resolved for the account of the examples.
pub fn resolve(spec: &str) -> Desired {
    let target = Target {
        partition: "aws".to_owned(),
        account: "123456789012".to_owned(),
        primary_region: None,
        dr_region: None,
    };
    Spec::parse(spec).unwrap_or_else(|errors| panic!("{errors}")).resolve(&target).unwrap()
}

/// The embedded spec, resolved.
pub fn desired() -> Desired {
    resolve(SPEC)
}

/// Drives a future that never waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the model never waits"),
    }
}

/// An account in which nothing of the spec exists.
pub fn empty() -> Observed {
    Observed {
        at: NOW,
        cut_short: false,
        role: Observation::Absent,
        aliases: BTreeMap::new(),
        keys: BTreeMap::new(),
        unaliased: BTreeMap::new(),
        vaults: BTreeMap::new(),
        plans: BTreeMap::new(),
    }
}

/// An account in sync with the spec: what a run makes of an empty one.
pub fn in_sync(desired: &Desired) -> Observed {
    let account = Preview::new(desired, empty());
    now(run(&account, desired, &Limits { bootstrap: true, ..NO_LIMITS }));
    now(account.observe(desired))
}

/// One way to drift.
pub struct ModelDrift {
    /// Its name.
    pub name: &'static str,
    /// What it does to an account that is in sync.
    pub apply: fn(&mut Observed),
}

const PRIMARY: &str = "us-east-1";
const DAILY: &str = "vault_prod_daily";

fn role(observed: &mut Observed) -> Option<&mut Role> {
    observed.role.present_mut()
}

fn key(observed: &mut Observed) -> Option<&mut reconcile::state::Key> {
    let arn = observed.aliases.get(&place(PRIMARY, "alias/aws_backup_key"))?.present().cloned();
    let arn = arn.or_else(|| observed.keys.keys().find(|arn| arn.contains(PRIMARY)).cloned())?;
    observed.keys.get_mut(&arn)?.present_mut()
}

fn vault(observed: &mut Observed) -> Option<&mut Vault> {
    observed.vaults.get_mut(&place(PRIMARY, DAILY))?.present_mut()
}

fn plan(observed: &mut Observed) -> Option<&mut Plan> {
    match observed.plans.get_mut(&place(PRIMARY, "prod_backups"))?.present_mut()? {
        PlanMatch::One(plan) => Some(plan),
        PlanMatch::Several(_) => None,
    }
}

fn rule(observed: &mut Observed) -> Option<&mut reconcile::desired::Rule> {
    plan(observed)?.document.rules.iter_mut().find(|rule| rule.name == "daily_backup_rule")
}

fn selections(observed: &mut Observed) -> Option<&mut Vec<Selection>> {
    plan(observed)?.selections.present_mut()
}

fn selected(observed: &mut Observed) -> Option<&mut reconcile::desired::SelectionDocument> {
    selections(observed)?.first_mut()?.document.present_mut()
}

fn other_key(observed: &mut Observed) -> String {
    let arn = "arn:aws:kms:us-east-1:123456789012:key/another".to_owned();
    if let Some(found) = key(observed).cloned() {
        let other = reconcile::state::Key { arn: arn.clone(), description: "another".to_owned(), ..found };
        observed.keys.insert(arn.clone(), Observation::Present(other));
    }
    arn
}

fn denied<T>() -> Observation<T> {
    Observation::Unreadable(refused(Read::DescribeKey, "AccessDeniedException"))
}

/// A read that AWS refused.
pub fn refused(read: Read, code: &str) -> Refusal {
    Refusal::of(read, CallError { code: code.to_owned(), message: "no".to_owned() })
}

macro_rules! drifts {
    ($($name:literal: |$observed:ident| $body:expr;)*) => {
        /// Every single way to drift from the reference deployment.
        pub const DRIFTS: &[ModelDrift] = &[$(ModelDrift { name: $name, apply: |$observed| { $body; } },)*];
    };
}

drifts! {
    "role missing": |o| o.role = Observation::Absent;
    "role moved": |o| role(o).map(|r| r.arn = "arn:aws:iam::123456789012:role/moved/aws_backup_role".into());
    "role unreadable": |o| o.role = denied();
    "role trust differs": |o| role(o).map(|r| r.trust = r.trust.replace("backup.amazonaws.com", "ec2.amazonaws.com"));
    "role policy detached": |o| role(o).and_then(|r| r.attached.present_mut()).and_then(|a| a.pop_first());
    "role policy unexpected": |o| role(o).and_then(|r| r.attached.present_mut()).map(|a| a.insert("arn:aws:iam::aws:policy/AdministratorAccess".into()));
    "role policies unreadable": |o| role(o).map(|r| r.attached = denied());
    "role inline policy": |o| role(o).and_then(|r| r.inline.present_mut()).map(|a| a.insert("deny_all".into()));
    "role inline policies unreadable": |o| role(o).map(|r| r.inline = denied());
    "role boundary": |o| role(o).map(|r| r.boundary = Some("arn:aws:iam::123456789012:policy/nothing".into()));
    "key pending deletion": |o| key(o).map(|k| { k.state = KeyState::PendingDeletion { deletion_at: None }; });
    "key disabled": |o| key(o).map(|k| k.state = KeyState::Disabled);
    "key unavailable": |o| key(o).map(|k| k.state = KeyState::Other("Unavailable".into()));
    "key destroyed": |o| key(o).map(|k| k.arn.clone()).map(|arn| o.keys.insert(arn, Observation::Absent));
    "key unreadable": |o| key(o).map(|k| k.arn.clone()).map(|arn| o.keys.insert(arn, denied()));
    "key rotation off": |o| key(o).and_then(|k| k.rotation.present_mut()).map(|r| r.enabled = false);
    "key rotation unreadable": |o| key(o).map(|k| k.rotation = denied());
    "key spec differs": |o| key(o).map(|k| k.spec = "RSA_2048".into());
    "key usage differs": |o| key(o).map(|k| k.usage = "SIGN_VERIFY".into());
    "key description differs": |o| key(o).map(|k| k.description = "mine".into());
    "key untagged": |o| key(o).and_then(|k| k.tags.present_mut()).and_then(|t| t.pop_first());
    "alias missing": |o| o.aliases.insert(place(PRIMARY, "alias/aws_backup_key"), Observation::Absent);
    "alias unreadable": |o| o.aliases.insert(place(PRIMARY, "alias/aws_backup_key"), denied());
    "alias re-pointed": |o| { let arn = other_key(o); o.aliases.insert(place(PRIMARY, "alias/aws_backup_key"), Observation::Present(arn)) };
    "vault missing": |o| o.vaults.insert(place(PRIMARY, DAILY), Observation::Absent);
    "vault unreadable": |o| o.vaults.insert(place(PRIMARY, DAILY), denied());
    "vault on another key": |o| { let arn = other_key(o); vault(o).map(|v| v.key_arn = arn) };
    "vault of another type": |o| vault(o).map(|v| v.vault_type = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT".into());
    "vault untagged": |o| vault(o).and_then(|v| v.tags.present_mut()).and_then(|t| t.pop_first());
    "vault tags unreadable": |o| vault(o).map(|v| v.tags = denied());
    "vault policy missing": |o| vault(o).map(|v| v.policy = Observation::Absent);
    "vault policy unreadable": |o| vault(o).map(|v| v.policy = denied());
    "vault policy weakened": |o| vault(o).and_then(|v| v.policy.present_mut()).map(|p| *p = p.replace("backup:DeleteRecoveryPoint", "backup:ListTags"));
    "vault policy differs": |o| vault(o).and_then(|v| v.policy.present_mut()).map(|p| *p = p.replace("\"backup:DeleteBackupVault\"", "\"backup:DeleteBackupVault\", \"backup:StartCopyJob\""));
    "vault policy labels differ": |o| vault(o).and_then(|v| v.policy.present_mut()).map(|p| *p = p.replace("\"default\"", "\"other\""));
    "lock missing": |o| vault(o).map(|v| v.lock = Lock::default());
    "lock governance": |o| vault(o).map(|v| v.lock.lock_date = None);
    "lock retention": |o| vault(o).map(|v| v.lock.max_retention_days = Some(7));
    "lock postponed": |o| vault(o).map(|v| v.lock.lock_date = Some(NOW + Duration::days(365)));
    "lock immutable with a wrong retention": |o| vault(o).map(|v| { v.lock.lock_date = Some(NOW - Duration::days(1)); v.lock.min_retention_days = Some(90); });
    "plan missing": |o| o.plans.insert(place(PRIMARY, "prod_backups"), Observation::Absent);
    "plan ambiguous": |o| o.plans.insert(place(PRIMARY, "prod_backups"), Observation::Present(PlanMatch::Several(vec!["a".into(), "b".into()])));
    "plan unreadable": |o| o.plans.insert(place(PRIMARY, "prod_backups"), denied());
    "plan untagged": |o| plan(o).and_then(|p| p.tags.present_mut()).and_then(|t| t.pop_first());
    "plan settings": |o| plan(o).map(|p| p.document.advanced_settings.clear());
    "rule missing": |o| plan(o).map(|p| p.document.rules.retain(|r| r.name != "hourly_backup_rule"));
    "rule unexpected": |o| plan(o).map(|p| { let mut extra = p.document.rules[0].clone(); extra.name = "extra".into(); p.document.rules.push(extra); });
    "rule schedule": |o| rule(o).map(|r| r.schedule = "cron(0 0 1 1 ? 2199)".into());
    "rule time zone": |o| rule(o).map(|r| r.timezone = "Asia/Tokyo".into());
    "rule target": |o| rule(o).map(|r| r.target_vault = "Default".into());
    "rule start window": |o| rule(o).map(|r| r.start_window_minutes = 480);
    "rule completion window": |o| rule(o).map(|r| r.completion_window_minutes = 120);
    "rule retention": |o| rule(o).map(|r| r.lifecycle.delete_after_days = Some(1));
    "rule cold storage": |o| rule(o).map(|r| r.lifecycle.cold_storage_after_days = Some(8));
    "rule continuous": |o| rule(o).map(|r| r.continuous_backup = true);
    "rule tags": |o| rule(o).map(|r| r.recovery_point_tags.insert("a".into(), "b".into()));
    "copy missing": |o| rule(o).map(|r| r.copies.clear());
    "copy unexpected": |o| rule(o).map(|r| r.copies.insert("arn:aws:backup:us-east-1:999999999999:backup-vault:theirs".into(), Lifecycle::default()));
    "copy retention": |o| rule(o).and_then(|r| r.copies.values_mut().next()).map(|c| c.delete_after_days = Some(1));
    "copy cold storage": |o| rule(o).and_then(|r| r.copies.values_mut().next()).map(|c| c.cold_storage_after_days = Some(1));
    "selection missing": |o| selections(o).map(Vec::clear);
    "selections unreadable": |o| plan(o).map(|p| p.selections = denied());
    "selection emptied": |o| selected(o).map(|s| s.resources = ["arn:aws:ec2:us-east-1:123456789012:instance/none".into()].into());
    "selection excludes more": |o| selected(o).map(|s| s.not_resources.insert("arn:aws:rds:*".into()));
    "selection by tag": |o| selected(o).map(|s| s.tags.insert(TagCondition { key: "backup".into(), value: "yes".into() }));
    "selection role": |o| selected(o).map(|s| s.role_arn = "arn:aws:iam::123456789012:role/other".into());
    "selection twice": |o| selections(o).map(|s| s.extend(s.first().cloned().map(|one| Selection { id: "copy".into(), ..one })));
    "selection unmanaged": |o| selections(o).map(|s| s.extend(s.first().cloned().map(|one| Selection { id: "extra".into(), name: "extra".into(), ..one })));
}
