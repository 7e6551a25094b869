//! The trust policy of a role, where fewer allows are more: whether all whom the spec lets assume the role still can, and what would be
//! put so that they can and nothing is opened that is closed.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Policy;
use super::caller::Caller;
use super::carry::{alone, is_lacking, listed, relabelled, without_the_gone};
use super::moment::When;
use super::statement::{Effect, Principal, Statement, Terms};
use super::ternary::{all, any, not};
use super::within::{Comparison, includes_who};
use crate::region::iam_region;

/// What a trust policy is, beside the desired one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// It means the same.
    Same,
    /// It lets in nobody whom the desired one does not, and those whom that lets in under more conditions.
    Narrower {
        /// Whether these conditions are sure to hold for them.
        certainly: bool,
    },
    /// It lets in somebody else, or keeps somebody out.
    Differs {
        /// The desired policy, as narrow as the one that was found where that keeps nobody out.
        put: String,
    },
}

/// Where a role is: what is known of the services that assume it.
#[derive(Debug, Clone)]
pub struct TrustedIn<'a> {
    /// The partition of the account.
    pub partition: &'a str,
    /// The account.
    pub account: &'a str,
    /// The regions in which services are sure to assume it.
    pub regions: Vec<&'a str>,
    /// Those in which they may, and nobody documents it: copies go there.
    pub perhaps: Vec<&'a str>,
    /// When: by AWS's clock.
    pub at: OffsetDateTime,
}

impl Trust {
    /// Compares two trust policies.
    pub fn of(desired: &str, observed: &str, role: &TrustedIn<'_>) -> Trust {
        let plainly = || Trust::Differs { put: desired.to_owned() };
        let (Ok(want), Ok(have)) = (Policy::parse(desired), Policy::parse(observed)) else {
            return plainly();
        };
        if want == have {
            return Trust::Same;
        }
        let [wanted, found] = [desired, observed].map(|text| serde_json::from_str::<Value>(text).ok());
        let (Some(mut document), Some(found)) = (wanted, found) else { return plainly() };
        // Under another version a variable would mean something else than it did.
        if !want.is_of_same_version(&have) && observed.contains("${") {
            return plainly();
        }
        let version = &found["Version"];
        let mut kept = Vec::new();
        let mut as_found = true;
        for statement in listed(&found["Statement"]) {
            let rest = within(&statement, version, &want, role);
            as_found &= rest.as_slice() == [statement];
            kept.extend(rest);
        }
        let wanted = listed(&document["Statement"]);
        let lost_with = |kept: &[Value]| -> Vec<Value> {
            let narrow = Narrow { want: &want, policy: alone(kept, version), role };
            let lacks = |statement: &&Value| narrow.lacks(statement, &document["Version"]);
            wanted.iter().filter(lacks).cloned().collect()
        };
        let mut lost = lost_with(&kept);
        if as_found && lost.is_empty() {
            let narrow = Narrow { want: &want, policy: alone(&kept, version), role };
            return Trust::Narrower { certainly: narrow.lets_in_all() };
        }
        // Whom a condition keeps out comes back without that condition, and with the others.
        for index in 0..kept.len() {
            let Some(open) = without_what_never_holds(&kept[index], version, &want, role) else { continue };
            let with_it = [&kept[..index], &[open], &kept[index + 1..]].concat();
            let still_lost = lost_with(&with_it);
            if still_lost.len() < lost.len() {
                (kept, lost) = (with_it, still_lost);
            }
        }
        let back = alone(&lost, &document["Version"]);
        kept.retain(|statement| !back.as_ref().is_some_and(|back| says(back, statement, version)));
        let kept = kept.into_iter().filter_map(|mut statement| {
            without_the_gone(statement.as_object_mut()?)?;
            Some(statement)
        });
        let statements = relabelled(&lost, kept);
        document["Statement"] = Value::Array([lost, statements].concat());
        let put = document.to_string();
        if Policy::parse(&put).is_ok_and(|put| put == want) { plainly() } else { Trust::Differs { put } }
    }
}

