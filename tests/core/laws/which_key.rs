//! Which key the spec means by an alias: vaults say it, the older ones before the younger; then our own records; then what is older than
//! the rest. A name says nothing.

use std::collections::BTreeMap;

use reconcile::desired::DesiredKey;
use reconcile::drift::{Drift, KeyDrift};
use reconcile::identity::{
    Fit, KeyChoice, choose_key, fits, keys_in_question, plans_in_question, spare_keys,
};
use reconcile::read::Read;
use reconcile::state::{FormerPlan, Grant, Key, KeyState, MultiRegion};
use time::{Duration, OffsetDateTime};

use super::*;

const REGION: &str = "us-east-1";
const HOURLY: &str = "vault_prod_hourly";
const DAILY: &str = "vault_prod_daily";
const MONTHLY: &str = "vault_prod_monthly";

fn arn(name: &str) -> String {
    format!("arn:aws:kms:us-east-1:123456789012:key/{name}")
}

fn ago(days: i64) -> Option<OffsetDateTime> {
    Some(NOW - Duration::days(days))
}

fn denied<T>() -> Observation<T> {
    Observation::Unreadable(refused(Read::DescribeKey, "AccessDeniedException"))
}

/// The reference in one region: keys of these names and ages in days, vaults on them, the alias on one. Role and plans are 398 days old.
struct Case {
    desired: Desired,
    observed: Observed,
}

impl Case {
    fn new(keys: &[(&str, i64)], vaults: &[(&str, &str, i64)], alias: Option<&str>) -> Self {
        let desired = desired();
        let mut observed = in_sync(&desired);
        let like = observed.keys.values().find_map(Observation::present).unwrap().clone();
        observed.keys.clear();
        for &(name, age) in keys {
            let key = Key { arn: arn(name), created: ago(age), ..like.clone() };
            observed.keys.insert(arn(name), Observation::Present(key));
        }
        let all = std::mem::take(&mut observed.vaults);
        for &(name, key, age) in vaults {
            let mut vault = all[&place(REGION, name)].present().unwrap().clone();
            (vault.key_arn, vault.created) = (arn(key), ago(age));
            observed.vaults.insert(place(REGION, name), Observation::Present(vault));
        }
        observed.aliases.clear();
        if let Some(target) = alias {
            observed.aliases.insert(place(REGION, "alias/aws_backup_key"), Observation::Present(arn(target)));
        }
        Self { desired, observed }
    }

    fn with(mut self, change: impl FnOnce(&mut Observed)) -> Self {
        change(&mut self.observed);
        self
    }

    fn with_key(self, name: &str, change: impl FnOnce(&mut Key)) -> Self {
        self.with(|observed| change(observed.keys.get_mut(&arn(name)).unwrap().present_mut().unwrap()))
    }

    /// The plans, each with when it was written.
    fn with_plans_written(self, written: Option<OffsetDateTime>) -> Self {
        self.with(|observed| {
            let plans = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
            plans.for_each(|plan| plan.created = written);
        })
    }

    fn with_maker(self, name: &str, is_ours: Observation<bool>) -> Self {
        self.with(|observed| {
            observed.made_by_us.insert(arn(name), is_ours);
        })
    }

    fn with_orphans(self, names: &[&str]) -> Self {
        let found = names.iter().map(|name| arn(name)).collect();
        self.with(|observed| {
            observed.unaliased.insert(place(REGION, "alias/aws_backup_key"), Observation::Present(found));
        })
    }

    fn key(&self) -> &DesiredKey {
        self.desired.key(REGION, "alias/aws_backup_key").unwrap()
    }

    fn choice(&self) -> KeyChoice {
        choose_key(&self.desired, self.key(), &self.observed)
    }

    #[track_caller]
    fn is_one(&self, name: &str) {
        assert_eq!(self.choice(), KeyChoice::One(arn(name)));
    }

    #[track_caller]
    fn is_doubt(&self, names: &[&str]) {
        assert_eq!(self.choice(), KeyChoice::Doubt(names.iter().map(|name| arn(name)).collect()));
    }

