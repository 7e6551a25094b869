//! The policies in the spec: that each is one, and that none shuts out the role that has to restore it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::lockout::needed_on;
use crate::policy::{AuthorizedOn, Caller, Policy, authorized_on};
use crate::spec::arns::{GLOBAL, KEY_POLICY, Scope, VAULT_POLICY};
use crate::spec::raw::{Document, Vault};
use crate::spec::reader::{Located, Mistakes};
use crate::spec::template;

/// A key policy's size ("KMS quotas").
const LONGEST_KEY_POLICY: usize = 32_768;

pub(super) fn check(document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    for trust in document.roles().filter_map(|role| role.trust.as_ref()) {
        mistakes.check(&trust.spot, template::check_policy(&trust.value, &GLOBAL));
        mistakes.check(&trust.spot, parse(&scope.fill_global(&trust.value)).map(|_| ()));
    }
    for key in &document.keys {
        let Some(policy) = &key.policy else { continue };
        mistakes.check(&policy.spot, template::check_policy(&policy.value, &KEY_POLICY));
        let text = scope.key_policy(&policy.value, &key.region.value, &document.role);
        mistakes.check(&policy.spot, parse(&text).map(|_| ()));
        if text.len() > LONGEST_KEY_POLICY {
            let reason = format!("{} bytes; KMS allows {LONGEST_KEY_POLICY} in a key policy", text.len());
            mistakes.add(&policy.spot, reason);
        }
    }
    for (name, text) in &document.vault_policies {
        let users =
            || document.vaults.iter().filter(|vault| named(vault).is_some_and(|policy| policy == name));
        mistakes.check(&text.spot, template::check_policy(&text.value, &VAULT_POLICY));
        if users().next().is_none() {
            mistakes.add(&text.spot, "no vault has this policy; drop it, or name it in a vault's policy");
        }
        for vault in users() {
            vault_policy(text, vault, document, scope, mistakes);
        }
    }
}

fn named(vault: &Vault) -> Option<&String> {
    vault.policy.as_ref().map(|policy| &policy.value)
}

fn vault_policy(
    text: &Located<String>,
    vault: &Vault,
    document: &Document,
    scope: &Scope,
    mistakes: &mut Mistakes,
) {
    let json = match parse(&scope.vault_policy(&text.value, vault, &document.role)) {
        Ok(json) => json,
        Err(reason) => return mistakes.add(&text.spot, reason),
    };
    if let Some(action) = actions(&json).find(|action| action.contains(['*', '?'])) {
        mistakes.add(
            &text.spot,
            format!(
                "{action:?}: AWS Backup takes no wildcards in the actions of a vault policy; name each action"
            ),
        );
    }
    let arn = scope.vault_arn(&vault.region.value, &vault.name.value);
    let Ok(policy) = Policy::parse(&json.to_string()) else { return };
    let needed = needed_on(vault.notifications.is_some());
    lockout(text, &policy, &arn, needed, scope, mistakes);
    in_vain(text, &policy, &arn, mistakes);
}

/// Neither the account nor the role is known here: what is denied to every role of any account is refused, and what may be is told.
fn lockout(
    text: &Located<String>,
    policy: &Policy,
    arn: &str,
    needed: impl Iterator<Item = &'static str>,
    scope: &Scope,
    mistakes: &mut Mistakes,
) {
    let function = Caller::some_role_later(&scope.partition, &scope.account);
    let needed: Vec<&str> = needed.collect();
    let denied = |answer: Option<bool>| {
        needed.iter().find(|action| policy.denies_on(&function, action, arn) == answer)
    };
    if let Some(action) = denied(Some(true)) {
        return mistakes.add(
            &text.spot,
            format!(
                "denies {action} to everyone, and with that to the role that restores this policy; drop the action, or \
                 exempt that role with a condition such as {{\"ArnNotEquals\": {{\"aws:PrincipalArn\": \"ROLE\"}}}}"
            ),
        );
    }
    if let Some(action) = denied(None) {
        mistakes.warn(
            &text.spot,
            format!(
                "whether it denies {action} to the function itself depends on the function's account and role, which are \
                 not known here; it is put only if it is sure to spare the function, and on one vault first"
            ),
        );
    }
}

/// A Deny on what AWS does not authorize its action on.
fn in_vain(text: &Located<String>, policy: &Policy, arn: &str, mistakes: &mut Mistakes) {
    let idle: BTreeSet<&str> =
        policy.denied_actions().filter(|action| policy.denies_in_vain(action, arn)).collect();
    let on_points = |action: &&&str| authorized_on(action) == AuthorizedOn::RecoveryPoints;
    let (points, others): (Vec<&str>, Vec<&str>) = idle.iter().partition(|action| on_points(action));
    if !points.is_empty() {
        mistakes.warn(
            &text.spot,
            format!(
                "denies {} on a Resource that by AWS's documentation does not reach recovery points; only the lock protects \
                 them; write \"*\"",
                points.join(", ")
            ),
        );
    }
    if !others.is_empty() {
        let reason = format!(
            "denies {} on a Resource that by AWS's documentation does not reach this vault; write \"*\" or \"${{vault}}\"",
            others.join(", ")
        );
        mistakes.warn(&text.spot, reason);
    }
}

/// The policy as JSON, after checking that it is a policy. Text that is percent-encoded, as IAM returns it, is for
/// machines: in a spec it is refused.
fn parse(text: &str) -> Result<Value, String> {
    Policy::parse(text).map_err(|error| error.to_string())?;
    serde_json::from_str(text)
        .map_err(|error| format!("the policy is not JSON: {error}; write it as plain JSON"))
}

fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    let statements = &policy["Statement"];
    statements.as_array().map_or(std::slice::from_ref(statements), Vec::as_slice).iter()
}

/// Every action that the policy names, wherever it names it.
fn actions(policy: &Value) -> impl Iterator<Item = &str> {
    let lists = statements(policy).flat_map(|statement| [&statement["Action"], &statement["NotAction"]]);
    let words = lists.flat_map(|list| list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice));
    words.filter_map(Value::as_str)
}
