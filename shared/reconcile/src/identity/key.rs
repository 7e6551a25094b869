//! Which key the spec means by an alias.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};

use super::fits::{Fit, fits};
use super::plan::{PlanChoice, choose_plan};
use super::{is_of_our_making, is_own, oldest_survivor};
use crate::desired::{Desired, DesiredKey, DesiredPlan, DesiredVault, PlanDocument, VaultKey};
use crate::read::Refusal;
use crate::state::{Observation, Observed, Place, place, place_in};
use crate::words::Prose;

/// Which key the spec means by an alias.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyChoice {
    /// This one, by ARN; it may be gone.
    One(String),
    /// There is none, and nothing depends on one.
    None,
    /// There is none, and vaults exist that a new key could not decrypt; their names.
    Lost(Vec<String>),
    /// One of these, and nothing tells which.
    Doubt(Vec<String>),
    /// No vault says anything, and nothing shows that the key behind the alias is the deployment's; why.
    Stranger(String, Prose),
    /// It could not be read; why.
    Unknown(Refusal),
}

/// The choices for all keys of the spec. Each is made once: every vault on an alias asks for it.
#[derive(Debug)]
pub struct KeyChoices(BTreeMap<Place, KeyChoice>);

impl KeyChoices {
    /// Makes them.
    pub fn of(desired: &Desired, observed: &Observed) -> Self {
        let keys = desired.keys.iter();
        Self(keys.map(|key| (place(&key.region, &key.alias), choose_key(desired, key, observed))).collect())
    }

    /// The keys that are meant by aliases of the spec.
    pub fn chosen(&self) -> impl Iterator<Item = &str> {
        self.0.values().filter_map(|choice| match choice {
            KeyChoice::One(arn) => Some(arn.as_str()),
            KeyChoice::None
            | KeyChoice::Lost(_)
            | KeyChoice::Doubt(_)
            | KeyChoice::Stranger(..)
            | KeyChoice::Unknown(_) => None,
        })
    }

    /// The one for an alias of the spec.
    pub fn get(&self, region: &str, alias: &str) -> Option<&KeyChoice> {
        self.0.get(&place(region, alias))
    }
}

/// Decides which key the spec means by an alias. A vault can never change its key and nobody can date it back, so vaults decide, the
/// older ones before the younger; the alias alone proves nothing.
pub fn choose_key(desired: &Desired, key: &DesiredKey, observed: &Observed) -> KeyChoice {
    let pins = match Pins::of(desired, key, observed) {
        Ok(pins) => pins,
        Err(why) => return KeyChoice::Unknown(why),
    };
    let alias = observed.aliases.get(&place(&key.region, &key.alias)).unwrap_or(&Observation::Absent);
    if let Some((oldest, others)) = pins.oldest_first() {
        return if others.is_empty() {
            agreed(desired, key, observed, oldest, alias)
        } else {
            disputed(oldest, &others, &pins)
        };
    }
    if !pins.vaults.is_empty() {
        // The vaults were made anew on keys that are not the account's own; the one behind the alias may be what they were on.
        let target = alias.present().filter(|target| {
            let known = observed.keys.get(*target).and_then(Observation::present);
            known.is_some_and(|known| !matches!(fits(desired, key, known), Fit::DoesNot(_)))
        });
        return target.map_or_else(
            || KeyChoice::Lost(pins.vaults),
            |target| KeyChoice::Doubt([target.clone()].into()),
        );
    }
    by_our_records(desired, key, observed, alias)
}

/// All vaults are on one key. An alias that points elsewhere was moved there, unless that key was there before any of the vaults: then it
/// may be the vaults that were made anew.
fn agreed(
    desired: &Desired,
    want: &DesiredKey,
    observed: &Observed,
    vaults: &OnOneKey<'_>,
    alias: &Observation<String>,
) -> KeyChoice {
    let pinned = || KeyChoice::One(vaults.key.to_owned());
    let target = match alias {
        Observation::Present(target) if target != vaults.key => target,
        Observation::Present(_) | Observation::Absent | Observation::Unreadable(_) => {
            let is_ours = is_of_our_making(observed, vaults.key).present() == Some(&true);
            return if is_ours || !may_be_made_anew(desired, want, observed, vaults) {
                pinned()
            } else {
                KeyChoice::Doubt([vaults.key.to_owned()].into())
            };
        }
    };
    let doubt = || KeyChoice::Doubt([vaults.key.to_owned(), target.clone()].into());
    match observed.keys.get(target) {
        None | Some(Observation::Unreadable(_)) => doubt(),
        Some(Observation::Absent) => pinned(),
        Some(Observation::Present(other)) => match (vaults.oldest, other.created) {
            (Some(vault), Some(key)) if vault <= key => pinned(),
            _ if matches!(fits(desired, want, other), Fit::DoesNot(_)) => pinned(),
            _ => doubt(),
        },
    }
}

