//! Random vault policies: denials of every shape, and what somebody may have made of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use super::meaning::{Condition, Meaning, Statement};
use super::oracle::{HEALER, VAULT};

const ACTIONS: &[&str] = &[
    "backup:DeleteBackupVault",
    "backup:DeleteRecoveryPoint",
    "backup:StartBackupJob",
    "backup:StartRestoreJob",
    "backup:PutBackupVaultAccessPolicy",
];
const RESOURCES: &[&str] = &[
    "*",
    VAULT,
    "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_*",
    "arn:aws:backup:us-east-1:123456789012:backup-vault:scratch",
    "arn:aws:backup:us-east-1:123456789012:backup-vault:${aws:PrincipalTag/team}",
    "arn:aws:backup:*:*:recovery-point:*",
    "arn:aws:ec2:*:*:snapshot/*",
    "arn:aws:ec2:us-east-1::snapshot/snap-0*",
    "arn:aws:ec2:us-east-1::snapshot/snap-1*",
];
const PRINCIPALS: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", "123456789012"),
    ("AWS", "111111111111"),
    ("AWS", HEALER),
    ("AWS", "arn:aws:iam::123456789012:role/admin"),
    ("Service", "backup.amazonaws.com"),
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "ArnLike",
    "ArnNotLike",
    "StringNotEqualsIfExists",
    "StringEqualsIfExists",
];
const KEYS: &[&str] = &["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalTag/team", "aws:SourceVpc"];

/// What the key may be compared with, so that it matters.
fn values_of(key: &str) -> &'static [&'static str] {
    match key {
        "aws:PrincipalArn" => &[
            HEALER,
            "arn:aws:iam::123456789012:role/*",
            "arn:aws:iam::*:role/admin",
            "arn:aws:iam::123456789012:user/ada",
        ],
        "aws:PrincipalAccount" => &["123456789012", "111111111111", "1*"],
        "aws:PrincipalTag/team" => &["a", "b", "*", "${aws:PrincipalTag/team}"],
        _ => &["vpc-1", "vpc-2", "vpc-*"],
    }
}

fn some_of<T: Clone + Ord + std::fmt::Debug + 'static>(
    all: &'static [T],
) -> impl Strategy<Value = BTreeSet<T>> {
    subsequence(all, 1..=3).prop_map(|chosen| chosen.into_iter().collect())
}

fn conditions() -> impl Strategy<Value = Condition> {
    let test = (select(OPERATORS), select(KEYS)).prop_flat_map(|(operator, key)| {
        some_of(values_of(key)).prop_map(move |values| (operator, BTreeMap::from([(key, values)])))
    });
    prop::collection::vec(test, 0..3).prop_map(|tests| tests.into_iter().collect())
}

fn statements() -> impl Strategy<Value = Statement> {
    let mostly_not = || prop::bool::weighted(0.2);
    let principals =
        prop_oneof![Just((false, BTreeSet::from([("AWS", "*")]))), (mostly_not(), some_of(PRINCIPALS)),];
    let resources = prop_oneof![Just((false, BTreeSet::from(["*"]))), (mostly_not(), some_of(RESOURCES))];
    (prop::bool::weighted(0.8), principals, (mostly_not(), some_of(ACTIONS)), resources, conditions())
        .prop_map(|(deny, principals, actions, resources, condition)| Statement {
            deny,
            principals: Some(principals),
            actions,
            resources: Some(resources),
            condition,
        })
}

/// A vault's policy.
pub(crate) fn vault_policies() -> impl Strategy<Value = Meaning> {
    let version = prop_oneof![9 => Just(Some("2012-10-17")), 1 => Just(None)];
    (version, prop::collection::btree_set(statements(), 1..4))
        .prop_map(|(version, statements)| Meaning { version, statements })
}

/// A policy of one denial, of which nothing is lost unnoticed because another statement says the same.
fn one_denial() -> impl Strategy<Value = Meaning> {
    (vault_policies(), statements()).prop_map(|(policy, statement)| Meaning {
        version: policy.version,
        statements: BTreeSet::from([Statement { deny: true, ..statement }]),
    })
}

/// What somebody makes of a policy: one statement is changed a little, or one is added.
pub(crate) fn tampered() -> impl Strategy<Value = (Meaning, Meaning)> {
    let policies = prop_oneof![3 => one_denial(), 1 => vault_policies()];
    let how = prop_oneof![1 => 0_usize..6, 4 => 6_usize..10];
    (policies, statements(), any::<Index>(), how).prop_map(|(policy, other, at, how)| {
        let mut changed = policy.clone();
        let old =
            policy.statements.iter().nth(at.index(policy.statements.len())).cloned().expect("a statement");
        let mut new = old.clone();
        match how {
            0 => new.actions = other.actions,
            1 => new.resources = other.resources,
            2 => new.principals = other.principals,
            3 => new.condition = other.condition,
            4 => changed.version = if policy.version.is_some() { None } else { Some("2012-10-17") },
            5 => {
                changed.statements.insert(other);
                return (policy, changed);
            }
            6 => toggle(&mut new.actions.1, ACTIONS, &at),
            7 => new.resources.iter_mut().for_each(|terms| toggle(&mut terms.1, RESOURCES, &at)),
            8 => new.principals.iter_mut().for_each(|terms| toggle(&mut terms.1, PRINCIPALS, &at)),
            _ => {
                let tests = new.condition.values_mut().flatten();
                tests.for_each(|(key, values)| toggle(values, values_of(key), &at));
            }
        }
        changed.statements.remove(&old);
        changed.statements.insert(new);
        (policy, changed)
    })
}

/// Puts a value into the set, or takes it out; something stays in it.
fn toggle<T: Ord + Clone>(set: &mut BTreeSet<T>, all: &[T], at: &Index) {
    let value = at.get(all);
    if set.len() == 1 || !set.remove(value) {
        set.insert(value.clone());
    }
}

/// The same policy, at least as strict: each statement denies more, or one is added.
pub(crate) fn stricter(policy: &Meaning, how: usize, other: Statement) -> Meaning {
    let change = |statement: &Statement| {
        let mut new = statement.clone();
        match how {
            0 => new.principals = Some((false, BTreeSet::from([("AWS", "*")]))),
            1 => new.resources = Some((false, BTreeSet::from(["*"]))),
            2 => new.condition = Condition::new(),
            3 if !new.actions.0 => new.actions.1.extend(ACTIONS),
            _ => {}
        }
        new
    };
    let statements = policy.statements.iter().map(change).chain([other].into_iter().filter(|_| how > 3));
    Meaning { version: policy.version, statements: statements.collect() }
}

pub(crate) fn any_statement() -> impl Strategy<Value = Statement> {
    statements()
}
