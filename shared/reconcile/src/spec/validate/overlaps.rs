//! Rules of one plan that hide one another. AWS Backup takes such a plan, and its owner may mean it.

use crate::desired::PlanDocument;
use crate::overlap::{Overlap, When, Year};
use crate::spec::raw::Plan;
use crate::spec::reader::Mistakes;
use crate::state::place_in;

/// Told is what costs a copy, and a rule that never runs: else the backup itself is made by the rule that keeps it longer.
pub(super) fn check(plan: &Plan, resolved: &PlanDocument, year: &mut Year, mistakes: &mut Mistakes) {
    let is_told = |overlap: &&Overlap<'_>| !overlap.lost.is_empty() || overlap.when == When::Always;
    for overlap in year.overlaps(resolved).iter().filter(is_told) {
        let rule = plan.rules.iter().find(|rule| rule.name.value == overlap.hidden.name);
        mistakes.warn(rule.map_or(&plan.spot, |rule| &rule.name.spot), in_words(overlap));
    }
}

fn in_words(Overlap { hidden, by, when, lost, either }: &Overlap<'_>) -> String {
    let by = &by.name;
    let what = if *either {
        format!(
            "its start window and that of {by} overlap {when}, and both keep backups equally long: AWS Backup runs one of them and does not say which"
        )
    } else {
        format!(
            "{by} hides {} {when}: their start windows overlap, and AWS Backup runs the rule that keeps backups longer",
            hidden.name
        )
    };
    if lost.is_empty() {
        return format!("{what}; drop one of the two, or move one to another time");
    }
    let vaults: Vec<String> = lost.iter().map(|copy| vault(&copy.destination)).collect();
    let vaults = vaults.join(" and to ");
    format!(
        "{what}; the copy of {} to {vaults} is not made then; give {by} the same copy, or move one of the two to another time",
        hidden.name
    )
}

/// A vault by name, with its region: a copy goes anywhere.
fn vault(arn: &str) -> String {
    place_in(arn).map_or_else(|| arn.to_owned(), |(region, name)| format!("{name} in {region}"))
}
