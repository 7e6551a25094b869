//! Runs every transcript of `scenarios/`. `UPDATE=1 cargo test` rewrites what differs.
#![allow(clippy::unwrap_used)] // a file that cannot be read fails the test

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use drift_tests::company::Company;
use drift_tests::kept::compare;
use drift_tests::mail;
use drift_tests::script::{Shown, perform};
use reconcile::call::Call;
use reconcile::drift::codes;
use reconcile::repair::BlockReason;
use strum::VariantNames;

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("function").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn every_transcript_still_holds_and_nothing_is_left_unshown() {
    let mut shown = Shown::default();
    let mut changed = Vec::new();
    for file in scripts("scenarios") {
        let expected = fs::read_to_string(&file).unwrap();
        let actual = perform(&expected, &mut shown).await;
        assert!(actual.lines().count() <= 60, "{} is too long for one story", file.display());
        changed.extend(compare(&file, &expected, &actual));
    }
    assert!(changed.is_empty(), "{}\nUPDATE=1 rewrites them", changed.join("\n"));
    let left = |all: &'static [&'static str], seen: &BTreeSet<&'static str>| -> Vec<&'static str> {
        all.iter().filter(|name| !seen.contains(*name)).copied().collect()
    };
    let untold: Vec<String> = codes().map(|code| code.id()).filter(|id| !shown.codes.contains(id)).collect();
    assert_eq!(untold, Vec::<String>::new(), "codes in no transcript");
    assert_eq!(left(Call::VARIANTS, &shown.calls), Vec::<&str>::new(), "calls in no transcript");
    assert_eq!(left(BlockReason::codes(), &shown.reasons), Vec::<&str>::new(), "reasons in no transcript");
}

#[tokio::test]
async fn every_mail_still_reads_as_it_was_read() {
    let mut changed = Vec::new();
    for file in scripts("mails/reference") {
        let expected = fs::read_to_string(&file).unwrap();
        let actual = mail::perform(&expected, Company::Reference).await;
        changed.extend(compare(&file, &expected, &actual));
    }
    assert!(changed.is_empty(), "{}\nUPDATE=1 rewrites them", changed.join("\n"));
}

/// The same stories, happening to somebody who shares no name and no value with the reference.
#[tokio::test]
async fn every_mail_is_as_true_for_another_spec() {
    let mut changed = Vec::new();
    for script in scripts("mails/reference") {
        let file = PathBuf::from(script.to_str().unwrap().replace("mails/reference", "mails/acme"));
        let expected = fs::read_to_string(&file).unwrap_or_default();
        let actual = mail::perform(&fs::read_to_string(&script).unwrap(), Company::Acme).await;
        changed.extend(compare(&file, &expected, &actual));
        let told = actual.lines().filter(|line| !line.starts_with(['>', '#']));
        for (line, name) in
            told.flat_map(|line| Company::names_of_the_reference().map(move |name| (line, name)))
        {
            assert!(!line.contains(name), "{name} is not acme's: {line} in {}", file.display());
        }
    }
    assert!(changed.is_empty(), "{}\nUPDATE=1 rewrites them", changed.join("\n"));
}
