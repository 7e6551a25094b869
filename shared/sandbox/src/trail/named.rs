//! What a call is about: the keys and aliases that its parameters name in the account that it meets.

use serde_json::Value;

use super::resources;
use crate::partition::partition;
use crate::service::Service;
use crate::state::Account;

/// The alias and the key that the parameters of a call name: a key by id or ARN, an alias with the key that it is to
/// point to or else points to.
pub(crate) fn named(account: &Account, service: Service, region: &str, params: &Value) -> Vec<Value> {
    if service != Service::Kms {
        return Vec::new();
    }
    let text = |name: &str| params.get(name).and_then(Value::as_str);
    let full = |rest: &str| match rest.starts_with("arn:") {
        true => rest.to_owned(),
        false => format!("arn:{}:kms:{region}:{}:{rest}", partition(region), account.id),
    };
    let name = text("AliasName");
    let aliases = account.regions.get(region).map(|region| &region.kms.aliases);
    let pointed_to = name.and_then(|name| Some(aliases?.get(name)?.target.as_str()));
    // A grant can be given up by its token alone.
    let of_token = text("GrantToken").and_then(|token| key_of_token(account, region, token));
    // The few operations that take an alias in place of a key only read.
    let given = text("KeyId").or(of_token).or_else(|| text("TargetKeyId")).or(pointed_to);
    let id = given.filter(|given| !given.contains("alias/"));
    let alias = name.map(|name| resources::alias(&full(name), &account.id));
    let key = id.map(|id| {
        let rest = if id.starts_with("arn:") { id.to_owned() } else { format!("key/{id}") };
        resources::key(&full(&rest), &account.id)
    });
    alias.into_iter().chain(key).collect()
}

/// The key that a grant of this token is of.
fn key_of_token<'a>(account: &'a Account, region: &str, token: &str) -> Option<&'a str> {
    let keys = account.regions.get(region)?.kms.keys.values();
    let mut grants = keys.flat_map(|key| key.grants.values().map(move |grant| (key, grant)));
    let (key, _) = grants.find(|(_, grant)| grant.tokens.iter().any(|one| one == token))?;
    Some(&key.arn)
}
