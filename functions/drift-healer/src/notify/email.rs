//! The mail: plain text that is read on a phone, the most pressing finding first.

use reconcile::drift::{Drift, moment};
use reconcile::history::{LAG, Write, is_explicable, nothing_was_there};
use reconcile::report::{Reported, Verdict};
use time::Duration;

use super::subject::headline;
use crate::answer::Answer;
use crate::attempt::Attempt;
use crate::settings::Mode;
use crate::trigger::TriggerKind;
use crate::words::{call, contested, count, done, evidence, fight, meaning, same, title, who, wrong};

/// Nobody reads further on a phone.
const MOST_FINDINGS: usize = 50;

/// The whole text.
pub(super) fn text(answer: &Answer, shown: &[&Reported]) -> String {
    let shown = &shown[..shown.len().min(MOST_FINDINGS)];
    let mut paragraphs = vec![format!("{}.", headline(answer))];
    let mut told = Vec::new();
    if let Some(attempt) = &answer.attempt {
        paragraphs.push(tried(attempt));
        told.push(&attempt.write);
    } else {
        if answer.report.verdict() == Verdict::InSync && shown.is_empty() {
            paragraphs.push(in_sync(answer));
        }
        let groups = alike(shown);
        paragraphs.extend(groups.iter().map(|group| finding(group, answer.iam_region, &mut told)));
        let left_out = answer.report.findings.len() - shown.len();
        if left_out > 0 {
            let more = count(left_out, "more finding");
            paragraphs.push(format!("{more} left out here; all of them are in {}.", answer.place()));
        }
        paragraphs.extend(unknown(answer, shown));
        paragraphs.extend(answer.notes.iter().cloned());
    }
    paragraphs.push(records(answer, &told));
    paragraphs.join("\n\n")
}

/// One refused read leaves many things unread: what could not be read for the same reason is one story.
fn alike<'a>(shown: &[&'a Reported]) -> Vec<Vec<&'a Reported>> {
    let mut groups: Vec<Vec<&Reported>> = Vec::new();
    for one in shown {
        let same = |group: &&mut Vec<&Reported>| match (&group[0].finding.drift, &one.finding.drift) {
            (Drift::Unreadable { error: a, .. }, Drift::Unreadable { error: b, .. }) => {
                a == b && group[0].next_step() == one.next_step()
            }
            _ => false,
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// What was wrong, what it meant, what was done and what is next, who did it. `told` are the calls that were named so far.
fn finding<'a>(group: &[&'a Reported], iam_region: &str, told: &mut Vec<&'a Write>) -> String {
    let heading = |one: &&Reported| format!("{} {}", one.severity().as_str().to_uppercase(), title(one));
    let mut lines: Vec<String> = group.iter().map(heading).collect();
    let one = group[0];
    lines.push(wrong(one));
    for meant in group.iter().map(|one| meaning(one).into_owned()) {
        if !lines.contains(&meant) {
            lines.push(meant);
        }
    }
    lines.push(done(one));
    for command in group.iter().filter_map(|one| one.command(iam_region)) {
        let line = format!("  {command}");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.extend(contested(one));
    if let Some(attribution) = &one.attribution {
        let write = &attribution.write;
        // The same call again is said in three words, and that code fights the spec is said once.
        if told.contains(&write) {
            lines.push(format!("By: {}", same(attribution)));
        } else {
            lines.push(format!("By: {}", who(attribution)));
            if !told.iter().any(|other| other.client() == write.client()) {
                lines.extend(fight(attribution));
            }
            told.push(write);
        }
    }
    lines.join("\n")
}

fn tried(attempt: &Attempt) -> String {
    let write = &attempt.write;
    let target = write.target().map_or_else(
        || " on something that CloudTrail does not name".to_owned(),
        |target| format!(" on {target}"),
    );
    let error = write.error.as_deref().unwrap_or("an error");
    let hour = write.time.map(|at| at.replace_minute(0).unwrap_or(at).replace_second(0).unwrap_or(at));
    let until = hour
        .and_then(|hour| hour.checked_add(Duration::HOUR))
        .map_or_else(|| "the hour's end".to_owned(), moment);
    let lines = [
        format!("HIGH denied attempt: {}{target} in {}", write.event, write.region),
        format!("By: {}.", call(write)),
        format!("AWS refused it ({error}): nothing changed, and there was nothing to repair. {}", aim(write)),
        "If you do not know why this was tried, treat it as an incident: find out what else was done with these credentials, and revoke them.".to_owned(),
        format!("  {}", history_of(write)),
        format!("Further attempts by the same actor before {until} are only logged. CloudTrail's history lags, so one more mail may come."),
    ];
    lines.join("\n")
}

/// What it would have done.
pub(super) fn aim(write: &Write) -> &'static str {
    match write.event.as_str() {
        "DeleteBackupVault" => "It would have deleted the vault if that is empty.",
        "DeleteBackupVaultLockConfiguration" => {
            "It would have taken the lock away, which keeps recovery points from being deleted."
        }
        "DeleteRecoveryPoint" => "It would have deleted a recovery point.",
        "ScheduleKeyDeletion" => {
            "It would have set a date for the end of a key. Whether vaults depend on that key was not looked up."
        }
        _ => "It would have destroyed something.",
    }
}

