//! The roles that selections have.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::DesiredRole;

use super::reading::{Reading, tags};
use super::state::Resource;
use crate::Imported;
use crate::imported::{MADE_ELSEWHERE, elsewhere, role_arn};
use crate::json::{items, strings, text};

pub(super) fn read(reading: &Reading<'_>, imported: &mut Imported) {
    let selections = imported.desired.plans.iter().flat_map(|plan| &plan.selections);
    let wanted: BTreeSet<String> = selections.map(|selection| selection.role_arn.clone()).collect();
    let (partition, account) = (imported.desired.partition.clone(), imported.desired.account.clone());
    let mut found = BTreeSet::new();
    for role in reading.state.managed("aws_iam_role") {
        let Some(name) = text(&role.values, "name") else { continue };
        let path = text(&role.values, "path").unwrap_or_else(|| "/".to_owned());
        let arn = text(&role.values, "arn").unwrap_or_else(|| role_arn(&partition, &account, &path, &name));
        if !wanted.contains(&arn) {
            continue;
        }
        found.insert(arn.clone());
        imported.desired.roles.push(DesiredRole {
            trust: text(&role.values, "assume_role_policy").unwrap_or_default(),
            managed_policies: managed(reading, role),
            boundary: text(&role.values, "permissions_boundary"),
            inline_policies: inline(reading, role),
            tags: tags(role),
            name,
            path,
            arn,
        });
    }
    for arn in wanted.difference(&found) {
        elsewhere(arn, MADE_ELSEWHERE, imported);
    }
}

/// The resources of a kind that are about a role.
fn beside<'a>(
    reading: &'a Reading<'_>,
    role: &'a Resource,
    kind: &'a str,
) -> impl Iterator<Item = &'a Resource> {
    reading.state.managed(kind).filter(move |one| {
        let by = |member| reading.linked(one, member, &[role], &["name", "id", "arn"]).is_some();
        by("role") || by("role_name")
    })
}

fn managed(reading: &Reading<'_>, role: &Resource) -> BTreeSet<String> {
    let mut arns = strings(&role.values, "managed_policy_arns");
    let attached = beside(reading, role, "aws_iam_role_policy_attachment");
    arns.extend(attached.filter_map(|one| reading.text(one, "policy_arn")));
    for one in beside(reading, role, "aws_iam_role_policy_attachments_exclusive") {
        arns.extend(strings(&one.values, "policy_arns"));
    }
    arns
}

fn inline(reading: &Reading<'_>, role: &Resource) -> BTreeMap<String, Option<String>> {
    let blocks = items(&role.values, "inline_policy").iter();
    let mut policies: BTreeMap<String, Option<String>> =
        blocks.filter_map(|one| Some((text(one, "name")?, text(one, "policy")))).collect();
    let beside = beside(reading, role, "aws_iam_role_policy");
    policies.extend(beside.filter_map(|one| Some((text(&one.values, "name")?, text(&one.values, "policy")))));
    policies
}
