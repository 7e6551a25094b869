//! Every member of what the SDK sends and answers, and what becomes of it here: a member that is new to the SDK fails these tests
//! until somebody says what the program does about it.

mod backup;
mod cloudtrail;
mod iam;
mod kms;
mod sns;
mod sts;

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use aws_account::permissions::{HISTORY, REPORT};
use drift_tests::calls::samples;
use reconcile::read::Read;

/// What becomes of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Goes to AWS.
    Sent,
    /// Is held against the spec.
    Compared,
    /// Is held against the spec where the spec speaks of it, and written back as it was read where it does not.
    Carried,
    /// Decides or is told, and the spec says nothing of it: addresses, dates, pages.
    Used,
    /// Has members of its own, which are listed under their type.
    Within,
    /// Is not looked at, or never sent.
    LeftOut(&'static str),
}

/// A structure of the SDK.
struct Listed {
    /// Its path.
    name: &'static str,
    /// Its members, as the SDK has them.
    members: BTreeSet<String>,
    /// Its members, as they are listed here, with the SDK's type of each.
    fates: Vec<(&'static str, Fate, &'static str)>,
}

impl Listed {
    /// The service and the operation whose input or output it is.
    fn operation(&self) -> Option<(String, String)> {
        let (service, rest) = self.name.strip_prefix("aws_sdk_")?.split_once("::operation::")?;
        let last = rest.rsplit("::").next()?;
        let operation = last.strip_suffix("Input").or_else(|| last.strip_suffix("Output"))?;
        Some((service.to_owned(), operation.to_owned()))
    }
}

/// The types that are one text on the wire, then `Type { FATE => member, member; … }` for each structure.
macro_rules! ledger {
    (values($($value:ident),*); $($type:ident { $($fate:expr => $($member:ident),+;)* })*) => {
        pub(super) fn structures() -> Vec<super::Listed> {
            vec![$(super::Listed {
                name: std::any::type_name::<$type>(),
                members: super::members(&<$type>::builder()),
                fates: vec![$($((
                    stringify!($member),
                    $fate,
                    super::answers(|it: &'static $type| it.$member()),
                ),)+)*],
            },)*]
        }

        pub(super) fn values() -> Vec<&'static str> {
            vec![$(super::value::<$value>(),)*]
        }
    };
}
use ledger;

/// The names that a builder prints of its members.
fn members(builder: &impl Debug) -> BTreeSet<String> {
    let printed = format!("{builder:?}");
    let inside = printed.split_once('{').map_or("", |(_, inside)| inside);
    let names = inside.split(", ").filter_map(|member| Some(member.split_once(':')?.0.trim().to_owned()));
    // The SDK's own, such as the id of the request.
    names.filter(|name| !name.starts_with('_')).collect()
}

/// The type of what a member's getter answers.
fn answers<T: 'static, R>(_getter: impl FnOnce(&'static T) -> R) -> &'static str {
    type_name::<R>()
}

/// A type that is one text on the wire.
fn value<T: AsRef<str>>() -> &'static str {
    type_name::<T>()
}

fn structures() -> Vec<Listed> {
    let all = [
        backup::structures(),
        cloudtrail::structures(),
        iam::structures(),
        kms::structures(),
        sns::structures(),
        sts::structures(),
    ];
    all.into_iter().flatten().collect()
}

fn values() -> BTreeSet<&'static str> {
    let all =
        [backup::values(), cloudtrail::values(), iam::values(), kms::values(), sns::values(), sts::values()];
    all.into_iter().flatten().collect()
}

#[test]
fn every_member_is_listed_once() {
    for listed in structures() {
        let fates: Vec<String> = listed.fates.iter().map(|(member, ..)| (*member).to_owned()).collect();
        let named: BTreeSet<String> = fates.iter().cloned().collect();
        let new: Vec<_> = listed.members.difference(&named).collect();
        assert!(new.is_empty(), "{} has members that are not listed: {new:?}", listed.name);
        assert_eq!(fates.len(), listed.members.len(), "{}: listed twice, or gone", listed.name);
    }
}

/// Of the types that the SDK's type of a member is made of, those that are the SDK's own.
fn own_types(of_member: &str) -> impl Iterator<Item = &str> {
    let parts = of_member.split(|char: char| !(char.is_alphanumeric() || char == ':' || char == '_'));
    parts.filter(|part| part.starts_with("aws_sdk_"))
}

#[test]
fn the_members_of_members_are_listed_too() {
    let structures = structures();
    let values = values();
    let known: BTreeSet<&str> = structures.iter().map(|listed| listed.name).collect();
    for listed in &structures {
        for (member, fate, its_type) in &listed.fates {
            let nested = own_types(its_type).find(|one| !values.contains(one));
            let place = format!("{}::{member} of type {its_type}", listed.name);
            match fate {
                Fate::LeftOut(_) => {}
                Fate::Within => {
                    assert!(nested.is_some_and(|one| known.contains(one)), "{place} is not listed")
                }
                Fate::Sent | Fate::Compared | Fate::Carried | Fate::Used => {
                    assert_eq!(nested, None, "{place} has members of its own");
                }
            }
        }
    }
}

#[test]
fn no_structure_is_listed_that_nothing_leads_to() {
    let structures = structures();
    let within =
        structures.iter().flat_map(|listed| &listed.fates).filter(|(_, fate, _)| *fate == Fate::Within);
    let reached: BTreeSet<&str> = within.flat_map(|(.., its_type)| own_types(its_type)).collect();
    let unreached = structures.iter().filter(|one| one.operation().is_none() && !reached.contains(one.name));
    assert_eq!(unreached.map(|one| one.name).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn every_operation_in_use_is_listed_with_what_it_sends_and_answers() {
    let mut listed: BTreeMap<(String, String), usize> = BTreeMap::new();
    for operation in structures().iter().filter_map(Listed::operation) {
        *listed.entry(operation).or_default() += 1;
    }
    let asked = Read::ALL.iter().map(|read| read.action()).chain([HISTORY, REPORT, "sts:GetCallerIdentity"]);
    let asked = asked.filter_map(|action| action.split_once(':'));
    let samples = samples();
    let made = samples.iter().map(|call| (call.service(), call.operation()));
    let both = asked.chain(made).map(|(service, operation)| ((service.to_owned(), operation.to_owned()), 2));
    assert_eq!(listed, both.collect());
}

#[test]
fn what_is_left_out_has_a_reason() {
    for listed in structures() {
        for (member, fate, _) in listed.fates {
            let says_why = |why: &str| why.split(' ').count() > 2;
            assert!(!matches!(fate, Fate::LeftOut(why) if !says_why(why)), "{}::{member}", listed.name);
        }
    }
}
