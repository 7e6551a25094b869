//! Which finding an exception covers, for how long, and what is said of one that does nothing, or much.

use reconcile::repair::{covering, notes};
use time::Duration;

use super::*;

/// A plan keeps a rule's recovery points for less, and this exception is agreed.
fn with(change: impl Fn(&mut Exception)) -> (bool, Vec<String>) {
    let mut desired = desired();
    let drift = DRIFTS.iter().find(|drift| drift.code.starts_with("plan/retention-differs")).unwrap();
    let mut observed = in_sync(&desired);
    (drift.apply)(&mut observed, &desired);
    let found = diff(&desired, &observed);
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = &found[0];
    let mut exception = Exception {
        resource: finding.resource.clone(),
        code: finding.drift.code().code.to_owned(),
        attribute: Some(finding.drift.attribute().to_string()),
        owner: "ana@example.com".to_owned(),
        reason: "agreed".to_owned(),
        until: NOW.date(),
    };
    change(&mut exception);
    desired.exceptions = vec![exception];
    let said = notes(&desired, &observed, found.iter());
    (
        covering(&desired, &observed, finding).is_some(),
        said.iter().map(|note| note.as_str().to_owned()).collect(),
    )
}

#[track_caller]
fn says(change: impl Fn(&mut Exception), covers: bool, words: &str) {
    let (covered, said) = with(change);
    assert_eq!(covered, covers, "{said:?}");
    match said.as_slice() {
        [] => assert_eq!(words, ""),
        [note] => assert!(!words.is_empty() && note.contains(words), "{note}"),
        several => assert_eq!(several.len(), 1, "{several:?}"),
    }
}

#[test]
fn resource_code_and_attribute_have_to_agree() {
    says(|_| {}, true, "");
    says(|one| one.attribute = None, true, "");
    says(|one| one.attribute = Some("rules.other.delete_after_days".to_owned()), false, "matches nothing");
    says(|one| one.code = "start-window-differs".to_owned(), false, "matches nothing");
    says(|one| one.resource.name = "other".to_owned(), false, "matches nothing");
}

#[test]
fn it_counts_on_its_last_day_and_ends_within_a_year() {
    let latest = Exception::latest(NOW.date());
    says(|one| one.until = NOW.date() - Duration::days(1), false, "expired on 2026-11-22");
    says(|one| one.until = latest, true, "");
    says(|one| one.until = latest + Duration::days(1), false, "none may last beyond");
}

#[test]
fn what_may_lose_backups_is_named_in_every_report() {
    let desired = desired();
    let drift = DRIFTS.iter().find(|drift| drift.code == "vault-lock/missing").unwrap();
    let mut observed = in_sync(&desired);
    (drift.apply)(&mut observed, &desired);
    let found = diff(&desired, &observed);
    let exception = Exception {
        resource: found[0].resource.clone(),
        code: "missing".to_owned(),
        attribute: None,
        owner: "ana@example.com".to_owned(),
        reason: "agreed".to_owned(),
        until: NOW.date(),
    };
    let agreed = Desired { exceptions: vec![exception], ..desired };
    let said = notes(&agreed, &observed, found.iter());
    assert!(said.len() == 1 && said[0].as_str().contains("covers what may lose backups"), "{said:?}");
}
