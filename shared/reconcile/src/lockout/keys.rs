//! What a key's policy does to those who need the key. Unlike elsewhere an Allow counts too: without one nobody may use a key.

use std::collections::BTreeSet;

use super::AWS_BACKUP;
use crate::desired::{Desired, DesiredKey};
use crate::policy::{Caller, Policy};

/// What jobs need of a vault's key, with the role that they run as ("Encryption for backups in AWS Backup").
const NEEDED_BY_BACKUPS: &[&str] = &["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"];

/// What the managed policies for roles of AWS Backup let them do with keys by way of other services, such as EC2 and RDS. That these use a
/// vault's key is not documented: copies are encrypted with it, and they are made by way of the service whose resource it is.
const NEEDED_IN_OTHER_WAYS: &[&str] = &[
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

/// What the healer reads of a key, and what it does to rescue one.
const NEEDED_BY_HEALER: &[&str] = &[
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DescribeKey",
    "kms:EnableKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListResourceTags",
];

/// What somebody of the account must be able to do: else nobody but AWS Support can change the policy.
const NEEDED_BY_ACCOUNT: &[&str] = &["kms:PutKeyPolicy"];

/// Somebody who needs a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyUser {
    /// A role that AWS Backup works with, by name.
    Role(String),
    /// AWS Backup itself.
    Backup,
    /// All whom IAM policies of the account let in.
    Account,
    /// The function itself.
    Healer,
}

/// Somebody whom a key's policy shuts out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShutOut {
    /// Who.
    pub user: KeyUser,
    /// Of what.
    pub actions: BTreeSet<&'static str>,
    /// Whether that is sure. It cannot be told where a condition, a NotPrincipal or a variable decides.
    pub certainly: bool,
}

struct User {
    name: KeyUser,
    caller: Caller,
    needs: &'static [&'static str],
}

/// Those who need a key, but for the account. The healer only where its role is known: the policy of a key may well name a role.
fn users(desired: &Desired, region: &str) -> Vec<User> {
    // What services are called in conditions of key policies is documented for these partitions.
    let is_known = ["aws", "aws-us-gov"].contains(&desired.partition.as_str());
    let via = is_known.then(|| format!("backup.{region}.amazonaws.com"));
    let by_way_of_backup = |role: Caller| match &via {
        Some(service) => role.by_way_of_backup(service),
        None => role,
    };
    let roles = desired.roles.iter().map(|role| User {
        name: KeyUser::Role(role.name.clone()),
        caller: by_way_of_backup(Caller::role(&role.arn)),
        needs: NEEDED_BY_BACKUPS,
    });
    let healer = desired.healer_role.iter().map(|arn| User {
        name: KeyUser::Healer,
        caller: Caller::role(arn),
        needs: NEEDED_BY_HEALER,
    });
    roles.chain(healer).collect()
}

/// Whom a key's policy shuts out of what they need.
pub(crate) fn shut_out_of_key(
    desired: &Desired,
    key: &DesiredKey,
    key_arn: &str,
    policy: &Policy,
) -> Vec<ShutOut> {
    let mut found = Vec::new();
    for User { name, caller, needs } in users(desired, &key.region) {
        for certainly in [true, false] {
            let shut_out = |action: &&str| match policy.lets_use(&caller, action, key_arn) {
                Some(lets) => certainly && !lets,
                None => !certainly,
            };
            let actions: BTreeSet<&str> = needs.iter().copied().filter(shut_out).collect();
            if !actions.is_empty() {
                found.push(ShutOut { user: name.clone(), actions, certainly });
            }
        }
    }
    found.extend(account(desired, key_arn, policy));
    found
}