    #[track_caller]
    fn is_unknown(&self) {
        assert!(matches!(self.choice(), KeyChoice::Unknown(_)), "{:?}", self.choice());
    }

    #[track_caller]
    fn is_stranger(&self, name: &str, words: &str) {
        let KeyChoice::Stranger(target, why) = self.choice() else { panic!("{:?}", self.choice()) };
        assert_eq!(target, arn(name));
        assert!(why.as_str().contains(words), "{why}");
    }
}

const ALL_ON_A: &[(&str, &str, i64)] = &[(HOURLY, "a", 30), (DAILY, "a", 20), (MONTHLY, "a", 40)];

#[test]
fn vaults_that_agree_say_it_against_an_alias_on_a_younger_key() {
    let of = |age| Case::new(&[("a", 400), ("b", age)], ALL_ON_A, Some("b"));
    of(1).is_one("a");
    of(39).is_one("a");
    of(40).is_one("a");
    // It was there before any of the vaults: they may be what was made anew.
    of(41).is_doubt(&["a", "b"]);
    of(41).with_key("b", |key| key.spec = "RSA_2048".to_owned()).is_one("a");
    of(41).with_key("b", |key| key.grants = denied()).is_doubt(&["a", "b"]);
    for unknown in [denied(), Observation::Absent] {
        let case = of(1).with(|observed| {
            observed.keys.insert(arn("b"), unknown.clone());
        });
        if unknown.is_absent() { case.is_one("a") } else { case.is_doubt(&["a", "b"]) }
    }
    of(1).with(|observed| drop(observed.keys.remove(&arn("b")))).is_doubt(&["a", "b"]);
    of(1).with_key("b", |key| key.created = None).is_doubt(&["a", "b"]);
    let undated = of(1).with(|observed| {
        observed.vaults.get_mut(&place(REGION, DAILY)).unwrap().present_mut().unwrap().created = None;
    });
    undated.is_doubt(&["a", "b"]);
}

#[test]
fn vaults_and_key_that_are_all_younger_than_a_plan_that_writes_into_them_may_have_been_made_anew() {
    let of = |key, vault| Case::new(&[("a", key)], &[(HOURLY, "a", vault), (DAILY, "a", vault)], Some("a"));
    of(400, 1).is_one("a");
    of(1, 400).is_one("a");
    of(2, 1).is_doubt(&["a"]);
    of(2, 1).with_maker("a", Observation::Present(true)).is_one("a");
    of(2, 1).with_maker("a", Observation::Present(false)).is_doubt(&["a"]);
    // What is made in one go is made within an hour.
    let began = NOW - Duration::days(2);
    of(2, 1).with_plans_written(Some(began - Duration::minutes(60))).is_one("a");
    of(2, 1).with_plans_written(Some(began - Duration::minutes(61))).is_doubt(&["a"]);
    of(2, 1).with_plans_written(None).is_one("a");
    let alone = |observed: &mut Observed| observed.aliases.clear();
    of(2, 1).with(alone).is_doubt(&["a"]);
    of(400, 1).with(alone).is_one("a");
    of(2, 1).with_key("a", |key| key.created = None).is_one("a");
}

#[test]
fn what_a_plan_said_before_counts_as_well_and_what_nobody_can_read_may_be_just_that() {
    let of = || {
        Case::new(&[("a", 2)], &[(HOURLY, "a", 1)], Some("a"))
            .with_plans_written(Some(NOW - Duration::hours(1)))
    };
    let plan = place(REGION, "prod_backups");
    let document =
        in_sync(&desired()).plans[&plan].present().unwrap()[0].plan.present().unwrap().document.clone();
    let former = |days, change: &dyn Fn(&mut FormerPlan)| {
        let mut former = FormerPlan { written: ago(days).unwrap(), document: document.clone() };
        change(&mut former);
        of().with(|observed| {
            observed.former_plans.insert(plan.clone(), Observation::Present(vec![former]));
        })
    };
    of().is_one("a");
    former(300, &|_| ()).is_doubt(&["a"]);
    former(1, &|_| ()).is_one("a");
    // It wrote elsewhere then.
    former(300, &|one| {
        one.document.rules.iter_mut().for_each(|rule| rule.target_vault = "Default".to_owned())
    })
    .is_one("a");
    former(300, &|one| one.document.rules.retain(|rule| rule.target_vault != HOURLY)).is_doubt(&["a"]);
    let copy = in_sync(&desired()).vaults[&place(REGION, HOURLY)].present().unwrap().arn.clone();
    former(300, &|one| {
        for rule in &mut one.document.rules {
            rule.target_vault = "Default".to_owned();
            rule.copies.iter_mut().for_each(|one| one.destination.clone_from(&copy));
        }
    })
    .is_doubt(&["a"]);
    let unread = of().with(|observed| {
        observed.former_plans.insert(plan.clone(), denied());
    });
    unread.is_doubt(&["a"]);
}

