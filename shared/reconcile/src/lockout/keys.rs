//! What a key's policy does to those who need the key. Unlike elsewhere an Allow counts too: without one nobody may use a key.

use std::collections::BTreeSet;

use crate::desired::{Desired, DesiredKey};
use crate::policy::{Caller, Policy};

/// What jobs need of a vault's key, with the role that they run as ("Encryption for backups in AWS Backup").
const NEEDED_BY_BACKUPS: &[&str] = &["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"];

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
    let via = format!("backup.{region}.amazonaws.com");
    let roles = desired.roles.iter().map(|role| User {
        name: KeyUser::Role(role.name.clone()),
        caller: Caller::role(&role.arn).by_way_of_backup(&via),
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
