//! Whether one policy says at least as much as another: statement by statement, and action by action. What cannot be told to be said is
//! not said.

use std::collections::BTreeSet;

use super::Policy;
use super::authorized_on::Targets;
use super::pattern::{covers, filled, has_variable, overlaps};
use super::statement::{Action, Condition, Effect, Principal, Statement, Terms};

/// The actions that `desired` denies on a vault or what it holds, whoever it binds and under whatever conditions, and that `observed`
/// is not sure to deny as far as that; empty when the protection is not weakened. Names are as `desired` writes them; a lost
/// `NotAction` deny is named `every action but …`. Denied pattern by pattern: a desired `backup:Delete*` counts as lost when
/// `observed` only lists single actions, since nobody knows the next action that AWS adds.
pub fn no_longer_denied(desired: &Policy, observed: &Policy, vault_arn: &str) -> BTreeSet<String> {
    unsaid(Effect::Deny, desired, observed, vault_arn)
}

/// As [`no_longer_denied`], of what `desired` allows.
pub fn no_longer_allowed(desired: &Policy, observed: &Policy, vault_arn: &str) -> BTreeSet<String> {
    unsaid(Effect::Allow, desired, observed, vault_arn)
}

impl Policy {
    /// Whether this is sure to deny all that `other` denies of `action`.
    pub fn denies_as_far_as(&self, other: &Policy, action: &str, vault_arn: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let is_about_it = |statement: &&Statement| statement.actions.reach(&action) != Some(false);
        let mut about_it = other.denials().filter(is_about_it).peekable();
        if about_it.peek().is_none() {
            return true;
        }
        let comparison = Comparison::of(other, self, Effect::Deny, vault_arn);
        about_it.all(|statement| comparison.says(statement, Some(&action)))
    }

    /// Who is let in from outside of the account by what this allows and `other` does not.
    pub fn lets_in_beyond(&self, other: &Policy, account: &str, vault_arn: &str) -> BTreeSet<String> {
        let comparison = Comparison::of(self, other, Effect::Allow, vault_arn);
        let allows = self.statements.keys().filter(|statement| statement.effect == Effect::Allow);
        let added = allows.filter(|statement| !comparison.unsaid(statement).is_empty());
        added.flat_map(|statement| statement.lets_in(account)).collect()
    }

    /// Whether both are written for the same version of the language, so that variables mean the same in both.
    pub fn is_of_same_version(&self, other: &Policy) -> bool {
        self.version == other.version
    }
}

fn unsaid(effect: Effect, one: &Policy, other: &Policy, vault_arn: &str) -> BTreeSet<String> {
    let comparison = Comparison::of(one, other, effect, vault_arn);
    let statements = one.statements.keys().filter(|statement| statement.effect == effect);
    statements.flat_map(|statement| comparison.unsaid(statement)).collect()
}

/// What is compared: whether `other` says what a statement says.
pub(super) struct Comparison<'a> {
    other: Vec<&'a Statement>,
    targets: Targets,
    /// Under different versions the same variable is not the same: under 2008-10-17 it is plain text.
    same_version: bool,
}

impl<'a> Comparison<'a> {
    pub(super) fn of(one: &Policy, other: &'a Policy, effect: Effect, vault_arn: &str) -> Self {
        Self {
            other: other.statements.keys().filter(|statement| statement.effect == effect).collect(),
            targets: Targets::of(vault_arn),
            same_version: one.version == other.version,
        }
    }

    /// The actions of a statement that the other does not say as well.
    pub(super) fn unsaid(&self, statement: &Statement) -> Vec<String> {
        match &statement.actions {
            Terms::Is(actions) => {
                let unsaid = actions.iter().filter(|action| !self.says(statement, Some(&action.folded)));
                unsaid.map(|action| action.written.clone()).collect()
            }
            // An empty exception is not documented to mean "everything": it says nothing that could be lost.
            Terms::Not(spared) if spared.is_empty() || self.says(statement, None) => Vec::new(),
            Terms::Not(spared) => {
                let spared: Vec<&str> = spared.iter().map(|action| action.written.as_str()).collect();
                vec![format!("every action but {}", spared.join(" or "))]
            }
        }
    }