/// What is made in one go is made within this time.
const ONE_GO: Duration = Duration::hours(1);

/// When all vaults of an alias and their key were there.
fn began(observed: &Observed, vaults: &OnOneKey<'_>) -> Option<OffsetDateTime> {
    let key = observed.keys.get(vaults.key).and_then(Observation::present);
    let (vault, key) = vaults.oldest.zip(key.and_then(|key| key.created))?;
    Some(vault.min(key))
}

fn is_long_before(written: OffsetDateTime, began: OffsetDateTime) -> bool {
    written + ONE_GO < began
}

/// Whether a version of a plan writes into these vaults that was written before any of them, and before their key, was there: then all of
/// them may have been made anew on another key, and agree about nothing.
fn may_be_made_anew(
    desired: &Desired,
    want: &DesiredKey,
    observed: &Observed,
    vaults: &OnOneKey<'_>,
) -> bool {
    let Some(began) = began(observed, vaults) else { return false };
    desired.plans.iter().any(|plan| {
        let here = place(&plan.region, &plan.document.name);
        let latest = match choose_plan(plan, observed) {
            PlanChoice::Ours(seen, _) => {
                let all = observed.plans.get(&here).and_then(Observation::present);
                let one = all.into_iter().flatten().find(|one| one.id == seen.id);
                one.and_then(|one| one.created).map(|written| (written, &seen.document))
            }
            PlanChoice::Absent | PlanChoice::Unknown(_) | PlanChoice::Tie(_) => None,
        };
        let former = match observed.former_plans.get(&here) {
            None | Some(Observation::Absent) => &[],
            Some(Observation::Present(former)) => former.as_slice(),
            // What they said may be just that.
            Some(Observation::Unreadable(_)) => return true,
        };
        let former = former.iter().map(|former| (former.written, &former.document));
        former.chain(latest).any(|(written, document)| {
            is_long_before(written, began) && writes_into(desired, want, &plan.region, document)
        })
    })
}

/// Whether a plan writes, or copies, into a vault of an alias.
fn writes_into(desired: &Desired, want: &DesiredKey, region: &str, document: &PlanDocument) -> bool {
    let ours = desired.vaults.iter().filter(|vault| is_on(vault, want));
    let places: BTreeSet<(&str, &str)> =
        ours.map(|vault| (vault.region.as_str(), vault.name.as_str())).collect();
    document.rules.iter().any(|rule| {
        let copies = rule.copies.iter().filter_map(|copy| place_in(&copy.destination));
        copies.chain([(region, rule.target_vault.as_str())]).any(|at| places.contains(&at))
    })
}

/// The plans of which it matters what they said before a moment: something of the deployment is older than all vaults of a key, and than the
/// key, and what the plans say now was written later. An update brings a plan's date forward; its versions stay as they are.
pub fn plans_in_question<'a>(
    desired: &'a Desired,
    observed: &Observed,
) -> BTreeSet<(&'a str, &'a str, OffsetDateTime)> {
    let mut asked = BTreeSet::new();
    for key in &desired.keys {
        let Ok(pins) = Pins::of(desired, key, observed) else { continue };
        let Some((vaults, others)) = pins.oldest_first() else { continue };
        let Some(began) = began(observed, vaults).filter(|_| others.is_empty()) else { continue };
        let is_younger = oldest_survivor(observed).is_some_and(|oldest| is_long_before(oldest, began));
        if !is_younger || may_be_made_anew(desired, key, observed, vaults) {
            continue;
        }
        let into = |plan: &&DesiredPlan| writes_into(desired, key, &plan.region, &plan.document);
        let plans = desired.plans.iter().filter(into);
        asked.extend(plans.map(|plan| (plan.region.as_str(), plan.document.name.as_str(), began - ONE_GO)));
    }
    asked
}

