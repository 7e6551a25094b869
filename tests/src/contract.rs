//! The answer's contract. Its form and the values of its members are in the schema that is checked in; what no schema says is here.

use std::sync::LazyLock;

use serde_json::Value;

use crate::schema::Schema;

/// Lambda's limit of an answer.
const MOST_BYTES: usize = 6 * 1024 * 1024;
const BY_THE_SCHEMA: &str = "the schema makes sure of it";

/// The schema that is checked in for those who read answers.
static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::of_the_answer);
/// The kinds of resources, in the order of findings.
static KINDS: LazyLock<Vec<&str>> = LazyLock::new(|| SCHEMA.values("/$defs/Kind"));

/// Fails unless the answer fits its schema and keeps the contract. Members that the contract does not name may be there.
pub fn check(answer: &Value) {
    if let Some(why) = misfit(answer) {
        panic!("{why}: {answer:#}");
    }
}

/// Why the answer does not fit its schema, or does not keep the contract.
pub fn misfit(answer: &Value) -> Option<String> {
    let misfits = SCHEMA.misfits(answer);
    if misfits.is_empty() { checked(answer).err() } else { Some(format!("{misfits:#?}")) }
}

type Checked = Result<(), String>;

fn checked(answer: &Value) -> Checked {
    let skipped = !answer["skipped"].is_null();
    let account = &answer["account"];
    let digits = account.as_str().is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()));
    holds(digits || account.is_null() && skipped, "the account is none")?;
    holds(!text(&answer["spec"]["name"]).is_empty(), "the spec has no name")?;
    let sha256 = text(&answer["spec"]["sha256"]);
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    holds(sha256.len() == 64 && sha256.bytes().all(hex), "the spec's sha256 is none")?;
    for member in ["id", "event", "actor", "source_ip", "time"] {
        let value = answer["trigger"][member].as_str().unwrap_or_default();
        let fits = value.chars().count() <= 512 && !value.chars().any(char::is_control);
        holds(fits, "a member of the trigger is long or has control characters")?;
    }
    let (mode, findings, calls) = (&answer["mode"], list(&answer["findings"]), list(&answer["calls"]));
    for one in findings {
        finding(one, mode, calls).map_err(|why| format!("{why} in the finding {one}"))?;
    }
    holds(findings.is_sorted_by_key(rank), "the findings are not sorted by kind, region and name")?;
    for one in calls {
        call(one, mode).map_err(|why| format!("{why} in the call {one}"))?;
    }
    holds((answer["passes"] == 0) == skipped, "only a run that looks has passes")?;
    holds(answer.to_string().len() < MOST_BYTES, "the answer is too large for Lambda")?;
    holds(answer["verdict"] == expected_verdict(findings), "the verdict does not follow from the findings")
}

fn expected_verdict(findings: &[Value]) -> &'static str {
    let open: Vec<&Value> = findings.iter().filter(|one| one["reason"] != "excepted").collect();
    match open.as_slice() {
        [] => "in_sync",
        open if open.iter().all(|one| one["outcome"] == "repaired") => "healed",
        _ => "drifted",
    }
}

fn finding(finding: &Value, mode: &Value, calls: &[Value]) -> Checked {
    let (kind, region, name) = place(finding);
    holds(region.is_empty() == (kind == "role"), "only the role has no region")?;
    holds(region.is_empty() || region.split('-').count() >= 3, "the region is none")?;
    holds(!name.is_empty(), "it has no name")?;
    holds(kind != "selection" || name.contains('/'), "a selection's name is plan/selection")?;
    let (reason, made) = (&finding["reason"], &finding["call"]);
    match text(&finding["outcome"]) {
        "blocked" => {}
        "failed" => holds(mode == "repair" && !text(reason).is_empty(), "what failed has no reason")?,
        outcome => {
            let answered = if mode == "repair" { "repaired" } else { "planned" };
            holds(outcome == answered, "in this mode there is no such outcome")?;
            holds(reason.is_null(), "what is answered has no reason why not")?;
        }
    }
    // The repair of something else may have mended it as well.
    let any = calls.iter().any(|call| call["result"] == "ok" || call["result"] == "planned");
    holds(!made.is_null() || any || finding["outcome"] == "blocked", "it is answered by no call")?;
    for name in ["attribute", "next_step"] {
        holds(finding[name] != "", "an empty addition")?;
    }
    holds(made.is_null() || calls.iter().any(|call| call["call"] == *made), "its call is not among the calls")
}

fn rank(finding: &Value) -> (usize, &str, &str) {
    let (kind, region, name) = place(finding);
    (KINDS.iter().position(|known| *known == kind).expect(BY_THE_SCHEMA), region, name)
}

/// Kind, region and name; the role's region is none.
fn place(finding: &Value) -> (&str, &str, &str) {
    let resource = &finding["resource"];
    (text(&resource["kind"]), resource["region"].as_str().unwrap_or_default(), text(&resource["name"]))
}

fn call(call: &Value, mode: &Value) -> Checked {
    action(text(&call["call"]))?;
    let resource = text(&call["resource"]);
    let kind = resource.split(' ').next().unwrap_or_default();
    holds(KINDS.contains(&kind) && resource.len() > kind.len() + 1, "the resource is not kind region/name")?;
    holds(
        (call["result"] == "planned") == (mode == "report"),
        "a call is planned in the mode report, and only there",
    )
}

/// A write of AWS's, such as `backup:UpdateBackupPlan`.
fn action(action: &str) -> Checked {
    let (service, operation) = action.split_once(':').ok_or("an action without a service")?;
    holds(["iam", "kms", "backup"].contains(&service), "an action of a service that is not written to")?;
    let named = operation.starts_with(|c: char| c.is_ascii_uppercase());
    holds(named && operation.bytes().all(|b| b.is_ascii_alphanumeric()), "no name of an operation")?;
    let read = ["Get", "List", "Describe"].iter().any(|verb| operation.starts_with(verb));
    holds(!read, "a read is no call")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect(BY_THE_SCHEMA)
}

fn text(value: &Value) -> &str {
    value.as_str().expect(BY_THE_SCHEMA)
}

fn holds(condition: bool, why: &str) -> Checked {
    if condition { Ok(()) } else { Err(why.to_owned()) }
}
