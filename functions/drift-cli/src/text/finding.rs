//! One group of findings, in full or in a line.

use std::collections::BTreeSet;

use anstyle::{AnsiColor, Style};
use drift_healer::Mode;
use reconcile::drift::Severity;
use reconcile::history::RecordedCall;
use reconcile::repair::BlockReason;
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
/// So many sentences of findings that are alike.
const ALIKE: usize = 3;
/// So many names in one line.
const MOST_NAMES: usize = 6;
/// So many codes, where there is much to tell.
const FEW_CODES: usize = 3;

/// What differs, what that means, what comes of it, what is next, and who did it. `told` are the calls that were named so far.
pub(super) fn in_full<'a>(
    look: &'a Look,
    group: &Group<'a>,
    extent: Extent,
    page: Page,
    told: &mut Vec<&'a RecordedCall>,
) -> Vec<String> {
    let mut lines: Vec<String> = heading(look, group, page, MOST_NAMES);
    let one = group.findings[0];
    for text in sentences(look, group, extent) {
        lines.extend(page.wrap(&text, INDENT));
    }
    for (sign, line) in shortened(documents::diff(one), extent.full) {
        let style = match sign {
            '-' => AnsiColor::Red.on_default(),
            '+' => AnsiColor::Green.on_default(),
            _ => Style::new().dimmed(),
        };
        lines.push(format!("{}{}", " ".repeat(INDENT), paint::styled(&format!("{sign} {line}"), style)));
    }
    if let Some(command) = look.answer.command(one) {
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
            faint(format!("By: {}", attribution.who_again()));
        } else {
            faint(format!("By: {}", attribution.who()));
            told.push(call);
        }
    }
    lines
}

/// The same where there is much to tell: what differs, what is next, and the command where somebody has to agree.
pub(super) fn in_brief(look: &Look, group: &Group<'_>, extent: Extent, page: Page) -> Vec<String> {
    let texts = sentences(look, group, extent);
    let (first, last) = (texts.first().into_iter(), texts.iter().skip(1).last());
    let one = group.findings[0];
    let waits_for_consent =
        matches!(&one.outcome, Outcome::Blocked(BlockReason::NeedsConsent(_) | BlockReason::EmptyAccount));
    let command = look.answer.command(one).filter(|_| waits_for_consent);
    let command = command.map(|command| format!("{}{command}", " ".repeat(INDENT + 2)));
    let texts = first.chain(last).map(|text| page.line(text, INDENT));
    heading(look, group, page, FEW_CODES).into_iter().chain(texts).chain(command).collect()
}

/// What differs, what that means, what was done and what is next, each said once.
fn sentences(look: &Look, group: &Group<'_>, extent: Extent) -> Vec<String> {
    let one = group.findings[0];
    let reason_for_all =
        matches!(&one.outcome, Outcome::Blocked(BlockReason::EmptyAccount | BlockReason::NotAsked));
    let mut texts: Vec<String> = Vec::new();
    if !(reason_for_all && group.findings.len() > 1) {
        let most = if extent.full { usize::MAX } else { ALIKE };
        let mut summaries: Vec<String> = Vec::new();
        for summary in group.findings.iter().map(|one| String::from(one.summary())) {
            if !summaries.contains(&summary) {
                summaries.push(summary);
            }
        }
        let more = summaries.len().saturating_sub(most);
        texts.extend(summaries.into_iter().take(most));
        if more > 0 {
            texts.push(format!("… and {more} more like these"));
        }
        texts.push(one.impact().into());
    }
    let done = if look.answer.mode == Mode::Report { Prose::default() } else { one.what_was_done() };
    texts.push(done.and(look.answer.next_step(one).unwrap_or_default()).into());
    let mut said = BTreeSet::new();
    texts.retain(|text| !text.is_empty() && said.insert(text.clone()));
    texts
}

/// Severity, resources, codes and what comes of it.
pub(super) fn in_one_line(look: &Look, group: &Group<'_>, page: Page) -> Vec<String> {
    heading(look, group, page, FEW_CODES)
}

fn heading(look: &Look, group: &Group<'_>, page: Page, most_codes: usize) -> Vec<String> {
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
    let text = format!("{severity} {}: {fate}", names(group, most_codes));
    // What is wrapped stands under the first word, not under the severity.
    page.hang(&text, 0, INDENT)
}

/// The resources and codes of a group, each said once.
fn names(group: &Group<'_>, most_codes: usize) -> String {
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
        many if many.len() > most_codes => plural(group.findings.len(), "finding"),
        few => few.join(", "),
    };
    clean(&format!("{} {codes}", shown.join(", ")))
}

fn shortened(lines: Vec<(char, String)>, full: bool) -> Vec<(char, String)> {
    let left = lines.len().saturating_sub(MOST_LINES);
    if full || left == 0 {
        return lines;
    }
    let more = (' ', format!("… {left} more lines with --full"));
    lines.into_iter().take(MOST_LINES).chain([more]).collect()
}