    /// Whether the other says all that a statement says of one action (in lower case), or of all that it is about.
    pub(super) fn says(&self, statement: &Statement, action: Option<&str>) -> bool {
        let pieces = self.pieces(statement, action);
        whos(statement).into_iter().all(|who| {
            let those: Vec<&Statement> = self
                .other
                .iter()
                .copied()
                .filter(|other| {
                    self.includes_action(other, statement, action)
                        && includes(other.principals.as_ref(), who)
                        && self.implies(&statement.condition, &other.condition)
                })
                .collect();
            those
                .iter()
                .any(|other| self.includes_resources(other.resources.as_ref(), statement.resources.as_ref()))
                || pieces.iter().all(|piece| {
                    let reaches = |other: &&&Statement| {
                        piece.iter().any(|value| self.includes(other.resources.as_ref(), value))
                    };
                    those.iter().any(|other| reaches(&other))
                })
        })
    }

    fn includes_action(&self, other: &Statement, statement: &Statement, action: Option<&str>) -> bool {
        match (action, &other.actions, &statement.actions) {
            (Some(action), Terms::Is(set), _) if set.contains(&Action::new(action)) => {
                self.same_version || !has_variable(action)
            }
            (Some(action), actions, _) => actions.reach(&filled(action)) == Some(true),
            (None, Terms::Is(actions), _) => actions.iter().any(|action| covers(&action.folded, "*")),
            (None, Terms::Not(spared), Terms::Not(spared_by_both)) => {
                let is_spared = |one: &Action| {
                    spared_by_both.iter().any(|both| both == one || self.covers(&both.folded, &one.folded))
                };
                !spared.is_empty() && spared.iter().all(is_spared)
            }
            (None, Terms::Not(_), Terms::Is(_)) => false,
        }
    }

    /// What a statement reaches of that which the action is authorized on, each by the patterns of which one has to be reached. Where
    /// it reaches nothing of that, it is held to what else it reaches of the vault.
    fn pieces(&self, statement: &Statement, action: Option<&str>) -> Vec<Vec<String>> {
        let of = |targets: Vec<&str>| -> Vec<Vec<String>> {
            targets.into_iter().flat_map(|target| reached(statement, target)).collect()
        };
        let surely = of(self.targets.surely(action.unwrap_or("*")));
        if surely.is_empty() { of(self.targets.everything()) } else { surely }
    }

    /// Whether these resources are sure to include all that `value` stands for.
    fn includes(&self, resources: Option<&Terms<String>>, value: &str) -> bool {
        match resources {
            Some(Terms::Is(set)) => set.iter().any(|pattern| self.covers(pattern, value)),
            Some(Terms::Not(set)) => {
                !set.is_empty() && set.iter().all(|spared| !overlaps(&filled(spared), &filled(value)))
            }
            None => false,
        }
    }

    /// Whether the other's resources are sure to include all of these, whatever they are.
    fn includes_resources(&self, other: Option<&Terms<String>>, these: Option<&Terms<String>>) -> bool {
        match (other, these) {
            (None, None) => true,
            (_, Some(Terms::Is(set))) => set.iter().all(|value| self.includes(other, value)),
            (Some(Terms::Not(spared)), Some(Terms::Not(spared_by_both))) => {
                let is_spared = |one: &String| spared_by_both.iter().any(|both| self.covers(both, one));
                spared.is_empty() == spared_by_both.is_empty() && spared.iter().all(is_spared)
            }
            (Some(Terms::Is(set)), Some(Terms::Not(_))) => set.contains("*"),
            (None, Some(Terms::Not(_))) | (Some(_), None) => false,
        }
    }

    /// Whether a pattern is sure to cover another, variables included.
    fn covers(&self, pattern: &str, value: &str) -> bool {
        let same = pattern == value && (self.same_version || !has_variable(value));
        same || (!has_variable(pattern) && covers(pattern, &filled(value)))
    }

    /// Whether the other's conditions hold wherever these do.
    fn implies(&self, these: &Condition, other: &Condition) -> bool {
        other.iter().all(|(operator, keys)| {
            if keys.is_empty() {
                return these.get(operator).is_some_and(|keys| keys.is_empty());
            }
            keys.iter().all(|(key, values)| {
                // What holds holds also if it is only asked for where the key exists.
                let operators = [Some(operator.as_str()), operator.strip_suffix("IfExists")];
                let tests =
                    operators.into_iter().flatten().filter_map(|operator| these.get(operator)?.get(key));
                tests.into_iter().any(|found| self.implies_test(operator, found, values))
            })
        })
    }