/// The keys of whose maker something depends, because they may have been put in the place of others.
pub fn keys_in_question<'a>(desired: &'a Desired, observed: &'a Observed) -> Vec<(&'a DesiredKey, String)> {
    let in_question = |key: &'a DesiredKey| {
        let pins = Pins::of(desired, key, observed).ok()?;
        let (oldest, others) = pins.oldest_first()?;
        let asked = others.is_empty() && may_be_made_anew(desired, key, observed, oldest);
        asked.then(|| (key, oldest.key.to_owned()))
    };
    desired.keys.iter().filter_map(in_question).collect()
}

/// The vaults are on several keys: the key of the older ones, if they are not the fewer.
fn disputed(oldest: &OnOneKey<'_>, others: &[&OnOneKey<'_>], pins: &Pins<'_>) -> KeyChoice {
    let older = |other: &&OnOneKey<'_>| match (oldest.oldest, other.oldest) {
        (Some(one), Some(other)) => one < other,
        _ => false,
    };
    let not_fewer = others.iter().all(|other| oldest.count >= other.count);
    if not_fewer && others.iter().all(older) {
        KeyChoice::One(oldest.key.to_owned())
    } else {
        KeyChoice::Doubt(pins.keys.keys().map(|key| (*key).to_owned()).collect())
    }
}

/// No vault says anything: the key that we made, or the one behind the alias if it is what the spec means and was there before the rest.
fn by_our_records(
    desired: &Desired,
    want: &DesiredKey,
    observed: &Observed,
    alias: &Observation<String>,
) -> KeyChoice {
    let (target, maker) = match alias {
        Observation::Unreadable(why) => return KeyChoice::Unknown(why.clone()),
        Observation::Present(target) => match is_of_our_making(observed, target) {
            Observation::Present(true) => return KeyChoice::One(target.clone()),
            Observation::Present(false) | Observation::Absent => (Some(target), None),
            Observation::Unreadable(why) => (Some(target), Some(why)),
        },
        Observation::Absent => (None, None),
    };
    let ours = orphan(want, observed);
    match (ours, target) {
        // Another run of ours may have made the alias's key just now, and one of the two is one too many.
        (Ok(Some(_)), Some(_)) if maker.is_some() => maker.map_or(KeyChoice::None, KeyChoice::Unknown),
        (Ok(Some(arn)), _) => KeyChoice::One(arn),
        (Err(why), None) => KeyChoice::Unknown(why),
        (Ok(None), None) => KeyChoice::None,
        (Ok(None) | Err(_), Some(target)) => trusted(desired, want, observed, target),
    }
}

fn trusted(desired: &Desired, want: &DesiredKey, observed: &Observed, target: &str) -> KeyChoice {
    let stranger = |why: Prose| KeyChoice::Stranger(target.to_owned(), why);
    let key = match observed.keys.get(target) {
        Some(Observation::Present(key)) => key,
        Some(Observation::Unreadable(why)) => return KeyChoice::Unknown(why.clone()),
        None | Some(Observation::Absent) => return stranger(Prose::own("it could not be found")),
    };
    match fits(desired, want, key) {
        Fit::Unknown(why) => KeyChoice::Unknown(why),
        Fit::DoesNot(why) => stranger(why),
        Fit::Fits => match (key.created, oldest_survivor(observed)) {
            // IAM tells when a role was made to the second only, and KMS to the millisecond: within a second nothing is younger.
            (Some(key), Some(oldest)) if key.unix_timestamp() <= oldest.unix_timestamp() => {
                KeyChoice::One(target.to_owned())
            }
            (Some(_), Some(_)) => stranger(Prose::own("it is younger than the rest of the deployment")),
            (None, _) | (_, None) => stranger(Prose::own("nothing of the deployment is left that is older")),
        },
    }
}

