//! What a spec resolves to in an account.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::*;
use reconcile::policy::Policy;
use reconcile::spec::{ResolveError, Target};

use super::*;

const REFERENCE: &str = include_str!("../../../functions/drift-healer/desired.toml");

fn target() -> Target {
    Target { partition: "aws".into(), account: "123456789012".into(), primary_region: None, dr_region: None }
}

#[track_caller]
fn resolved(toml: &str) -> Desired {
    Spec::parse(toml).unwrap_or_else(|errors| panic!("{errors}")).resolve(&target()).expect("resolves")
}

fn strings<const N: usize>(pairs: [(&str, &str); N]) -> Tags {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[test]
fn the_reference_spec_is_the_reference_deployment() {
    let desired = resolved(REFERENCE);
    assert_eq!(desired.regions(), BTreeSet::from(["us-east-1", "us-west-2"]));
    let common = strings([
        ("terraform", "true"),
        ("created_by", "ThinkStack"),
        ("environment", "prod"),
        ("priority", "critical"),
        ("aws_backup", "true"),
    ]);
    assert!(desired.keys.iter().all(|key| key.tags == common && key.rotation));
    assert_eq!(desired.roles[0].tags, Tags::new(), "the role is not tagged");
    assert_eq!(desired.roles[0].arn, "arn:aws:iam::123456789012:role/aws_backup_role");
    assert_eq!(
        desired.roles[0].trust,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
    );
    assert_eq!(
        desired.roles[0].managed_policies,
        BTreeSet::from([
            "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup".to_owned(),
            "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores".to_owned(),
        ])
    );
    let vaults: Vec<_> =
        desired.vaults.iter().map(|vault| (vault.region.as_str(), vault.name.as_str())).collect();
    assert_eq!(
        vaults,
        [
            ("us-east-1", "vault_prod_hourly"),
            ("us-east-1", "vault_prod_daily"),
            ("us-east-1", "vault_prod_monthly"),
            ("us-west-2", "vault_disaster_recovery"),
        ]
    );
    for vault in &desired.vaults {
        assert_eq!(vault.tags, common);
        let mode = LockMode::Compliance { changeable_for_days: 3 };
        assert_eq!(
            vault.lock,
            Some(DesiredLock { mode, min_retention_days: None, max_retention_days: None })
        );
        let policy = Policy::parse(vault.policy.as_deref().expect("a policy")).expect("parses");
        assert!(policy.denies_everyone("backup:DeleteRecoveryPoint", &vault.arn));
    }
    let rules: Vec<_> = desired.plans.iter().flat_map(|plan| &plan.document.rules).collect();
    assert_eq!(rules.len(), 4);
    let dr = "arn:aws:backup:us-west-2:123456789012:backup-vault:vault_disaster_recovery".to_owned();
    let kept_30 = CopyLifecycle { kept: CopyRetention::Days(30), ..CopyLifecycle::default() };
    assert_eq!(rules[1].copies, [Copy { destination: dr, lifecycle: kept_30 }]);
    assert_eq!((rules[0].start_window_minutes, rules[0].completion_window_minutes), (60, 1440));
    assert_eq!(desired.exceptions, []);
}

#[test]
fn every_field_of_the_base_arrives() {
    let desired = resolved(BASE);
    let plan = &desired.plans[0];
    assert_eq!(plan.region, "eu-west-1", "a plan without a region is in the primary one");
    assert_eq!(plan.tags, strings([("team", "backup"), ("tier", "silver")]), "own tags override");
    assert_eq!(by_type(&plan.document.advanced_settings)["EC2"], strings([("WindowsVSS", "enabled")]));
    let copies = "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies".to_owned();
    let rule = Rule {
        name: "rule".into(),
        schedule: "cron(0 5 ? * * *)".into(),
        timezone: "Europe/Berlin".into(),
        target_vault: "daily".into(),
        start_window_minutes: 60,
        completion_window_minutes: 600,
        air_gapped_vault: None,
        lifecycle: Lifecycle {
            delete_after_days: Some(100),
            cold_storage_after_days: Some(10),
            opt_in_to_archive: None,
        },
        continuous_backup: false,
        recovery_point_tags: strings([("kept", "long")]),
        copies: vec![Copy {
            destination: copies,
            lifecycle: CopyLifecycle { kept: CopyRetention::Days(50), ..CopyLifecycle::default() },
        }],
        scan_actions: None,
        index_actions: None,
    };
    assert_eq!(plan.document.rules, [rule]);
    let selection = SelectionDocument {
        name: "selection".into(),
        role_arn: "arn:aws:iam::123456789012:role/backup_role".into(),
        resources: BTreeSet::from(["arn:aws:ec2:eu-west-1:123456789012:instance/*".into()]),
        not_resources: BTreeSet::from(["arn:aws:s3:::scratch".into()]),
        tags: BTreeSet::from([TagCondition { key: "backup".into(), value: "yes".into() }]),
        conditions: BTreeSet::from([SelectionCondition {
            operator: ConditionOperator::StringEquals,
            key: "aws:ResourceTag/env".into(),
            value: "prod".into(),
        }]),
    };
    assert_eq!(plan.selections, [selection]);
    let key = desired.key("eu-west-1", "alias/backup").expect("there");
    assert_eq!((key.rotation_period_days, key.policy.as_deref()), (Some(180), None));
    let lock = desired.vaults[1].lock.expect("locked");
    assert_eq!(
        (lock.mode, lock.min_retention_days, lock.max_retention_days),
        (LockMode::Governance, Some(10), None)
    );
    assert_eq!(desired.vaults[1].policy, None, "a policy that is not named is left alone");
    let exception = &desired.exceptions[0];
    assert_eq!((exception.code.as_str(), exception.until.to_string().as_str()), ("missing", "2030-06-30"));
}

#[test]
fn what_is_left_out_gets_the_defaults_of_aws_backup() {
    let from = BASE.find("schedule =").expect("there");
    let to = BASE.find("[[plans.selections]]").expect("there");
    let toml = format!("{}delete_after_days = 30\n{}", &BASE[..from], &BASE[to..]);
    let rule = &resolved(&toml).plans[0].document.rules[0];
    assert_eq!((rule.schedule.as_str(), rule.timezone.as_str()), (DEFAULT_SCHEDULE, DEFAULT_TIMEZONE));
    assert_eq!(rule.start_window_minutes, DEFAULT_START_WINDOW);
    assert_eq!(rule.completion_window_minutes, DEFAULT_COMPLETION_WINDOW);
    assert!(!rule.continuous_backup && rule.copies.is_empty() && rule.recovery_point_tags.is_empty());
}

#[test]
fn templates_take_the_account_and_the_overridden_regions() {
    let toml =
        changed("name = \"backup_role\"", "name = \"backup_role\"\npath = \"/ops/\"\ntags = { a = \"b\" }")
            .replace("\"Principal\": \"*\"", "\"Principal\": {\"AWS\": \"${role}\"}")
            .replace("\"arn:aws:s3:::scratch\"", "\"arn:${partition}:rds:${region}:*\"")
            .replace("eu-west-1", "cn-west-9")
            .replace("eu-central-1", "cn-central-9")
            .replace("eu-north-1", "cn-north-9");
    let china = Target {
        partition: "aws-cn".into(),
        account: "210987654321".into(),
        primary_region: Some("cn-north-1".into()),
        dr_region: Some("cn-northwest-1".into()),
    };
    let desired = Spec::parse(&toml).expect("valid").resolve(&china).expect("resolves");
    assert_eq!(desired.regions(), BTreeSet::from(["cn-north-1", "cn-northwest-1"]));
    assert_eq!(desired.roles[0].arn, "arn:aws-cn:iam::210987654321:role/ops/backup_role");
    assert_eq!(desired.roles[0].tags, strings([("a", "b")]), "the common tags are not the role's");
    assert!(desired.roles[0].managed_policies.contains("arn:aws-cn:iam::210987654321:policy/backup"));
    let vault = &desired.vaults[0];
    assert_eq!(vault.arn, "arn:aws-cn:backup:cn-north-1:210987654321:backup-vault:daily");
    let policy = vault.policy.as_deref().expect("a policy");
    assert!(policy.contains(&vault.arn) && policy.contains(&desired.roles[0].arn), "{policy}");
    let plan = &desired.plans[0];
    assert!(plan.selections[0].not_resources.contains("arn:aws-cn:rds:cn-north-1:*"));
    let copy = "arn:aws-cn:backup:cn-northwest-1:210987654321:backup-vault:copies";
    assert_eq!(plan.document.rules[0].copies[0].destination, copy);
}

#[test]
fn several_services_are_a_list_and_a_document_is_kept() {
    let several =
        changed("[\"backup.amazonaws.com\"]", "[\"backup.amazonaws.com\", \"restore.amazonaws.com\"]");
    assert!(
        resolved(&several).roles[0]
            .trust
            .contains(r#"{"Service":["backup.amazonaws.com","restore.amazonaws.com"]}"#)
    );
    let document =
        r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"sts:AssumeRole"}]}"#;
    let toml =
        changed("trusted_services = [\"backup.amazonaws.com\"]", &format!("trust = '''\n{document}\n'''"));
    assert_eq!(resolved(&toml).roles[0].trust, document.replace("${account}", "123456789012"));
}

