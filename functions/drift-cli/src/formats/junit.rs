//! JUnit's XML, which CI systems show as tests: a suite for each kind of resource, a case for each thing that was looked at, and a failure
//! for each finding.

use std::collections::BTreeMap;

use reconcile::drift::Severity;
use reconcile::report::Reported;
use reconcile::resource::{Kind, ResourceId};
use reconcile::say;
use reconcile::words::clean;

use crate::look::{Look, Need};

pub(super) fn suites(look: &Look, least: Option<Severity>) -> String {
    let shown = look.by_need(least);
    let mut cases: BTreeMap<ResourceId, Vec<&Reported>> =
        look.desired.resources().into_iter().map(|resource| (resource, Vec::new())).collect();
    for one in &shown {
        cases.entry(one.finding.resource.clone()).or_default().push(one);
    }
    let name = escaped(&format!("drift {}", look.answer.spec_name));
    let (tests, failures, errors) = totals(cases.values());
    let mut lines = vec![
        r#"<?xml version="1.0" encoding="UTF-8"?>"#.to_owned(),
        format!(r#"<testsuites name="{name}" tests="{tests}" failures="{failures}" errors="{errors}">"#),
    ];
    for kind in Kind::ALL {
        let of_kind: Vec<(&ResourceId, &Vec<&Reported>)> =
            cases.iter().filter(|(resource, _)| resource.kind == *kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let (tests, failures, errors) = totals(of_kind.iter().map(|(_, findings)| *findings));
        lines.push(format!(
            r#"  <testsuite name="{kind}" tests="{tests}" failures="{failures}" errors="{errors}">"#
        ));
        lines.push("    <properties>".to_owned());
        lines.extend(look.head().iter().map(|line| {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            format!(r#"      <property name="{}" value="{}"/>"#, escaped(name), escaped(value))
        }));
        lines.push("    </properties>".to_owned());
        of_kind.iter().for_each(|(resource, findings)| lines.extend(case(look, resource, findings)));
        lines.push("  </testsuite>".to_owned());
    }
    lines.push("</testsuites>".to_owned());
    lines.join("\n") + "\n"
}

/// Resources, and how many of them differ or could not be read.
fn totals<'a>(cases: impl Iterator<Item = &'a Vec<&'a Reported>>) -> (usize, usize, usize) {
    cases.fold((0, 0, 0), |(tests, failures, errors), findings| {
        let open = || findings.iter().filter(|one| Look::need(one) == Need::Open);
        let unread = open().any(|one| one.is_unread());
        let differs = open().any(|one| !one.is_unread());
        (tests + 1, failures + usize::from(differs), errors + usize::from(unread))
    })
}

fn case(look: &Look, resource: &ResourceId, findings: &[&Reported]) -> Vec<String> {
    let place = resource.region.as_deref().unwrap_or("global");
    let name = escaped(&resource.full_name());
    let class = escaped(&format!("{}.{place}", resource.kind));
    let open: Vec<&&Reported> = findings.iter().filter(|one| Look::need(one) == Need::Open).collect();
    if open.is_empty() {
        return vec![format!(r#"    <testcase classname="{class}" name="{name}"/>"#)];
    }
    let mut lines = vec![format!(r#"    <testcase classname="{class}" name="{name}">"#)];
    for one in open {
        let element = if one.is_unread() { "error" } else { "failure" };
        let (code, severity) = (one.finding.drift.code().code, look.severity(one).as_str());
        let message = escaped(one.summary().as_str());
        let command = look.answer.command(one).map(|command| say!("{}", command));
        let text = [Some(one.impact()), look.answer.next_step(one), command].into_iter().flatten();
        let text: Vec<String> = text.map(String::from).filter(|text| !text.is_empty()).collect();
        lines.push(format!(
            r#"      <{element} type="{code}" message="{severity}: {message}">{}</{element}>"#,
            escaped(&text.join("\n"))
        ));
    }
    lines.push("    </testcase>".to_owned());
    lines
}

/// Whoever chose a name chose none of ours: each line is clean, and nothing in it is markup.
fn escaped(text: &str) -> String {
    let text = text.lines().map(clean).collect::<Vec<_>>().join("\n");
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    // XML has no form for these, not even escaped.
    text.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}")
}
