//! Detection Findings (class 2004) of the Open Cybersecurity Schema Framework, version 1.3: an array with one for each finding.

use reconcile::drift::Severity;
use reconcile::report::{Outcome, Reported};
use reconcile::words::{clean, clean_json};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::look::Look;

/// OCSF: "Findings", "Detection Finding", "Create" and "Update".
const CATEGORY: u32 = 2;
const CLASS: u32 = 2004;

pub(super) fn findings(look: &Look, least: Option<Severity>) -> Value {
    clean_json(look.by_need(least).into_iter().map(|one| finding(look, one)).collect())
}

fn finding(look: &Look, one: &Reported) -> Value {
    let resource = &one.finding.resource;
    let code = one.finding.drift.code();
    let severity = look.severity(one);
    let account = look.answer.account.as_deref().unwrap_or("unknown");
    let uid = format!("{account}/{resource}/{}/{}", code.code, one.finding.drift.attribute());
    let attribution = look.answer.story(one).attribution.as_ref();
    // "Resolved", "Suppressed", "New".
    let (status_id, status) = match &one.outcome {
        Outcome::Repaired => (4, "Resolved"),
        outcome if outcome.is_excepted() => (3, "Suppressed"),
        Outcome::Planned | Outcome::Blocked(_) | Outcome::Failed(_) => (1, "New"),
    };
    let activity = if one.outcome == Outcome::Repaired { (3, "Close") } else { (1, "Create") };
    let text = |prose: reconcile::words::Prose| String::from(prose);
    json!({
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "activity_id": activity.0,
        "activity_name": activity.1,
        "type_uid": CLASS * 100 + activity.0,
        "time": milliseconds(look.answer.report.at.unwrap_or(one.seen_at)),
        "severity_id": severity_id(severity),
        "severity": name(severity),
        "status_id": status_id,
        "status": status,
        "status_detail": one.outcome.as_str(),
        "message": text(one.summary()),
        "metadata": {
            "version": "1.3.0",
            "product": { "name": "drift-healer", "vendor_name": "drift-healer", "version": env!("CARGO_PKG_VERSION") },
            "profiles": ["cloud"],
        },
        "cloud": { "provider": "AWS", "account": { "uid": account, "name": look.place.alias, "type": "AWS Account", "type_id": 10 }, "region": resource.region },
        "finding_info": {
            "uid": uid,
            "title": text(one.title()),
            "desc": text(one.impact()),
            "types": [code.path()],
            "created_time": milliseconds(one.seen_at),
            "analytic": { "name": clean(&look.answer.spec_name), "uid": look.answer.spec_sha256, "type": "Rule", "type_id": 1 },
        },
        "resources": [{
            "uid": resource.to_string(),
            "name": resource.full_name(),
            "type": resource.kind,
            "region": resource.region,
            "cloud_partition": look.desired.partition,
        }],
        "remediation": {
            "desc": look.answer.next_step(one).map_or_else(|| text(one.what_was_done()), text),
            "references": look.answer.command(one).map(|command| command.to_string()).into_iter().collect::<Vec<_>>(),
        },
        "actor": attribution.and_then(|attribution| attribution.call.actor.as_ref()).map(|actor| json!({ "user": { "uid": actor } })),
        "unmapped": { "expected": one.finding.drift.expected(), "observed": one.finding.drift.observed() },
    })
}

fn severity_id(severity: Severity) -> u32 {
    match severity {
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    }
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

fn milliseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}
