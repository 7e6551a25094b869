//! What is put on a vault whose lock differs, by the table of the README: with the consent to start a clock and without, and where the
//! vault's key is in question.

use reconcile::call::Call;
use reconcile::desired::{DesiredLock, LockMode, VaultKey};
use reconcile::drift::{Drift, VaultLockDrift};
use reconcile::read::Read;
use reconcile::repair::{Consent, Review};
use reconcile::resource::ResourceId;
use reconcile::state::{LockPut, Vault};
use time::Duration;

use super::*;

const DAILY: &str = "vault_prod_daily";

type LockLimits = (Option<i64>, Option<i64>);

/// Jobs to the vault keep for 30 days, so these fail none of them.
const NONE: LockLimits = (None, None);
const STRICTER: LockLimits = (Some(7), None);
/// And these all.
const HARMFUL: LockLimits = (None, Some(7));
const BOTH: LockLimits = (Some(7), Some(7));

fn compliance(changeable_for_days: i64, limits: LockLimits) -> DesiredLock {
    let mode = LockMode::Compliance { changeable_for_days };
    DesiredLock { mode, min_retention_days: limits.0, max_retention_days: limits.1 }
}

fn governance(limits: LockLimits) -> DesiredLock {
    DesiredLock { mode: LockMode::Governance, ..compliance(3, limits) }
}

/// A lock whose date is so many hours away; without one it is a governance lock.
fn lock(hours: Option<i64>, (min_retention_days, max_retention_days): LockLimits) -> Lock {
    let lock_date = hours.map(|hours| NOW + Duration::hours(hours));
    Lock { locked: true, lock_date, min_retention_days, max_retention_days }
}

/// What is answered to each finding about the lock: its code, and the put or the reason.
fn answers(want: DesiredLock, seen: Lock, consent: bool, change: &dyn Fn(&mut Vault)) -> Vec<String> {
    answers_with(desired(), want, seen, consent, change)
}

fn answers_with(
    mut desired: Desired,
    want: DesiredLock,
    seen: Lock,
    consent: bool,
    change: &dyn Fn(&mut Vault),
) -> Vec<String> {
    desired.vaults.iter_mut().filter(|vault| vault.name == DAILY).for_each(|vault| vault.lock = Some(want));
    let mut observed = in_sync(&desired);
    let here = place("us-east-1", DAILY);
    let vault = observed.vaults.get_mut(&here).and_then(Observation::present_mut).unwrap();
    vault.lock = seen;
    change(vault);
    let findings = diff(&desired, &observed);
    let id = ResourceId::regional(Kind::VaultLock, "us-east-1", DAILY);
    let limits = Limits { compliance_locks: consent, ..NO_LIMITS };
    let repairs = plan_repairs(&desired, &observed, &findings, &[], &limits);
    let answer = |one: &Finding| {
        let put = repairs.steps.iter().find(|step| step.findings.contains(one));
        if let Some(Call::PutBackupVaultLockConfiguration {
            changeable_for_days,
            min_retention_days,
            max_retention_days,
            ..
        }) = put.map(|step| &step.call)
        {
            let days = |days: &Option<i64>| days.map_or("-".to_owned(), |days| days.to_string());
            return format!(
                "put {} {} {}",
                days(changeable_for_days),
                days(min_retention_days),
                days(max_retention_days)
            );
        }
        let (_, reason) = repairs.blocked.iter().find(|(found, _)| found == one).expect("an answer");
        let in_words = [
            (BlockReason::NeedsConsent(Consent::ComplianceLocks), "consent"),
            (BlockReason::NeedsConsent(Consent::LockLimits), "consent for limits"),
            (BlockReason::NeedsReview(Review::ItsKind), "review"),
            (BlockReason::NeedsReview(Review::PutHadNoEffect), "no effect"),
            (BlockReason::WaitingOn(id.of_kind(Kind::Vault)), "vault first"),
        ];
        let known = in_words.iter().find(|(one, _)| one == reason);
        known.map_or(reason.code(), |(_, words)| words).to_owned()
    };
    let of_lock = findings.iter().filter(|one| one.resource == id);
    of_lock.map(|one| format!("{}: {}", one.drift.code().code, answer(one))).collect()
}

