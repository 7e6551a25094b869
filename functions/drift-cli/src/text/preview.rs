//! What a repair would call, pass by pass, and what of it nobody can undo.

use std::collections::BTreeMap;

use drift_healer::Mode;
use reconcile::call::Call;
use reconcile::repair::CallMade;
use reconcile::words::clean;

use super::wrap::Page;
use crate::look::{Look, plural};
use crate::paint;

/// Every pass of a repair, before one is made.
pub(super) fn preview(look: &Look, full: bool, brief: bool, page: Page) -> Vec<String> {
    let made = &look.answer.report.calls;
    if look.answer.mode == Mode::Repair {
        return afterwards(look, page);
    }
    if made.is_empty() {
        return Vec::new();
    }
    let mut by_pass: BTreeMap<usize, Vec<&CallMade>> = BTreeMap::new();
    for call in made {
        by_pass.entry(call.pass).or_default().push(call);
    }
    let title =
        format!("A repair would make {} in {}", plural(made.len(), "call"), plural(by_pass.len(), "pass"));
    let mut lines = vec![String::new(), paint::heading(&title)];
    for (pass, calls) in &by_pass {
        if full {
            lines.extend(
                calls.iter().flat_map(|made| page.wrap(&format!("pass {pass}: {}", of_call(made)), 2)),
            );
        } else {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            calls.iter().for_each(|made| *counts.entry(made.call.action()).or_default() += 1);
            let each: Vec<String> = counts
                .iter()
                .map(
                    |(action, count)| {
                        if *count == 1 { (*action).to_owned() } else { format!("{action} ×{count}") }
                    },
                )
                .collect();
            lines.extend(page.wrap(&format!("pass {pass}: {}", each.join(", ")), 2));
        }
    }
    lines.extend(irreversible(look).iter().flat_map(|line| page.wrap(&paint::bad(line), 2)));
    let replaced = replaced(look);
    if brief {
        lines.extend(replaced.iter().map(|line| page.line(line, 2)));
    } else {
        lines.extend(replaced.iter().flat_map(|line| page.wrap(line, 2)));
    }
    lines
}

/// What was called, after a repair.
fn afterwards(look: &Look, page: Page) -> Vec<String> {
    let made = &look.answer.report.calls;
    if made.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), paint::heading(&plural(made.len(), "call"))];
    for made in made {
        let line = format!("{}: {}", of_call(made), look.answer.result(made));
        lines.extend(page.wrap(&clean(&line), 2));
    }
    lines
}

/// Every call of a plan, with its pass.
pub fn calls(look: &Look) -> Vec<String> {
    look.answer.report.calls.iter().map(|made| format!("pass {}: {}", made.pass, of_call(made))).collect()
}

fn of_call(made: &CallMade) -> String {
    clean(&format!("{} for {}", made.call.action(), made.resource))
}

/// What of a plan nobody can undo, in sentences.
pub fn irreversible(look: &Look) -> Vec<String> {
    let told = |made: &CallMade| match &made.call {
        Call::PutBackupVaultLockConfiguration { changeable_for_days: Some(days), .. } => Some(format!(
            "cannot be undone: the compliance lock of {}. {days} days later nobody, AWS included, can remove it",
            made.resource
        )),
        Call::CreateKey { .. } => Some(format!(
            "makes a key for {}: a key can only be scheduled for deletion, and costs money until then",
            made.resource
        )),
        Call::DeleteBackupSelection { .. }
        | Call::CreateRole { .. }
        | Call::UpdateAssumeRolePolicy { .. }
        | Call::AttachRolePolicy { .. }
        | Call::TagRole { .. }
        | Call::CancelKeyDeletion { .. }
        | Call::EnableKey { .. }
        | Call::EnableKeyRotation { .. }
        | Call::UpdateKeyDescription { .. }
        | Call::PutKeyPolicy { .. }
        | Call::TagKey { .. }
        | Call::CreateAlias { .. }
        | Call::UpdateAlias { .. }
        | Call::CreateBackupVault { .. }
        | Call::PutBackupVaultAccessPolicy { .. }
        | Call::PutBackupVaultLockConfiguration { changeable_for_days: None, .. }
        | Call::PutBackupVaultNotifications { .. }
        | Call::CreateBackupPlan { .. }
        | Call::UpdateBackupPlan { .. }
        | Call::CreateBackupSelection { .. }
        | Call::TagBackupResource { .. }
        | Call::UpdateRegionSettings { .. } => None,
    };
    look.answer.report.calls.iter().filter_map(told).map(|line| clean(&line)).collect()
}

/// The selections that are replaced: nothing of them is lost, since the right one is there before.
pub fn replaced(look: &Look) -> Vec<String> {
    let told = |made: &CallMade| {
        let Call::DeleteBackupSelection { selection_id, .. } = &made.call else { return None };
        let line = format!(
            "replaced: {}; the new one is made before the old one (id {selection_id}) is deleted",
            made.resource
        );
        Some(clean(&line))
    };
    look.answer.report.calls.iter().filter_map(told).collect()
}
