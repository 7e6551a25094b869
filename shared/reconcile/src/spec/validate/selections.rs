//! Selections: that they select something, and stay within what AWS Backup takes.

use super::allowed;
use crate::spec::arns::{REGIONAL, Scope};
use crate::spec::raw::{Document, Selection};
use crate::spec::reader::Mistakes;
use crate::spec::{names, template};

// "Assigning resources to a backup plan".
const MOST_ARNS: usize = 500;
const MOST_PATTERNS: usize = 30;
const MOST_TAGS: usize = 30;
const MOST_CONDITIONS: usize = 30;
const CONDITION_PREFIX: &str = "aws:ResourceTag/";

pub(super) fn check(
    selection: &Selection,
    region: &str,
    document: &Document,
    scope: &Scope,
    mistakes: &mut Mistakes,
) {
    mistakes.check(&selection.name.spot, names::plan_part(&selection.name.value));
    if selection.resources.is_empty() && selection.tags.is_empty() {
        let reason = "selects nothing: AWS Backup refuses a selection without resources and without tags; add one of \
                      them (conditions and not_resources only narrow them)";
        mistakes.add(&selection.spot, reason);
    }
    if let (Some(everything), Some(tag)) =
        (selection.resources.iter().find(|arn| arn.value == "*"), selection.tags.first())
    {
        let reason = format!(
            "\"*\" selects everything that AWS Backup supports, and AWS does not say that tags beside it narrow that; write {:?} as a condition, which does",
            tag.key.value
        );
        mistakes.warn(&everything.spot, reason);
    }
    if let Some(role) = &selection.role
        && document.role_of(selection).is_none()
    {
        let all = allowed(document.roles().map(|role| role.name.value.as_str()));
        mistakes.add(&role.spot, format!("there is no role {:?} in the spec; {all}", role.value));
    }
    let arns = || selection.resources.iter().chain(&selection.not_resources);
    for arn in arns() {
        mistakes.check(&arn.spot, template::check(&arn.value, &REGIONAL));
        mistakes.check(&arn.spot, names::resource(&scope.fill_regional(&arn.value, region)));
    }
    // Patterns are counted by themselves, the other ARNs too.
    let (patterns, plain): (Vec<_>, Vec<_>) = arns().partition(|arn| arn.value.contains('*'));
    let counted = [
        (plain.get(MOST_ARNS).map(|arn| &arn.spot), MOST_ARNS, "ARNs without wildcards"),
        (patterns.get(MOST_PATTERNS).map(|arn| &arn.spot), MOST_PATTERNS, "ARNs with wildcards"),
        (selection.tags.get(MOST_TAGS).map(|tag| &tag.key.spot), MOST_TAGS, "tags"),
        (
            selection.conditions.get(MOST_CONDITIONS).map(|condition| &condition.key.spot),
            MOST_CONDITIONS,
            "conditions",
        ),
    ];
    for (extra, most, what) in counted {
        if let Some(spot) = extra {
            mistakes.add(spot, format!("one too many; AWS Backup allows {most} {what} in a selection"));
        }
    }
    for tag in &selection.tags {
        if let Some(key) = tag.key.value.strip_prefix(CONDITION_PREFIX) {
            let reason = format!("tags take the key alone; write {key:?}, without {CONDITION_PREFIX}");
            mistakes.add(&tag.key.spot, reason);
        }
        mistakes.check(&tag.key.spot, names::selected_tag_key(&tag.key.value));
        mistakes.check(&tag.value.spot, names::tag_value(&tag.value.value));
    }
    for condition in &selection.conditions {
        match condition.key.value.strip_prefix(CONDITION_PREFIX) {
            Some(key) => mistakes.check(&condition.key.spot, names::selected_tag_key(key)),
            None => mistakes.add(
                &condition.key.spot,
                format!("{:?} is not known here; allowed: {CONDITION_PREFIX}KEY", condition.key.value),
            ),
        }
        mistakes.check(&condition.value.spot, names::tag_value(&condition.value.value));
    }
}
