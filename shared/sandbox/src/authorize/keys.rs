//! What calls need of keys: a key is told by the aliases that it carries, and an alias call is about both.

use super::need::{Need, arn, itself};
use crate::request::Request;
use crate::state::{Account, Key, Kms};

pub(super) fn needs(account: &Account, request: &Request) -> Vec<Need> {
    let kms = account.regions.get(&request.region).map(|region| &region.kms);
    let of_key = |action: &str, given: &str| on_key(kms, request, &format!("kms:{action}"), given);
    match request.operation.as_str() {
        "ListAliases" | "ListKeys" => vec![itself(request, "*")],
        "CreateKey" => {
            let mut needs = vec![with_bypass(itself(request, "*"), request)];
            if !request.list("Tags").is_empty() {
                // The key that is being made carries no alias yet.
                needs.push(Need::new(request, "kms:TagResource", arn(request, "kms", "key/new")));
            }
            needs
        }
        "CreateAlias" | "UpdateAlias" | "DeleteAlias" => {
            let alias = request.text("AliasName").unwrap_or_default();
            let old = kms.and_then(|kms| kms.aliases.get(alias)).map(|alias| alias.target.as_str());
            let keys = [request.text("TargetKeyId"), old].into_iter().flatten();
            let mut needs = vec![itself(request, arn(request, "kms", alias))];
            needs.extend(keys.map(|key| of_key(&request.operation, key)));
            needs
        }
        // KMS makes the replica in the caller's name.
        "ReplicateKey" => {
            let there = request.text("ReplicaRegion").unwrap_or_default();
            let made = Need::new(request, "kms:CreateKey", "*").with("aws:RequestedRegion", [there]);
            vec![of_key("ReplicateKey", request.text("KeyId").unwrap_or_default()), made]
        }
        "RetireGrant" => vec![of_key("RetireGrant", retired(kms, request).unwrap_or_default())],
        operation => vec![with_bypass(of_key(operation, request.text("KeyId").unwrap_or_default()), request)],
    }
}

/// The key of the grant that is given up, which its token alone may name.
fn retired<'a>(kms: Option<&'a Kms>, request: &'a Request) -> Option<&'a str> {
    let has = |key: &&Key, token: &str| {
        key.grants.values().any(|grant| grant.tokens.iter().any(|one| one == token))
    };
    let token = request.text("GrantToken");
    request
        .text("KeyId")
        .or_else(|| Some(kms?.keys.values().find(|key| has(key, token.unwrap_or_default()))?.arn.as_str()))
}

/// What AWS Backup does with a vault's key, in the name of whoever makes the vault.
pub(super) fn of_vault(account: &Account, request: &Request) -> Vec<Need> {
    let Some(key) = request.text("EncryptionKeyArn") else { return Vec::new() };
    let kms = account.regions.get(&request.region).map(|region| &region.kms);
    let via = format!("backup.{}.amazonaws.com", request.region);
    let mut needs = vec![on_key(kms, request, "kms:DescribeKey", key)];
    needs.extend(["CreateGrant", "Decrypt", "GenerateDataKey", "RetireGrant"].map(|action| {
        on_key(kms, request, &format!("kms:{action}"), key)
            .with("kms:ViaService", [via.as_str()])
            .with("kms:EncryptionContextKeys", ["aws:backup:backup-vault"])
            .with("kms:GrantIsForAWSResource", ["true"])
    }));
    needs
}

/// An action on the key that an id, an ARN or an alias names.
fn on_key(kms: Option<&Kms>, request: &Request, action: &str, given: &str) -> Need {
    let named = given.find("alias/").map(|at| &given[at..]);
    let target = named.and_then(|alias| Some(kms?.aliases.get(alias)?.target.as_str()));
    let id = target.unwrap_or_else(|| given.rsplit('/').next().unwrap_or_default());
    let aliases = kms.into_iter().flat_map(|kms| kms.aliases.values());
    let aliases = aliases.filter(|alias| alias.target == id).map(|alias| alias.name.as_str());
    Need::new(request, action, arn(request, "kms", &format!("key/{id}"))).with("kms:ResourceAliases", aliases)
}

fn with_bypass(need: Need, request: &Request) -> Need {
    let bypass = request.flag("BypassPolicyLockoutSafetyCheck");
    need.with("kms:BypassPolicyLockoutSafetyCheck", [if bypass { "true" } else { "false" }])
}
