//! Which finding an exception covers, for how long, and what is said of one that does nothing, or much.

use reconcile::repair::{Review, covering, notes};
use time::Duration;

use super::memory::{apply, drifted, outcomes};
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
    let mut exception =
        Exception { attribute: Some(finding.drift.attribute().to_string()), ..exception_of(finding) };
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
    let agreed = Desired { exceptions: vec![exception_of(&found[0])], ..desired };
    let said = notes(&agreed, &observed, found.iter());
    assert!(said.len() == 1 && said[0].as_str().contains("covers what may lose backups"), "{said:?}");
}

#[test]
fn what_is_replaced_as_a_whole_is_left_where_a_part_of_it_is_excepted() {
    let excepted = Outcome::Blocked(BlockReason::NeedsReview(Review::PartlyExcepted));
    for (one, other, stays) in [
        ("selection/resources-differ (resources)", "selection/tags-differ (tags)", true),
        ("vault-lock/retention-differs (retention)", "vault-lock/date-too-far (lock_date)", true),
        // An update of a plan leaves the part as it is.
        (
            "plan/retention-differs (rules.*.delete_after_days)",
            "plan/start-window-differs (rules.*.start_window_minutes)",
            false,
        ),
        // These have calls of their own.
        ("vault/tags-differ (tags)", "vault-lock/retention-differs (retention)", false),
        ("key/description-differs (description)", "key/tags-differ (tags)", false),
    ] {
        let mut desired = desired();
        let mut observed = drifted(&desired, one);
        desired.exceptions = vec![exception_of(&diff(&desired, &observed)[0])];
        apply(&mut observed, &desired, other);
        let (report, _) = heal(&desired, observed);
        assert!(outcomes(&report, one).iter().all(Outcome::is_excepted), "{report:#?}");
        let expected = if stays { excepted.clone() } else { Outcome::Repaired };
        assert_eq!(outcomes(&report, other), [expected], "{one} {other}");
        assert_eq!(report.calls.is_empty(), stays, "{one} {other}");
    }
}