#[test]
fn a_copy_without_lifecycle_stays_without_one() {
    let toml = changed(", delete_after_days = 50", "");
    let copies = resolved(&toml).plans[0].document.rules[0].copies.clone();
    assert_eq!(copies.iter().map(|copy| copy.lifecycle).collect::<Vec<_>>(), [CopyLifecycle::default()]);
}

#[test]
fn the_hash_is_that_of_the_text() {
    let spec = Spec::parse(BASE).expect("valid");
    let commented = Spec::parse(&format!("{BASE}# a comment\n")).expect("valid");
    assert_ne!(spec.sha256(), commented.sha256());
    assert_eq!(spec.sha256(), resolved(BASE).sha256);
    assert!(
        spec.sha256().len() == 64
            && spec.sha256().chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
    );
    let regions =
        BTreeMap::from([("archive", "eu-north-1"), ("dr", "eu-central-1"), ("primary", "eu-west-1")]);
    assert_eq!(spec.regions(), regions);
}

#[test]
fn a_target_that_does_not_fit_is_refused() {
    let spec = Spec::parse(BASE).expect("valid");
    let refused = |change: fn(&mut Target)| {
        let mut target = target();
        change(&mut target);
        spec.resolve(&target).expect_err("refused")
    };
    assert_eq!(refused(|t| t.partition = "azure".into()), ResolveError::Partition("azure".into()));
    assert_eq!(refused(|t| t.account = "12345".into()), ResolveError::Account("12345".into()));
    let region = refused(|t| t.dr_region = Some("Frankfurt".into()));
    assert_eq!(region, ResolveError::Region { name: "dr", region: "Frankfurt".into() });
    let commercial = refused(|t| t.dr_region = Some("us-gov-west-1".into()));
    assert!(matches!(commercial, ResolveError::TwoPartitions { .. }), "{commercial}");
    let other = refused(|t| t.partition = "aws-us-gov".into());
    assert!(matches!(other, ResolveError::OtherPartition { .. }), "{other}");
    let same = refused(|t| t.primary_region = Some("eu-central-1".into())).to_string();
    assert!(same.contains("dr and primary") && same.contains("eu-central-1"), "{same}");
    let alone = "name = \"x\"\n[regions]\nprimary = \"eu-west-1\"\n[role]\nname = \"r\"\ntrusted_services = [\"backup.amazonaws.com\"]";
    let alone = Spec::parse(alone).expect("valid");
    let error =
        alone.resolve(&Target { dr_region: Some("eu-west-2".into()), ..target() }).expect_err("refused");
    assert_eq!(error, ResolveError::NoSuchRegion("dr"));
}

