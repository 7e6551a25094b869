//! The roles that selections have.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::DesiredRole;
use reconcile::resource::ResourceId;
use serde_json::Value;

use super::intrinsics::{Template, tag_list};
use super::vaults::policy;
use crate::Imported;
use crate::imported::{MADE_ELSEWHERE, elsewhere, role_arn};
use crate::json::{items, scalar, strings, text};

pub(super) fn read(template: &Template<'_>, imported: &mut Imported) {
    let selections = imported.desired.plans.iter().flat_map(|plan| &plan.selections);
    let wanted: BTreeSet<String> = selections.map(|selection| selection.role_arn.clone()).collect();
    let mut found = BTreeSet::new();
    for (id, properties) in template.resources("AWS::IAM::Role") {
        let role = template.value(properties);
        let name = template.value(&serde_json::json!({ "Ref": id }));
        let Some(name) = scalar(&name) else { continue };
        let path = text(&role, "Path").unwrap_or_else(|| "/".to_owned());
        let arn = role_arn(template.partition, &imported.desired.account, &path, &name);
        if !wanted.contains(&arn) {
            continue;
        }
        found.insert(arn.clone());
        if text(&role, "RoleName").is_none() {
            let why = "CloudFormation makes up this role's name: write the one that the stack has.";
            imported.note(ResourceId::role(&name), why);
        }
        imported.desired.roles.push(DesiredRole {
            trust: policy(&role["AssumeRolePolicyDocument"]).unwrap_or_default(),
            managed_policies: managed(template, id, &role),
            boundary: text(&role, "PermissionsBoundary"),
            inline_policies: inline(template, id, &role),
            tags: tag_list(&role["Tags"]),
            name,
            path,
            arn,
        });
    }
    for arn in wanted.difference(&found) {
        elsewhere(arn, MADE_ELSEWHERE, imported);
    }
}

/// Whether a policy beside the role names it among its roles.
fn names(template: &Template<'_>, properties: &Value, id: &str) -> bool {
    items(properties, "Roles").iter().any(|role| template.link(role) == Some(id))
}

fn managed(template: &Template<'_>, id: &str, role: &Value) -> BTreeSet<String> {
    let mut arns = strings(role, "ManagedPolicyArns");
    let beside = template.resources("AWS::IAM::ManagedPolicy");
    let beside = beside.filter(|(_, properties)| names(template, properties, id));
    arns.extend(
        beside.filter_map(|(policy, _)| scalar(&template.value(&serde_json::json!({ "Ref": policy })))),
    );
    arns
}

fn inline(template: &Template<'_>, id: &str, role: &Value) -> BTreeMap<String, Option<String>> {
    let one = |one: &Value| Some((text(one, "PolicyName")?, policy(&one["PolicyDocument"])));
    let mut policies: BTreeMap<String, Option<String>> =
        items(role, "Policies").iter().filter_map(one).collect();
    let beside =
        template.resources("AWS::IAM::Policy").filter(|(_, properties)| names(template, properties, id));
    policies.extend(beside.filter_map(|(_, properties)| one(&template.value(properties))));
    let of_role = template.resources("AWS::IAM::RolePolicy");
    let of_role = of_role.filter(|(_, properties)| template.link(&properties["RoleName"]) == Some(id));
    policies.extend(of_role.filter_map(|(_, properties)| one(&template.value(properties))));
    policies
}
