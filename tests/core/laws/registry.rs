//! The registry of drift codes holds for the model: every code is in it, and what a code declares is what happens.

use std::collections::BTreeSet;

use reconcile::drift::codes;

use super::*;

#[test]
fn every_code_is_in_the_model() {
    let known: BTreeSet<String> = codes().map(|code| code.id()).collect();
    let mut told = BTreeSet::new();
    each_single_in_all(|drift, _, _| {
        told.insert(drift.code.to_owned());
    });
    assert_eq!(told.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "no such code");
    assert_eq!(
        known.difference(&told).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "codes in no drift of the model"
    );
}

fn each_single_in_all(mut check: impl FnMut(&ModelDrift, &Desired, Observed)) {
    for desired in specs() {
        for (drift, observed) in singles(&desired) {
            check(drift, &desired, observed);
        }
    }
}

#[test]
fn every_code_is_told_apart_and_explained() {
    let mut seen = BTreeSet::new();
    for code in codes() {
        assert!(seen.insert(code.id()), "{} is there twice", code.id());
        assert!(code.explained().ends_with('.'), "{}: {}", code.id(), code.explained());
        let kebab =
            code.code.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
        assert!(kebab, "{}", code.code);
        assert!(!code.severities.is_empty(), "{}", code.id());
    }
}

#[test]
fn a_finding_has_the_severity_that_its_code_declares() {
    each_single(|drift, desired, observed| {
        for finding in diff(desired, &observed) {
            let (severity, code) = (finding.drift.severity(), finding.drift.code());
            let declared = code.severities.iter().any(|(declared, _)| *declared == severity);
            assert!(declared, "{}: {} {severity:?}", drift.name(), code.id());
        }
    });
}

#[test]
fn repairs_are_made_and_counted_by_the_operation_that_the_code_declares() {
    each_single(|drift, desired, observed| {
        let (report, _) = heal(desired, observed);
        for one in &report.findings {
            let Some(call) = one.call() else { continue };
            // A selection is replaced by two calls, and only the first names it.
            let operation = match call.operation() {
                "DeleteBackupSelection" => "CreateBackupSelection",
                other => other,
            };
            let declared = one.finding.drift.repaired_by();
            assert_eq!(declared, Some(operation), "{}: {}", drift.name(), one.finding.resource);
        }
    });
}

#[test]
fn what_is_left_to_people_is_blocked_for_the_reason_that_the_code_declares() {
    each_single(|drift, desired, observed| {
        let (report, _) = heal(desired, observed);
        for one in &report.findings {
            let answer = one.finding.drift.code().answer;
            if answer.operation.is_none() {
                let Outcome::Blocked(reason) = &one.outcome else {
                    panic!("{}: {:?}", drift.name(), one.outcome)
                };
                let declared = [answer.reason.unwrap_or_default(), answer.note];
                assert!(
                    declared.iter().any(|text| text.contains(reason.code())),
                    "{}: {reason:?}",
                    drift.name()
                );
            }
        }
    });
}

#[test]
fn everything_that_is_missing_in_an_empty_account_is_all_that_is_looked_at() {
    for desired in specs() {
        let found = diff(&desired, &empty());
        let missing: BTreeSet<_> = found.into_iter().map(|one| one.resource).collect();
        // Every region has settings, whatever they are.
        let looked_at: BTreeSet<_> =
            desired.resources().into_iter().filter(|one| one.kind != Kind::RegionSettings).collect();
        assert_eq!(missing, looked_at, "{}", desired.name);
    }
    each_single(|drift, desired, observed| {
        let all = desired.resources();
        for one in diff(desired, &observed) {
            let is_beyond = one.drift.code().code == "unmanaged";
            assert_eq!(all.contains(&one.resource), !is_beyond, "{}: {}", drift.name(), one.resource);
        }
    });
}