/// The command that shows what else somebody did.
pub(super) fn history_of(write: &Write) -> String {
    // Of a session CloudTrail keeps its name, of root no more than that.
    let session = write.actor.as_deref().and_then(|arn| arn.rsplit(['/', ':']).next());
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(*c)).collect()
    };
    let (key, value) = match session.map(plain).filter(|name| !name.is_empty()) {
        Some(name) => ("Username", name),
        None => ("EventName", plain(&write.event)),
    };
    // The CLI's shorthand splits at these.
    let attribute = if value.contains([',', '=']) {
        format!("'AttributeKey={key},AttributeValue=\"{value}\"'")
    } else {
        format!("AttributeKey={key},AttributeValue={value}")
    };
    format!("aws cloudtrail lookup-events --region {} --lookup-attributes {attribute}", write.region)
}

fn in_sync(answer: &Answer) -> String {
    let spec = &answer.spec_name;
    match answer.report.at {
        Some(at) => format!("Everything that the spec {spec} names is as designed; seen at {}.", moment(at)),
        None => "Nothing was looked at.".to_owned(),
    }
}

/// Of which findings nobody knows who brought them about, and why that may be.
fn unknown(answer: &Answer, shown: &[&Reported]) -> Option<String> {
    if nothing_was_there(&answer.report) {
        return None;
    }
    let explicable = shown.iter().filter(|one| is_explicable(&one.finding)).count();
    let unknown = shown.iter().filter(|one| is_explicable(&one.finding) && one.attribution.is_none()).count();
    if unknown == 0 {
        let gap = answer.gap.as_ref().filter(|_| explicable > 0)?;
        return Some(format!("{} It may have been others too, and was perhaps contested.", not_asked(gap)));
    }
    let of =
        if unknown == explicable { String::new() } else { format!(" for {}", count(unknown, "finding")) };
    let why = answer.gap.as_ref().map_or_else(
        || {
            let lag = LAG.whole_minutes();
            let again = answer.report.at.and_then(|at| at.checked_add(LAG));
            let again = again.map(|at| format!("; ask it again after {}", moment(at))).unwrap_or_default();
            format!("CloudTrail's event history shows no call that explains it. It lags up to {lag} minutes behind, and reaches back 90 days{again}")
        },
        |gap| not_asked(gap).trim_end_matches('.').to_owned(),
    );
    Some(format!("Who did it{of} is not known: {why}."))
}

fn not_asked(gap: &str) -> String {
    format!("CloudTrail's event history could not be asked in full ({}).", gap.trim_end_matches('.'))
}

/// For whoever keeps the mail: the calls in full, what started the run, and by which spec it was judged.
fn records(answer: &Answer, told: &[&Write]) -> String {
    let trigger = &answer.trigger;
    let mut lines = evidence(told);
    let known = |label: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{label}{value}")).unwrap_or_default()
    };
    let same = trigger.write.as_ref().is_some_and(|write| told.iter().any(|one| one.id == write.id));
    lines.push(match trigger.kind {
        TriggerKind::Cloudtrail if same => "Started by CloudTrail's event of this call.".to_owned(),
        TriggerKind::Cloudtrail => format!(
            "Started by CloudTrail's event{}{}{}{}.",
            known(" ", &trigger.event),
            known(" by ", &trigger.actor),
            known(" from ", &trigger.source_ip),
            known(" at ", &trigger.time)
        ),
        TriggerKind::Backup => {
            format!(
                "Started by AWS Backup's own event{}{}.",
                known(" ", &trigger.event),
                known(" at ", &trigger.time)
            )
        }
        TriggerKind::Schedule => format!("Started by the schedule{}.", known(" at ", &trigger.time)),
        TriggerKind::Manual => "Started by hand.".to_owned(),
    });
    let passes = match answer.report.passes {
        1 => "1 pass".to_owned(),
        passes => format!("{passes} passes"),
    };
    lines.push(format!(
        "Mode {}, {passes}, {}. Desired spec {} (SHA-256 {:.12}).",
        answer.mode.as_str(),
        count(answer.report.calls.len(), if answer.mode == Mode::Report { "planned call" } else { "call" }),
        answer.spec_name,
        answer.spec_sha256,
    ));
    lines.extend(answer.log.as_ref().map(|log| format!("Log: {log}")));
    lines.join("\n")
}
