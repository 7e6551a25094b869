//! `drift explain`: what a drift code, a reason or a kind of resource means, out of their registries.

use reconcile::drift::{Code, codes};
use reconcile::repair::{REASONS, Reason};
use reconcile::resource::Kind;
use reconcile::suggest::did_you_mean;

use crate::paint;

/// What is known of a code, written as `CODE` or `KIND/CODE`, of a reason, or of a kind; without a name, the list of all.
pub fn explain(asked: Option<&str>) -> anyhow::Result<Vec<String>> {
    let Some(asked) = asked else { return Ok(all()) };
    // As somebody may have it from a report, a title or a variable.
    let name = asked.to_lowercase().replace(['_', ' '], "-");
    let of_codes = codes().filter(|code| code.code == name || paths(code).any(|path| path == name));
    let of_reasons = REASONS.iter().filter(|reason| reason.code == name);
    let of_kinds = Kind::ALL.iter().filter(|kind| kind.as_str() == name);
    let found: Vec<Vec<String>> = of_codes
        .map(of_code)
        .chain(of_reasons.map(of_reason))
        .chain(of_kinds.map(|kind| of_kind(*kind)))
        .collect();
    if found.is_empty() {
        let known: Vec<String> = codes().flat_map(|code| paths(code).chain([code.code.to_owned()])).collect();
        let known = known.iter().map(String::as_str).chain(REASONS.iter().map(|reason| reason.code));
        let known = known.chain(Kind::ALL.iter().map(|kind| kind.as_str()));
        let meant = did_you_mean(&name, known).map(|meant| meant + " ").unwrap_or_default();
        anyhow::bail!(
            "there is no drift code, reason or kind {asked:?}; {meant}`drift explain` lists all of them"
        );
    }
    Ok(found.join(&String::new()))
}

/// Everything that can be explained, in a line each.
fn all() -> Vec<String> {
    let codes = codes().map(|code| (code.path(), first_sentence(code.explanation)));
    let reasons = REASONS.iter().map(|reason| (reason.code.to_owned(), first_sentence(reason.explanation)));
    let kinds = Kind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.explanation()));
    let lists: [(&str, Vec<(String, &str)>); 3] = [
        ("Drift codes: what differs", codes.collect()),
        ("Reasons: why it is not repaired", reasons.collect()),
        ("Kinds of resources", kinds.collect()),
    ];
    let longest = lists.iter().flat_map(|(_, rows)| rows).map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (title, rows) in lists {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(paint::heading(title));
        lines.extend(rows.into_iter().map(|(name, said)| format!("  {name:longest$}  {said}")));
    }
    lines
}

/// `kind/code`, once for each kind that has it.
fn paths(code: &Code) -> impl Iterator<Item = String> {
    let kinds = Kind::ALL.iter().filter(|&&kind| code.kind.is_none_or(|its| its == kind));
    kinds.map(|kind| format!("{kind}/{}", code.code)).chain([code.path()])
}

fn first_sentence(explanation: &'static [&'static str]) -> &'static str {
    explanation.first().map_or("", |line| line.trim())
}

fn of_code(code: &Code) -> Vec<String> {
    let mut lines = vec![paint::heading(&code.path())];
    lines.extend(code.explanation.iter().map(|line| format!("  {}", line.trim())));
    let facts = [
        ("severity", code.severity_in_words()),
        ("attribute", code.attribute_in_words()),
        ("caused by", code.causes.join(", ")),
        ("answer", code.answer_in_words().replace('`', "")),
        (
            "waiting",
            if code.holds_up {
                "what depends on the resource waits until it is repaired".to_owned()
            } else {
                String::new()
            },
        ),
    ];
    for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        lines.push(format!("  {} {fact}", paint::faint(&format!("{name:10}"))));
    }
    lines
}

fn of_reason(reason: &Reason) -> Vec<String> {
    let mut lines = vec![paint::heading(reason.code)];
    lines.extend(reason.explanation.iter().map(|line| format!("  {}", line.trim())));
    lines.push(format!("  {} {}", paint::faint(&format!("{:10}", "to do")), reason.to_do));
    lines
}

/// What the kind is, and its codes.
fn of_kind(kind: Kind) -> Vec<String> {
    let mut lines = vec![paint::heading(kind.as_str()), format!("  {}", kind.explanation())];
    let its: Vec<&Code> = codes().filter(|code| code.kind.is_none_or(|its| its == kind)).collect();
    let longest = its.iter().map(|code| code.path().len()).max().unwrap_or(0);
    lines.extend(
        its.iter().map(|code| format!("  {:longest$}  {}", code.path(), first_sentence(code.explanation))),
    );
    lines
}