#[test]
fn of_vaults_on_several_keys_the_older_ones_say_it_if_they_are_not_the_fewer() {
    let of = |vaults: &[(&str, &str, i64)]| Case::new(&[("a", 400), ("b", 390)], vaults, Some("b"));
    of(&[(HOURLY, "a", 30), (DAILY, "a", 20), (MONTHLY, "b", 10)]).is_one("a");
    of(&[(HOURLY, "a", 30), (DAILY, "b", 20)]).is_one("a");
    of(&[(HOURLY, "b", 30), (DAILY, "a", 20)]).is_one("b");
    of(&[(HOURLY, "a", 30), (DAILY, "b", 20), (MONTHLY, "b", 20)]).is_doubt(&["a", "b"]);
    of(&[(HOURLY, "a", 30), (DAILY, "b", 30)]).is_doubt(&["a", "b"]);
    of(&[(HOURLY, "a", 30), (DAILY, "a", 20), (MONTHLY, "b", 30)]).is_doubt(&["a", "b"]);
    // The oldest one of each key counts.
    of(&[(HOURLY, "a", 5), (DAILY, "a", 30), (MONTHLY, "b", 20)]).is_one("a");
    let undated = of(&[(HOURLY, "a", 30), (DAILY, "b", 20)]).with(|observed| {
        observed.vaults.get_mut(&place(REGION, DAILY)).unwrap().present_mut().unwrap().created = None;
    });
    undated.is_doubt(&["a", "b"]);
}

#[test]
fn a_vault_that_cannot_be_read_leaves_it_open_and_one_on_a_key_of_others_says_only_that_there_is_one() {
    let unread = Case::new(&[("a", 400)], ALL_ON_A, Some("a")).with(|observed| {
        observed.vaults.insert(place(REGION, DAILY), denied());
    });
    unread.is_unknown();
    let foreign = |keys, alias| {
        Case::new(keys, &[(HOURLY, "a", 30)], alias).with(|observed| {
            let vault = observed.vaults.get_mut(&place(REGION, HOURLY)).unwrap().present_mut().unwrap();
            vault.key_arn = vault.key_arn.replace("123456789012", "999999999999");
        })
    };
    foreign(&[("b", 400)], Some("b")).is_doubt(&["b"]);
    foreign(&[("b", 400)], Some("b")).with_key("b", |key| key.grants = denied()).is_doubt(&["b"]);
    let lost = KeyChoice::Lost(vec![HOURLY.to_owned()]);
    let unfit = foreign(&[("b", 400)], Some("b")).with_key("b", |key| key.spec = "RSA_2048".to_owned());
    assert_eq!(unfit.choice(), lost);
    assert_eq!(foreign(&[("b", 400)], None).choice(), lost);
    assert_eq!(foreign(&[], Some("b")).choice(), lost);
    // So does a vault on a key that AWS manages.
    let managed = Case::new(&[("a", 400)], &[(HOURLY, "a", 30)], None)
        .with_key("a", |key| key.customer_managed = false);
    assert_eq!(managed.choice(), lost);
}

