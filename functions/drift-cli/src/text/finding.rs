//! One group of findings, in full or in a line.

use anstyle::{AnsiColor, Style};
use drift_healer::Mode;
use reconcile::drift::Severity;
use reconcile::history::RecordedCall;
use reconcile::repair::{BlockReason, Consent};
use reconcile::report::{Outcome, Reported};
use reconcile::words::{Prose, clean};

use super::group::Group;
use super::wrap::Page;
use super::{Extent, fate};
use crate::documents;
use crate::look::{Look, plural};
use crate::paint;

/// How far the text of a finding is from the margin.
const INDENT: usize = 9;
/// So many lines of a difference between documents.
const MOST_LINES: usize = 12;
/// So many names in one line.
const MOST_NAMES: usize = 6;

/// What differs, what that means, what comes of it, what is next, and who did it. `told` are the calls that were named so far.
pub(super) fn in_full<'a>(
    look: &'a Look,
    group: &Group<'a>,
    extent: Extent,
    page: Page,
    told: &mut Vec<&'a RecordedCall>,
) -> Vec<String> {
    let mut lines: Vec<String> = heading(look, group, page);
    let mut said: Vec<String> = Vec::new();
    let mut once = |text: String| {
        if !text.is_empty() && !said.contains(&text) {
            lines.extend(page.wrap(&text, INDENT));
            said.push(text);
        }
    };
    let one = group.findings[0];
    let same_reason =
        matches!(&one.outcome, Outcome::Blocked(BlockReason::EmptyAccount | BlockReason::NotAsked));
    if !(same_reason && group.findings.len() > 1) {
        let most = if extent.full { usize::MAX } else { 3 };
        group.findings.iter().take(most).for_each(|one| once(one.summary().into()));
        if group.findings.len() > most {
            once(format!("… and {} more like these", group.findings.len() - most));
        }
        once(one.impact().into());
    }
    let done = if look.answer.mode == Mode::Report { Prose::default() } else { one.what_was_done() };
    once(done.and(next_step(one)).into());
    for (sign, line) in shortened(documents::diff(one), extent.full) {
        let style = match sign {
            '-' => AnsiColor::Red.on_default(),
            '+' => AnsiColor::Green.on_default(),
            _ => Style::new().dimmed(),
        };
        lines.push(format!("{}{}", " ".repeat(INDENT), paint::styled(&format!("{sign} {line}"), style)));
    }
    if let Some(command) = command(look, one) {
        lines.push(format!("{}{}", " ".repeat(INDENT + 2), command));
    }
    let story = look.answer.story(one);
    let mut faint =
        |text: String| lines.extend(page.wrap(&text, INDENT).iter().map(|line| paint::faint(line)));
    if let Some(contested) = story.contested(one) {
        faint(contested.into());
    }
    if let Some(attribution) = &story.attribution {
        let call = &attribution.call;
        if told.contains(&call) {
            faint(format!("By {}", attribution.who_again()));
        } else {
            faint(format!("By {}", attribution.who()));
            told.push(call);
        }
    }
    lines
}

/// Severity, resources, codes and what comes of it.
pub(super) fn in_one_line(look: &Look, group: &Group<'_>, page: Page) -> Vec<String> {
    heading(look, group, page)
}

fn heading(look: &Look, group: &Group<'_>, page: Page) -> Vec<String> {
    let one = group.findings[0];
    let style = match group.severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Yellow.on_default(),
        Severity::Medium | Severity::Low => Style::new(),
    };
    let severity = paint::styled(&format!("{:8}", group.severity.as_str()), style);
    let fate = fate(look, one);
    let fate = match &one.outcome {
        Outcome::Repaired => paint::styled(fate, AnsiColor::Green.on_default()),
        Outcome::Planned => paint::styled(fate, AnsiColor::Cyan.on_default()),
        Outcome::Blocked(_) | Outcome::Failed(_) => paint::styled(fate, AnsiColor::Red.on_default()),
    };
    let text = format!("{severity} {}: {fate}", names(group));
    let mut lines = page.wrap(&text, 0);
    // What is wrapped stands under the first word, not under the severity.
    for line in lines.iter_mut().skip(1) {
        *line = format!("{}{line}", " ".repeat(INDENT));
    }
    lines
}

/// The resources and codes of a group, each said once.
fn names(group: &Group<'_>) -> String {
    let one = group.findings[0];
    let code = |one: &Reported| one.finding.drift.code().code;
    let mut codes: Vec<&str> = group.findings.iter().map(|one| code(one)).collect();
    codes.dedup();
    codes.sort_unstable();
    codes.dedup();
    let mut resources: Vec<String> =
        group.findings.iter().map(|one| one.finding.resource.to_string()).collect();
    resources.dedup();
    let kind = one.finding.resource.kind;
    let same_kind = group.findings.iter().all(|other| other.finding.resource.kind == kind);
    let prefix = format!("{kind} ");
    let short = |(index, name): (usize, &String)| match name.strip_prefix(&prefix) {
        Some(rest) if same_kind && index > 0 => rest.to_owned(),
        _ => name.clone(),
    };
    let mut shown: Vec<String> = resources.iter().enumerate().take(MOST_NAMES).map(short).collect();
    if resources.len() > MOST_NAMES {
        shown.push(format!("{} more", resources.len() - MOST_NAMES));
    }
    let codes = match codes.as_slice() {
        many if many.len() > MOST_NAMES => plural(group.findings.len(), "finding"),
        few => few.join(", "),
    };
    clean(&format!("{} {codes}", shown.join(", ")))
}

/// What a terminal says where the function names its deployment.
fn next_step(one: &Reported) -> Prose {
    one.next_step().unwrap_or_default()
}

fn command(look: &Look, one: &Reported) -> Option<String> {
    match &one.outcome {
        Outcome::Blocked(BlockReason::NeedsConsent(Consent::ComplianceLocks)) => {
            Some("drift repair --allow-compliance-locks".to_owned())
        }
        Outcome::Blocked(BlockReason::NeedsConsent(Consent::Bootstrap) | BlockReason::EmptyAccount) => {
            Some("drift repair --bootstrap".to_owned())
        }
        _ => one.command(&look.answer.iam_region).map(|command| command.to_string()),
    }
}

fn shortened(lines: Vec<(char, String)>, full: bool) -> Vec<(char, String)> {
    let left = lines.len().saturating_sub(MOST_LINES);
    if full || left == 0 {
        return lines;
    }
    let more = (' ', format!("… {left} more lines with --full"));
    lines.into_iter().take(MOST_LINES).chain([more]).collect()
}
