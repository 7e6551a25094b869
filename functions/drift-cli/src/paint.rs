//! Colours and columns; on a pipe the colours are left out.

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use crate::look::NOT_READ;

/// A text in a style.
pub fn styled(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

/// What is wrong.
pub fn bad(text: &str) -> String {
    styled(text, AnsiColor::Red.on_default().bold())
}

/// What is well.
pub fn good(text: &str) -> String {
    styled(text, AnsiColor::Green.on_default().bold())
}

/// What is to be looked at.
pub fn doubtful(text: &str) -> String {
    styled(text, AnsiColor::Yellow.on_default().bold())
}

/// What can be passed over.
pub fn faint(text: &str) -> String {
    styled(text, Style::new().dimmed())
}

/// A heading.
pub fn heading(text: &str) -> String {
    styled(text, Style::new().bold())
}

/// A verdict in its colour.
pub fn verdict(verdict: &str) -> String {
    match verdict {
        "drifted" => bad(verdict),
        NOT_READ => doubtful(verdict),
        _ => good(verdict),
    }
}

/// One line for each finding of an answer: severity, resource, code, outcome, call or reason.
pub fn findings(answer: &Value) -> Vec<String> {
    let text = |finding: &Value, pointer: &str| {
        finding.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let findings = answer["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let resource = |finding: &Value| {
        let place = [text(finding, "/resource/region"), text(finding, "/resource/name")];
        let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{} {}", text(finding, "/resource/kind"), place.join("/"))
    };
    let longest =
        |column: &dyn Fn(&Value) -> String| findings.iter().map(|one| column(one).len()).max().unwrap_or(0);
    let resources = longest(&resource);
    let codes = longest(&|finding| text(finding, "/code"));
    let line = |finding: &Value| {
        let severity = text(finding, "/severity");
        let style = match severity.as_str() {
            "critical" => AnsiColor::Red.on_default().bold(),
            "high" => AnsiColor::Yellow.on_default(),
            _ => Style::new(),
        };
        let outcome = text(finding, "/outcome");
        let outcome_style = match outcome.as_str() {
            "repaired" => AnsiColor::Green.on_default(),
            "planned" => AnsiColor::Cyan.on_default(),
            _ => AnsiColor::Red.on_default(),
        };
        let why = if outcome == "repaired" || outcome == "planned" { "/call" } else { "/reason" };
        format!(
            "  {} {:resources$}  {:codes$}  {} {}",
            styled(&format!("{severity:8}"), style),
            resource(finding),
            text(finding, "/code"),
            styled(&format!("{outcome:8}"), outcome_style),
            faint(&text(finding, why)),
        )
    };
    findings.iter().map(line).collect()
}

/// The counts of an answer in one line.
pub fn counts(answer: &Value) -> String {
    let count = |key: &str| answer[key].as_array().map_or(0, Vec::len);
    let plural =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let passes = usize::try_from(answer["passes"].as_u64().unwrap_or_default()).unwrap_or_default();
    [
        plural(count("findings"), "finding", "findings"),
        plural(count("calls"), "call", "calls"),
        plural(passes, "pass", "passes"),
    ]
    .join(", ")
}