fn as_it_is(_: &mut Vault) {}

#[test]
fn a_lock_is_put_by_the_table() {
    let no_lock = Lock::default();
    let day = 24;
    let of = compliance;
    for (want, seen, without, with) in [
        (of(3, NONE), no_lock, "missing: consent", "missing: put 3 - -"),
        (of(3, STRICTER), no_lock, "missing: consent", "missing: put 3 7 -"),
        (governance(NONE), no_lock, "missing: put - - -", "missing: put - - -"),
        // Governance where compliance was designed.
        (of(3, NONE), lock(None, NONE), "mode-differs: consent", "mode-differs: put 3 - -"),
        (
            of(3, NONE),
            lock(None, STRICTER),
            "mode-differs: consent, retention-differs: consent",
            "mode-differs: put 3 - -, retention-differs: put 3 - -",
        ),
        // A limit that fails jobs goes without a clock being started.
        (
            of(3, NONE),
            lock(None, HARMFUL),
            "mode-differs: consent, retention-differs: put - - -",
            "mode-differs: put 3 - -, retention-differs: put 3 - -",
        ),
        (
            of(3, NONE),
            lock(None, BOTH),
            "mode-differs: consent, retention-differs: put - 7 -",
            "mode-differs: put 3 - -, retention-differs: put 3 - -",
        ),
        (governance(NONE), lock(None, NONE), "", ""),
        (
            governance(NONE),
            lock(None, STRICTER),
            "retention-differs: put - - -",
            "retention-differs: put - - -",
        ),
        (
            governance(STRICTER),
            lock(None, HARMFUL),
            "retention-differs: put - 7 -",
            "retention-differs: put - 7 -",
        ),
        // A clock that nobody designed: taking the lock away is for people.
        (governance(NONE), lock(Some(48), NONE), "mode-differs: review", "mode-differs: review"),
        (governance(NONE), lock(Some(-1), NONE), "mode-differs: immutable", "mode-differs: immutable"),
        // In its grace time.
        (of(3, NONE), lock(Some(48), NONE), "", ""),
        (
            of(3, NONE),
            lock(Some(48), HARMFUL),
            "retention-differs: put 3 - -",
            "retention-differs: put 3 - -",
        ),
        (
            of(10, NONE),
            lock(Some(5 * day), HARMFUL),
            "retention-differs: put 5 - -",
            "retention-differs: put 5 - -",
        ),
        (
            of(10, NONE),
            lock(Some(4 * day + 1), HARMFUL),
            "retention-differs: put 5 - -",
            "retention-differs: put 5 - -",
        ),
        (
            of(3, NONE),
            lock(Some(48), STRICTER),
            "retention-differs: consent for limits",
            "retention-differs: put 3 - -",
        ),
        (of(3, NONE), lock(Some(48), BOTH), "retention-differs: put 3 7 -", "retention-differs: put 3 - -"),
        (
            of(3, STRICTER),
            lock(Some(48), NONE),
            "retention-differs: put 3 7 -",
            "retention-differs: put 3 7 -",
        ),
        (
            of(3, STRICTER),
            lock(Some(48), (Some(5), None)),
            "retention-differs: put 3 7 -",
            "retention-differs: put 3 7 -",
        ),
        (
            of(3, STRICTER),
            lock(Some(48), (Some(9), None)),
            "retention-differs: consent for limits",
            "retention-differs: put 3 7 -",
        ),
        (
            of(3, (None, Some(40))),
            lock(Some(48), (None, Some(35))),
            "retention-differs: consent for limits",
            "retention-differs: put 3 - 40",
        ),
        (
            of(3, (None, Some(40))),
            lock(Some(48), (None, Some(50))),
            "retention-differs: put 3 - 40",
            "retention-differs: put 3 - 40",
        ),
        // Put off.
        (of(3, NONE), lock(Some(10 * day), NONE), "date-too-far: consent", "date-too-far: put 3 - -"),
        (
            of(3, NONE),
            lock(Some(10 * day), HARMFUL),
            "retention-differs: put 10 - -, date-too-far: consent",
            "retention-differs: put 3 - -, date-too-far: put 3 - -",
        ),
        (
            of(3, NONE),
            lock(Some(10 * day), STRICTER),
            "retention-differs: consent for limits, date-too-far: consent",
            "retention-differs: put 3 - -, date-too-far: put 3 - -",
        ),
        // Over.
        (of(3, NONE), lock(Some(-1), NONE), "", ""),
        (
            of(3, NONE),
            lock(Some(-1), HARMFUL),
            "retention-differs: immutable",
            "retention-differs: immutable",
        ),
    ] {
        for (consent, expected) in [(false, without), (true, with)] {
            let told = answers(want, seen, consent, &as_it_is).join(", ");
            assert_eq!(told, expected, "{want:?} {seen:?}, consent {consent}");
        }
    }
}

