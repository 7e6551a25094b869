//! A denied attempt, which is its own story.

use reconcile::history::{RecordedCall, WINDOW, call_in_words};
use reconcile::say;
use reconcile::words::{Command, Prose, Word};
use time::Duration;

use crate::attempt::DeniedAttempt;

pub(super) fn tried(attempt: &DeniedAttempt) -> Prose {
    let call = &attempt.call;
    let target = call.target().map_or_else(
        || Prose::own("on something that CloudTrail does not name"),
        |target| say!("on {}", target),
    );
    let error = call.error.as_deref().unwrap_or("an error");
    let hour = call.time.map(|at| at.replace_minute(0).unwrap_or(at).replace_second(0).unwrap_or(at));
    let until = hour
        .and_then(|hour| hour.checked_add(Duration::HOUR))
        .map_or_else(|| Prose::own("the hour's end"), |hour| say!("{}", hour));
    let lines = [
        say!("HIGH denied attempt: {} {} in {}", call.event, target, call.region),
        say!("By: {}.", call_in_words(call)),
        say!(
            "AWS refused it ({}): nothing changed, and there was nothing to repair. {}",
            error,
            Word(attempt.aim())
        ),
        Prose::own(
            "If you do not know why this was tried, treat it as an incident: find out what else was done with these credentials, and revoke them.",
        ),
        say!("  {}", history_of(call)),
        say!(
            "Further attempts by the same actor before {} are only logged. CloudTrail's history lags, so one more mail may come.",
            until
        ),
    ];
    Prose::joined(lines, "\n")
}

/// The command that shows what else somebody did, from a day before on.
pub(in crate::notify) fn history_of(call: &RecordedCall) -> Command {
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
