//! The roles that selections have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use reconcile::desired::DesiredRole;

use super::reading::{Among, Reading, tags};
use super::state::Resource;
use crate::Imported;
use crate::imported::{MADE_ELSEWHERE, elsewhere, role_arn};
use crate::json::{items, strings, text};

pub(super) fn read(reading: &Reading<'_>, imported: &mut Imported) {
    let selections = imported.desired.plans.iter().flat_map(|plan| &plan.selections);
    let wanted: BTreeSet<String> = selections.map(|selection| selection.role_arn.clone()).collect();
    let (partition, account) = (imported.desired.partition.clone(), imported.desired.account.clone());
    let mut found = BTreeSet::new();
    let beside = Beside::of(reading);
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
            managed_policies: beside.managed(reading, role),
            boundary: text(&role.values, "permissions_boundary"),
            inline_policies: beside.inline(role),
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

/// What is about each role, by the role's address.
struct Beside<'a> {
    attached: HashMap<&'a str, Vec<&'a Resource>>,
    exclusive: HashMap<&'a str, Vec<&'a Resource>>,
    inline: HashMap<&'a str, Vec<&'a Resource>>,
}

impl<'a> Beside<'a> {
    fn of(reading: &'a Reading<'_>) -> Self {
        let named = Among::of(reading.state.managed("aws_iam_role"), &["name", "id", "arn"]);
        let of_kind = |kind| reading.beside(kind, &["role", "role_name"], &named);
        Self {
            attached: of_kind("aws_iam_role_policy_attachment"),
            exclusive: of_kind("aws_iam_role_policy_attachments_exclusive"),
            inline: of_kind("aws_iam_role_policy"),
        }
    }

    fn managed(&self, reading: &Reading<'_>, role: &Resource) -> BTreeSet<String> {
        let mut arns = strings(&role.values, "managed_policy_arns");
        let attached = self.attached.get(role.address.as_str()).into_iter().flatten();
        arns.extend(attached.filter_map(|one| reading.text(one, "policy_arn")));
        for one in self.exclusive.get(role.address.as_str()).into_iter().flatten() {
            arns.extend(strings(&one.values, "policy_arns"));
        }
        arns
    }

    fn inline(&self, role: &Resource) -> BTreeMap<String, Option<String>> {
        let blocks = items(&role.values, "inline_policy").iter();
        let mut policies: BTreeMap<String, Option<String>> =
            blocks.filter_map(|one| Some((text(one, "name")?, text(one, "policy")))).collect();
        let beside = self.inline.get(role.address.as_str()).into_iter().flatten();
        policies
            .extend(beside.filter_map(|one| Some((text(&one.values, "name")?, text(&one.values, "policy")))));
        policies
    }
}
