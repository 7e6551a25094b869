//! Who brought a finding about, in words and as evidence.

use reconcile::history::{Attribution, Client, Contention, WINDOW, Write};

use super::moment;
use super::values::{clip, count};

/// "ci-deploy/github-run-19284412 with Terraform from 198.51.100.18, UpdateBackupPlan at 2026-11-12 22:16:04 UTC."
pub(crate) fn who(attribution: &Attribution) -> String {
    let Attribution { write, certain } = attribution;
    let doubt = if *certain { "" } else { "Probably " };
    format!(
        "{doubt}{}.{}",
        call(write),
        if *certain { "" } else { " CloudTrail tells only an id, which may be another's." }
    )
}

/// A call by who made it, how, from where, which and when.
pub(crate) fn call(write: &Write) -> String {
    let actor = write.actor.as_deref().map_or_else(|| "somebody unnamed".to_owned(), short);
    let client = write.client().name().map(|name| format!(" with {name}")).unwrap_or_default();
    let source = write.source_ip.as_ref().map(|source| format!(" from {source}")).unwrap_or_default();
    let when = write.time.map(|at| format!(" at {}", moment(at))).unwrap_or_default();
    let event = if write.event.is_empty() { "a call" } else { &write.event };
    format!("{actor}{client}{source}, {event}{when}")
}

/// What is before it in an ARN is the account, which the report names already.
pub(crate) fn short(actor: &str) -> String {
    let resource = actor.splitn(6, ':').nth(5).unwrap_or(actor);
    let name = ["assumed-role/", "user/", "federated-user/"]
        .iter()
        .find_map(|kind| resource.strip_prefix(kind))
        .unwrap_or(resource);
    clip(name, 120)
}

/// For whoever keeps the report: the whole ARN and the event's id.
pub(crate) fn evidence(write: &Write) -> String {
    let parts = [
        Some(write.event.as_str()).filter(|event| !event.is_empty()).map(str::to_owned),
        write.time.map(moment),
        write.actor.clone(),
        write.source_ip.as_ref().map(|source| format!("from {source}")),
        write.user_agent.as_ref().map(|agent| format!("user agent {}", clip(agent, 80))),
        write.id.as_ref().map(|id| format!("event id {id}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// That code fights the spec, and which of the two should change.
pub fn fight(client: Client) -> Option<String> {
    let name = client.name().filter(|_| client.is_code())?;
    Some(format!(
        "{name} did this, so code and spec disagree, and each undoes the other. Change the {name} code to what is expected here; only if the new value is meant, change the spec and deploy drift-healer."
    ))
}

/// That it is repaired and undone again and again.
pub fn contested(contention: &Contention) -> String {
    let mut by: Vec<(&String, &usize)> = contention.undone_by.iter().collect();
    by.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let by: Vec<String> = by
        .into_iter()
        .take(3)
        .map(|(actor, times)| format!("{} by {}", count(times, "time"), short(actor)))
        .collect();
    let undone = if by.is_empty() { String::new() } else { format!(" Undone {}.", by.join(", ")) };
    format!(
        "Contested: this repair is number {} within {} hours.{undone} It will go on until one side stops.",
        contention.repairs,
        WINDOW.whole_hours()
    )
}