#[test]
fn nothing_that_cannot_be_taken_back_stands_on_a_key_in_question() {
    let other_key = |vault: &mut Vault| vault.key_arn.push_str("-2");
    let of = compliance;
    for (want, seen, consent, expected) in [
        (of(3, NONE), Lock::default(), true, "missing: vault first"),
        (of(3, NONE), Lock::default(), false, "missing: consent"),
        (of(3, NONE), lock(Some(48), STRICTER), true, "retention-differs: vault first"),
        // A clock that runs already is another matter, and jobs fail.
        (of(3, NONE), lock(Some(48), HARMFUL), true, "retention-differs: put 3 - -"),
        (of(3, NONE), lock(Some(48), HARMFUL), false, "retention-differs: put 3 - -"),
        (of(3, NONE), lock(None, HARMFUL), true, "mode-differs: vault first, retention-differs: put - - -"),
        (
            of(3, NONE),
            lock(Some(240), HARMFUL),
            true,
            "retention-differs: vault first, date-too-far: vault first",
        ),
        (governance(NONE), Lock::default(), true, "missing: vault first"),
        (governance(NONE), lock(None, HARMFUL), true, "retention-differs: put - - -"),
    ] {
        let told = answers(want, seen, consent, &other_key).join(", ");
        assert_eq!(told, expected, "{want:?} {seen:?}, consent {consent}");
    }
    // The same where nobody could look which key it is, and not where another part could not be read.
    let mut managed = desired();
    managed
        .vaults
        .iter_mut()
        .filter(|vault| vault.name == DAILY)
        .for_each(|vault| vault.key = VaultKey::AwsManaged);
    let unread = |vault: &mut Vault| vault.key_arn.clear();
    assert_eq!(answers_with(managed, of(3, NONE), Lock::default(), true, &unread), ["missing: vault first"]);
    let tags =
        |vault: &mut Vault| vault.tags = Observation::Unreadable(refused(Read::ListTags, "AccessDenied"));
    assert_eq!(answers(of(3, NONE), Lock::default(), true, &tags), ["missing: put 3 - -"]);
}

fn put(minutes_ago: i64, ours: bool, grace_days: Option<i64>, limits: LockLimits, removal: bool) -> LockPut {
    LockPut { at: NOW - Duration::minutes(minutes_ago), ours, grace_days, limits, removal }
}

fn ours(minutes_ago: i64) -> LockPut {
    put(minutes_ago, true, Some(3), NONE, false)
}

