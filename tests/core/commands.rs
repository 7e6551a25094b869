//! The command that goes with a finding is one that can be run, and runs where it has to.

use reconcile::call::{Call, CallError};
use reconcile::desired::{DesiredLock, LockMode};
use reconcile::drift::{Drift, Finding, Part, RoleDrift, VaultLockDrift, VaultPolicyDrift, unreadable};
use reconcile::read::{Read, Refusal};
use reconcile::repair::{BlockReason, Consent};
use reconcile::report::{Outcome, Reported};
use reconcile::resource::{Kind, ResourceId};
use reconcile::words::{Called, Command, Note, Prose, Reader, policies_apart, texts_apart};
use time::OffsetDateTime;

fn command(
    resource: ResourceId,
    drift: impl Into<Drift>,
    outcome: Outcome,
    call: Option<Call>,
) -> Option<String> {
    reported(resource, drift.into(), outcome, call)
        .command("us-gov-west-1")
        .map(|command| command.to_string())
}

fn reported(resource: ResourceId, drift: Drift, outcome: Outcome, call: Option<Call>) -> Reported {
    Reported {
        finding: Finding { resource, drift },
        outcome,
        calls: call.into_iter().collect(),
        immutable_at: None,
        seen_at: OffsetDateTime::UNIX_EPOCH,
        repaired_at: None,
    }
}

#[test]
fn after_a_gap_one_looks_for_what_the_gap_let_through() {
    let weakened = |lost: &[&str]| {
        Drift::VaultPolicy(VaultPolicyDrift::Weakened {
            no_longer_denied: lost.iter().map(|action| (*action).to_owned()).collect(),
            expected: String::new(),
            observed: String::new(),
        })
    };
    let told = |drift: Drift| {
        let vault = ResourceId::regional(Kind::VaultPolicy, "us-east-1", "vault_prod_daily");
        // Gone with the repair of something else: there is no call.
        let one = reported(vault, drift, Outcome::Repaired, None);
        let (text, command) = (one.next_step(), one.command("us-east-1"));
        (text.expect("a next step").to_string(), command.expect("a command").to_string())
    };
    let (deleted, cut) = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle");
    let (text, command) = told(weakened(&[cut]));
    assert_eq!(text, "Check whether recovery points had their retention shortened while the vault was open:");
    assert!(
        command.ends_with("AttributeKey=EventName,AttributeValue=UpdateRecoveryPointLifecycle"),
        "{command}"
    );
    let (text, command) = told(weakened(&[deleted]));
    assert_eq!(text, "Check whether recovery points were deleted while the vault was open:");
    assert!(command.ends_with("AttributeKey=EventName,AttributeValue=DeleteRecoveryPoint"), "{command}");
    // What could not be read denied nothing.
    for all in [
        weakened(&[deleted, cut]),
        weakened(&[]),
        Drift::VaultPolicy(VaultPolicyDrift::Missing { expected: String::new() }),
    ] {
        let (text, command) = told(all);
        assert_eq!(
            text,
            "Check whether recovery points were deleted or had their retention shortened while the vault was open:"
        );
        assert_eq!(
            command,
            "for name in DeleteRecoveryPoint UpdateRecoveryPointLifecycle; do aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventName,AttributeValue=$name; done"
        );
    }
    let vault = ResourceId::regional(Kind::VaultPolicy, "us-east-1", "vault_prod_daily");
    let one = reported(vault, weakened(&["backup:DeleteBackupVault"]), Outcome::Repaired, None);
    assert_eq!((one.next_step(), one.command("us-east-1")), (None, None));
}

