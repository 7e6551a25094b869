//! Every text of an observed account that somebody else may have written. Each form is taken apart in full, so that a new member does
//! not compile until it is here.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use reconcile::call::CallError;
use reconcile::desired::{
    Lifecycle, PlanDocument, Rule, SelectionCondition, SelectionDocument, TagCondition,
};
use reconcile::read::Refusal;
use reconcile::state::{
    Key, KeyState, Lock, Observation, Observed, Plan, PlanMatch, Role, Rotation, Selection, Vault,
};

/// Changes one text. The same text has to become the same each time, or ARNs would no longer name what they name.
pub type Change<'c> = dyn Fn(&mut String) + 'c;

/// Changes every text of an account, but the names under which the spec looks for things.
pub fn each_text(observed: &mut Observed, change: &Change<'_>) {
    let Observed { at: _, cut_short: _, role, aliases, keys, unaliased, vaults, plans } = observed;
    seen(role, change, role_texts);
    aliases.values_mut().for_each(|alias| seen(alias, change, |arn, change| change(arn)));
    in_names(keys, change);
    keys.values_mut().for_each(|key| seen(key, change, key_texts));
    unaliased.values_mut().for_each(|arns| {
        seen(arns, change, |arns, change| arns.iter_mut().for_each(change));
    });
    vaults.values_mut().for_each(|vault| seen(vault, change, vault_texts));
    plans.values_mut().for_each(|plans| {
        seen(plans, change, |plans, change| match plans {
            PlanMatch::One(plan) => plan_texts(plan, change),
            PlanMatch::Several(ids) => ids.iter_mut().for_each(change),
        });
    });
}

/// Changes both texts of an error.
pub fn error_texts(error: &mut CallError, change: &Change<'_>) {
    let CallError { code, message } = error;
    change(code);
    change(message);
}

fn seen<T>(one: &mut Observation<T>, change: &Change<'_>, inside: impl FnOnce(&mut T, &Change<'_>)) {
    match one {
        Observation::Present(value) => inside(value, change),
        Observation::Absent => {}
        Observation::Unreadable(Refusal { read: _, error }) => error_texts(error, change),
    }
}

fn role_texts(role: &mut Role, change: &Change<'_>) {
    let Role { arn, trust, boundary, attached, inline, tags } = role;
    [arn, trust].into_iter().chain(boundary).for_each(change);
    seen(attached, change, in_set);
    seen(inline, change, in_set);
    in_tags(tags, change);
}

fn key_texts(key: &mut Key, change: &Change<'_>) {
    let Key { arn, state, spec, usage, customer_managed: _, description, rotation, policy, tags } = key;
    [arn, spec, usage, description].into_iter().for_each(change);
    match state {
        KeyState::Enabled | KeyState::Disabled | KeyState::PendingDeletion { deletion_at: _ } => {}
        KeyState::Other(state) => change(state),
    }
    seen(rotation, change, |Rotation { enabled: _, period_days: _ }, _| {});
    seen(policy, change, |policy, change| change(policy));
    seen(tags, change, in_tags);
}

fn vault_texts(vault: &mut Vault, change: &Change<'_>) {
    let Vault { arn, key_arn, vault_type, lock, tags, policy } = vault;
    let Lock { locked: _, min_retention_days: _, max_retention_days: _, lock_date: _ } = lock;
    [arn, key_arn, vault_type].into_iter().for_each(change);
    seen(tags, change, in_tags);
    seen(policy, change, |policy, change| change(policy));
}

fn plan_texts(plan: &mut Plan, change: &Change<'_>) {
    let Plan { id, arn, document, tags, selections } = plan;
    let PlanDocument { name, rules, advanced_settings } = document;
    [id, arn, name].into_iter().for_each(change);
    rules.iter_mut().for_each(|rule| rule_texts(rule, change));
    in_names(advanced_settings, change);
    advanced_settings.values_mut().for_each(|options| in_tags(options, change));
    seen(tags, change, in_tags);
    seen(selections, change, |selections, change| {
        for Selection { id, name, document } in selections {
            change(id);
            change(name);
            seen(document, change, selection_texts);
        }
    });
}

fn rule_texts(rule: &mut Rule, change: &Change<'_>) {
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        start_window_minutes: _,
        completion_window_minutes: _,
        lifecycle: Lifecycle { delete_after_days: _, cold_storage_after_days: _ },
        continuous_backup: _,
        recovery_point_tags,
        copies,
    } = rule;
    [name, schedule, timezone, target_vault].into_iter().for_each(change);
    in_tags(recovery_point_tags, change);
    in_names(copies, change);
}

fn selection_texts(selection: &mut SelectionDocument, change: &Change<'_>) {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions } = selection;
    change(name);
    change(role_arn);
    in_set(resources, change);
    in_set(not_resources, change);
    *tags = take(tags)
        .into_iter()
        .map(|TagCondition { mut key, mut value }| {
            [&mut key, &mut value].into_iter().for_each(change);
            TagCondition { key, value }
        })
        .collect();
    *conditions = take(conditions)
        .into_iter()
        .map(|SelectionCondition { operator, mut key, mut value }| {
            [&mut key, &mut value].into_iter().for_each(change);
            SelectionCondition { operator, key, value }
        })
        .collect();
}

fn in_set(set: &mut BTreeSet<String>, change: &Change<'_>) {
    *set = take(set).into_iter().map(|text| changed(text, change)).collect();
}

fn in_tags(tags: &mut BTreeMap<String, String>, change: &Change<'_>) {
    in_names(tags, change);
    tags.values_mut().for_each(change);
}

fn in_names<T>(named: &mut BTreeMap<String, T>, change: &Change<'_>) {
    *named = take(named).into_iter().map(|(name, value)| (changed(name, change), value)).collect();
}

fn changed(mut text: String, change: &Change<'_>) -> String {
    change(&mut text);
    text
}
