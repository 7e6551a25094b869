//! Random policies by their meaning, and every way to change one.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

const ACTIONS: &[&str] = &[
    "backup:DeleteBackupVault",
    "backup:DeleteRecoveryPoint",
    "kms:*",
    "kms:Decrypt",
    "kms:Encrypt",
    "iam:PassRole",
    "s3:Get?",
];
const RESOURCES: &[&str] = &["*", "arn:aws:s3:::Bucket/a%2Fb+c", "arn:aws:kms:us-east-1:123456789012:key/é"];
const PRINCIPALS: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", "123456789012"),
    ("AWS", "111111111111"),
    ("AWS", "arn:aws:iam::123456789012:role/admin"),
    ("AWS", "AROAEXAMPLEROLEID1234"),
    ("Service", "backup.amazonaws.com"),
    ("Federated", "cognito-identity.amazonaws.com"),
];
const OPERATORS: &[&str] = &["StringEquals", "StringNotLike", "Bool", "NumericLessThan"];
const KEYS: &[&str] = &["aws:PrincipalArn", "aws:SourceAccount", "kms:ViaService"];
const VALUES: &[&str] = &["true", "false", "3600", "us-east-1", "a+b"];

/// Where the reader has no choice: positive or negative, and a set.
pub(crate) type Terms<T> = (bool, BTreeSet<T>);
pub(crate) type Condition = BTreeMap<&'static str, BTreeMap<&'static str, BTreeSet<&'static str>>>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Statement {
    pub(crate) deny: bool,
    pub(crate) principals: Option<Terms<(&'static str, &'static str)>>,
    pub(crate) actions: Terms<&'static str>,
    pub(crate) resources: Option<Terms<&'static str>>,
    pub(crate) condition: Condition,
}

/// A policy's meaning: two of them are equal exactly when their documents should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) version: Option<&'static str>,
    pub(crate) statements: BTreeSet<Statement>,
}

fn some_of<T: Clone + Ord + std::fmt::Debug + 'static>(
    all: &'static [T],
) -> impl Strategy<Value = BTreeSet<T>> {
    subsequence(all, 0..=all.len().min(3)).prop_map(|chosen| chosen.into_iter().collect())
}

fn conditions() -> impl Strategy<Value = Condition> {
    let keys = prop::collection::btree_map(select(KEYS), some_of(VALUES), 1..3);
    prop::collection::btree_map(select(OPERATORS), keys, 0..3)
}

pub(crate) fn statements() -> impl Strategy<Value = Statement> {
    (
        any::<bool>(),
        prop::option::of((any::<bool>(), some_of(PRINCIPALS))),
        (any::<bool>(), some_of(ACTIONS)),
        prop::option::of((any::<bool>(), some_of(RESOURCES))),
        conditions(),
    )
        .prop_map(|(deny, principals, actions, resources, condition)| Statement {
            deny,
            principals,
            actions,
            resources,
            condition,
        })
}

pub(crate) fn meanings() -> impl Strategy<Value = Meaning> {
    (select(vec![None, Some("2012-10-17")]), prop::collection::btree_set(statements(), 1..4))
        .prop_map(|(version, statements)| Meaning { version, statements })
}

/// Changes the meaning of one statement, or of the document, in the `change`-th way.
pub(crate) fn alter(meaning: &Meaning, change: usize, at: &Index) -> Meaning {
    let mut altered = meaning.clone();
    let Some(old) = meaning.statements.iter().nth(at.index(meaning.statements.len())).cloned() else {
        return altered;
    };
    let mut new = old.clone();
    match change {
        0 => new.deny = !new.deny,
        1 => new.actions.0 = !new.actions.0,
        2 => toggle(&mut new.actions.1, "backup:DeleteBackupVault"),
        3 => toggle(&mut new.actions.1, "kms:Decrypt"),
        4 => match &mut new.resources {
            Some(resources) => resources.0 = !resources.0,
            None => new.resources = Some((false, BTreeSet::from(["*"]))),
        },
        5 => match &mut new.resources {
            Some(resources) => toggle(&mut resources.1, "arn:aws:s3:::bucket/a%2Fb+c"),
            None => new.resources = Some((false, BTreeSet::new())),
        },
        6 => new.resources = if new.resources.is_some() { None } else { Some((true, BTreeSet::from(["*"]))) },
        7 => match &mut new.principals {
            Some(principals) => principals.0 = !principals.0,
            None => new.principals = Some((false, BTreeSet::new())),
        },
        8 => match &mut new.principals {
            Some(principals) => toggle(&mut principals.1, ("AWS", "arn:aws:iam::123456789012:role/Admin")),
            None => new.principals = Some((true, BTreeSet::from([("AWS", "*")]))),
        },
        9 => match &mut new.principals {
            Some(principals) => toggle(&mut principals.1, ("Service", "*")),
            None => new.principals = Some((false, BTreeSet::from([("AWS", "*")]))),
        },
        10 => match new.condition.values_mut().next() {
            Some(tests) => tests.values_mut().for_each(|values| toggle(values, "US-EAST-1")),
            None => drop(new.condition.insert("StringEquals", BTreeMap::new())),
        },
        11 => match new.condition.pop_first() {
            Some((_, tests)) => drop(new.condition.insert("stringequals", tests)),
            None => drop(new.condition.insert("Null", BTreeMap::from([("aws:x", BTreeSet::from(["true"]))]))),
        },
        12 => match new.condition.values_mut().next() {
            Some(tests) => drop(tests.insert("aws:another", BTreeSet::from(["true"]))),
            None => drop(new.condition.insert("Bool", BTreeMap::from([("aws:x", BTreeSet::new())]))),
        },
        13 => {
            altered.version = if meaning.version.is_some() { None } else { Some("2012-10-17") };
            return altered;
        }
        _ => {
            altered.statements.remove(&old);
            return altered;
        }
    }
    altered.statements.remove(&old);
    altered.statements.insert(new);
    altered
}

/// How many ways `alter` knows.
pub(crate) const CHANGES: usize = 15;

/// Takes the value out of the set, or puts it in.
fn toggle<T: Ord>(set: &mut BTreeSet<T>, value: T) {
    if !set.remove(&value) {
        set.insert(value);
    }
}