#[test]
fn a_lock_that_was_put_again_tells_both_what_it_starts_and_what_was_open() {
    let expected = DesiredLock {
        mode: LockMode::Compliance { changeable_for_days: 3 },
        min_retention_days: None,
        max_retention_days: None,
    };
    let call = Call::PutBackupVaultLockConfiguration {
        region: "us-east-1".to_owned(),
        vault: "vault_prod_daily".to_owned(),
        changeable_for_days: Some(3),
        min_retention_days: None,
        max_retention_days: None,
    };
    let vault = ResourceId::regional(Kind::VaultLock, "us-east-1", "vault_prod_daily");
    let one = reported(
        vault,
        Drift::VaultLock(VaultLockDrift::Missing { expected }),
        Outcome::Repaired,
        Some(call),
    );
    let text = one.next_step().expect("a next step");
    assert!(
        text.as_str().starts_with(
            "Check whether recovery points were deleted or had their retention shortened while the vault was open. The lock"
        ),
        "{text}"
    );
    let command = one.command("us-east-1").expect("a command");
    assert!(
        command.to_string().starts_with("aws backup delete-backup-vault-lock-configuration"),
        "{command}"
    );
}

#[test]
fn what_was_refused_about_the_role_is_looked_up_where_iam_records() {
    let call = Call::AttachRolePolicy {
        role: "aws_backup_role".into(),
        policy_arn: "arn:aws:iam::aws:policy/x".into(),
    };
    let refused = CallError { code: "AccessDenied".to_owned(), message: "no".to_owned() };
    let drift = Drift::Role(RoleDrift::PolicyDetached { policy_arn: "arn:aws:iam::aws:policy/x".to_owned() });
    let command = command(ResourceId::role("aws_backup_role"), drift, Outcome::Failed(refused), Some(call));
    assert_eq!(
        command.as_deref(),
        Some(
            "aws cloudtrail lookup-events --region us-gov-west-1 --lookup-attributes AttributeKey=EventName,AttributeValue=AttachRolePolicy --start-time 1970-01-01T00:00:00Z"
        )
    );
}

#[test]
fn what_could_not_be_read_is_read_by_the_same_call_or_looked_up() {
    let vault = |kind| ResourceId::regional(kind, "us-east-1", "vault_prod_daily");
    let lookup = |region: &str, event: &str| {
        format!(
            "aws cloudtrail lookup-events --region {region} --lookup-attributes AttributeKey=EventName,AttributeValue={event}"
        )
    };
    let key = || ResourceId::regional(Kind::Key, "us-east-1", "alias/aws_backup_key");
    for (resource, read, expected) in [
        (
            vault(Kind::VaultPolicy),
            Read::GetBackupVaultAccessPolicy,
            "aws backup get-backup-vault-access-policy --region us-east-1 --backup-vault-name vault_prod_daily".to_owned(),
        ),
        (vault(Kind::Vault), Read::ListTags, lookup("us-east-1", "ListTags")),
        // The key of a vault has no name.
        (
            vault(Kind::Vault),
            Read::DescribeKey,
            "aws backup describe-backup-vault --region us-east-1 --backup-vault-name vault_prod_daily".to_owned(),
        ),
        (key(), Read::DescribeKey, "aws kms describe-key --region us-east-1 --key-id alias/aws_backup_key".to_owned()),
        // It takes no alias.
        (key(), Read::GetKeyRotationStatus, lookup("us-east-1", "GetKeyRotationStatus")),
        (
            ResourceId::selection("us-east-1", "prod_backups", "all"),
            Read::GetBackupSelection,
            lookup("us-east-1", "GetBackupSelection"),
        ),
        (
            ResourceId::role("aws_backup_role"),
            Read::ListAttachedRolePolicies,
            "aws iam list-attached-role-policies --role-name aws_backup_role".to_owned(),
        ),
    ] {
        let error = CallError { code: "AccessDeniedException".to_owned(), message: "no".to_owned() };
        let drift = unreadable(&resource, Part::Whole, &Refusal::of(read, error));
        let command = command(resource, drift, Outcome::Blocked(BlockReason::Unreadable), None);
        assert_eq!(command.as_ref(), Some(&expected), "{}", read.action());
    }
}

