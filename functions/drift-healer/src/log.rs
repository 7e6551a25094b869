//! Writes a run to the log: a line for each finding, call and verdict, with the facts as fields. Policies and whole events stay
//! out of it.

use reconcile::call::Call;
use reconcile::repair::{Attempt, BlockReason};
use reconcile::report::{Outcome, Reported};
use tracing::{info, warn};

use crate::answer::Answer;

pub(crate) fn run(answer: &Answer) {
    for one in &answer.report.findings {
        finding(one);
    }
    for attempt in &answer.report.calls {
        call(answer, attempt);
    }
    if let Some(tried) = &answer.attempt {
        attempt(tried);
    }
    verdict(answer);
}

fn finding(one: &Reported) {
    let facts = one.finding.drift.facts();
    let resource = one.finding.resource.to_string();
    let attribute = (!facts.attribute.is_empty()).then_some(facts.attribute.as_str());
    let (code, severity, outcome) = (facts.code, one.severity().as_str(), one.outcome.as_str());
    let call = one.call().map(Call::action);
    let write = one.attribution.as_ref().map(|attribution| &attribution.write);
    let (actor, event) = (write.and_then(|write| write.actor.as_deref()), write.map(|write| &*write.event));
    let event_id = write.and_then(|write| write.id.as_deref());
    let repairs = one.contention.as_ref().map(|contention| contention.repairs);
    match &one.outcome {
        Outcome::Repaired | Outcome::Planned => {
            info!(
                resource,
                code, attribute, severity, outcome, call, actor, event, event_id, repairs, "finding"
            )
        }
        Outcome::Failed(error) => {
            info!(
                resource, code, attribute, severity, outcome, call, reason = %error, actor, event, event_id, repairs,
                "finding"
            );
        }
        Outcome::Blocked(BlockReason::Unreadable) => {
            let error = facts.observed["error"].as_str();
            warn!(
                resource,
                code,
                attribute,
                severity,
                outcome,
                reason = "unreadable",
                error,
                "resource unreadable"
            );
        }
        Outcome::Blocked(reason) => {
            info!(
                resource,
                code,
                attribute,
                severity,
                outcome,
                call,
                reason = reason.code(),
                actor,
                event,
                event_id,
                repairs,
                "finding"
            );
        }
    }
}

fn call(answer: &Answer, attempt: &Attempt) {
    let (call, resource) = (attempt.call.action(), attempt.resource.to_string());
    match &attempt.result {
        Ok(()) => info!(call, resource, result = answer.result(attempt), "call"),
        Err(error) => warn!(call, resource, error = %error, "call refused"),
    }
}

fn attempt(attempt: &crate::attempt::Attempt) {
    let write = &attempt.write;
    warn!(
        event = write.event,
        target_resource = write.target(),
        region = write.region,
        actor = write.actor,
        source_ip = write.source_ip,
        event_id = write.id,
        error = write.error,
        repeated = attempt.repeated,
        "attempt denied"
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
        notes = (!answer.notes.is_empty()).then(|| answer.notes.join(" ")),
        "run finished"
    );
}
