//! The answer's contract, written down from the design and not from the code: which members there are, and what they may hold.

use std::sync::LazyLock;

use drift_tests::schema::Schema;
use serde_json::{Map, Value};

const KINDS: [&str; 8] = ["role", "key", "alias", "vault", "vault-policy", "vault-lock", "plan", "selection"];
const REASONS: [&str; 10] = [
    "unreadable",
    "waiting-on",
    "immutable",
    "ambiguous",
    "needs-review",
    "tried",
    "over-limit",
    "out-of-time",
    "excepted",
    "empty-account",
];

/// Lambda's limit of an answer.
const MOST_BYTES: usize = 6 * 1024 * 1024;

/// The schema that is checked in for those who read answers.
static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::of_the_answer);

/// Fails unless the answer fits its schema and keeps the contract. Members that the contract does not name may be there.
pub(crate) fn check(answer: &Value) {
    let misfits = SCHEMA.misfits(answer);
    assert!(misfits.is_empty(), "{misfits:#?} in {answer:#}");
    if let Err(why) = checked(answer) {
        panic!("{why}: {answer:#}");
    }
}

type Checked = Result<(), String>;

fn checked(answer: &Value) -> Checked {
    let top = object(answer)?;
    let verdict = one_of(member(top, "verdict")?, &["in_sync", "healed", "drifted"])?;
    let mode = one_of(member(top, "mode")?, &["report", "repair"])?;
    let skipped = match top.get("skipped") {
        None => None,
        Some(skipped) => Some(one_of(skipped, &["own-call", "failed-call", "job-event"])?),
    };
    let account = member(top, "account")?;
    let digits = account.as_str().is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()));
    holds(digits || account.is_null() && skipped.is_some(), "the account is none")?;
    let spec = object(member(top, "spec")?)?;
    text(member(spec, "name")?)?;
    let sha256 = text(member(spec, "sha256")?)?;
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    holds(sha256.len() == 64 && sha256.bytes().all(hex), "the spec's sha256 is none")?;
    trigger(member(top, "trigger")?)?;
    let findings = list(member(top, "findings")?)?;
    let calls = list(member(top, "calls")?)?;
    for one in findings {
        finding(one, mode, calls).map_err(|why| format!("{why} in the finding {one}"))?;
    }
    let order: Result<Vec<_>, String> = findings.iter().map(rank).collect();
    holds(order?.is_sorted(), "the findings are not sorted by kind, region and name")?;
    for one in calls {
        call(one, mode).map_err(|why| format!("{why} in the call {one}"))?;
    }
    let passes = member(top, "passes")?.as_u64().ok_or("passes is no count")?;
    holds((passes == 0) == skipped.is_some(), "only a run that looks has passes")?;
    if let Some(notes) = top.get("notes") {
        list(notes)?.iter().try_for_each(|note| text(note).map(|_| ()))?;
    }
    holds(answer.to_string().len() < MOST_BYTES, "the answer is too large for Lambda")?;
    holds(verdict == expected_verdict(findings), "the verdict does not follow from the findings")
}

fn expected_verdict(findings: &[Value]) -> &'static str {
    let open: Vec<&Value> = findings.iter().filter(|one| one["reason"] != "excepted").collect();
    match open.as_slice() {
        [] => "in_sync",
        open if open.iter().all(|one| one["outcome"] == "repaired") => "healed",
        _ => "drifted",
    }
}

fn trigger(trigger: &Value) -> Checked {
    let trigger = object(trigger)?;
    one_of(member(trigger, "kind")?, &["schedule", "cloudtrail", "backup", "manual"])?;
    for name in ["id", "event", "actor", "source_ip", "time"] {
        let value = member(trigger, name)?;
        let short = |text: &str| text.chars().count() <= 512 && !text.chars().any(char::is_control);
        holds(
            value.is_null() || short(text(value)?),
            "a member of the trigger is long or has control characters",
        )?;
    }
    Ok(())
}

