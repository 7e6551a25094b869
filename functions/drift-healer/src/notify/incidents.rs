//! Attempts on backups and losses in words.

use reconcile::history::{RecordedCall, WINDOW, call_in_words, short_actor};
use reconcile::say;
use reconcile::words::{Command, Note, Prose, Verbatim, Word, list};
use time::Duration;

use crate::incident::{Incident, IncidentKind, Total, end_of_hour};

/// So many names stand in a sentence.
const MOST_NAMES: usize = 5;

/// A paragraph: each line in words, with the command that goes with it.
pub(crate) fn paragraph(incident: &Incident) -> Vec<Note> {
    let call = &incident.call;
    let severity = incident.severity().as_str().to_uppercase();
    let heading = say!(
        "{} {}: {} {} in {}",
        severity,
        Word(in_words(incident.kind)),
        call.event,
        target(call),
        call.region
    );
    let suspicion = Prose::own(match incident.kind {
        IncidentKind::Attempt => {
            "If you do not know why this was tried, treat it as an incident: find out what else was done with these credentials, and revoke them."
        }
        IncidentKind::Loss => {
            "If you do not know why this was done, treat it as an incident: find out what else was done with these credentials, and revoke them."
        }
    });
    let counted = say!(
        "Further calls of this sort by the same actor are only counted until {}; then the total follows. CloudTrail's history lags, so one more mail may come before.",
        end_of_hour(incident.at)
    );
    vec![
        heading.into(),
        Note { text: by_whom(incident), command: (!incident.confirmed).then(|| this_call(call)).flatten() },
        Note { text: what_happened(incident), command: look(incident) },
        Note { text: suspicion, command: Some(history_of(call)) },
        counted.into(),
    ]
}

/// The kind, for a reader.
pub(super) fn in_words(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::Attempt => "denied attempt",
        IncidentKind::Loss => "recovery point changed",
    }
}

fn target(call: &RecordedCall) -> Prose {
    call.target().map_or_else(
        || Prose::own("on something that CloudTrail does not name"),
        |target| say!("on {}", target),
    )
}

/// Who it was, as far as that is known.
pub(super) fn by_whom(incident: &Incident) -> Prose {
    let by = say!("By: {}.", call_in_words(&incident.call));
    if incident.confirmed {
        return by;
    }
    by.and(Prose::own(
        "It is told by the event alone: CloudTrail's history, which lags, does not know it yet or was not asked. Whoever may invoke the function can make up an event, so look it up before anybody is blamed:",
    ))
}

/// The command that shows whether the history knows a call.
fn this_call(call: &RecordedCall) -> Option<Command> {
    Some(Command::look_up(&call.region).looking_up("EventId", call.id.as_deref()?))
}

/// What came of it, and what is to be done about that.
pub(super) fn what_happened(incident: &Incident) -> Prose {
    let error = incident.call.error.as_deref().unwrap_or("an error");
    match incident.kind {
        IncidentKind::Attempt => say!(
            "AWS refused it ({}): nothing changed, and there was nothing to repair. {}",
            error,
            incident.effect()
        ),
        IncidentKind::Loss => {
            let next = incident.next_step().map(|next| say!("{}", next)).unwrap_or_default();
            let vault = incident.call.vault();
            let vault = vault.map(|vault| say!("It is in the vault {}.", vault)).unwrap_or_default();
            say!("{} {}", incident.effect(), vault).and(next)
        }
    }
}

/// The command that shows what is left of a recovery point.
fn look(incident: &Incident) -> Option<Command> {
    let call = &incident.call;
    let (vault, point) = (call.vault()?, call.recovery_point()?);
    let shows = || {
        Command::aws("backup describe-recovery-point")
            .with("region", &call.region)
            .with("backup-vault-name", vault)
            .with("recovery-point-arn", point)
    };
    (incident.kind == IncidentKind::Loss && incident.is_still_there()).then(shows)
}

/// The command that shows what else somebody did, from a day before on.
pub(super) fn history_of(call: &RecordedCall) -> Command {
    // Of a session CloudTrail keeps its name, of root no more than that.
    let session = call.actor.as_deref().and_then(|arn| arn.rsplit(['/', ':']).next());
    let (key, value) = match session.filter(|name| !name.is_empty()) {
        Some(name) => ("Username", name),
        None => ("EventName", call.event.as_str()),
    };
    let command = Command::look_up(&call.region).looking_up(key, value);
    match call.time.and_then(|at| at.checked_sub(WINDOW)) {
        Some(from) => command.since(from),
        None => command,
    }
}

/// How many there were in an hour that is over.
pub(crate) fn total_in_words(total: &Total) -> Prose {
    let until = total.since + Duration::HOUR;
    let counted = |kind| {
        let of_kind = total.counts.iter().filter(move |((one, _), _)| *one == kind);
        let events = of_kind.map(|((_, event), count)| say!("{} ({})", Verbatim(event), *count));
        Prose::joined(events, ", ")
    };
    let of = |kind, singular: &'static str, plural: &'static str| {
        let count = total.of(kind);
        let word = Word(if count == 1 { singular } else { plural });
        (count > 0).then(|| say!("{} {}: {}.", count, word, counted(kind)))
    };
    let names = list(total.actors.iter().take(MOST_NAMES).map(|actor| short_actor(actor)));
    let more = total.actors.len().saturating_sub(MOST_NAMES);
    let more = if more > 0 { say!(" and {} more", more) } else { Prose::default() };
    [
        of(
            IncidentKind::Loss,
            "call changed or deleted recovery points",
            "calls changed or deleted recovery points",
        ),
        of(
            IncidentKind::Attempt,
            "call on backups or their keys was refused",
            "calls on backups or their keys were refused",
        ),
    ]
    .into_iter()
    .flatten()
    .fold(
        say!("Between {} and {} there was more of this than the mails reported:", total.since, until),
        Prose::and,
    )
    .and(say!("By: {}{}.", names, more))
}
