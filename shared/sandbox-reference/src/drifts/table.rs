//! The list of all drifts.

use super::named::NamedDrift;
use super::{account, key, plan, region, replaced, role, rule, selection, vault};
use crate::reference::{PRIMARY_REGION, ROLE};

const VAULT: &str = "vault_prod_daily";
const PLAN: &str = "prod_backups";
const RULE: &str = "prod_backups/daily_backup_rule";
const SELECTION: &str = "prod_backups/all_except_ec2_and_s3";

macro_rules! drifts {
    ($($name:literal => $target:expr, $apply:path, $description:literal, [$($code:literal),*];)*) => {
        /// Every drift. Targets are role names, regions (of a key or alias; `region/alias/name` if the alias is another
        /// one; of settings; `region/service` for one service), vault names, plan names, `plan/rule` and `plan/selection`.
        pub const DRIFTS: &[NamedDrift] = &[$(NamedDrift {
            name: $name,
            description: $description,
            target: $target,
            codes: &[$($code),*],
            apply: $apply,
        }),*];
    };
}

drifts! {
    "role-deleted" => ROLE, role::deleted,
        "the role is deleted, its policies detached first",
        ["role/missing", "role/policy-detached"];
    "role-moved" => ROLE, role::moved,
        "the role is deleted and made anew at another path",
        ["role/path-differs"];
    "role-trust-changed" => ROLE, role::trust_changed,
        "the role trusts EC2 instead of AWS Backup",
        ["role/trust-differs"];
    "role-trust-narrowed" => ROLE, role::trust_narrowed,
        "the role trusts AWS Backup on behalf of this account only",
        ["role/trust-stronger"];
    "role-trust-narrowed-and-opened" => ROLE, role::trust_narrowed_and_opened,
        "the role trusts AWS Backup on behalf of this account only, and another account",
        ["role/trust-differs"];
    "role-policy-detached" => ROLE, role::policy_detached,
        "the managed policy for backups is detached",
        ["role/policy-detached"];
    "role-policy-added" => ROLE, role::policy_added,
        "a managed policy that denies everything is attached",
        ["role/action-denied", "role/policy-unexpected"];
    "role-inline-policy-added" => ROLE, role::inline_added,
        "an inline policy denies the role all backups",
        ["role/action-denied", "role/inline-policy-unexpected"];
    "role-boundary-set" => ROLE, role::boundary_set,
        "a permissions boundary leaves the role only reading",
        ["role/action-denied", "role/boundary-unexpected"];
    "role-untagged" => ROLE, role::untagged,
        "all tags are removed from the role",
        [];
    "key-pending-deletion" => PRIMARY_REGION, key::pending,
        "the key is scheduled for deletion in 7 days",
        ["key/pending-deletion"];
    "key-disabled" => PRIMARY_REGION, key::disabled,
        "the key is disabled",
        ["key/disabled"];
    "key-rotation-off" => PRIMARY_REGION, key::rotation_off,
        "rotation of the key is switched off",
        ["key/rotation-off"];
    "key-rotation-period" => PRIMARY_REGION, key::rotation_period,
        "the key rotates every 2560 days",
        [];
    "key-description-changed" => PRIMARY_REGION, key::description_changed,
        "the key's description is rewritten",
        ["key/description-differs"];
    "key-policy-changed" => PRIMARY_REGION, key::policy_changed,
        "the key's policy lets a foreign account use it",
        ["key/policy-lets-in"];
    "key-policy-shuts-out-role" => PRIMARY_REGION, key::policy_shuts_out,
        "the key's policy denies the backup role the use of the key",
        ["key/policy-shuts-out"];
    "key-policy-strengthened" => PRIMARY_REGION, key::policy_strengthened,
        "the key's policy denies everyone to schedule the key for deletion",
        [];
    "key-granted-abroad" => PRIMARY_REGION, key::granted_abroad,
        "a grant lets a foreign account use the key",
        ["key/foreign-grant"];
    "key-imported" => PRIMARY_REGION, replaced::by_imported,
        "alias and vaults are on a look-alike key with imported material that expires",
        ["key/material-expires", "key/origin-differs", "key/rotation-off"];
    "key-multi-region" => PRIMARY_REGION, replaced::by_multi_region,
        "alias and vaults are on a look-alike key with a replica in a third region",
        ["key/multi-region-differs"];
    "key-untagged" => PRIMARY_REGION, key::untagged,
        "all tags are removed from the key",
        ["key/tags-differ"];
    "key-destroyed" => PRIMARY_REGION, key::destroyed,
        "the key is gone for ever; vaults still name it",
        ["key/missing", "alias/missing"];
    "key-unavailable" => PRIMARY_REGION, key::unavailable,
        "the key store that holds the key is disconnected",
        ["key/unusable"];
    "key-for-signing" => PRIMARY_REGION, key::for_signing,
        "the region's empty vaults are deleted, and the alias points to a key for signing",
        ["alias/untrusted", "key/missing", "vault/missing", "vault-policy/missing", "vault-lock/missing"];
    "alias-deleted" => PRIMARY_REGION, key::alias_deleted,
        "the key's alias is deleted",
        ["alias/missing"];
    "alias-repointed" => PRIMARY_REGION, key::alias_repointed,
        "the alias points to a fresh key",
        ["alias/target-differs"];
    "vault-deleted" => VAULT, vault::deleted,
        "the empty vault is deleted, its policy removed first",
        ["vault/missing", "vault-policy/missing", "vault-lock/missing"];
    "vault-recreated-on-other-key" => VAULT, vault::on_other_key,
        "the vault is made anew on AWS's own key",
        ["vault/key-differs"];
    "vault-recreated-on-twin-key" => VAULT, vault::on_twin_key,
        "the empty vault is deleted and made anew on a key that looks just like the right one",
        ["vault/key-differs"];
    "vault-air-gapped" => VAULT, vault::air_gapped,
        "an air-gapped vault has taken the vault's name",
        ["vault/type-differs"];
    "vault-failed" => VAULT, vault::failed,
        "AWS says that the vault could not be made",
        ["vault/not-available"];
    "vault-shared" => VAULT, vault::shared,
        "another account shares a vault of the same name",
        [];
    "vault-notified" => VAULT, vault::notified,
        "the vault's events go to a topic",
        [];
    "vault-untagged" => VAULT, vault::untagged,
        "all tags are removed from the vault",
        ["vault/tags-differ"];
    "vault-policy-deleted" => VAULT, vault::policy_deleted,
        "the vault's access policy is deleted",
        ["vault-policy/missing"];
    "vault-policy-weakened" => VAULT, vault::policy_weakened,
        "the policy no longer denies DeleteRecoveryPoint",
        ["vault-policy/weakened"];
    "vault-policy-never-true" => VAULT, vault::policy_never_true,
        "the denial depends on what is never true",
        ["vault-policy/weakened"];
    "vault-policy-extended" => VAULT, vault::policy_extended,
        "the policy lets a foreign account copy in as well",
        ["vault-policy/lets-in"];
    "vault-policy-opened" => VAULT, vault::policy_opened,
        "the policy allows everyone in the account to restore",
        ["vault-policy/differs"];
    "vault-policy-narrowed" => VAULT, vault::policy_narrowed,
        "the policy denies on the vault's ARN only, and not on recovery points",
        ["vault-policy/weakened"];
    "vault-policy-strengthened" => VAULT, vault::policy_strengthened,
        "the policy denies DisassociateRecoveryPoint as well",
        ["vault-policy/stronger"];
    "vault-policy-blocks-backups" => VAULT, vault::policy_blocks_backups,
        "the policy denies everyone to start backup and restore jobs",
        ["vault-policy/blocks-backups"];
    "vault-policy-spares-the-role" => VAULT, vault::policy_spares_the_role,
        "the policy denies everyone but the backup role to start backup jobs",
        ["vault-policy/blocks-backups"];
    "vault-policy-blocks-repairs" => VAULT, vault::policy_blocks_repairs,
        "the policy denies everyone to put a lock or tags",
        ["vault-policy/blocks-repairs"];
    "vault-policy-relabelled" => VAULT, vault::policy_relabelled,
        "the policy gets another Id",
        ["vault-policy/differs"];
    "vault-lock-deleted" => VAULT, vault::lock_deleted,
        "the lock is deleted in its grace time",
        ["vault-lock/missing"];
    "vault-lock-governance" => VAULT, vault::lock_governance,
        "the lock is deleted and put in governance mode",
        ["vault-lock/mode-differs"];
    "vault-lock-retention" => VAULT, vault::lock_retention,
        "the lock is put again and will let in nothing that is kept for less than ten years",
        ["vault-lock/retention-differs"];
    "vault-lock-strengthened" => VAULT, vault::lock_strengthened,
        "the lock is put again with 7 to 90 days' retention, which every rule fits",
        ["vault-lock/retention-differs"];
    "vault-lock-harmful" => VAULT, vault::lock_harmful,
        "the lock is put again and will let in nothing that is kept longer than a day",
        ["vault-lock/retention-differs"];
    "vault-lock-postponed" => VAULT, vault::lock_postponed,
        "the lock is put again, changeable for 365 days",
        ["vault-lock/date-too-far"];
    "vault-lock-put-again" => VAULT, vault::lock_put_again,
        "the lock is put again as it is: its grace time begins anew",
        [];
    "vault-lock-immutable" => VAULT, vault::lock_immutable,
        "a lock with a wrong retention is past its date",
        ["vault-lock/retention-differs"];
    "plan-deleted" => PLAN, plan::deleted,
        "the plan is deleted, its selections first",
        ["plan/missing", "selection/missing"];
    "plan-duplicated" => PLAN, plan::duplicated,
        "a second plan has the same name",
        ["plan/ambiguous"];
    "plan-vss-off" => PLAN, plan::vss_off,
        "Windows VSS is switched off",
        ["plan/advanced-settings-differ"];
    "plan-vss-doubled" => PLAN, plan::vss_doubled,
        "the plan has a second setting for EC2, which switches Windows VSS off",
        ["plan/advanced-setting-repeated", "plan/advanced-settings-differ"];
    "plan-untagged" => PLAN, plan::untagged,
        "all tags are removed from the plan",
        ["plan/tags-differ"];
    "rule-diverted" => RULE, rule::diverted,
        "the rule's backups go to an air-gapped vault that was made for it",
        ["plan/air-gapped-vault-differs"];
    "rule-scanned" => RULE, rule::scanned,
        "the rule scans, indexes and archives, and so do its copies",
        [];
    "rule-scanned-and-cut" => RULE, rule::scanned_and_cut,
        "the same, and recovery points are kept for 1 day",
        ["plan/retention-differs"];
    "rule-duplicated" => RULE, rule::duplicated,
        "a second rule has the same name, runs once a year and keeps for 1 day",
        ["plan/rule-repeated"];
    "rule-removed" => RULE, rule::removed,
        "the rule is taken out of its plan",
        ["plan/rule-missing"];
    "rule-added" => PLAN, rule::added,
        "the plan has a rule more",
        ["plan/rule-unexpected"];
    "rule-schedule-changed" => RULE, rule::schedule_changed,
        "the rule runs once a year",
        ["plan/schedule-differs"];
    "rule-timezone-changed" => RULE, rule::timezone_changed,
        "the rule's schedule is in New York's time",
        ["plan/timezone-differs"];
    "rule-target-changed" => RULE, rule::target_changed,
        "the rule writes into another vault",
        ["plan/target-vault-differs"];
    "rule-start-window-changed" => RULE, rule::start_window_changed,
        "jobs may start 8 hours late",
        ["plan/start-window-differs"];
    "rule-completion-window-changed" => RULE, rule::completion_window_changed,
        "jobs must end in 2 hours",
        ["plan/completion-window-differs"];
    "rule-retention-cut" => RULE, rule::retention_cut,
        "recovery points are kept for 1 day",
        ["plan/retention-differs"];
    "rule-cold-storage-set" => "prod_backups/monthly_backup_rule", rule::cold_storage_set,
        "recovery points move to cold storage after 30 days",
        ["plan/cold-storage-differs"];
    "rule-continuous-enabled" => RULE, rule::continuous_enabled,
        "continuous backup is switched on",
        ["plan/continuous-backup-differs"];
    "rule-tags-added" => RULE, rule::tags_added,
        "recovery points get a tag",
        ["plan/recovery-point-tags-differ"];
    "copy-dropped" => RULE, rule::copy_dropped,
        "the rule copies nothing any more",
        ["plan/copy-missing"];
    "copy-duplicated" => RULE, rule::copy_duplicated,
        "the rule copies twice to one vault, once for 1 day only",
        ["plan/copy-repeated"];
    "copy-added" => RULE, rule::copy_added,
        "the rule copies to a vault in a third region as well",
        ["plan/copy-unexpected"];
    "copy-retention-cut" => RULE, rule::copy_retention_cut,
        "copies are kept for 1 day",
        ["plan/copy-retention-differs"];
    "copy-cold-storage-set" => RULE, rule::copy_cold_storage_set,
        "copies move to cold storage after 8 days and are kept for a year",
        ["plan/copy-cold-storage-differs", "plan/copy-retention-differs"];
    "selection-deleted" => SELECTION, selection::deleted,
        "the selection is deleted",
        ["selection/missing"];
    "selection-emptied" => SELECTION, selection::emptied,
        "the selection names one resource that does not exist",
        ["selection/resources-differ"];
    "selection-excludes-more" => SELECTION, selection::excludes_more,
        "the selection leaves databases out",
        ["selection/not-resources-differ"];
    "selection-by-tag" => SELECTION, selection::by_tag,
        "the selection also selects by a tag",
        ["selection/tags-differ"];
    "selection-conditioned" => SELECTION, selection::conditioned,
        "the selection takes only tagged resources",
        ["selection/conditions-differ"];
    "selection-role-changed" => SELECTION, selection::role_changed,
        "the selection uses AWS Backup's default role",
        ["selection/role-differs"];
    "selection-duplicated" => SELECTION, selection::duplicated,
        "the selection is there twice",
        ["selection/ambiguous"];
    "selection-added" => PLAN, selection::added,
        "the plan has a selection more",
        ["selection/unmanaged"];
    "opt-in-off" => PRIMARY_REGION, region::opt_in_off,
        "no service is backed up in the region any more",
        ["region-settings/opt-in-off"];
    "opt-in-off-for-one" => "us-east-1/RDS", region::opt_in_off,
        "RDS is not backed up in the region any more",
        ["region-settings/opt-in-off"];
    "dynamodb-management-off" => PRIMARY_REGION, region::management_off,
        "AWS Backup no longer manages backups of DynamoDB in full",
        ["region-settings/management-off"];
    "foreign-clutter" => "", account::cluttered,
        "other teams have plans, vaults, keys and roles here too",
        [];
    "everything-deleted" => "", account::emptied,
        "role, vaults and plans are gone, the keys wait for deletion, and nothing is left that tells whose they are",
        [
            "role/missing", "role/policy-detached", "key/missing", "alias/missing",
            "vault/missing", "vault-policy/missing", "vault-lock/missing", "plan/missing",
            "selection/missing"
        ];
}
