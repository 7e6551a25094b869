//! Calls about the grants of a key.

use serde_json::json;

use super::calls::Calls;
use crate::service::Service;
use crate::state::{Grant, Key};

pub(super) fn change(calls: &mut Calls<'_>, region: &str, old: &Key, new: &Key) {
    let gone = |key: &Key, grant: &Grant| !key.grants.contains_key(&grant.id);
    for grant in old.grants.values().filter(|grant| gone(new, grant)) {
        let params = json!({ "KeyId": new.id, "GrantId": grant.id });
        calls.call(Service::Kms, region, "RevokeGrant", params);
    }
    for grant in new.grants.values().filter(|grant| gone(old, grant)) {
        let params = json!({
            "KeyId": new.id,
            "GranteePrincipal": grant.grantee,
            "RetiringPrincipal": grant.retiring,
            "Operations": grant.operations,
            "Constraints": grant.constraints,
            "Name": grant.name,
        });
        calls.answered(Service::Kms, region, "CreateGrant", params, json!({ "GrantId": grant.id }));
    }
}
