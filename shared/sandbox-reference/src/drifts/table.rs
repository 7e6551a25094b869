//! The list of all drifts.

use super::named::{Apply, NamedDrift};
use super::{account, key, plan, role, rule, selection, vault};
use crate::reference::{PRIMARY_REGION, ROLE};

const VAULT: &str = "vault_prod_daily";
const PLAN: &str = "prod_backups";
const RULE: &str = "prod_backups/daily_backup_rule";
const SELECTION: &str = "prod_backups/all_except_ec2_and_s3";

const fn drift(
    name: &'static str,
    target: &'static str,
    apply: Apply,
    description: &'static str,
) -> NamedDrift {
    NamedDrift { name, description, target, apply }
}

/// Every drift. Targets are role names, regions (of a key or alias; `region/alias/name` if the alias is another one),
/// vault names, plan names, `plan/rule` and `plan/selection`.
pub const DRIFTS: &[NamedDrift] = &[
    drift("role-deleted", ROLE, role::deleted, "the role is deleted, its policies detached first"),
    drift("role-moved", ROLE, role::moved, "the role is deleted and made anew at another path"),
    drift("role-trust-changed", ROLE, role::trust_changed, "the role trusts EC2 instead of AWS Backup"),
    drift("role-policy-detached", ROLE, role::policy_detached, "the managed policy for backups is detached"),
    drift(
        "role-policy-added",
        ROLE,
        role::policy_added,
        "a managed policy that denies everything is attached",
    ),
    drift(
        "role-inline-policy-added",
        ROLE,
        role::inline_added,
        "an inline policy denies the role all backups",
    ),
    drift(
        "role-boundary-set",
        ROLE,
        role::boundary_set,
        "a permissions boundary leaves the role only reading",
    ),
    drift("role-untagged", ROLE, role::untagged, "all tags are removed from the role"),
    drift(
        "key-pending-deletion",
        PRIMARY_REGION,
        key::pending,
        "the key is scheduled for deletion in 7 days",
    ),
    drift("key-disabled", PRIMARY_REGION, key::disabled, "the key is disabled"),
    drift("key-rotation-off", PRIMARY_REGION, key::rotation_off, "rotation of the key is switched off"),
    drift("key-rotation-period", PRIMARY_REGION, key::rotation_period, "the key rotates every 2560 days"),
    drift(
        "key-description-changed",
        PRIMARY_REGION,
        key::description_changed,
        "the key's description is rewritten",
    ),
    drift(
        "key-policy-changed",
        PRIMARY_REGION,
        key::policy_changed,
        "the key's policy lets a foreign account use it",
    ),
    drift("key-untagged", PRIMARY_REGION, key::untagged, "all tags are removed from the key"),
    drift("key-destroyed", PRIMARY_REGION, key::destroyed, "the key is gone for ever; vaults still name it"),
    drift(
        "key-unavailable",
        PRIMARY_REGION,
        key::unavailable,
        "the key store that holds the key is disconnected",
    ),
    drift(
        "key-for-signing",
        PRIMARY_REGION,
        key::for_signing,
        "the region's empty vaults are deleted, and the alias points to a key for signing",
    ),
    drift("alias-deleted", PRIMARY_REGION, key::alias_deleted, "the key's alias is deleted"),
    drift("alias-repointed", PRIMARY_REGION, key::alias_repointed, "the alias points to a fresh key"),
    drift("vault-deleted", VAULT, vault::deleted, "the empty vault is deleted, its policy removed first"),
    drift(
        "vault-recreated-on-other-key",
        VAULT,
        vault::on_other_key,
        "the vault is made anew on AWS's own key",
    ),
    drift(
        "vault-recreated-on-twin-key",
        VAULT,
        vault::on_twin_key,
        "the empty vault is deleted and made anew on a key that looks just like the right one",
    ),
    drift("vault-air-gapped", VAULT, vault::air_gapped, "an air-gapped vault has taken the vault's name"),
    drift("vault-untagged", VAULT, vault::untagged, "all tags are removed from the vault"),
    drift("vault-policy-deleted", VAULT, vault::policy_deleted, "the vault's access policy is deleted"),
    drift(
        "vault-policy-weakened",
        VAULT,
        vault::policy_weakened,
        "the policy no longer denies DeleteRecoveryPoint",
    ),
    drift(
        "vault-policy-never-true",
        VAULT,
        vault::policy_never_true,
        "the denial depends on what is never true",
    ),
    drift(
        "vault-policy-extended",
        VAULT,
        vault::policy_extended,
        "the policy lets a foreign account copy in as well",
    ),
    drift("vault-policy-relabelled", VAULT, vault::policy_relabelled, "the policy gets another Id"),
    drift("vault-lock-deleted", VAULT, vault::lock_deleted, "the lock is deleted in its grace time"),
    drift(
        "vault-lock-governance",
        VAULT,
        vault::lock_governance,
        "the lock is deleted and put in governance mode",
    ),
    drift(
        "vault-lock-retention",
        VAULT,
        vault::lock_retention,
        "the lock is put again with 7 to 90 days' retention",
    ),
    drift(
        "vault-lock-postponed",
        VAULT,
        vault::lock_postponed,
        "the lock is put again, changeable for 365 days",
    ),
    drift(
        "vault-lock-immutable",
        VAULT,
        vault::lock_immutable,
        "a lock with a wrong retention is past its date",
    ),
    drift("plan-deleted", PLAN, plan::deleted, "the plan is deleted, its selections first"),
    drift("plan-duplicated", PLAN, plan::duplicated, "a second plan has the same name"),
    drift("plan-vss-off", PLAN, plan::vss_off, "Windows VSS is switched off"),
    drift("plan-untagged", PLAN, plan::untagged, "all tags are removed from the plan"),
    drift("rule-removed", RULE, rule::removed, "the rule is taken out of its plan"),
    drift("rule-added", PLAN, rule::added, "the plan has a rule more"),
    drift("rule-schedule-changed", RULE, rule::schedule_changed, "the rule runs once a year"),
    drift("rule-timezone-changed", RULE, rule::timezone_changed, "the rule's schedule is in New York's time"),
    drift("rule-target-changed", RULE, rule::target_changed, "the rule writes into another vault"),
    drift("rule-start-window-changed", RULE, rule::start_window_changed, "jobs may start 8 hours late"),
    drift(
        "rule-completion-window-changed",
        RULE,
        rule::completion_window_changed,
        "jobs must end in 2 hours",
    ),
    drift("rule-retention-cut", RULE, rule::retention_cut, "recovery points are kept for 1 day"),
    drift(
        "rule-cold-storage-set",
        "prod_backups/monthly_backup_rule",
        rule::cold_storage_set,
        "recovery points move to cold storage after 30 days",
    ),
    drift("rule-continuous-enabled", RULE, rule::continuous_enabled, "continuous backup is switched on"),
    drift("rule-tags-added", RULE, rule::tags_added, "recovery points get a tag"),
    drift("copy-dropped", RULE, rule::copy_dropped, "the rule copies nothing any more"),
    drift("copy-added", RULE, rule::copy_added, "the rule copies to a vault in a third region as well"),
    drift("copy-retention-cut", RULE, rule::copy_retention_cut, "copies are kept for 1 day"),
    drift(
        "copy-cold-storage-set",
        RULE,
        rule::copy_cold_storage_set,
        "copies move to cold storage after 8 days and are kept for a year",
    ),
    drift("selection-deleted", SELECTION, selection::deleted, "the selection is deleted"),
    drift(
        "selection-emptied",
        SELECTION,
        selection::emptied,
        "the selection names one resource that does not exist",
    ),
    drift(
        "selection-excludes-more",
        SELECTION,
        selection::excludes_more,
        "the selection leaves databases out",
    ),
    drift("selection-by-tag", SELECTION, selection::by_tag, "the selection also selects by a tag"),
    drift(
        "selection-conditioned",
        SELECTION,
        selection::conditioned,
        "the selection takes only tagged resources",
    ),
    drift(
        "selection-role-changed",
        SELECTION,
        selection::role_changed,
        "the selection uses AWS Backup's default role",
    ),
    drift("selection-duplicated", SELECTION, selection::duplicated, "the selection is there twice"),
    drift("selection-added", PLAN, selection::added, "the plan has a selection more"),
    drift(
        "foreign-clutter",
        "",
        account::cluttered,
        "other teams have plans, vaults, keys and roles here too",
    ),
    drift(
        "everything-deleted",
        "",
        account::emptied,
        "role, vaults and plans are gone, the keys wait for deletion",
    ),
];