#[test]
fn whoever_called_with_options_gets_commands_with_the_same_ones() {
    let all = |region: &str| Called {
        spec: Some("s.toml".to_owned()),
        profile: Some("backup".to_owned()),
        region: Some(region.to_owned()),
        endpoint_url: Some("http://127.0.0.1".to_owned()),
        repair: vec![("only", Some("vault-lock".to_owned())), ("yes", None)],
    };
    let typed = |command: Command| command.read_by(&Reader::Caller(all("eu-west-1"))).to_string();
    // A region that it has already is the right one.
    for (command, region) in [
        (Command::aws("backup list-backup-vaults").with("region", "us-east-1"), "--region us-east-1"),
        (
            Command::aws("backup list-backup-vaults").with("region", "us-east-1").with("max-results", "1"),
            "--region us-east-1 --max-results 1",
        ),
        (Command::aws("backup list-backup-vaults"), "--region eu-west-1"),
    ] {
        assert_eq!(
            typed(command),
            format!(
                "aws backup list-backup-vaults {region} --profile backup --endpoint-url http://127.0.0.1"
            )
        );
    }
    assert_eq!(typed(Command::drift("explain missing")), "drift explain missing");
    for (consent, option) in [
        (Consent::ComplianceLocks, "--allow-compliance-locks"),
        (Consent::LockLimits, "--allow-compliance-locks"),
        (Consent::Bootstrap, "--bootstrap"),
    ] {
        assert_eq!(
            typed(Command::consent(consent)),
            format!(
                "drift repair --spec s.toml --profile backup --region eu-west-1 --endpoint-url http://127.0.0.1 --only vault-lock --yes {option}"
            )
        );
        assert!(Command::consent(consent).to_string().starts_with("infra/deploy --mode repair "));
    }
    // Whoever looks after the function types what is written.
    let command = Command::aws("iam get-role").with("role-name", "x");
    assert_eq!(command.clone().read_by(&Reader::Deployer), command);
    assert!(
        command.fits_code_span() && !Command::aws("iam get-role").with("role-name", "`id`").fits_code_span()
    );
}

#[test]
fn a_note_is_read_like_a_finding() {
    let note = Note {
        text: Prose::own("Look:"),
        command: Some(Command::aws("iam get-role").with("role-name", "x")),
    };
    let called = Called { profile: Some("backup".to_owned()), ..Called::default() };
    assert_eq!(note.to_string(), "Look: aws iam get-role --role-name x");
    let read = note.clone().read_by(&Reader::Caller(called));
    assert_eq!(read.to_string(), "Look: aws iam get-role --role-name x --profile backup");
    assert_eq!(note.clone().read_by(&Reader::Deployer), note);
}

#[test]
fn of_two_long_texts_it_is_told_where_they_differ() {
    let told = |same: usize| {
        let text = "a".repeat(same);
        let (one, other) = texts_apart(&format!("{text}b"), &format!("{text}c"));
        (one.to_string(), other.to_string())
    };
    assert_eq!(told(3), ("aaab".to_owned(), "aaac".to_owned()));
    let first = (0..1000).find(|same| told(*same).0.starts_with("...")).expect("some length is too much");
    assert_eq!(told(first), ("...b".to_owned(), "...c".to_owned()));
    assert_eq!(told(first - 1).0.len(), first);
    assert_eq!(first, 150);
}

#[test]
fn of_two_policies_it_is_told_what_differs_and_no_more() {
    let policy = |statement: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let deny = |resource: &str, condition: &str| {
        policy(&format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"backup:Delete*","Resource":"{resource}"{condition}}}"#
        ))
    };
    let told = |one: String, other: String| {
        let (one, other) = policies_apart(&one, &other);
        (one.to_string(), other.to_string())
    };
    let on = |resource: &str| format!("Deny backup:Delete* to everyone on {resource}");
    let (one, other) = told(deny("*", ""), deny("arn:x", ""));
    assert!(one.contains(&on("*")) && other.contains(&on("arn:x")), "{one} {other}");
    let (one, other) = told(
        deny("*", ""),
        policy(r#"{"Effect":"Deny","Principal":"*","Action":"backup:Start*","Resource":"*"}"#),
    );
    assert!(
        one.ends_with("Deny backup:Delete* to everyone") && other.ends_with("Deny backup:Start* to everyone"),
        "{one} {other}"
    );
}
