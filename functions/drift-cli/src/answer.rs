//! An answer of the function, for a person at a terminal.

use serde_json::Value;

use crate::paint;

/// The findings with their sentences, and the verdict.
pub fn lines(answer: &Value) -> Vec<String> {
    let findings = answer["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut lines = Vec::new();
    for (line, finding) in paint::findings(answer).into_iter().zip(findings) {
        lines.push(line);
        lines.extend(details(finding).iter().map(|detail| paint::faint(&format!("           {detail}"))));
    }
    let account = answer["account"].as_str().unwrap_or("unknown");
    let verdict = answer["verdict"].as_str().unwrap_or_default();
    lines.push(format!("{} account {account}: {}", paint::verdict(verdict), paint::counts(answer)));
    lines
}

/// What else there is to say of the run.
pub fn remarks(answer: &Value) -> Vec<String> {
    let gap = answer["attribution_gap"].as_str().map(|gap| format!("Who did it may be missing: {gap}"));
    let notes = answer["notes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let notes = notes.iter().filter_map(Value::as_str).map(str::to_owned);
    gap.into_iter().chain(notes).map(|remark| paint::faint(&remark)).collect()
}

/// The sentences of a finding: what differs, what that means, what is next, and who did it.
fn details(finding: &Value) -> Vec<String> {
    let text = |pointer: &str| finding.pointer(pointer).and_then(Value::as_str);
    let mut lines: Vec<String> =
        ["/summary", "/impact", "/next_step"].into_iter().filter_map(text).map(str::to_owned).collect();
    lines.extend(text("/command").map(|command| format!("  {command}")));
    let by = |actor: &str| {
        let more = [
            ("by way of", "/attribution/client"),
            ("from", "/attribution/source_ip"),
            ("at", "/attribution/time"),
        ];
        let more = more.into_iter().filter_map(|(word, pointer)| Some(format!(" {word} {}", text(pointer)?)));
        let probably = if finding["attribution"]["certain"] == true { "" } else { "probably " };
        let event = text("/attribution/event").unwrap_or("a call");
        format!("By {probably}{actor}{}: {event}", more.collect::<String>())
    };
    lines.extend(text("/attribution/actor").map(by));
    let contested = |contention: &Value| {
        format!("Contested: repaired {} times within {} hours", contention["repairs"], contention["hours"])
    };
    lines.extend(finding.get("contention").map(contested));
    lines
}