    fn implies_test(&self, operator: &str, these: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
        if !self.same_version && these.iter().chain(other).any(|value| has_variable(value)) {
            return false;
        }
        let operator = operator.strip_suffix("IfExists").unwrap_or(operator);
        these == other
            || (ONE_OF.contains(&operator) && !these.is_empty() && these.is_subset(other))
            || (NONE_OF.contains(&operator) && !other.is_empty() && other.is_subset(these))
    }
}

/// Operators that hold if one of the values fits: with more values they hold more often.
const ONE_OF: [&str; 9] = [
    "ArnEquals",
    "ArnLike",
    "DateEquals",
    "IpAddress",
    "NumericEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "BinaryEquals",
];
/// Operators that hold if none of the values fits: with more values they hold less often.
const NONE_OF: [&str; 8] = [
    "ArnNotEquals",
    "ArnNotLike",
    "DateNotEquals",
    "NotIpAddress",
    "NumericNotEquals",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

/// Who a statement is about: each by itself, or all but some.
#[derive(Clone, Copy)]
enum Who<'a> {
    One(&'a Principal),
    AllBut(&'a BTreeSet<Principal>),
    Unsaid,
}

fn whos(statement: &Statement) -> Vec<Who<'_>> {
    match &statement.principals {
        Some(Terms::Is(set)) => set.iter().map(Who::One).collect(),
        Some(Terms::Not(set)) => vec![Who::AllBut(set)],
        None => vec![Who::Unsaid],
    }
}

/// A statement for each of those whom it names, and who that is.
pub(super) fn whos_apart<'a>(statement: &'a Statement) -> Vec<(Option<&'a str>, Statement)> {
    let one = |who: Who<'_>| Statement {
        principals: match who {
            Who::One(one) => Some(Terms::Is(BTreeSet::from([one.clone()]))),
            Who::AllBut(_) | Who::Unsaid => statement.principals.clone(),
        },
        ..statement.clone()
    };
    let name = |who: Who<'a>| match who {
        Who::One(one) => Some(one.name.as_str()),
        Who::AllBut(_) | Who::Unsaid => None,
    };
    whos(statement).into_iter().map(|who| (name(who), one(who))).collect()
}

/// Whether a statement with these principals is sure to be about this one.
pub(super) fn includes_who(principals: Option<&Terms<Principal>>, who: &Principal) -> bool {
    includes(principals, Who::One(who))
}

/// Whether a statement with these principals is sure to be about them too. An account is not sure to stand for its roles here: it is not
/// documented for a Deny.
fn includes(principals: Option<&Terms<Principal>>, who: Who<'_>) -> bool {
    match (principals, who) {
        (Some(Terms::Is(set)), _) if set.contains(&Principal::everyone()) => true,
        (Some(Terms::Is(set)), Who::One(one)) => set.contains(one),
        (Some(Terms::Not(spared)), Who::AllBut(all)) => {
            spared.is_empty() == all.is_empty() && spared.is_subset(all)
        }
        (None, Who::Unsaid) => true,
        (Some(Terms::Is(_)), Who::AllBut(_) | Who::Unsaid)
        | (Some(Terms::Not(_)), Who::One(_) | Who::Unsaid)
        | (None, Who::One(_) | Who::AllBut(_)) => false,
    }
}

/// What a statement reaches of a target: nothing, all, or what each of its patterns has in common with it. Of each, the patterns of which
/// one has to be reached.
fn reached(statement: &Statement, target: &str) -> Vec<Vec<String>> {
    match (&statement.resources, statement.reaches(target)) {
        (_, Some(false)) => Vec::new(),
        (Some(Terms::Is(set)), None) => {
            let parts = set.iter().filter(|pattern| overlaps(&filled(pattern), target));
            parts.map(|part| vec![part.clone(), target.to_owned()]).collect()
        }
        (_, Some(true)) | (Some(Terms::Not(_)) | None, None) => vec![vec![target.to_owned()]],
    }
}