/// What is left of a statement that was found if nothing may go beyond the desired policy, and nobody be denied whom that lets in.
fn within(statement: &Value, version: &Value, want: &Policy, role: &TrustedIn<'_>) -> Vec<Value> {
    let Some(policy) = alone(statement, version) else { return Vec::new() };
    if policy.denials().next().is_some() {
        let denies_one = |(who, action): (&Principal, &str)| {
            let denied = |denial| denies(denial, who, action, role) == Some(true);
            policy.denials().any(denied) && !want.denials().any(denied)
        };
        return if pieces(want).any(denies_one) { Vec::new() } else { vec![statement.clone()] };
    }
    if !is_beyond(&policy, want) {
        return vec![statement.clone()];
    }
    // Each of whom it names by himself, and each action.
    let (Some(principals), Some(actions)) = (statement["Principal"].as_object(), statement.get("Action"))
    else {
        return Vec::new();
    };
    let each =
        principals.iter().flat_map(|(kind, names)| listed(names).into_iter().map(move |name| (kind, name)));
    let one = |(kind, name): (&String, Value)| {
        let narrowed = |action: Value| {
            let mut one = statement.clone();
            one["Principal"] = json!({ kind: name });
            one["Action"] = action;
            one
        };
        let is_within = |action: &Value| {
            alone(narrowed(action.clone()), version).is_some_and(|policy| !is_beyond(&policy, want))
        };
        let left: Vec<Value> = listed(actions).into_iter().filter(is_within).collect();
        let mut one = narrowed(Value::Array(left.clone()));
        // A label may be there once only.
        one.as_object_mut()?.remove("Sid");
        (!left.is_empty()).then_some(one)
    };
    each.filter_map(one).collect()
}

/// An Allow without those of its conditions that are sure to keep everybody out whom the desired policy lets in; `None` where there are
/// none, where somebody would not be sure to be let in without them, or where it would then go beyond the desired policy.
fn without_what_never_holds(
    statement: &Value,
    version: &Value,
    want: &Policy,
    role: &TrustedIn<'_>,
) -> Option<Value> {
    let condition = statement.get("Condition")?.as_object()?;
    let lets_in = |statement: &Value| {
        let narrow = Narrow { want, policy: alone(statement, version), role };
        any(pieces(want).map(|(who, action)| narrow.lets_in(who, action)))
    };
    let never_holds = |operator: &String, key: &String, values: &Value| {
        let mut with_it_alone = statement.clone();
        with_it_alone["Condition"] = json!({ operator: { key: values } });
        lets_in(&with_it_alone) == Some(false)
    };
    let mut open = statement.clone();
    for (operator, tests) in condition {
        for (key, values) in tests.as_object()? {
            if never_holds(operator, key, values) {
                open["Condition"][operator].as_object_mut()?.remove(key);
            }
        }
    }
    // An operator without tests is none, and no operators are no condition.
    let left = open["Condition"].as_object_mut()?;
    left.retain(|_, tests| tests.as_object().is_some_and(|tests| !tests.is_empty()));
    if left.is_empty() {
        open.as_object_mut()?.remove("Condition");
    }
    let is_within = within(&open, version, want, role) == [open.clone()];
    (open != *statement && is_within && lets_in(&open) == Some(true)).then_some(open)
}

/// Whether a policy allows anything that the other does not.
fn is_beyond(policy: &Policy, other: &Policy) -> bool {
    let comparison = Comparison::of(policy, other, Effect::Allow, "");
    allows(policy).any(|statement| !comparison.unsaid(statement).is_empty())
}

fn allows(policy: &Policy) -> impl Iterator<Item = &Statement> {
    policy.statements.keys().filter(|statement| statement.effect == Effect::Allow)
}

