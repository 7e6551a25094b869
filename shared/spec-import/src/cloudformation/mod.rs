//! CloudFormation: a template, JSON or YAML, as a spec. Parameters have their defaults.
//!
//! What a template does not say, such as the names that CloudFormation makes up, is written as `REPLACE-ME-NAME`, and listed.

mod intrinsics;
mod plans;
mod roles;
mod template;
mod vaults;

use std::collections::BTreeSet;

use crate::imported::{NOT_HERE, UNKNOWN};
use crate::{ImportError, Imported, UNKNOWN_ACCOUNT};
use intrinsics::Template;

/// Resources of AWS Backup that a spec has no words for.
const UNSAID: [(&str, &str); 6] = [
    (
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "a rule can name it as air_gapped_vault, and a copy by vault_arn",
    ),
    ("AWS::Backup::Framework", "a spec has no words for AWS Backup Audit Manager"),
    ("AWS::Backup::ReportPlan", "a spec has no words for AWS Backup Audit Manager"),
    ("AWS::Backup::RestoreTestingPlan", "a spec has no words for tests of restores"),
    ("AWS::Backup::RestoreTestingSelection", "a spec has no words for tests of restores"),
    ("AWS::Backup::TieringConfiguration", "a spec has no words for tiering"),
];

/// Reads a template that is deployed in `region`.
///
/// # Errors
///
/// [`ImportError`] if it is none, or has nothing of AWS Backup.
pub fn read(text: &str, origin: &str, region: &str) -> Result<Imported, ImportError> {
    let document = template::parse(text)?;
    let template = Template::new(&document, region);
    let mut imported = Imported::new(origin, "cloudformation", template.partition, UNKNOWN_ACCOUNT, region);
    for (kind, why) in UNSAID {
        for (id, _) in template.resources(kind) {
            imported.leave_out(id, why);
        }
    }
    for id in template.loops() {
        imported.leave_out(id, "resources that are made in a loop are not read; import the account instead");
    }
    vaults::read(&template, &mut imported);
    plans::read(&template, &mut imported);
    roles::read(&template, &mut imported);
    if template.is_too_much() {
        return Err(ImportError::TooMuch(
            "its functions and conditions come to more than a template can mean",
        ));
    }
    if imported.desired.vaults.is_empty() && imported.desired.plans.is_empty() {
        return Err(ImportError::Empty);
    }
    imported.list_destinations(|_| NOT_HERE);
    let unknown = template.unknown();
    for unknown in said(&format!("{:?}", imported.desired), &unknown) {
        let name = unknown.trim_start_matches(UNKNOWN);
        let why =
            format!("the template does not say it; it is written as {unknown}: put the real value there");
        imported.leave_out(name, why);
    }
    Ok(imported)
}

/// Which of the placeholders stand in a text.
fn said<'u>(text: &str, unknown: &'u BTreeSet<String>) -> BTreeSet<&'u str> {
    let longest = unknown.iter().map(String::len).max().unwrap_or_default();
    let stands = |(at, _): (usize, &str)| {
        let rest = &text[at..text.floor_char_boundary(at + longest)];
        let whole = (0..=rest.len()).rev().filter_map(|end| unknown.get(rest.get(..end)?));
        whole.map(String::as_str).next()
    };
    text.match_indices(UNKNOWN).filter_map(stands).collect()
}
