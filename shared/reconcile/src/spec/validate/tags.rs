//! Tags: of keys, vaults, plans and the role, and those that recovery points get.

use crate::spec::names;
use crate::spec::reader::{Mistakes, Spot, StringMap};
use crate::spec::template;

const MOST_TAGS: usize = 50;

/// Checks an item's own tags, and that with the `common` ones they are not too many.
pub(super) fn check(own: &StringMap, common: &StringMap, spot: &Spot, mistakes: &mut Mistakes) {
    entries(own, mistakes);
    let count = common.keys().filter(|key| !own.contains_key(*key)).count() + own.len();
    if let Some(last) = own.values().last()
        && count > MOST_TAGS
    {
        let spot = Spot { span: last.spot.span.clone(), path: spot.path.clone() };
        mistakes.add(&spot, format!("{count} tags, with those of [tags]; AWS allows {MOST_TAGS}"));
    }
}

/// Checks each key and value.
pub(super) fn entries(tags: &StringMap, mistakes: &mut Mistakes) {
    for (key, value) in tags {
        mistakes.check(&value.spot, names::tag_key(key));
        mistakes.check(&value.spot, names::tag_value(&value.value));
        mistakes.check(&value.spot, template::check(key, &[]));
        mistakes.check(&value.spot, template::check(&value.value, &[]));
    }
}