/// A key that we made and whose alias was not, so that another one is not made. Of several the oldest will do.
fn orphan(key: &DesiredKey, observed: &Observed) -> Result<Option<String>, Refusal> {
    let found = match observed.unaliased.get(&place(&key.region, &key.alias)) {
        None | Some(Observation::Absent) => return Ok(None),
        Some(Observation::Unreadable(why)) => return Err(why.clone()),
        Some(Observation::Present(found)) => found,
    };
    let mut ours = BTreeSet::new();
    for arn in found {
        match is_of_our_making(observed, arn) {
            Observation::Present(true) => {
                let created =
                    observed.keys.get(arn).and_then(Observation::present).and_then(|key| key.created);
                ours.insert((created, arn.clone()));
            }
            Observation::Present(false) | Observation::Absent => {}
            Observation::Unreadable(why) => return Err(why),
        }
    }
    Ok(ours.pop_first().map(|(_, arn)| arn))
}

/// Keys that we made for an alias beside the one that is taken: answers that got lost, or two runs at once.
pub fn spare_keys(desired: &Desired, key: &DesiredKey, observed: &Observed) -> Vec<String> {
    let KeyChoice::One(taken) = choose_key(desired, key, observed) else { return Vec::new() };
    let found = observed.unaliased.get(&place(&key.region, &key.alias)).and_then(Observation::present);
    let ours = |arn: &&String| is_of_our_making(observed, arn).present() == Some(&true);
    found.into_iter().flatten().filter(ours).filter(|arn| **arn != taken).cloned().collect()
}

/// What the vaults of one key say.
struct OnOneKey<'a> {
    key: &'a str,
    /// When the oldest of them was made; `None` if that is not known of all.
    oldest: Option<OffsetDateTime>,
    count: usize,
}

/// What the spec's vaults of one alias say about its key.
struct Pins<'a> {
    /// By customer key of this account.
    keys: BTreeMap<&'a str, OnOneKey<'a>>,
    /// The vaults that exist.
    vaults: Vec<String>,
}

impl<'a> Pins<'a> {
    /// What all of them say, or why one of them could not be read.
    fn of(desired: &Desired, key: &DesiredKey, observed: &'a Observed) -> Result<Self, Refusal> {
        let mut pins = Pins { keys: BTreeMap::new(), vaults: Vec::new() };
        for vault in desired.vaults.iter().filter(|vault| is_on(vault, key)) {
            let seen = match observed.vaults.get(&place(&vault.region, &vault.name)) {
                None | Some(Observation::Absent) => continue,
                Some(Observation::Unreadable(why)) => return Err(why.clone()),
                Some(Observation::Present(seen)) => seen,
            };
            pins.vaults.push(vault.name.clone());
            // An AWS managed key or another account's key is never the spec's: no alias can point to it.
            let described = observed.keys.get(&seen.key_arn).and_then(Observation::present);
            if described.is_some_and(|key| !key.customer_managed) || !is_own(desired, &seen.key_arn) {
                continue;
            }
            pins.keys
                .entry(&seen.key_arn)
                .and_modify(|known| {
                    known.oldest = known.oldest.zip(seen.created).map(|(a, b)| a.min(b));
                    known.count += 1;
                })
                .or_insert(OnOneKey { key: &seen.key_arn, oldest: seen.created, count: 1 });
        }
        Ok(pins)
    }

    /// The key with the oldest vault, and the others.
    fn oldest_first(&self) -> Option<(&OnOneKey<'a>, Vec<&OnOneKey<'a>>)> {
        let age = |one: &&OnOneKey<'_>| (one.oldest.is_none(), one.oldest);
        let oldest = self.keys.values().min_by_key(age)?;
        Some((oldest, self.keys.values().filter(|other| other.key != oldest.key).collect()))
    }
}

fn is_on(vault: &DesiredVault, key: &DesiredKey) -> bool {
    vault.region == key.region && vault.key == VaultKey::Alias(key.alias.clone())
}

/// The customer keys of this account that the spec's vaults of an alias are on: whichever is the right one, with each of them die recovery
/// points. And the vaults.
pub(crate) fn pinned_keys(
    desired: &Desired,
    key: &DesiredKey,
    observed: &Observed,
) -> (BTreeSet<String>, Vec<String>) {
    match Pins::of(desired, key, observed) {
        Ok(pins) => (pins.keys.keys().map(|key| (*key).to_owned()).collect(), pins.vaults),
        Err(_) => Default::default(),
    }
}