#[test]
fn what_is_one_thing_in_the_account_is_no_two_in_the_spec() {
    let twice = |from: &str, to: &str| {
        let spec = Spec::parse(&changed(from, to)).unwrap_or_else(|errors| panic!("{errors}"));
        spec.resolve(&target()).map(|_| ())
    };
    let vault = |name: &str| format!("[[vaults]]\nname = \"{name}\"\nregion = \"primary\"\n\n");
    let vaults = |a: &str, b: &str| format!("{}{}[[plans]]", vault(a), vault(b));
    assert_eq!(
        twice("[[plans]]", &vaults("v-${account}", "v-123456789012")),
        Err(ResolveError::Twice("the vault v-123456789012 in eu-west-1".to_owned()))
    );
    assert_eq!(twice("[[plans]]", &vaults("v-${account}", "v-123456789013")), Ok(()));
    let copy = |arn: &str| format!("copies = [{{ vault_arn = \"{arn}\", delete_after_days = 50 }}, ");
    for (arn, is_twice) in [
        ("arn:aws:backup:eu-central-1:123456789012:backup-vault:copies", true),
        ("arn:aws:backup:eu-west-1:123456789012:backup-vault:daily", true),
        ("arn:aws:backup:eu-west-1:210987654321:backup-vault:daily", false),
    ] {
        let answer = twice("copies = [", &copy(arn));
        assert_eq!(matches!(answer, Err(ResolveError::Twice(_))), is_twice, "{arn}: {answer:?}");
    }
}