#[test]
fn without_a_vault_our_own_records_say_it() {
    let of = |keys, alias| Case::new(keys, &[], alias);
    let yes = || Observation::Present(true);
    assert_eq!(of(&[], None).choice(), KeyChoice::None);
    of(&[("a", 1)], Some("a")).with_maker("a", yes()).is_one("a");
    of(&[("a", 1)], None).with_orphans(&["a"]).with_maker("a", yes()).is_one("a");
    for maker in [Observation::Present(false), Observation::Absent] {
        let case = of(&[("a", 1)], None).with_orphans(&["a"]).with_maker("a", maker);
        assert_eq!(case.choice(), KeyChoice::None);
    }
    of(&[("a", 1)], None).with_orphans(&["a"]).with_maker("a", denied()).is_unknown();
    let unread = of(&[], None).with(|observed| {
        observed.unaliased.insert(place(REGION, "alias/aws_backup_key"), denied());
    });
    unread.is_unknown();
    // Of several the oldest will do, and the others are spare.
    let several = of(&[("a", 1), ("b", 2), ("c", 3)], None)
        .with_orphans(&["a", "b", "c"])
        .with_maker("a", yes())
        .with_maker("b", yes())
        .with_maker("c", Observation::Present(false));
    several.is_one("b");
    assert_eq!(spare_keys(&several.desired, several.key(), &several.observed), [arn("a")]);
    let (report, _) = heal(&several.desired, several.observed.clone());
    let notes: Vec<String> = report.notes.iter().map(ToString::to_string).collect();
    let spare = notes.iter().find(|note| note.contains("made more than one key")).expect("a note");
    assert!(spare.ends_with(&format!("{}.", arn("a"))), "{spare}");
    // One that we made is it, though the alias means another, unless we may have made that one too.
    let both = |maker| {
        of(&[("a", 1), ("b", 2)], Some("b"))
            .with_orphans(&["a"])
            .with_maker("a", yes())
            .with_maker("b", maker)
    };
    both(Observation::Present(false)).is_one("a");
    both(yes()).is_one("b");
    both(denied()).is_unknown();
}

#[test]
fn without_a_record_the_key_behind_the_alias_has_to_fit_and_to_be_no_younger_than_the_rest() {
    let of = |age| Case::new(&[("a", age)], &[], Some("a"));
    of(399).is_one("a");
    of(400).is_one("a");
    of(398).is_stranger("a", "younger");
    // To the second.
    of(399)
        .with_key("a", |key| key.created = key.created.map(|at| at + Duration::milliseconds(900)))
        .is_one("a");
    of(399)
        .with_key("a", |key| key.created = key.created.map(|at| at + Duration::seconds(1)))
        .is_stranger("a", "younger");
    of(400).with_key("a", |key| key.created = None).is_stranger("a", "nothing of the deployment");
    of(400).with_key("a", |key| key.customer_managed = false).is_stranger("a", "managed by AWS");
    of(400).with_key("a", |key| key.shared = denied()).is_unknown();
    of(400).with_maker("a", denied()).is_one("a");
    of(400).with(|observed| drop(observed.keys.insert(arn("a"), denied()))).is_unknown();
    of(400)
        .with(|observed| drop(observed.keys.insert(arn("a"), Observation::Absent)))
        .is_stranger("a", "not be found");
    of(400).with(|observed| drop(observed.keys.remove(&arn("a")))).is_stranger("a", "not be found");
    let alone = |observed: &mut Observed| {
        observed.plans.clear();
        observed.roles.clear();
    };
    of(400).with(alone).is_stranger("a", "nothing of the deployment");
    // Each of them is enough.
    of(398).with(|observed| observed.roles.clear()).is_one("a");
    of(399).with(|observed| observed.plans.clear()).is_one("a");
    let unread = of(400).with(|observed| {
        observed.aliases.insert(place(REGION, "alias/aws_backup_key"), denied());
    });
    unread.is_unknown();
    let unread = of(400).with(|observed| {
        observed.unaliased.insert(place(REGION, "alias/aws_backup_key"), denied());
    });
    unread.is_one("a");
}

