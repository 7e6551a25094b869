//! Who brought a finding about, in words and as evidence.

use reconcile::drift::moment;
use reconcile::history::{Attribution, Contention, Doubt, LAG, WINDOW, Write};
use reconcile::report::{Outcome, Reported};

use super::values::{clip, count, list};

/// "ci-deploy/github-run-19284412, Terraform, 198.51.100.18: UpdateBackupPlan at 2026-11-12 22:16:04 UTC."
pub(crate) fn who(attribution: &Attribution) -> String {
    let call = call(&attribution.write);
    if attribution.is_certain() {
        format!("{call}.")
    } else {
        format!("probably {call}. {}", doubt(attribution))
    }
}

/// Why it may have been somebody else.
fn doubt(attribution: &Attribution) -> String {
    let lag = LAG.whole_minutes();
    let doubts = attribution.doubts.iter().map(|doubt| match doubt {
        Doubt::OnlyAnId => {
            "CloudTrail tells only an id of what it was about, which may be another's.".to_owned()
        }
        Doubt::Old => format!("Nothing newer is in CloudTrail's history, which lags up to {lag} minutes."),
        Doubt::NotAsked => "CloudTrail's history could not be asked in full.".to_owned(),
        Doubt::Denial => "A read may be denied by more than that.".to_owned(),
    });
    let mut sentences: Vec<String> = doubts.collect();
    if !attribution.others.is_empty() {
        let others = list(attribution.others.iter().map(|actor| short(actor)));
        sentences.push(format!("Such a call was made by {others} too."));
    }
    sentences.join(" ")
}

/// The same, where the call has been told already: "ci-deploy/github-run-19284412, the same UpdateBackupPlan."
pub(crate) fn same(attribution: &Attribution) -> String {
    let Attribution { write, .. } = attribution;
    let actor = write.actor.as_deref().map_or_else(|| "the same call".to_owned(), short);
    let (probably, doubt) = if attribution.is_certain() {
        ("", String::new())
    } else {
        ("probably ", format!(" {}", doubt(attribution)))
    };
    format!("{probably}{actor}, the same {}.{doubt}", write.event)
}

/// A call: who made it, with what, from where, which and when.
pub(crate) fn call(write: &Write) -> String {
    let actor = short(write.who());
    let client = write.client().name().map(|name| format!(", {name}")).unwrap_or_default();
    let source = write.source_ip.as_ref().map(|source| format!(", {source}")).unwrap_or_default();
    format!("{actor}{client}{source}: {}", event(write))
}

fn event(write: &Write) -> String {
    let when = write.time.map(|at| format!(" at {}", moment(at))).unwrap_or_default();
    let event = if write.event.is_empty() { "a call" } else { &write.event };
    format!("{event}{when}")
}

/// A name that tells people who is meant. What is before it in an ARN is the account, which the report names already.
pub(crate) fn short(actor: &str) -> String {
    let resource = actor.splitn(6, ':').nth(5).unwrap_or(actor);
    // IAM Identity Center names its roles AWSReservedSSO_PERMISSIONSET_HASH; who is behind one is in the session.
    let sso = resource.strip_prefix("assumed-role/AWSReservedSSO_").and_then(|rest| rest.split_once('/'));
    if let Some((role, person)) = sso {
        let set = role.rsplit_once('_').map_or(role, |(set, _)| set);
        return clip(&format!("{person} ({set})"), 120);
    }
    let name = ["assumed-role/", "user/", "federated-user/"]
        .iter()
        .find_map(|kind| resource.strip_prefix(kind))
        .unwrap_or(resource);
    clip(name, 120)
}

/// For whoever keeps the report: each actor in full, and under it the calls with their ids.
pub(crate) fn evidence(writes: &[&Write]) -> Vec<String> {
    let mut actors: Vec<(String, Vec<String>)> = Vec::new();
    for write in writes {
        let actor = full_actor(write);
        let id = write.id.as_ref().map(|id| format!(", event {id}")).unwrap_or_default();
        let call = format!("  {} in {}{id}", event(write), write.region);
        match actors.iter_mut().find(|(other, _)| *other == actor) {
            Some((_, calls)) => calls.push(call),
            None => actors.push((actor, vec![call])),
        }
    }
    actors.into_iter().flat_map(|(actor, calls)| std::iter::once(actor).chain(calls)).collect()
}

fn full_actor(write: &Write) -> String {
    let parts = [
        Some(format!("Evidence: {}", write.who())),
        write.source_ip.as_ref().map(|source| format!("from {source}")),
        write.user_agent.as_ref().map(|agent| format!("with {}", clip(agent, 256))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// That code fights the spec, and which of the two should change.
pub fn fight(attribution: &Attribution) -> Option<String> {
    let client = attribution.write.client();
    let name = client.name().filter(|_| client.is_code())?;
    // A read that is denied is no difference between code and spec.
    if attribution.doubts.contains(&Doubt::Denial) {
        return None;
    }
    let who = if attribution.is_certain() {
        format!("By its user agent this was {name}")
    } else {
        format!("If it was this call, which by its user agent was {name}'s")
    };
    Some(format!(
        "{who}: code and spec disagree. Change the {name} code to what is expected here; only if the new value is meant, change the spec and deploy drift-healer."
    ))
}

/// That it is repaired and undone again and again; nothing if it is not.
pub fn contested(one: &Reported) -> Option<String> {
    let Contention { repairs, undone_by } = one.contention.as_ref()?;
    let mut by: Vec<(&String, &usize)> = undone_by.iter().collect();
    by.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let by: Vec<String> = by
        .into_iter()
        .take(3)
        .map(|(actor, times)| format!("{} ({})", short(actor), count(*times, "time")))
        .collect();
    let before = if by.is_empty() {
        String::new()
    } else {
        format!(" The last to change it before a repair: {}.", by.join(", "))
    };
    let hours = WINDOW.whole_hours();
    let this = match one.outcome {
        Outcome::Repaired => format!("this is repair number {repairs} within {hours} hours"),
        _ => format!("repaired {repairs} times within {hours} hours"),
    };
    Some(format!("Contested: {this}.{before} It will go on until one side stops."))
}
