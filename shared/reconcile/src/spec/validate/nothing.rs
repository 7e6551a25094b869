//! Selections that can never select anything. AWS Backup takes them, and then backs up nothing.

use crate::desired::ConditionOperator as Operator;
use crate::policy::{covers, has_wildcard};
use crate::spec::arns::Scope;
use crate::spec::raw::{Condition, Selection};
use crate::spec::reader::{Located, Mistakes};

pub(super) fn check(selection: &Selection, region: &str, scope: &Scope, mistakes: &mut Mistakes) {
    for arn in selection.resources.iter().chain(&selection.not_resources) {
        if !mistakes.has(&arn.spot) {
            elsewhere(arn, region, scope, mistakes);
        }
    }
    excluded(selection, region, scope, mistakes);
    for (index, one) in selection.conditions.iter().enumerate() {
        for other in selection.conditions[..index].iter().filter(|other| other.key.value == one.key.value) {
            if let (Some(a), Some(b)) = (&one.operator, &other.operator)
                && are_never_both_true((a.value, &one.value.value), (b.value, &other.value.value))
            {
                let reason = format!(
                    "no resource can meet this and {}: all conditions have to be met, so nothing would be selected",
                    other.value.spot.path
                );
                mistakes.add(&one.value.spot, reason);
            }
        }
    }
    literal_wildcards(selection, mistakes);
}

/// A plan backs up what is in its own region and partition.
fn elsewhere(arn: &Located<String>, region: &str, scope: &Scope, mistakes: &mut Mistakes) {
    let filled = scope.fill_regional(&arn.value, region);
    let mut parts = filled.split(':').skip(1);
    let (partition, there) = (parts.next().unwrap_or("*"), parts.nth(1).unwrap_or_default());
    let here = scope.region(region);
    if !covers(partition, &scope.partition) {
        let reason = format!(
            "{:?} is in the partition {partition} and the plan in {}, so it matches nothing; write ${{partition}}",
            arn.value, scope.partition
        );
        mistakes.add(&arn.spot, reason);
    } else if !there.is_empty() && !covers(there, here) {
        // The region may be meant for one that overrides the spec's.
        let reason = format!(
            "{:?} is in the region {there} and the plan in {here}, so it matches nothing there; write ${{region}} or *",
            arn.value
        );
        mistakes.warn(&arn.spot, reason);
    }
}

/// What is selected and left out is left out.
fn excluded(selection: &Selection, region: &str, scope: &Scope, mistakes: &mut Mistakes) {
    let filled = |arn: &Located<String>| scope.fill_regional(&arn.value, region);
    let takes_all = selection.not_resources.iter().find(|arn| arn.value == "*");
    let is_taken =
        |arn: &Located<String>| selection.not_resources.iter().find(|out| covers(&filled(out), &filled(arn)));
    let taken: Vec<_> = selection.resources.iter().map_while(is_taken).collect();
    let all_are_taken = selection.tags.is_empty() && taken.len() == selection.resources.len();
    let by = takes_all.or(taken.first().copied().filter(|_| all_are_taken));
    if let Some(by) = by {
        mistakes.add(&by.spot, "leaves out everything that is selected: nothing would be backed up");
    }
}

/// Whether two conditions on one tag contradict each other. Wildcards count only where the operator has them.
fn are_never_both_true(one: (Operator, &str), other: (Operator, &str)) -> bool {
    use Operator::{StringEquals, StringLike, StringNotEquals, StringNotLike};
    let either = |(a, a_value): (Operator, &str), (b, b_value): (Operator, &str)| match (a, b) {
        (StringEquals, StringEquals) => a_value != b_value,
        (StringEquals, StringNotEquals) => a_value == b_value,
        (StringEquals, StringLike) => !covers(b_value, a_value),
        (StringEquals | StringLike, StringNotLike) => covers(b_value, a_value),
        (StringLike, StringNotEquals) => !has_wildcard(a_value) && a_value == b_value,
        (StringLike, StringLike) => !has_wildcard(a_value) && !covers(b_value, a_value),
        (StringLike, StringEquals) | (StringNotEquals | StringNotLike, _) => false,
    };
    either(one, other) || either(other, one)
}

/// Only the operators with Like in their name have wildcards, and only in values.
fn literal_wildcards(selection: &Selection, mistakes: &mut Mistakes) {
    let is_literal = |condition: &&Condition| {
        let operator = condition.operator.as_ref().map(|operator| operator.value);
        matches!(operator, Some(Operator::StringEquals | Operator::StringNotEquals))
    };
    let values = selection.conditions.iter().filter(is_literal).map(|condition| &condition.value);
    let keys = selection.conditions.iter().map(|condition| &condition.key);
    let tags = selection.tags.iter().flat_map(|tag| [&tag.key, &tag.value]);
    for text in values.chain(keys).chain(tags).filter(|text| has_wildcard(&text.value)) {
        let reason = format!(
            "{:?} stands for itself here: only values of StringLike and StringNotLike have wildcards; write such a condition",
            text.value
        );
        mistakes.warn(&text.spot, reason);
    }
}