#[test]
fn a_key_fits_by_what_it_is_and_by_who_may_use_it() {
    let case = Case::new(&[("a", 400)], &[], Some("a"));
    let judge = |change: &dyn Fn(&mut Key)| {
        let mut key = case.observed.keys[&arn("a")].present().unwrap().clone();
        change(&mut key);
        fits(&case.desired, case.key(), &key)
    };
    let grant = |grantee: &str| {
        let operations = ["Decrypt".to_owned()].into();
        Observation::Present(vec![Grant { id: "one".to_owned(), grantee: grantee.to_owned(), operations }])
    };
    for fit in [
        judge(&|_| ()),
        judge(&|key| key.state = KeyState::Disabled),
        judge(&|key| key.description = "another".to_owned()),
        judge(&|key| key.tags = Observation::Present(BTreeMap::new())),
        judge(&|key| key.grants = Observation::Absent),
        judge(&|key| key.grants = grant("backup.amazonaws.com")),
        judge(&|key| key.grants = grant("123456789012")),
        judge(&|key| key.grants = grant("arn:aws:iam::123456789012:role/ours")),
        judge(&|key| key.grants = grant("12345678901x")),
        judge(&|key| key.grants = grant("1234567890123")),
    ] {
        assert_eq!(fit, Fit::Fits);
    }
    for (fit, words) in [
        (judge(&|key| key.customer_managed = false), "managed by AWS"),
        (judge(&|key| key.spec = "RSA_2048".to_owned()), "RSA_2048"),
        (judge(&|key| key.origin = "EXTERNAL".to_owned()), "EXTERNAL"),
        (judge(&|key| key.multi_region = MultiRegion::Primary), "several regions"),
        (judge(&|key| key.multi_region = MultiRegion::Replica), "several regions"),
        (judge(&|key| key.grants = grant("999999999999")), "a grant lets 999999999999"),
        (judge(&|key| key.grants = grant("arn:aws:iam::999999999999:role/theirs")), "a grant lets"),
        (judge(&|key| key.shared = Observation::Present("{}".to_owned())), "shared with other accounts"),
        (judge(&|key| key.policy = Observation::Absent), "no key policy"),
        (
            judge(&|key| key.policy = Observation::Present("{}".to_owned())),
            "neither the spec's nor the default",
        ),
    ] {
        let Fit::DoesNot(why) = fit else { panic!("{words}: {fit:?}") };
        assert!(why.as_str().contains(words), "{why}");
    }
    for fit in [
        judge(&|key| key.grants = denied()),
        judge(&|key| key.shared = denied()),
        judge(&|key| key.policy = denied()),
    ] {
        assert!(matches!(fit, Fit::Unknown(_)), "{fit:?}");
    }
}

#[test]
fn only_what_decides_is_asked_for_and_only_of_a_deployment_that_is_older_than_its_vaults() {
    let asked = |case: &Case| {
        let plans = plans_in_question(&case.desired, &case.observed);
        let names: Vec<String> = plans.iter().map(|(_, name, _)| (*name).to_owned()).collect();
        let keys: Vec<String> =
            keys_in_question(&case.desired, &case.observed).into_iter().map(|(_, arn)| arn).collect();
        (names, keys)
    };
    let of = |key, vaults| Case::new(&[("a", key), ("b", 400)], vaults, Some("a"));
    let nothing = (vec![], vec![]);
    assert_eq!(asked(&of(400, ALL_ON_A)), nothing);
    // The plans say by themselves that the vaults were made anew: it matters who made the key.
    assert_eq!(asked(&of(2, &[(HOURLY, "a", 1)])), (vec![], vec![arn("a")]));
    // They were written later, and something else is older: what they said before matters.
    let written = |hours| of(2, &[(HOURLY, "a", 1)]).with_plans_written(Some(NOW - Duration::hours(hours)));
    let both = vec!["ec2_prod_backups".to_owned(), "prod_backups".to_owned()];
    assert_eq!(asked(&written(1)), (both, vec![]));
    // Of a plan that writes elsewhere nothing depends.
    let mut elsewhere = written(1);
    for rule in elsewhere.desired.plans.iter_mut().skip(1).flat_map(|plan| &mut plan.document.rules) {
        rule.target_vault = "vault_disaster_recovery".to_owned();
    }
    assert_eq!(asked(&elsewhere), (vec!["prod_backups".to_owned()], vec![]));
    let began = NOW - Duration::days(2);
    let until = plans_in_question(&written(1).desired, &written(1).observed).into_iter().next().unwrap().2;
    assert_eq!(until, began - Duration::hours(1));
    let young = written(1).with(|observed| {
        observed
            .roles
            .values_mut()
            .filter_map(Observation::present_mut)
            .for_each(|role| role.created = Some(began));
    });
    assert_eq!(asked(&young), nothing);
    // Where the vaults disagree nobody is asked.
    let disagree = of(2, &[(HOURLY, "a", 1), (DAILY, "b", 1)]).with_plans_written(Some(NOW));
    assert_eq!(asked(&disagree), nothing);
}

