//! All that is said and done about each single way to drift, as people read it: `said/` has a file for each kind of resource, in which
//! nothing is said a second time. `UPDATE=1 cargo test` rewrites what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use drift_tests::kept::{compare, short};
use reconcile::words::{Called, Reader};

use super::*;

/// What is said of a finding as it is by now, without what was said before.
fn tell(text: &mut String, one: &Reported, before: &[String]) -> Vec<String> {
    let caller = Reader::Caller(Called { region: Some("eu-west-3".to_owned()), ..Called::default() });
    let mut lines =
        vec![one.summary().to_string(), one.impact().to_string(), one.what_was_done().to_string()];
    let next =
        [&Reader::Deployer, &caller].map(|reader| one.next_step_for(reader).map(|next| next.to_string()));
    let command = one.command("us-east-1");
    let typed = command.clone().map(|command| command.read_by(&caller));
    let [own, called] = [(&next[0], command), (&next[1], typed)].map(|(next, command)| {
        let command = command.map(|command| format!("$ {command}"));
        next.iter().cloned().chain(command).collect::<Vec<_>>().join(" ")
    });
    lines.push(own.clone());
    if called != own {
        lines.push(format!("at a terminal: {called}"));
    }
    let ask = one.ask().filter(|_| one.outcome != Outcome::Planned);
    lines.extend(ask.map(|ask| format!("please {ask}")));
    lines.extend(one.look().map(|look| format!("look {look}")));
    for line in lines.iter().filter(|line| !line.is_empty() && !before.contains(line)) {
        writeln!(text, "  {line}").unwrap();
    }
    lines
}

/// What is said of one finding before a run and after it; and without the consent to start a clock, where that is another answer.
fn said_of(one: &Reported, held: &Report) -> String {
    let mut text = String::new();
    let drift = &one.finding.drift;
    let attribute = drift.attribute();
    let attribute = if attribute.is_whole() { String::new() } else { format!(" ({attribute})") };
    writeln!(text, "{} {}{attribute}", drift.severity().as_str(), one.title()).unwrap();
    writeln!(text, "  {} => {}", short(&drift.expected()), short(&drift.observed())).unwrap();
    let planned = Report { findings: vec![one.clone()], ..Report::default() }.into_preview();
    let before = tell(&mut text, &planned.findings[0], &[]);
    let is_other = |other: &&Reported| other.finding == one.finding && other.outcome != one.outcome;
    for other in held.findings.iter().filter(is_other) {
        text.push_str("  - without consent:\n");
        tell(&mut text, other, &before);
    }
    if one.outcome == Outcome::Repaired {
        text.push_str("  - repaired:\n");
        tell(&mut text, one, &before);
    }
    text
}

/// What is said of an account; what was said of another one already is left out.
fn said(drift: &ModelDrift, desired: &Desired, observed: &Observed, before: &mut BTreeSet<String>) -> String {
    let mut text = format!("# {}, {}\n", drift.name(), desired.name);
    let hold = Limits { compliance_locks: false, ..NO_LIMITS };
    let [report, held] =
        [&NO_LIMITS, &hold].map(|limits| now(run(&Preview::new(desired, observed.clone()), desired, limits)));
    for said in report.findings.iter().map(|one| said_of(one, &held)) {
        if before.insert(said.clone()) {
            text.push_str(&said);
        } else {
            writeln!(text, "{} ...", said.lines().next().unwrap_or_default()).unwrap();
        }
    }
    for note in report.notes.iter().map(|note| format!("note: {note}\n")) {
        if before.insert(note.clone()) {
            text.push_str(&note);
        }
    }
    text
}

#[test]
fn all_that_is_said_of_a_drift_reads_as_it_was_read() {
    let mut all: BTreeMap<&str, String> = BTreeMap::new();
    let specs = specs().map(|desired| (singles(&desired), desired));
    let mut before = BTreeSet::new();
    for drift in DRIFTS {
        // The other spec has what the reference cannot have.
        let found = specs.iter().find_map(|(singles, desired)| {
            let (drift, observed) = singles.iter().find(|(one, _)| one.name() == drift.name())?;
            Some(said(drift, desired, observed, &mut before))
        });
        let kind = drift.code.split('/').next().unwrap();
        all.entry(kind).or_default().push_str(&found.expect("a spec that can have it"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/laws/said");
    let changed: Vec<String> = all
        .iter()
        .filter_map(|(kind, actual)| {
            let file = folder.join(format!("{kind}.txt"));
            compare(&file, &fs::read_to_string(&file).unwrap_or_default(), actual)
        })
        .collect();
    assert!(changed.is_empty(), "{}\nUPDATE=1 rewrites them", changed.join("\n"));
}
