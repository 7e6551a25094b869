//! How a plan's document is mended. An update replaces the whole document and starts from the one that was read, so what is not mended
//! stays as it is.

use crate::desired::{CopyLifecycle, PlanDocument, Rule};

pub(super) fn in_rule(document: &mut PlanDocument, rule: &str, change: impl Fn(&mut Rule)) {
    document.rules.iter_mut().filter(|one| one.name == rule).for_each(change);
}

pub(super) fn in_copy(
    document: &mut PlanDocument,
    rule: &str,
    destination: &str,
    change: impl Fn(&mut CopyLifecycle),
) {
    in_rule(document, rule, |one| {
        let copies = one.copies.iter_mut().filter(|copy| copy.destination == destination);
        copies.for_each(|copy| change(&mut copy.lifecycle));
    });
}

/// Of those that are meant, the first that is like this one stays.
pub(super) fn keep_one<T: PartialEq>(all: &mut Vec<T>, is_meant: impl Fn(&T) -> bool, kept: &T) {
    let mut found = false;
    all.retain(|one| {
        let stays = !is_meant(one) || (one == kept && !found);
        found |= one == kept;
        stays
    });
}

#[cfg(test)]
mod tests {
    use super::keep_one;

    #[test]
    fn of_all_that_are_meant_the_kept_one_stays_once_wherever_it_stands() {
        let mut all = vec!["a1", "b", "a2", "a2", "a3"];
        keep_one(&mut all, |one| one.starts_with('a'), &"a2");
        assert_eq!(all, ["b", "a2"]);
    }
}
