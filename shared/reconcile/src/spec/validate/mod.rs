//! The rules that a spec must meet beyond its shape, so that a repair towards it cannot fail or do harm.

mod account;
mod exceptions;
mod nothing;
mod overlaps;
mod plans;
mod policies;
mod rules;
mod selections;
mod tags;
mod vaults;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use time::Date;
use time::macros::date;

use super::arns::Scope;
use super::names;
use super::raw::{Document, PRIMARY};
use super::reader::{Located, Mistakes, Spot, StringMap};
use super::resolve;
use crate::overlap::Year;
use crate::region::{doubt_of, partition_of};

/// No spec is older than this, so what was over by then is over. A spec is the same spec whenever it is built, so the day is not today's.
const SPECS_ARE_YOUNGER: Date = date!(2026 - 01 - 01);

/// Vaults in a region, and plans in a region ("AWS Backup quotas").
const MOST_PER_REGION: usize = 300;

/// Notes every mistake in the document; on a day, also what lasts too long from then on.
pub(super) fn check(document: &Document, today: Option<Date>, mistakes: &mut Mistakes) {
    if document.name.value.trim().is_empty() {
        mistakes.add(&document.name.spot, "is empty; reports carry this name");
    }
    regions(document, mistakes);
    let scope = scope(document);
    tags::check(&document.tags, &StringMap::new(), &document.spot.field("tags"), mistakes);
    account::check(document, &scope, mistakes);
    vaults::check(document, &scope, mistakes);
    policies::check(document, &scope, mistakes);
    plans::check(document, &scope, mistakes);
    exceptions::check(document, today, &scope, mistakes);
}

/// Warns of the rules that hide one another, in a document without mistakes.
pub(super) fn overlaps(document: &Document, mistakes: &mut Mistakes) {
    let scope = scope(document);
    let mut year = Year::new(SPECS_ARE_YOUNGER);
    for plan in &document.plans {
        let resolved = resolve::plan(plan, document, &scope).document;
        overlaps::check(plan, &resolved, &mut year, mistakes);
    }
}

/// The account is not known yet; its partition is that of its regions.
fn scope(document: &Document) -> Scope {
    let regions = document.regions.iter().map(|(name, region)| (name.clone(), region.value.clone()));
    let partition = document.regions.values().find_map(|region| partition_of(&region.value)).unwrap_or("aws");
    Scope { partition: partition.to_owned(), account: "000000000000".to_owned(), regions: regions.collect() }
}

fn regions(document: &Document, mistakes: &mut Mistakes) {
    if !document.regions.contains_key(PRIMARY) {
        let other = document.regions.values().next().map_or(&document.spot, |region| &region.spot);
        let spot = Spot { span: other.span.clone(), path: format!("regions.{PRIMARY}") };
        mistakes.add(&spot, "is missing; [regions] must name the primary region");
    }
    let mut first: Option<(&str, &str)> = None;
    for (name, region) in &document.regions {
        mistakes.check(&region.spot, names::region(&region.value));
        if mistakes.has(&region.spot) {
            continue;
        }
        if let Some(doubt) = doubt_of(&region.value) {
            mistakes.warn(&region.spot, doubt);
        }
        let Some(partition) = partition_of(&region.value) else { continue };
        match first {
            Some((other, there)) if there != partition => {
                let reason = format!(
                    "{} is in the partition {partition}, and regions.{other} is in {there}; an account has regions of one partition only",
                    region.value
                );
                mistakes.add(&region.spot, reason);
            }
            Some(_) => {}
            None => first = Some((name, partition)),
        }
    }
    unique(
        document.regions.values().map(|region| (region.value.clone(), &region.spot)),
        "the region",
        mistakes,
    );
}

/// Refuses a region that `[regions]` does not name.
fn region_name(region: &Located<String>, document: &Document, mistakes: &mut Mistakes) {
    if !document.regions.contains_key(&region.value) {
        let names = document.regions.keys().map(String::as_str);
        let reason = format!("{:?} is not a name in [regions]; {}", region.value, allowed(names));
        mistakes.add(&region.spot, reason);
    }
}

/// Refuses what is there a second time.
fn unique<'d, K: Ord>(items: impl Iterator<Item = (K, &'d Spot)>, what: &str, mistakes: &mut Mistakes) {
    let mut seen: BTreeMap<K, &Spot> = BTreeMap::new();
    for (key, spot) in items {
        if let Some(first) = seen.get(&key) {
            mistakes
                .add(spot, format!("{what} is the same as that of {}; each may be there once", first.path));
        } else {
            seen.insert(key, spot);
        }
    }
}

/// Warns of a region's items beyond the quota, which AWS raises for who asks.
fn region_quota<'d>(items: impl Iterator<Item = (&'d str, &'d Spot)>, what: &str, mistakes: &mut Mistakes) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (region, spot) in items {
        let count = counts.entry(region).or_default();
        *count += 1;
        if *count == MOST_PER_REGION + 1 {
            let reason = format!(
                "one {what} too many in {region}, if AWS has not raised the account's quota: AWS Backup allows {MOST_PER_REGION}"
            );
            mistakes.warn(spot, reason);
        }
    }
}

/// Refuses a number outside of `range`.
fn within(number: &Option<Located<i64>>, range: RangeInclusive<i64>, unit: &str, mistakes: &mut Mistakes) {
    let Some(number) = number else { return };
    if !range.contains(&number.value) {
        let (low, high) = range.into_inner();
        mistakes
            .add(&number.spot, format!("{} is out of range; allowed: {low} to {high} {unit}", number.value));
    }
}

/// What may be written instead.
fn allowed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        "none is defined, add it".to_owned()
    } else {
        format!("allowed: {}", names.join(", "))
    }
}
