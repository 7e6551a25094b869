//! Markdown, for a ticket or a pull request.

use reconcile::drift::Severity;
use reconcile::report::Reported;

use crate::documents;
use crate::look::{Look, plural};

pub(super) fn page(look: &Look, least: Option<Severity>) -> String {
    let shown = look.by_need(least);
    let verdict = look.answer.report.verdict().as_str();
    let mut lines = vec![format!("# AWS Backup: {verdict}"), String::new()];
    lines.extend(look.head().iter().map(|line| format!("- {}", escaped(line))));
    lines.push(format!("- {}", escaped(&look.foot())));
    if !shown.is_empty() {
        lines.extend(["".to_owned(), format!("## {}", plural(shown.len(), "finding")), String::new()]);
        lines.push("| severity | resource | code | outcome |".to_owned());
        lines.push("|---|---|---|---|".to_owned());
        lines.extend(shown.iter().map(|one| row(look, one)));
        shown.iter().for_each(|one| lines.extend(section(look, one)));
    }
    if let Some(unmanaged) = &look.unmanaged {
        lines.extend([String::new(), "## Not in the spec".to_owned(), String::new()]);
        lines.extend(unmanaged.lines().iter().map(|line| format!("- {}", escaped(line))));
    }
    lines.join("\n") + "\n"
}

fn row(look: &Look, one: &Reported) -> String {
    let resource = escaped(&one.finding.resource.to_string());
    let (code, outcome) = (one.finding.drift.code().code, one.outcome.as_str());
    format!("| {} | {resource} | {code} | {outcome} |", look.severity(one).as_str())
}

fn section(look: &Look, one: &Reported) -> Vec<String> {
    let title = format!("### {} {}", look.severity(one).as_str(), escaped(one.title().as_str()));
    let mut lines = vec![String::new(), title, String::new()];
    let sentences = [Some(one.summary()), Some(one.impact()), one.next_step()];
    let sentences = sentences.into_iter().flatten().filter(|sentence| !sentence.is_empty());
    lines.extend(sentences.map(|sentence| escaped(sentence.as_str())));
    let diff = documents::diff(one);
    if !diff.is_empty() {
        lines.extend([String::new(), "```diff".to_owned()]);
        // A fence inside the document would end ours.
        lines.extend(diff.iter().map(|(sign, line)| format!("{sign} {}", line.replace("```", "'''"))));
        lines.push("```".to_owned());
    }
    if let Some(command) = one.command(&look.answer.iam_region).filter(|command| command.fits_code_span()) {
        lines.extend([String::new(), format!("`{command}`")]);
    }
    if let Some(attribution) = &look.answer.story(one).attribution {
        lines.extend([String::new(), escaped(&format!("By {}", attribution.who()))]);
    }
    lines
}

/// So that nothing in a name is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_markup() {
        assert_eq!(escaped("a|b *c* <img> [x](y) vault_1"), "a\\|b \\*c\\* &lt;img> \\[x\\](y) vault\\_1");
    }
}
