//! Who brought a finding about, in words and as evidence.

use super::attribution::{Attribution, Doubt};
use super::contention::Contention;
use super::recorded_call::RecordedCall;
use super::story::Story;
use super::times::{LAG, WINDOW};
use crate::report::{Outcome, Reported};
use crate::say;
use crate::words::{Prose, Verbatim, Word, clip, count, list};

impl Attribution {
    /// "ci-deploy/github-run-19284412, Terraform, 198.51.100.18: UpdateBackupPlan at 2026-11-12 22:16:04 UTC."
    pub fn who(&self) -> Prose {
        let call = call_in_words(&self.call);
        if self.is_certain() { say!("{}.", call) } else { say!("probably {}.", call).and(self.doubt()) }
    }

    /// The same, where the call has been told already: "ci-deploy/github-run-19284412, the same UpdateBackupPlan."
    pub fn who_again(&self) -> Prose {
        let actor = self.call.actor.as_deref().map_or_else(|| Prose::own("the same call"), short_actor);
        if self.is_certain() {
            say!("{}, the same {}.", actor, self.call.event)
        } else {
            say!("probably {}, the same {}.", actor, self.call.event).and(self.doubt())
        }
    }

    /// Why it may have been somebody else.
    fn doubt(&self) -> Prose {
        let lag = LAG.whole_minutes();
        let mut sentences: Vec<Prose> = self
            .doubts
            .iter()
            .map(|doubt| match doubt {
                Doubt::OnlyAnId => {
                    Prose::own("CloudTrail shows only the id of its target, which may be another resource's.")
                }
                Doubt::Unconfirmed => say!(
                    "It is told by the invocation, not confirmed by CloudTrail's history, which lags up to {} minutes.",
                    lag
                ),
                Doubt::Old => {
                    say!("CloudTrail's history, which lags up to {} minutes, shows nothing newer.", lag)
                }
                Doubt::NotAsked => Prose::own("CloudTrail's history could not be asked in full."),
                Doubt::Denial => Prose::own("Something else may also be denying the read."),
            })
            .collect();
        if !self.others.is_empty() {
            let others = list(self.others.iter().map(|actor| short_actor(actor)));
            sentences.push(say!("Others made such a call too: {}.", others));
        }
        Prose::joined(sentences, " ")
    }

    /// That code fights the spec, and which of the two should change.
    pub fn fight(&self) -> Option<Prose> {
        let client = self.call.client();
        let name = Word(client.name().filter(|_| client.is_code())?);
        // A read that is denied is no difference between code and spec.
        if self.doubts.contains(&Doubt::Denial) {
            return None;
        }
        let who = if self.is_certain() {
            say!("By its user agent this was {}", name)
        } else {
            say!("If this call did it, {} made it, by its user agent", name)
        };
        Some(say!(
            "{}: code and spec disagree. Change the {} code to what is expected here. Only if the new value is meant, change the spec and deploy drift-healer.",
            who,
            name
        ))
    }
}

impl Story {
    /// That it is repaired and undone again and again; nothing if it is not.
    pub fn contested(&self, one: &Reported) -> Option<Prose> {
        let Contention { repairs, undone_by } = self.contention.as_ref()?;
        let mut by: Vec<(&String, &usize)> = undone_by.iter().collect();
        by.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let by: Vec<Prose> = by
            .into_iter()
            .take(3)
            .map(|(actor, times)| say!("{} ({})", short_actor(actor), count(*times, "time")))
            .collect();
        let before = if by.is_empty() {
            Prose::default()
        } else {
            say!("The last to change it before a repair: {}.", Prose::joined(by, ", "))
        };
        let hours = WINDOW.whole_hours();
        let this = if one.outcome == Outcome::Repaired {
            say!("Contested: this is repair number {} within {} hours.", *repairs, hours)
        } else {
            say!("Contested: repaired {} times within {} hours.", *repairs, hours)
        };
        Some(this.and(before).and(Prose::own("It will go on until one side stops.")))
    }
}

/// A call: who made it, with what, from where, which and when.
pub fn call_in_words(call: &RecordedCall) -> Prose {
    let client = call.client().name().map(|name| say!(", {}", Word(name))).unwrap_or_default();
    let source = call.source_ip.as_ref().map(|source| say!(", {}", source)).unwrap_or_default();
    say!("{}{}{}: {}", short_actor(call.who()), client, source, event(call))
}

fn event(call: &RecordedCall) -> Prose {
    let event = if call.event.is_empty() { Prose::own("a call") } else { say!("{}", call.event) };
    match call.time {
        Some(time) => say!("{} at {}", event, time),
        None => event,
    }
}

/// A name that tells people who is meant. What is before it in an ARN is the account, which the report names already.
pub fn short_actor(actor: &str) -> Prose {
    let resource = actor.splitn(6, ':').nth(5).unwrap_or(actor);
    // IAM Identity Center names its roles AWSReservedSSO_PERMISSIONSET_HASH; who is behind one is in the session.
    let sso = resource.strip_prefix("assumed-role/AWSReservedSSO_").and_then(|rest| rest.split_once('/'));
    if let Some((role, person)) = sso {
        let set = role.rsplit_once('_').map_or(role, |(set, _)| set);
        return say!("{} ({})", person, set).clipped(120);
    }
    let name = ["assumed-role/", "user/", "federated-user/"]
        .iter()
        .find_map(|kind| resource.strip_prefix(kind))
        .unwrap_or(resource);
    say!("{}", Verbatim(name)).clipped(120)
}

/// For whoever keeps the report: each actor in full, and under it the calls with their ids.
pub fn evidence(calls: &[&RecordedCall]) -> Vec<Prose> {
    let mut actors: Vec<(Prose, Vec<Prose>)> = Vec::new();
    for call in calls {
        let actor = full_actor(call);
        let id = call.id.as_ref().map(|id| say!(", event {}", id)).unwrap_or_default();
        let line = say!("  {} in {}{}", event(call), call.region, id);
        match actors.iter_mut().find(|(other, _)| *other == actor) {
            Some((_, lines)) => lines.push(line),
            None => actors.push((actor, vec![line])),
        }
    }
    actors.into_iter().flat_map(|(actor, lines)| std::iter::once(actor).chain(lines)).collect()
}

fn full_actor(call: &RecordedCall) -> Prose {
    let from = call.source_ip.as_ref().map(|source| say!("from {}", source)).unwrap_or_default();
    let with = call
        .user_agent
        .as_ref()
        .map(|agent| say!("with {}", Verbatim(&clip(agent, 256))))
        .unwrap_or_default();
    say!("Evidence: {}", Verbatim(call.who())).and(from).and(with)
}