#[test]
fn a_lock_that_was_put_in_vain_twice_is_left_to_people() {
    let told = |age_minutes: i64, puts: Vec<LockPut>| {
        let with_puts = |vault: &mut Vault| {
            vault.created = Some(NOW - Duration::minutes(age_minutes));
            vault.lock_puts = Observation::Present(puts.clone());
        };
        answers(compliance(3, NONE), Lock::default(), true, &with_puts).join(", ")
    };
    let (put_again, in_vain) = ("missing: put 3 - -", "missing: no effect");
    for (age, puts, expected) in [
        (900, vec![], put_again),
        (900, vec![ours(100)], put_again),
        (900, vec![ours(100), ours(200)], in_vain),
        // The history may lack what came after the last half hour's.
        (900, vec![ours(30), ours(200)], put_again),
        (900, vec![ours(31), ours(200)], in_vain),
        // On a vault that was made since.
        (150, vec![ours(100), ours(200)], put_again),
        (200, vec![ours(100), ours(200)], put_again),
        // Somebody else changed it since, or it was another lock.
        (900, vec![ours(100), ours(200), put(50, false, Some(3), NONE, false)], put_again),
        (900, vec![ours(100), ours(200), put(50, false, Some(3), NONE, true)], put_again),
        (900, vec![ours(100), ours(200), put(50, true, None, NONE, true)], put_again),
        (900, vec![ours(100), ours(200), put(300, false, Some(3), NONE, true)], in_vain),
        (900, vec![ours(100), put(200, true, Some(4), NONE, false)], put_again),
        (900, vec![ours(100), put(200, true, Some(3), STRICTER, false)], put_again),
        (900, vec![ours(100), put(200, true, Some(3), NONE, true)], put_again),
    ] {
        assert_eq!(told(age, puts.clone()), expected, "{age} {puts:?}");
    }
}

#[test]
fn a_running_clock_tells_by_its_date_whether_our_put_was_the_last() {
    // It was put a day ago for three days, and its limit is still there.
    let told = |seconds_before: i64, ours: bool, removal: bool, hours: i64| {
        let with_puts = |vault: &mut Vault| {
            let at = NOW - Duration::days(1) - Duration::seconds(seconds_before);
            let put = LockPut { at, ..put(0, ours, Some(3), NONE, removal) };
            vault.lock_puts = Observation::Present(vec![put]);
        };
        answers(compliance(3, NONE), lock(Some(hours), HARMFUL), true, &with_puts).join(", ")
    };
    let (again, in_vain) = ("retention-differs: put 3 - -", "retention-differs: no effect");
    assert_eq!(told(0, true, false, 48), in_vain);
    assert_eq!(told(120, true, false, 48), in_vain);
    assert_eq!(told(121, true, false, 48), again);
    assert_eq!(told(0, true, false, 47), in_vain);
    assert_eq!(told(0, false, false, 48), again);
    assert_eq!(told(0, true, true, 48), again);
    // A clock that is brought forward is a put with another effect.
    let far = told(0, true, false, 240);
    assert_eq!(far, "retention-differs: put 3 - -, date-too-far: put 3 - -");
}

#[test]
fn a_limit_is_told_with_the_rules_whose_jobs_to_that_vault_fail_by_it() {
    let desired = desired();
    for (region, name, fails) in [
        ("us-east-1", "vault_prod_hourly", &[][..]),
        ("us-east-1", "vault_prod_daily", &["daily_backup_rule"]),
        ("us-east-1", "vault_prod_monthly", &["monthly_backup_rule"]),
        ("us-west-2", "vault_disaster_recovery", &["daily_backup_rule"]),
    ] {
        let mut observed = in_sync(&desired);
        let vault = observed.vaults.get_mut(&place(region, name)).unwrap().present_mut().unwrap();
        vault.lock.max_retention_days = Some(7);
        let found = diff(&desired, &observed);
        let [Finding { drift: Drift::VaultLock(VaultLockDrift::RetentionDiffers { fails: told, .. }), .. }] =
            &found[..]
        else {
            panic!("{found:#?}")
        };
        assert_eq!(told.iter().collect::<Vec<_>>(), fails, "{name}");
    }
}

#[test]
fn what_two_looks_saw_together_is_cut_short_if_one_of_them_was() {
    let look = |cut_short: bool| Observed { cut_short, ..empty() };
    for (one, other) in [(false, false), (false, true), (true, false), (true, true)] {
        assert_eq!(look(one).and(look(other)).cut_short, one || other);
    }
}