#[test]
fn keys_that_look_like_the_one_that_is_missing_are_named_and_others_are_not() {
    let desired = desired();
    let want = desired.key(REGION, "alias/aws_backup_key").unwrap();
    let tags = |key: &mut Key| key.tags = Observation::Present(want.tags.clone());
    let alike = |change: &dyn Fn(&mut Key), alias: Option<&str>| {
        // Without plans and role nothing shows that the key behind the alias is ours.
        let case = Case::new(&[("a", 1), ("stranger", 1)], &[], alias)
            .with_key("stranger", |key| key.description = "mine".to_owned())
            .with_key("stranger", |key| key.tags = Observation::Present(BTreeMap::new()))
            .with_key("a", change);
        let found = diff(&case.desired, &case.observed);
        let here = found
            .iter()
            .find(|one| one.resource.region.as_deref() == Some(REGION) && one.resource.kind == Kind::Key);
        let Drift::Key(KeyDrift::Missing { look_alikes, .. }) = &here.unwrap().drift else {
            panic!("{here:#?}")
        };
        look_alikes.iter().map(|one| one.key_arn.clone()).collect::<Vec<_>>()
    };
    let neither = |key: &mut Key| {
        key.description = "mine".to_owned();
        key.tags = Observation::Present(BTreeMap::new());
    };
    assert_eq!(alike(&|_| (), None), [arn("a")]);
    assert_eq!(
        alike(&|key| key.tags = Observation::Present(BTreeMap::new()), None),
        [arn("a")],
        "by its description"
    );
    assert_eq!(
        alike(
            &|key| {
                key.description = "mine".to_owned();
                tags(key)
            },
            None
        ),
        [arn("a")],
        "by its tags"
    );
    assert_eq!(alike(&|key| neither(key), None), Vec::<String>::new());
    assert_eq!(alike(&|key| key.customer_managed = false, None), Vec::<String>::new());
    assert_eq!(alike(&|key| key.arn = key.arn.replace("us-east-1", "us-west-2"), None), Vec::<String>::new());
    // The one behind the alias is told as what the alias points to.
    assert_eq!(alike(&|_| (), Some("a")), Vec::<String>::new());
    assert_eq!(alike(&|_| (), Some("stranger")), [arn("a")]);
}

#[test]
fn a_grant_is_foreign_by_the_account_that_it_names() {
    let case = Case::new(&[("a", 400)], ALL_ON_A, Some("a"));
    for (grantee, is_foreign) in [
        ("arn:aws:iam::999999999999:role/theirs", true),
        ("999999999999", true),
        ("arn:aws:iam::123456789012:role/ours", false),
        ("123456789012", false),
        ("backup.amazonaws.com", false),
        ("abcdefghijkl", false),
        ("99999999999", false),
        ("9999999999999", false),
    ] {
        let mut observed = case.observed.clone();
        let key = observed.keys.get_mut(&arn("a")).unwrap().present_mut().unwrap();
        let operations = ["Decrypt".to_owned()].into();
        key.grants = Observation::Present(vec![Grant {
            id: "one".to_owned(),
            grantee: grantee.to_owned(),
            operations,
        }]);
        let told = ids(&diff(&case.desired, &observed)).contains(&"key/foreign-grant (grants.*)".to_owned());
        assert_eq!(told, is_foreign, "{grantee}");
    }
}
