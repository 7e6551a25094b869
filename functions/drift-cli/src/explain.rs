//! `drift explain`: what a drift code means, out of the registry.

use reconcile::drift::{Code, codes};
use reconcile::resource::Kind;
use reconcile::suggest::nearest;

use crate::paint;

/// What is known of a code, written as `CODE` or `KIND/CODE`; without one, the list of all.
pub fn explain(asked: Option<&str>) -> anyhow::Result<Vec<String>> {
    let Some(asked) = asked else {
        let longest = codes().map(|code| code.path().len()).max().unwrap_or(0);
        return Ok(codes()
            .map(|code| format!("{:longest$}  {}", code.path(), first_sentence(code)))
            .collect());
    };
    let found: Vec<&Code> =
        codes().filter(|code| code.code == asked || paths(code).any(|path| path == asked)).collect();
    if found.is_empty() {
        let known: Vec<String> = codes().flat_map(|code| paths(code).chain([code.code.to_owned()])).collect();
        let meant = nearest(asked, known.iter().map(String::as_str));
        let hint = meant.map_or_else(
            || "`drift explain` lists all codes".to_owned(),
            |meant| format!("did you mean {meant:?}? `drift explain` lists all codes"),
        );
        anyhow::bail!("there is no drift code {asked:?}; {hint}");
    }
    Ok(found.into_iter().map(explanation).collect::<Vec<_>>().join(&String::new()))
}

/// `kind/code`, once for each kind that has it.
fn paths(code: &Code) -> impl Iterator<Item = String> {
    let kinds = Kind::ALL.iter().filter(|&&kind| code.kind.is_none_or(|its| its == kind));
    kinds.map(|kind| format!("{kind}/{}", code.code)).chain([code.path()])
}

fn first_sentence(code: &Code) -> &'static str {
    code.explanation.first().map_or("", |line| line.trim())
}

fn explanation(code: &Code) -> Vec<String> {
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
