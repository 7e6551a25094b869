//! Calls about parameters.

use serde_json::json;

use super::calls::Calls;
use crate::service::Service;
use crate::state::Ssm;

pub(super) fn change(calls: &mut Calls<'_>, region: &str, old: &Ssm, new: &Ssm) {
    for name in old.parameters.keys().filter(|name| !new.parameters.contains_key(*name)) {
        calls.call(Service::Ssm, region, "DeleteParameter", json!({ "Name": name }));
    }
    for (name, parameter) in &new.parameters {
        let before = old.parameters.get(name);
        let known = before.map_or(0, |parameter| parameter.versions.len());
        for (at, version) in parameter.versions.iter().enumerate().skip(known) {
            let params = json!({
                "Name": name,
                "Type": parameter.kind,
                "Value": version.value,
                "Overwrite": (at > 0).then_some(true),
            });
            let answer = json!({ "Version": at + 1, "Tier": "Standard" });
            calls.answered(Service::Ssm, region, "PutParameter", params, answer);
        }
    }
}
