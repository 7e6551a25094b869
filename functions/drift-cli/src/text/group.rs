//! Findings that are alike are told together.

use reconcile::call::Call;
use reconcile::drift::{Drift, Severity};
use reconcile::read::Refusal;
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};
use reconcile::resource::Kind;

use crate::look::{Look, Need};

/// Findings that are told together; never empty.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) findings: Vec<&'a Reported>,
    pub(super) severity: Severity,
}

/// What two findings must share to be told together.
#[derive(Debug, PartialEq)]
enum Alike<'a> {
    /// One refused read leaves many things unread.
    Unread(&'a Refusal),
    /// One reason for all of a region: what each finding is, is beside the point.
    Reason(Need, &'a BlockReason, Option<&'a str>),
    /// What the run was not asked to repair, by how bad it is.
    NotAsked(Severity, Option<&'a str>),
    /// The same difference, and the same came of it.
    Code(Need, Severity, Kind, &'static str, &'static str, Option<&'static str>),
    /// The attributes of one document are mended by one call.
    Call(Severity, &'a Call),
}

pub(super) fn alike<'a>(look: &Look, shown: &[&'a Reported], full: bool) -> Vec<Group<'a>> {
    let mut groups: Vec<(Alike<'a>, Group<'a>)> = Vec::new();
    for one in shown {
        let key = key(look, one);
        let same = groups.iter_mut().find(|(other, _)| *other == key).filter(|_| !full);
        match same {
            Some((_, group)) => group.findings.push(one),
            None => groups.push((key, Group { findings: vec![one], severity: look.severity(one) })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn key<'a>(look: &Look, one: &'a Reported) -> Alike<'a> {
    if let Drift::Unreadable(unreadable) = &one.finding.drift {
        return Alike::Unread(&unreadable.refusal);
    }
    let need = Look::need(one);
    let resource = &one.finding.resource;
    if let Outcome::Blocked(
        reason @ (BlockReason::EmptyAccount
        | BlockReason::OverLimit
        | BlockReason::OutOfTime
        | BlockReason::Interrupted),
    ) = &one.outcome
    {
        return Alike::Reason(need, reason, resource.region.as_deref());
    }
    let severity = look.severity(one);
    if one.outcome == Outcome::Blocked(BlockReason::NotAsked) {
        return Alike::NotAsked(severity, resource.region.as_deref());
    }
    if let Some(call @ Call::UpdateBackupPlan { .. }) = one.call() {
        return Alike::Call(severity, call);
    }
    let code = one.finding.drift.code().code;
    Alike::Code(need, severity, resource.kind, code, super::fate(look, one), one.call().map(Call::action))
}
