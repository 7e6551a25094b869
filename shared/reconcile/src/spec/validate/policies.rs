//! The policies in the spec: that each is one, and that none shuts out the role that has to restore it.

use serde_json::Value;

use crate::lockout::{ANY_ROLE, NEEDED_ON_VAULTS};
use crate::policy::Policy;
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
    let unconditional = without_exemptions(json);
    let Ok(policy) = Policy::parse(&unconditional.to_string()) else { return };
    if let Some(action) = NEEDED_ON_VAULTS.iter().find(|action| policy.denies(ANY_ROLE, action, &arn)) {
        mistakes.add(
            &text.spot,
            format!(
                "denies {action} to everyone, and with that to the role that restores this policy; drop the action, or \
                 exempt that role with a condition such as {{\"ArnNotEquals\": {{\"aws:PrincipalArn\": \"ROLE\"}}}}"
            ),
        );
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

/// The policy without the statements that spare somebody, by a condition or by NotPrincipal: who that is can only be
/// told when the healer's role is known.
fn without_exemptions(mut policy: Value) -> Value {
    let spares = |statement: &Value| {
        statement.get("NotPrincipal").is_some()
            || statement["Condition"].as_object().is_some_and(|condition| !condition.is_empty())
    };
    let kept: Vec<Value> = statements(&policy).filter(|statement| !spares(statement)).cloned().collect();
    policy["Statement"] = Value::Array(kept);
    policy
}