/// Whom a denial shuts out, perhaps, of what they may need: the roles by way of other services, AWS Backup's own role, and AWS Backup itself.
/// Of none of them it is documented what they need of a vault's key. An Allow for them is not asked for: by the guide the ways of above are
/// all that a policy has to allow.
pub(crate) fn perhaps_shut_out_of_key(
    desired: &Desired,
    key: &DesiredKey,
    key_arn: &str,
    policy: &Policy,
) -> Vec<ShutOut> {
    let told = |user: KeyUser, may_deny: &dyn Fn(&str) -> bool| {
        let actions: BTreeSet<&str> =
            NEEDED_IN_OTHER_WAYS.iter().copied().filter(|action| may_deny(action)).collect();
        (!actions.is_empty()).then_some(ShutOut { user, actions, certainly: false })
    };
    let of_role = |name: &str, arn: &str| {
        let caller = Caller::role(arn).by_way_of_any_service(&key.region);
        told(KeyUser::Role(name.to_owned()), &|action| policy.may_deny_use(&caller, action, key_arn))
    };
    let roles: Vec<ShutOut> =
        desired.roles.iter().filter_map(|role| of_role(&role.name, &role.arn)).collect();
    if !roles.is_empty() {
        return roles;
    }
    let Desired { partition, account, .. } = desired;
    let own = "AWSServiceRoleForBackup";
    let own_arn = format!("arn:{partition}:iam::{account}:role/aws-service-role/{AWS_BACKUP}/{own}");
    let itself = told(KeyUser::Backup, &|action| policy.denies_service(AWS_BACKUP, action, key_arn));
    of_role(own, &own_arn).into_iter().chain(itself).collect()
}

/// Whether a policy that allows less than the spec's still lets everybody in whom the deployment needs, and whom the spec names. The account
/// itself needs only that somebody of it may change the policy, and what the function needs where its role is not known.
pub(crate) fn lets_in_as_many(desired: &Desired, key_arn: &str, want: &Policy, have: &Policy) -> bool {
    let root = Caller::role(&format!("arn:{}:iam::{}:root", desired.partition, desired.account));
    let healer = desired.healer_role.as_deref().map_or(root, Caller::role);
    let may_heal = NEEDED_BY_HEALER.iter().all(|action| {
        have.lets_use(&healer, action, key_arn) == Some(true)
            || want.lets_use(&healer, action, key_arn) != Some(true)
    });
    let roles = desired.roles.iter().map(|role| role.arn.as_str());
    let but_for: Vec<&str> =
        roles.chain(desired.healer_role.as_deref()).chain([desired.account.as_str()]).collect();
    may_heal && want.names_are_kept(have, key_arn, &but_for)
}

/// The account is shut out for sure if nobody in it may change the policy, and perhaps if the policy leaves nothing to IAM policies. A Deny
/// for all but some is neither.
fn account(desired: &Desired, key_arn: &str, policy: &Policy) -> Option<ShutOut> {
    let root = Caller::role(&format!("arn:{}:iam::{}:root", desired.partition, desired.account));
    let anybody = Caller::some_role_of(&desired.partition, &desired.account);
    let nobody = |action: &&str| {
        let may = |caller: &Caller| policy.lets_use(caller, action, key_arn) != Some(false);
        !may(&root) && !may(&anybody)
    };
    let unsaid = |action: &&str| policy.allows(&root, action, key_arn) != Some(true);
    let those = |is: &dyn Fn(&&str) -> bool| -> BTreeSet<&str> {
        NEEDED_BY_ACCOUNT.iter().copied().filter(|action| is(action)).collect()
    };
    let (surely, perhaps) = (those(&nobody), those(&unsaid));
    let certainly = !surely.is_empty();
    let actions = if certainly { surely } else { perhaps };
    (!actions.is_empty()).then_some(ShutOut { user: KeyUser::Account, actions, certainly })
}

/// What a denial takes from those who need the key, beyond what the spec's policy takes from them.
pub(crate) fn harm_on_key(
    desired: &Desired,
    region: &str,
    key_arn: &str,
    want: &Policy,
    denial: &Policy,
) -> BTreeSet<&'static str> {
    let mut users = users(desired, region);
    users.push(User {
        name: KeyUser::Account,
        caller: Caller::some_role_of(&desired.partition, &desired.account),
        needs: NEEDED_BY_ACCOUNT,
    });
    let each = users.iter().flat_map(|user| user.needs.iter().map(move |action| (user, *action)));
    each.filter(|(user, action)| {
        let binds = |policy: &Policy| policy.denies_on(&user.caller, action, key_arn) != Some(false);
        binds(denial) && !binds(want)
    })
    .map(|(_, action)| action)
    .collect()
}
