//! Markdown, for a ticket or a pull request.

use reconcile::drift::Severity;
use reconcile::report::Reported;
use reconcile::words::{Command, Note, clean};

use crate::documents;
use crate::look::{Look, plural};

pub(super) fn page(look: &Look, least: Option<Severity>) -> String {
    let shown = look.by_need(least);
    let mut lines = vec![format!("# AWS Backup: {}", look.verdict()), String::new()];
    lines.extend(look.head().iter().map(|line| format!("- {}", escaped(line))));
    lines.push(format!("- {}", escaped(&look.foot())));
    if !shown.is_empty() {
        lines.extend(["".to_owned(), format!("## {}", plural(shown.len(), "finding")), String::new()]);
        lines.push("| severity | resource | code | outcome |".to_owned());
        lines.push("|---|---|---|---|".to_owned());
        lines.extend(shown.iter().map(|one| row(look, one)));
        shown.iter().for_each(|one| lines.extend(section(look, one)));
    }
    for paragraph in look.answer.harm() {
        lines.push(String::new());
        paragraph.into_iter().for_each(|note| lines.extend(self::note(note)));
    }
    let notes: Vec<Note> = look.answer.remarks().collect();
    if !notes.is_empty() {
        lines.extend([String::new(), "## Notes".to_owned()]);
    }
    for note in notes {
        lines.push(String::new());
        lines.extend(self::note(note));
    }
    if let Some(unmanaged) = &look.unmanaged {
        lines.extend([String::new(), "## Not in the spec".to_owned(), String::new()]);
        let all = unmanaged.lines();
        if all.is_empty() {
            lines.push("Nothing of AWS Backup in its regions.".to_owned());
        }
        lines.extend(all.iter().map(|line| format!("- {}", escaped(line))));
    }
    lines.join("\n") + "\n"
}

/// A line, and one for the command.
fn note(Note { text, command }: Note) -> impl Iterator<Item = String> {
    let command = command.filter(Command::fits_code_span).map(|command| format!("`{command}`"));
    std::iter::once(escaped(text.as_str())).chain(command)
}

fn row(look: &Look, one: &Reported) -> String {
    let resource = escaped(&one.finding.resource.to_string());
    let (code, outcome) = (one.finding.drift.code().code, one.outcome.as_str());
    format!("| {} | {resource} | {code} | {outcome} |", look.severity(one).as_str())
}

fn section(look: &Look, one: &Reported) -> Vec<String> {
    let title = format!("### {} {}", look.severity(one).as_str(), escaped(one.title().as_str()));
    let mut lines = vec![String::new(), title, String::new()];
    let sentences = [Some(one.summary()), Some(one.impact()), look.answer.next_step(one)];
    let sentences = sentences.into_iter().flatten().filter(|sentence| !sentence.is_empty());
    lines.extend(sentences.map(|sentence| escaped(sentence.as_str())));
    let diff = documents::diff(one);
    if !diff.is_empty() {
        lines.extend([String::new(), "```diff".to_owned()]);
        // A fence inside the document would end ours.
        lines.extend(diff.iter().map(|(sign, line)| format!("{sign} {}", line.replace("```", "'''"))));
        lines.push("```".to_owned());
    }
    if let Some(command) = look.answer.command(one).filter(Command::fits_code_span) {
        lines.extend([String::new(), format!("`{command}`")]);
    }
    if let Some(attribution) = &look.answer.story(one).attribution {
        lines.extend([String::new(), escaped(&format!("By {}", attribution.who()))]);
    }
    lines
}

/// So that nothing in a name is markup, or raw.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text = text.lines().map(clean).collect::<Vec<_>>().join("\n");
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
