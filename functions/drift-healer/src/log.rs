//! Writes a run to the log: a line for each finding, call and verdict, with the facts as fields. Policies and whole events stay
//! out of it.

use reconcile::call::Call;
use reconcile::drift::Drift;
use reconcile::history::Story;
use reconcile::repair::CallMade;
use reconcile::report::{Outcome, Reported};
use reconcile::words::{Prose, timestamp};
use tracing::{info, warn};

use crate::answer::Answer;
use crate::incident::Incident;

/// Writes a run.
pub fn run(answer: &Answer) {
    for one in &answer.report.findings {
        finding(one, answer.stories.of(one));
    }
    for made in &answer.report.calls {
        call(answer, made);
    }
    answer.incidents.iter().for_each(incident);
    verdict(answer);
}

fn finding(one: &Reported, story: &Story) {
    let drift = &one.finding.drift;
    let resource = one.finding.resource.to_string();
    let attribute =
        Some(drift.attribute()).filter(|attribute| !attribute.is_whole()).map(|one| one.to_string());
    let (code, severity, outcome) = (drift.code().code, story.severity(one).as_str(), one.outcome.as_str());
    let call = one.call().map(Call::action);
    let cause = story.attribution.as_ref().map(|attribution| &attribution.call);
    let (actor, event) = (cause.and_then(|call| call.actor.as_deref()), cause.map(|call| &*call.event));
    let event_id = cause.and_then(|call| call.id.as_deref());
    let repairs = story.contention.as_ref().map(|contention| contention.repairs);
    let reason = match &one.outcome {
        Outcome::Repaired | Outcome::Planned => None,
        Outcome::Failed(error) => Some(error.to_string()),
        Outcome::Blocked(reason) => Some(reason.code().to_owned()),
    };
    if let Drift::Unreadable(unreadable) = drift {
        let error = unreadable.refusal.to_string();
        warn!(resource, code, attribute, severity, outcome, reason, error, "resource unreadable");
    } else {
        info!(
            resource,
            code, attribute, severity, outcome, call, reason, actor, event, event_id, repairs, "finding"
        );
    }
}

fn call(answer: &Answer, made: &CallMade) {
    let (call, resource) = (made.call.action(), made.resource.to_string());
    match &made.result {
        Ok(()) => info!(call, resource, result = answer.result(made), "call"),
        Err(error) => warn!(call, resource, error = %error, "call refused"),
    }
}

fn incident(incident: &Incident) {
    let call = &incident.call;
    warn!(
        kind = incident.kind.as_str(),
        event = call.event,
        target_resource = call.target(),
        region = call.region,
        actor = call.actor,
        source_ip = call.source_ip,
        event_id = call.id,
        error = call.error,
        published = incident.told,
        "incident"
    );
}

fn verdict(answer: &Answer) {
    let tally = answer.tally();
    info!(
        verdict = answer.report.verdict().as_str(),
        mode = answer.mode.as_str(),
        account = answer.account,
        spec = answer.spec_name,
        spec_sha256 = answer.spec_sha256,
        severity = tally.worst.map(|worst| worst.as_str()),
        findings = tally.findings,
        repaired = tally.repaired,
        planned = tally.planned,
        open = tally.open,
        excepted = tally.excepted,
        contested = tally.contested,
        calls = answer.report.calls.len(),
        passes = answer.report.passes,
        trigger = answer.trigger.kind.as_str(),
        event = answer.trigger.event,
        event_id = answer.trigger.id,
        actor = answer.trigger.actor,
        source_ip = answer.trigger.source_ip,
        skipped = answer.skipped.map(|skip| skip.as_str()),
        fingerprint = answer.report.fingerprint(),
        sent_before = answer.sent_before.map(timestamp),
        notes = (!answer.notes.is_empty()).then(|| Prose::joined(
            answer.remarks().map(|note| note.in_line()),
            " "
        )
        .to_string()),
        "run finished"
    );
}