fn finding(finding: &Value, mode: &str, calls: &[Value]) -> Checked {
    let finding = object(finding)?;
    let resource = object(member(finding, "resource")?)?;
    let kind = one_of(member(resource, "kind")?, &KINDS)?;
    let region = member(resource, "region")?;
    holds(region.is_null() == (kind == "role"), "only the role has no region")?;
    holds(region.is_null() || text(region)?.split('-').count() >= 3, "the region is none")?;
    let name = text(member(resource, "name")?)?;
    holds(kind != "selection" || name.contains('/'), "a selection's name is plan/selection")?;
    let code = text(member(finding, "code")?)?;
    holds(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "the code is not in kebab case")?;
    one_of(member(finding, "severity")?, &["low", "medium", "high", "critical"])?;
    member(finding, "expected")?;
    member(finding, "observed")?;
    let reason = member(finding, "reason")?;
    let made = member(finding, "call")?;
    match (mode, one_of(member(finding, "outcome")?, &["repaired", "planned", "blocked", "failed"])?) {
        ("repair", "repaired") | ("report", "planned") => {
            holds(reason.is_null(), "what is answered has no reason why not")?;
            action(made)?;
        }
        (_, "blocked") => one_of(reason, &REASONS).map(|_| ())?,
        ("repair", "failed") => {
            text(reason)?;
            action(made)?;
        }
        (_, outcome) => return Err(format!("in the mode {mode} nothing is {outcome}")),
    }
    for name in ["attribute", "next_step"] {
        let value = finding.get(name).unwrap_or(&Value::Null);
        holds(value.is_null() || !text(value)?.is_empty(), "an empty addition")?;
    }
    holds(made.is_null() || calls.iter().any(|call| call["call"] == *made), "its call is not among the calls")
}

fn rank(finding: &Value) -> Result<(usize, String, String), String> {
    let text = |name: &str| finding["resource"][name].as_str().unwrap_or_default().to_owned();
    let kind = KINDS.iter().position(|kind| *kind == text("kind")).ok_or("an unknown kind")?;
    Ok((kind, text("region"), text("name")))
}

fn call(call: &Value, mode: &str) -> Checked {
    let call = object(call)?;
    action(member(call, "call")?)?;
    let resource = text(member(call, "resource")?)?;
    let kind = resource.split(' ').next().unwrap_or_default();
    holds(KINDS.contains(&kind) && resource.len() > kind.len() + 1, "the resource is not kind region/name")?;
    let result = text(member(call, "result")?)?;
    holds((result == "planned") == (mode == "report"), "a call is planned in the mode report, and only there")
}

/// A write of AWS's, such as `backup:UpdateBackupPlan`.
fn action(action: &Value) -> Checked {
    let (service, operation) = text(action)?.split_once(':').ok_or("an action without a service")?;
    holds(["iam", "kms", "backup"].contains(&service), "an action of a service that is not written to")?;
    let named = operation.starts_with(|c: char| c.is_ascii_uppercase());
    holds(named && operation.bytes().all(|b| b.is_ascii_alphanumeric()), "no name of an operation")?;
    let read = ["Get", "List", "Describe"].iter().any(|verb| operation.starts_with(verb));
    holds(!read, "a read is no call")
}

fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{value} is no object"))
}

fn list(value: &Value) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("{value} is no list"))
}

fn member<'a>(of: &'a Map<String, Value>, name: &str) -> Result<&'a Value, String> {
    of.get(name).ok_or_else(|| format!("the member {name} is not there"))
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| format!("{value} is no text"))
}

fn one_of<'a>(value: &'a Value, allowed: &[&str]) -> Result<&'a str, String> {
    let text = text(value)?;
    if allowed.contains(&text) { Ok(text) } else { Err(format!("{text} is none of {allowed:?}")) }
}

fn holds(condition: bool, why: &str) -> Checked {
    if condition { Ok(()) } else { Err(why.to_owned()) }
}