/// Whom a policy lets do what, one by one.
fn pieces(policy: &Policy) -> impl Iterator<Item = (&Principal, &str)> {
    allows(policy).flat_map(|statement| match (&statement.principals, &statement.actions) {
        (Some(Terms::Is(whos)), Terms::Is(actions)) => {
            let each = |who| actions.iter().map(move |action| (who, action.folded.as_str()));
            whos.iter().flat_map(each).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    })
}

/// Whether a policy says all that an Allow, or a Deny, says.
fn says(policy: &Policy, statement: &Value, version: &Value) -> bool {
    let Some(one) = alone(statement, version) else { return false };
    [Effect::Allow, Effect::Deny].into_iter().all(|effect| {
        let comparison = Comparison::of(&one, policy, effect, "");
        let mut those = one.statements.keys().filter(|statement| statement.effect == effect);
        those.all(|statement| comparison.unsaid(statement).is_empty())
    })
}

/// Whether something holds of whoever assumes the role, as far as that is known; of a service in each region, now and from now on. Where it
/// may not assume it, and in what comes, a no proves nothing.
fn in_each_region(
    who: &Principal,
    role: &TrustedIn<'_>,
    holds: impl Fn(&Caller) -> Option<bool>,
) -> Option<bool> {
    if who.kind != "Service" {
        return holds(&Caller::role(&who.name));
    }
    let iam = iam_region(role.partition);
    let requested: Vec<&str> = role.regions.iter().chain(&role.perhaps).copied().chain(iam).collect();
    let here = |region: &&str, when: When| {
        let caller = Caller::service(&who.name);
        holds(&caller.on_behalf_of(role.partition, region, role.account, &requested, when))
    };
    let now = role.regions.iter().map(|region| here(region, When::about(role.at)));
    let perhaps = role.perhaps.iter().map(|region| here(region, When::about(role.at)));
    let later = role.regions.iter().map(|region| here(region, When::from(role.at)));
    all(now.chain(perhaps.chain(later).map(|answer| answer.filter(|yes| *yes))))
}

/// Whether a statement is about this call.
fn binds(statement: &Statement, who: &Principal, caller: &Caller, action: &str) -> Option<bool> {
    let among = match (&statement.principals, who.kind) {
        (Some(Terms::Is(set)), _) if set.contains(who) || set.contains(&Principal::everyone()) => Some(true),
        // A service that is not among those who are spared is not spared.
        (Some(Terms::Not(spared)), "Service") if !spared.contains(who) => Some(true),
        (principals, "Service" | "AWS") => caller.is_among(principals.as_ref()),
        (Some(Terms::Is(_)), _) => Some(false),
        (Some(Terms::Not(_)) | None, _) => None,
    };
    all([among, statement.actions.reach(action), caller.meets(&statement.condition)])
}

/// Whether it binds in any region.
fn denies(denial: &Statement, who: &Principal, action: &str, role: &TrustedIn<'_>) -> Option<bool> {
    not(in_each_region(who, role, |caller| not(binds(denial, who, caller, action))))
}

/// What is kept of the policy that was found.
struct Narrow<'a> {
    want: &'a Policy,
    policy: Option<Policy>,
    role: &'a TrustedIn<'a>,
}

impl Narrow<'_> {
    /// Whether somebody whom the desired policy lets in can still assume the role.
    fn lets_in(&self, who: &Principal, action: &str) -> Option<bool> {
        let Some(policy) = &self.policy else { return Some(false) };
        let comparison = Comparison::of(self.want, policy, Effect::Allow, "");
        let about_it = || allows(self.want).filter(|one| includes_who_exactly(one, who));
        let said = about_it().any(|one| comparison.says(one, Some(action)));
        let allowed = if said {
            Some(true)
        } else if who.kind == "Service" {
            let here = |caller: &Caller| any(allows(policy).map(|one| binds(one, who, caller, action)));
            in_each_region(who, self.role, here)
        } else {
            // What else is known of people who assume a role? That they are named.
            let named = |one: &&Statement| {
                includes_who(one.principals.as_ref(), who) && one.actions.reach(action) != Some(false)
            };
            if allows(policy).any(|one| named(&one)) { None } else { Some(false) }
        };
        let added = policy.denials().filter(|denial| !self.want.statements.contains_key(denial));
        let denied = any(added.map(|denial| denies(denial, who, action, self.role)));
        all([allowed, not(denied)])
    }

    /// Whether all whom the desired policy lets in are sure to be let in.
    fn lets_in_all(&self) -> bool {
        pieces(self.want).all(|(who, action)| self.lets_in(who, action) == Some(true))
    }

    /// Whether what a statement of the desired policy says has to be put back.
    fn lacks(&self, statement: &Value, version: &Value) -> bool {
        let (Some(one), Some(policy)) = (alone(statement, version), &self.policy) else { return true };
        // What names nobody by name is compared as a whole.
        let is_whole = allows(&one).any(|_| pieces(&one).next().is_none());
        is_lacking(statement, version, policy, "")
            || is_whole && !says(policy, statement, version)
            || pieces(&one).any(|(who, action)| self.lets_in(who, action) == Some(false))
    }
}

fn includes_who_exactly(statement: &Statement, who: &Principal) -> bool {
    matches!(&statement.principals, Some(Terms::Is(set)) if set.contains(who))
}
