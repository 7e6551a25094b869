//! The run in one line, for the subject and for a phone: the worst resource first, the spec and the account last, and never cut off.

use reconcile::history::{nothing_was_there, short_actor};
use reconcile::report::{Outcome, Reported};
use reconcile::say;
use reconcile::words::{Prose, Verbatim, Word, clip};

use super::incidents;
use crate::answer::{Answer, Tally};

/// SNS: under 100 characters.
const LONGEST_SUBJECT: usize = 99;
/// One SMS in the seven-bit alphabet holds 160; carriers and SNS's sender id take some.
const LONGEST_SMS: usize = 140;
/// Names of specs that are longer are cut.
const LONGEST_SPEC: usize = 32;

/// The subject of the mail.
pub(super) fn subject(answer: &Answer) -> String {
    line(answer, LONGEST_SUBJECT)
}

/// A text message.
pub(super) fn sms(answer: &Answer) -> String {
    line(answer, LONGEST_SMS)
}

/// What happened, in parts that are cut and left out one by one.
struct Parts {
    before: Prose,
    name: Prose,
    after: Prose,
    /// How many others there are, in full and in short.
    others: [Prose; 2],
}

/// "CRITICAL open: vault-lock main missing; 4 open, 8 repaired - prod 123456789012", in no more than so many characters.
pub(super) fn line(answer: &Answer, longest: usize) -> String {
    let parts = parts(answer);
    let end = printable(&end(answer));
    let whole = |name: &str, others: &Prose| {
        let start = format!("{}{name}{}{others}", parts.before, parts.after);
        format!("{}{end}", printable(&start))
    };
    let name = parts.name.as_str();
    for others in &parts.others {
        let line = whole(name, others);
        if line.len() <= longest {
            return line;
        }
    }
    // Only a name that somebody made long is cut.
    let [_, short] = &parts.others;
    let rest = whole("", short).len();
    let room = longest.saturating_sub(rest).max(12);
    clip(&whole(&clip(&printable(name), room), short), longest)
}

fn parts(answer: &Answer) -> Parts {
    let alone = |text: Prose| Parts {
        before: text,
        name: Prose::default(),
        after: Prose::default(),
        others: Default::default(),
    };
    if let Some(incident) = answer.pressing_incident() {
        let (severity, what) =
            (incident.severity().as_str().to_uppercase(), incidents::in_words(incident.kind));
        return Parts {
            name: short_actor(incident.call.who()),
            others: others_beside(answer),
            ..alone(say!("{} {}: {} by ", severity, Word(what), Verbatim(&incident.call.event)))
        };
    }
    let Some(worst) = answer.most_pressing_first().next().filter(|one| !one.outcome.is_excepted()) else {
        if let Some(total) = &answer.total {
            return alone(say!("HIGH denied attempts and losses: {} within an hour", total.all()));
        }
        let excepted = answer.report.findings.len();
        return alone(if excepted > 0 {
            say!("In sync, {} excepted", excepted)
        } else {
            Prose::own("In sync")
        });
    };
    let tally = answer.tally();
    if nothing_was_there(&answer.report) {
        return alone(say!("{} open: nothing found", severity(answer, worst)));
    }
    let state = match (&worst.outcome, answer.hold.standing()) {
        (Outcome::Repaired, _) => "repaired",
        (Outcome::Planned | Outcome::Failed(_) | Outcome::Blocked(_), Some(_)) => "open, on hold",
        (Outcome::Planned | Outcome::Failed(_) | Outcome::Blocked(_), None) => "open",
    };
    let resource = &worst.finding.resource;
    Parts {
        before: say!("{} {}: {} ", severity(answer, worst), Word(state), resource.kind),
        name: say!("{}", resource.full_name().as_ref()),
        after: say!(" {}", worst.code_in_words()),
        others: others(&tally),
    }
}

fn severity(answer: &Answer, one: &Reported) -> Prose {
    say!("{}", answer.story(one).severity(one).as_str().to_uppercase())
}

fn others(tally: &Tally) -> [Prose; 2] {
    if tally.findings == 1 {
        return Default::default();
    }
    let counts = [(tally.open, "open"), (tally.repaired, "repaired"), (tally.contested, "contested")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts = Prose::joined(counts.map(|(count, word)| say!("{} {}", count, Word(word))), ", ");
    [say!("; {}", counts), say!(" (+{})", tally.findings - 1)]
}

/// What else there is beside an incident that is named.
fn others_beside(answer: &Answer) -> [Prose; 2] {
    let more = answer.told().count() - 1;
    let open = answer.tally().open;
    let counts = [(more, "more like it"), (open, "open")].into_iter().filter(|(count, _)| *count > 0);
    let counts = Prose::joined(counts.map(|(count, word)| say!("{} {}", count, Word(word))), ", ");
    if counts.is_empty() { Default::default() } else { [say!("; {}", counts), say!(" (+{})", more + open)] }
}

fn end(answer: &Answer) -> String {
    let spec = clip(say!("{}", Verbatim(&answer.spec_name)).as_str(), LONGEST_SPEC);
    let account = answer.account.as_deref().unwrap_or("unknown account");
    format!(" - {spec} {}", say!("{}", account))
}

/// SNS refuses a subject with anything but printable ASCII in it.
fn printable(line: &str) -> String {
    line.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_printable_ascii_whatever_somebody_is_called() {
        assert_eq!(printable("drifted by müller\u{202e}\n"), "drifted by m?ller??");
    }
}
