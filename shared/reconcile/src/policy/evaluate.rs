//! What a policy's explicit denies reach: whether a protection is there, and whether a policy shuts somebody out. No allow is read: an
//! explicit deny wins over every allow.

use super::Policy;
use super::authorized_on::Targets;
use super::caller::Caller;
use super::pattern::{covers, filled, has_variable, overlaps};
use super::statement::{Effect, Principal, Statement, Terms};
use super::ternary::{all, any, not};

impl Policy {
    /// Whether `action` (a name, or a pattern that is then denied as a whole) is denied to everyone, without any condition, on all
    /// that AWS authorizes it on in the vault. In doubt the answer is no: a protection that only may hold is not one.
    pub fn denies_everyone(&self, action: &str, vault_arn: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let is_denied = |resource: &str| {
            self.denials().any(|statement| {
                statement.is_for_everyone()
                    && statement.actions.reach(&action) == Some(true)
                    && statement.reaches(resource) == Some(true)
            })
        };
        Targets::of(vault_arn).surely(&action).into_iter().all(is_denied)
    }

    /// Whether an explicit deny would bind a role, by its ARN, for `action` on a vault or what it holds. In doubt the answer is yes,
    /// because only AWS Support can undo a lock-out.
    pub fn denies(&self, principal_arn: &str, action: &str, vault_arn: &str) -> bool {
        self.denies_to(&Caller::role(principal_arn), action, vault_arn) != Some(false)
    }

    /// Whether an explicit deny binds the caller for `action` on a vault or what it holds; `None` where that cannot be told.
    pub fn denies_to(&self, caller: &Caller, action: &str, vault_arn: &str) -> Option<bool> {
        let targets = Targets::of(vault_arn);
        self.binds(caller, action, |statement, action| statement.reaches_any(action, &targets))
    }

    /// The same on one resource, such as the vault itself.
    pub fn denies_on(&self, caller: &Caller, action: &str, resource: &str) -> Option<bool> {
        self.binds(caller, action, |statement, _| statement.reaches(resource))
    }

    fn binds(
        &self,
        caller: &Caller,
        action: &str,
        reaches: impl Fn(&Statement, &str) -> Option<bool>,
    ) -> Option<bool> {
        let action = action.to_ascii_lowercase();
        any(self.denials().map(|statement| {
            all([
                caller.is_among(statement.principals.as_ref()),
                statement.actions.reach(&action),
                reaches(statement, &action),
                caller.meets(&statement.condition),
            ])
        }))
    }

    /// Whether any deny is about `action` on a vault or what it holds, whoever it binds and under whatever conditions.
    pub fn mentions(&self, action: &str, vault_arn: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let targets = Targets::of(vault_arn);
        self.denials().any(|statement| {
            all([statement.actions.reach(&action), statement.reaches_any(&action, &targets)]) != Some(false)
        })
    }

    /// Whether no deny of `action` reaches anything that AWS authorizes it on in the vault, although there is one: by AWS's
    /// documentation it does nothing.
    pub fn denies_in_vain(&self, action: &str, vault_arn: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let targets = Targets::of(vault_arn);
        let mut denials =
            self.denials().filter(|statement| statement.actions.reach(&action) != Some(false)).peekable();
        denials.peek().is_some()
            && denials.all(|statement| {
                targets.surely(&action).into_iter().all(|target| statement.reaches(target) == Some(false))
            })
    }

    /// The actions that the policy denies, as it writes them, each once.
    pub fn denied_actions(&self) -> impl Iterator<Item = &str> {
        self.denials().flat_map(|statement| match &statement.actions {
            Terms::Is(actions) => actions.iter().map(|action| action.written.as_str()).collect(),
            Terms::Not(_) => Vec::new(),
        })
    }

    /// Each denial as a policy of its own.
    pub fn each_denial(&self) -> impl Iterator<Item = Policy> {
        self.denials().map(|statement| Policy {
            version: self.version,
            id: None,
            statements: [(statement.clone(), [None].into())].into(),
        })
    }

    /// Whether the policy allows `action` to anybody at all.
    pub fn allows_somebody(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let mut allows = self.statements.keys().filter(|statement| statement.effect == Effect::Allow);
        allows.any(|statement| statement.actions.reach(&action) != Some(false))
    }

    pub(super) fn denials(&self) -> impl Iterator<Item = &Statement> {
        self.statements.keys().filter(|statement| statement.effect == Effect::Deny)
    }
}

impl Statement {
    /// Whether this is for everybody, whatever the circumstances.
    fn is_for_everyone(&self) -> bool {
        self.condition.is_empty()
            && matches!(&self.principals, Some(Terms::Is(set)) if set.contains(&Principal::everyone()))
    }

    /// Whether the resources are among what is meant. A missing `Resource` tells nothing: KMS accepts it and gives it no effect.
    pub(super) fn reaches(&self, resource: &str) -> Option<bool> {
        self.resources.as_ref().and_then(|resources| resources.reach(resource))
    }

    /// Whether it reaches something that the action is authorized on.
    fn reaches_any(&self, action: &str, targets: &Targets) -> Option<bool> {
        let surely = all(targets.surely(action).into_iter().map(|target| self.reaches(target)));
        match surely {
            Some(true) => surely,
            _ => match any(targets.perhaps(action).into_iter().map(|target| self.reaches(target))) {
                Some(false) => Some(false),
                Some(true) | None => None,
            },
        }
    }
}

impl<T: AsRef<str> + Ord> Terms<T> {
    /// Whether these patterns reach all of what `value` stands for (`Some(true)`), nothing of it, or a part of it or nobody knows.
    pub(super) fn reach(&self, value: &str) -> Option<bool> {
        let covering = |pattern: &T| {
            let pattern = pattern.as_ref();
            let possible = overlaps(&filled(pattern), value);
            if possible && !has_variable(pattern) && covers(pattern, value) {
                Some(true)
            } else if possible {
                None
            } else {
                Some(false)
            }
        };
        match self {
            Terms::Is(set) => any(set.iter().map(covering)),
            // An empty exception is not documented to mean "everything".
            Terms::Not(set) if set.is_empty() => None,
            Terms::Not(set) => not(any(set.iter().map(covering))),
        }
    }
}
