//! Every text of an observed account that somebody else may have written. Each form is taken apart in full, so that a new member does
//! not compile until it is here.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use reconcile::call::CallError;
use reconcile::desired::{
    AdvancedSetting, Copy, CopyLifecycle, Lifecycle, PlanDocument, Rule, ScanAction, ScanSetting,
    SelectionCondition, SelectionDocument, TagCondition, Tags,
};
use reconcile::read::Refusal;
use reconcile::state::{
    FormerPlan, Grant, Key, KeyState, Lock, LockPut, Notifications, Observation, Observed, Plan,
    PlanCandidate, RegionSettings, Role, Rotation, Selection, Vault,
};

/// Changes one text. The same text has to become the same each time, or ARNs would no longer name what they name.
pub type Change<'c> = dyn Fn(&mut String) + 'c;

/// Changes every text of an account, but the names under which the spec looks for things.
pub fn each_text(observed: &mut Observed, change: &Change<'_>) {
    let Observed {
        at: _,
        cut_short: _,
        roles,
        aliases,
        keys,
        unaliased,
        made_by_us,
        vaults,
        plans,
        former_plans,
        region_settings,
    } = observed;
    roles.values_mut().for_each(|role| seen(role, change, role_texts));
    aliases.values_mut().for_each(|alias| seen(alias, change, |arn, change| change(arn)));
    in_names(keys, change);
    keys.values_mut().for_each(|key| seen(key, change, key_texts));
    unaliased.values_mut().for_each(|arns| {
        seen(arns, change, |arns, change| arns.iter_mut().for_each(change));
    });
    in_names(made_by_us, change);
    made_by_us.values_mut().for_each(|ours| seen(ours, change, |_, _| {}));
    vaults.values_mut().for_each(|vault| seen(vault, change, vault_texts));
    plans.values_mut().for_each(|plans| {
        seen(plans, change, |plans, change| {
            for PlanCandidate { id, created: _, plan } in plans {
                change(id);
                seen(plan, change, plan_texts);
            }
        });
    });
    former_plans.values_mut().for_each(|former| {
        seen(former, change, |former, change| {
            for FormerPlan { written: _, document } in former {
                document_texts(document, change);
            }
        });
    });
    region_settings.values_mut().for_each(|settings| {
        seen(settings, change, |RegionSettings { opt_in, management }, change| {
            in_names(opt_in, change);
            in_names(management, change);
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
    let Role { arn, created: _, last_used: _, trust, boundary, attached, inline, denied_actions, tags } =
        role;
    [arn, trust].into_iter().chain(boundary).for_each(change);
    seen(attached, change, in_set);
    seen(inline, change, |inline, change| {
        in_names(inline, change);
        inline.values_mut().for_each(|policy| seen(policy, change, |policy, change| change(policy)));
    });
    seen(denied_actions, change, in_set);
    in_tags(tags, change);
}

fn key_texts(key: &mut Key, change: &Change<'_>) {
    let Key {
        arn,
        state,
        spec,
        usage,
        customer_managed: _,
        created: _,
        origin,
        valid_to: _,
        multi_region: _,
        description,
        rotation,
        policy,
        shared,
        grants,
        tags,
    } = key;
    [arn, spec, usage, origin, description].into_iter().for_each(change);
    match state {
        KeyState::Enabled
        | KeyState::Disabled
        | KeyState::PendingDeletion { deletion_at: _ }
        | KeyState::PendingReplicaDeletion
        | KeyState::PendingImport
        | KeyState::Unavailable
        | KeyState::Creating
        | KeyState::Updating => {}
        KeyState::Other(state) => change(state),
    }
    seen(rotation, change, |Rotation { enabled: _, period_days: _ }, _| {});
    [policy, shared].into_iter().for_each(|one| seen(one, change, |policy, change| change(policy)));
    seen(grants, change, |grants, change| {
        for Grant { id, grantee, operations } in grants {
            [id, grantee].into_iter().for_each(change);
            in_set(operations, change);
        }
    });
    seen(tags, change, in_tags);
}

fn vault_texts(vault: &mut Vault, change: &Change<'_>) {
    let Vault {
        arn,
        key_arn,
        vault_type,
        created: _,
        state,
        recovery_points: _,
        namesakes,
        lock,
        lock_puts,
        notifications,
        tags,
        policy,
    } = vault;
    let Lock { locked: _, min_retention_days: _, max_retention_days: _, lock_date: _ } = lock;
    [arn, key_arn, vault_type, state].into_iter().for_each(change);
    in_set(namesakes, change);
    seen(lock_puts, change, |puts, _| {
        puts.iter().for_each(|LockPut { at: _, ours: _, grace_days: _, limits: _, removal: _ }| {})
    });
    seen(notifications, change, |Notifications { topic, events }, change| {
        change(topic);
        in_set(events, change);
    });
    seen(tags, change, in_tags);
    seen(policy, change, |policy, change| change(policy));
}

fn document_texts(document: &mut PlanDocument, change: &Change<'_>) {
    let PlanDocument { name, rules, advanced_settings, scan_settings } = document;
    change(name);
    rules.iter_mut().for_each(|rule| rule_texts(rule, change));
    for AdvancedSetting { resource_type, options } in advanced_settings {
        change(resource_type);
        in_tags(options, change);
    }
    if let Some(settings) = scan_settings {
        in_each(settings, |ScanSetting { scanner, resource_types, role_arn }| {
            [scanner, role_arn].into_iter().for_each(change);
            in_set(resource_types, change);
        });
    }
}

fn plan_texts(plan: &mut Plan, change: &Change<'_>) {
    let Plan { id, arn, version, last_run: _, next_runs, document, unknown_members, tags, selections } = plan;
    [id, arn, version].into_iter().for_each(change);
    next_runs.iter_mut().for_each(|(_, rule)| change(rule));
    in_set(unknown_members, change);
    document_texts(document, change);
    seen(tags, change, in_tags);
    seen(selections, change, |selections, change| {
        for Selection { id, name, document, unknown_members } in selections {
            change(id);
            change(name);
            in_set(unknown_members, change);
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
        air_gapped_vault,
        start_window_minutes: _,
        completion_window_minutes: _,
        lifecycle: Lifecycle { delete_after_days: _, cold_storage_after_days: _, opt_in_to_archive: _ },
        continuous_backup: _,
        recovery_point_tags,
        copies,
        scan_actions,
        index_actions,
    } = rule;
    [name, schedule, timezone, target_vault].into_iter().chain(air_gapped_vault).for_each(change);
    in_tags(recovery_point_tags, change);
    for Copy { destination, lifecycle } in copies {
        change(destination);
        let CopyLifecycle { kept: _, cold_storage_after_days: _, opt_in_to_archive: _ } = lifecycle;
    }
    if let Some(actions) = scan_actions {
        in_each(actions, |ScanAction { scanner, mode }| [scanner, mode].into_iter().for_each(change));
    }
    if let Some(actions) = index_actions {
        in_each(actions, |types| in_set(types, change));
    }
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
    in_each(set, change);
}

fn in_each<T: Ord>(set: &mut BTreeSet<T>, change: impl Fn(&mut T)) {
    *set = take(set)
        .into_iter()
        .map(|mut one| {
            change(&mut one);
            one
        })
        .collect();
}

fn in_tags(tags: &mut Tags, change: &Change<'_>) {
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
