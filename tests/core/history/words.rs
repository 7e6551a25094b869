//! In which words people are told who did it, since when, and that it goes on; and what a record says of its call.

use reconcile::history::{Client, evidence, short_actor};

use super::*;

/// The first finding of a report, and its story.
fn who(told: &Told) -> [String; 3] {
    let attribution = told.story().attribution.as_ref().expect("an actor");
    let fight = attribution.fight().map(|fight| fight.to_string()).unwrap_or_default();
    [attribution.who().to_string(), attribution.who_again().to_string(), fight]
}

fn gone_by(record: Value) -> Told {
    explained(&[RecordedCall::parse(&record).unwrap()], Some(&own()), policy_gone())
}

/// A deletion of the policy a minute ago, in a record of this form.
fn deletion(change: impl Fn(&mut Value)) -> Value {
    let mut record = event(THEIRS);
    record["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
    record["eventTime"] = json!(written(NOW - Duration::MINUTE));
    record["userIdentity"] = json!({ "arn": "arn:aws:sts::123456789012:assumed-role/ci-deploy/run-7" });
    record["sourceIPAddress"] = json!("198.51.100.18");
    record["userAgent"] = json!("aws-cli/2.32.4");
    record.as_object_mut().unwrap().remove("sessionCredentialFromConsole");
    change(&mut record);
    record
}

#[test]
fn whoever_did_it_is_told_with_client_address_call_and_time() {
    let when = "2026-11-23 02:59:00 UTC";
    let call = format!("DeleteBackupVaultAccessPolicy at {when}.");
    let [once, again, fight] = who(&gone_by(deletion(|_| ())));
    assert_eq!(once, format!("ci-deploy/run-7, the AWS CLI, 198.51.100.18: {call}"));
    assert_eq!(again, "ci-deploy/run-7, the same DeleteBackupVaultAccessPolicy.");
    assert_eq!(fight, "");
    // What the record lacks is not told.
    let bare = |record: &mut Value| {
        for member in ["userAgent", "sourceIPAddress"] {
            record.as_object_mut().unwrap().remove(member);
        }
    };
    assert_eq!(who(&gone_by(deletion(bare)))[0], format!("ci-deploy/run-7: {call}"));
    let unnamed = |record: &mut Value| record["userIdentity"] = json!({});
    let [once, again, _] = who(&gone_by(deletion(unnamed)));
    assert_eq!(once, format!("somebody unnamed, the AWS CLI, 198.51.100.18: {call}"));
    assert_eq!(again, "the same call, the same DeleteBackupVaultAccessPolicy.");
    let by_code = |record: &mut Value| record["userAgent"] = json!("APN/1.0 HashiCorp/1.0 Terraform/1.14.0");
    let [once, _, fight] = who(&gone_by(deletion(by_code)));
    assert!(once.starts_with("ci-deploy/run-7, Terraform, 198.51.100.18: "), "{once}");
    assert_eq!(
        fight,
        "By its user agent this was Terraform: code and spec disagree. Change the Terraform code to what is expected here. Only if the new value is meant, change the spec and deploy drift-healer."
    );
}

#[test]
fn who_is_not_sure_is_told_with_the_doubt() {
    let of = |report: Report, calls: &[RecordedCall], told: &[RecordedCall], own: Option<&Principal>| {
        who(&explained_with(calls, told, own, report))
    };
    let own = own();
    let code = |before: Duration, id: &str| {
        let mut call = by("bob", THEIRS, before, id);
        call.user_agent = Some("OpenTofu/1.10.0".to_owned());
        call
    };
    let [once, again, fight] = of(policy_gone(), &[code(Duration::hours(3), "a")], &[], Some(&own));
    let doubt = "CloudTrail's history, which lags up to 15 minutes, shows nothing newer.";
    assert!(once.starts_with("probably bob, OpenTofu,") && once.ends_with(doubt), "{once}");
    assert_eq!(again, format!("probably bob, the same DeleteBackupVaultAccessPolicy. {doubt}"));
    assert!(
        fight.starts_with("If this call did it, OpenTofu made it, by its user agent: code and spec"),
        "{fight}"
    );
    let invoked = [code(Duration::MINUTE, "a")];
    let [once, ..] = of(policy_gone(), &[], &invoked, Some(&own));
    assert!(once.ends_with("It is told by the invocation, not confirmed by CloudTrail's history, which lags up to 15 minutes."), "{once}");
    let [once, ..] = of(policy_gone(), &[code(Duration::MINUTE, "a")], &[], None);
    assert!(once.ends_with("CloudTrail's history could not be asked in full."), "{once}");
    let missing =
        report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), None)]);
    let [once, ..] = of(missing, &[write("delete-backup-plan")], &[], Some(&own));
    assert!(once.contains("shows only the id of its target, which may be another resource's."), "{once}");
    let both = [by("maria", THEIRS, Duration::hours(1), "a"), by("bob", THEIRS, Duration::MINUTE, "b")];
    let [once, ..] = of(policy_gone(), &both, &[], Some(&own));
    assert!(
        once.starts_with("probably bob") && once.ends_with("Others made such a call too: maria."),
        "{once}"
    );
}

#[test]
fn a_denied_read_is_no_fight_with_code() {
    use reconcile::call::CallError;
    use reconcile::drift::{Part, unreadable};
    use reconcile::read::{Read, Refusal};
    let id = regional(Kind::VaultPolicy, "vault_prod_daily");
    let error = CallError { code: "AccessDeniedException".to_owned(), message: "no".to_owned() };
    let unread = unreadable(&id, Part::Whole, &Refusal::of(Read::GetBackupVaultAccessPolicy, error));
    let mut call = at("put-backup-vault-access-policy", Duration::MINUTE, "a");
    call.user_agent = Some("Terraform/1.14.0".to_owned());
    let told = explained(&[call], Some(&own()), report(vec![found(id, unread.into(), None)]));
    let [once, _, fight] = who(&told);
    assert!(once.ends_with("Something else may also be denying the read."), "{once}");
    assert_eq!(fight, "");
}

#[test]
fn a_repair_that_is_undone_again_and_again_is_told_with_who_did_it() {
    let contested = |outcome: Outcome, calls: &[RecordedCall]| {
        let mut one = policy_gone();
        one.findings[0].outcome = outcome;
        let told = explained(calls, Some(&own()), one);
        told.story().contested(&told.report.findings[0]).map(|text| text.to_string())
    };
    let fight = [
        by("bob", THEIRS, Duration::hours(6), "a"),
        at(OURS, Duration::hours(5), "b"),
        by("maria", THEIRS, Duration::hours(3), "c"),
        at(OURS, Duration::hours(2), "d"),
        by("bob", THEIRS, Duration::hours(1), "e"),
    ];
    assert_eq!(
        contested(Outcome::Repaired, &fight).as_deref(),
        Some(
            "Contested: this is repair number 3 within 24 hours. The last to change it before a repair: bob (2 times), maria (1 time). It will go on until one side stops."
        )
    );
    let tried = contested(Outcome::Blocked(BlockReason::Tried), &fight).unwrap();
    assert!(tried.starts_with("Contested: repaired 3 times within 24 hours. The last to"), "{tried}");
    let unknown = [at(OURS, Duration::hours(5), "b"), at(OURS, Duration::hours(2), "d")];
    assert_eq!(
        contested(Outcome::Repaired, &unknown).as_deref(),
        Some("Contested: this is repair number 3 within 24 hours. It will go on until one side stops.")
    );
    assert_eq!(contested(Outcome::Repaired, &unknown[1..]), None);
    // A repair of exactly a day ago counts no more.
    let edge = |before| [at(OURS, before, "b"), at(OURS, Duration::hours(2), "d")];
    assert_eq!(contested(Outcome::Repaired, &edge(Duration::hours(24))), None);
    assert!(contested(Outcome::Repaired, &edge(Duration::hours(24) - Duration::SECOND)).is_some());
}

#[test]
fn the_time_that_a_repair_ended_is_told_as_far_as_it_is_known() {
    let window = |calls: &[RecordedCall], repaired_at: Option<OffsetDateTime>| {
        let mut one = policy_gone();
        one.findings[0].repaired_at = repaired_at;
        let told = explained(calls, Some(&own()), one);
        told.story().window(&told.report.findings[0]).to_string()
    };
    let call = || [at(THEIRS, Duration::MINUTE, "a")];
    let (began, now) = ("2026-11-23 02:59:00 UTC", "2026-11-23 03:00:00 UTC");
    assert_eq!(window(&call(), Some(NOW)), format!("between {began} and {now}"));
    assert_eq!(window(&call(), Some(NOW - Duration::MINUTE)), format!("around {began}"));
    assert_eq!(window(&call(), Some(NOW - Duration::hours(1))), "around 2026-11-23 02:00:00 UTC");
    assert_eq!(window(&call(), None), format!("since {began}"));
    assert_eq!(window(&[], Some(NOW)), format!("before {now}"));
    assert_eq!(window(&[], None), "");
}

#[test]
fn a_look_into_the_history_begins_when_the_finding_did() {
    let command = |calls: &[RecordedCall], outcome: Outcome| {
        let mut one = policy_gone();
        one.findings[0].outcome = outcome;
        let told = explained(calls, Some(&own()), one);
        told.story().command(&told.report.findings[0], "us-east-1").map(|command| command.to_string())
    };
    let call = [at(THEIRS, Duration::MINUTE, "a")];
    let repaired = command(&call, Outcome::Repaired).unwrap();
    assert!(repaired.ends_with("--start-time 2026-11-23T02:59:00Z; done"), "{repaired}");
    let unknown = command(&[], Outcome::Repaired).unwrap();
    assert!(!unknown.contains("--start-time"), "{unknown}");
    assert_eq!(command(&call, Outcome::Planned), None);
}

#[test]
fn a_name_is_as_short_as_people_need_it() {
    for (actor, short) in [
        ("arn:aws:sts::123456789012:assumed-role/ci-deploy/run-7", "ci-deploy/run-7"),
        ("arn:aws:sts::123456789012:federated-user/ana", "ana"),
        ("arn:aws:iam::123456789012:user/ops/ana", "ops/ana"),
        ("arn:aws:iam::123456789012:root", "root"),
        (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/ana@example.com",
            "ana@example.com (AdministratorAccess)",
        ),
        ("backup.amazonaws.com", "backup.amazonaws.com"),
    ] {
        assert_eq!(short_actor(actor).to_string(), short);
    }
}

#[test]
fn the_evidence_is_each_actor_in_full_and_under_it_the_calls() {
    let call = |id: Option<&str>, agent: &str| {
        let mut record = deletion(|_| ());
        record["eventID"] = id.map_or(Value::Null, |id| json!(id));
        record["userAgent"] = json!(agent);
        RecordedCall::parse(&record).unwrap()
    };
    let calls = [call(Some("a"), "aws-cli/2"), call(Some("b"), "curl/8"), call(None, "aws-cli/2")];
    let told: Vec<String> = evidence(&calls.each_ref()).iter().map(ToString::to_string).collect();
    let actor = "Evidence: arn:aws:sts::123456789012:assumed-role/ci-deploy/run-7 from 198.51.100.18 with";
    let line = "  DeleteBackupVaultAccessPolicy at 2026-11-23 02:59:00 UTC in us-east-1";
    assert_eq!(
        told,
        [
            &format!("{actor} aws-cli/2"),
            &format!("{line}, event a"),
            line,
            &format!("{actor} curl/8"),
            &format!("{line}, event b")
        ]
    );
}

#[test]
fn a_record_says_what_its_call_was_about() {
    let parse = |record: Value| RecordedCall::parse(&record).unwrap();
    let key = "arn:aws:kms:us-east-1:123456789012:key/1234";
    for (request, is_about) in [
        (json!({ "keyId": "1234" }), true),
        (json!({ "keyId": key }), true),
        (json!({ "keyId": "12345" }), false),
        (json!({}), false),
    ] {
        let call = parse(json!({ "requestParameters": request }));
        assert_eq!(call.is_about_key(key), is_about, "{request}");
        assert_eq!(call.names_a_key(), request["keyId"].is_string(), "{request}");
    }
    let told = parse(json!({ "resources": [{ "ARN": "arn:other" }, { "ARN": key }] }));
    assert!(told.is_about_key(key) && told.is_about(key) && told.names_a_key() && !told.is_about("arn"));
    for (request, target) in [
        (json!({ "backupVaultName": "v", "resourceArn": "a" }), Some("v")),
        (json!({ "resourceArn": "a" }), Some("a")),
        (json!({ "other": "a" }), None),
        (json!({ "roleName": "" }), None),
    ] {
        assert_eq!(parse(json!({ "requestParameters": request })).target().as_deref(), target);
    }
    let put = json!({ "changeableForDays": 3, "minRetentionDays": 7, "maxRetentionDays": 90 });
    assert_eq!(parse(json!({ "requestParameters": put })).lock(), (Some(3), (Some(7), Some(90))));
    assert_eq!(parse(json!({})).lock(), (None, (None, None)));
    let point = json!({ "recoveryPointArn": "arn:point", "backupVaultName": "arn:aws:backup:us-east-1:1:backup-vault:v" });
    let call = parse(json!({ "requestParameters": point }));
    assert_eq!((call.recovery_point(), call.vault()), (Some("arn:point"), Some("v")));
    for (record, is_refused) in [
        (json!({}), false),
        (json!({ "errorCode": "AccessDenied" }), true),
        (json!({ "errorCode": "AccessDenied", "eventType": "AwsApiCall" }), true),
        // Nobody called.
        (json!({ "errorCode": "AccessDenied", "eventType": "AwsServiceEvent" }), false),
        (json!({ "eventType": "AwsServiceEvent" }), false),
    ] {
        assert_eq!(parse(record.clone()).is_refused(), is_refused, "{record}");
    }
    let console = |told: &str| {
        parse(json!({ "userAgent": "AWS Internal", "sessionCredentialFromConsole": told })).client()
    };
    assert_eq!([console("true"), console("false")], [Client::Console, Client::Service]);
}

#[test]
fn a_call_is_ours_by_the_credentials_of_the_run() {
    let user = "arn:aws:iam::123456789012:user/ana";
    let call = |arn: &str| {
        RecordedCall::parse(&json!({
            "userIdentity": { "arn": arn }, "userAgent": "aws-sdk-rust/1 app/drift-healer",
        }))
        .unwrap()
    };
    let caller = Principal::of_caller(user);
    assert_eq!(caller, Principal::Other(user.to_owned()));
    assert!(caller.made(&call(user)) && !caller.made(&call("arn:aws:iam::123456789012:user/bob")));
    assert!(!own().made(&call(user)));
    let names =
        |arn: &str| RoleName::of_assumed_role(arn).map(|role| format!("{} {}", role.account, role.name));
    let session = "arn:aws:sts::123456789012:assumed-role/drift-healer/session";
    assert_eq!(names(session).as_deref(), Some("123456789012 drift-healer"));
    assert_eq!(names("arn:aws:iam::123456789012:assumed-role/drift-healer/session"), None);
    assert_eq!(names(user), None);
    let role = RoleName::of_role("arn:aws:iam::123456789012:role/ops/healer").map(|role| role.name);
    assert_eq!(role.as_deref(), Some("healer"));
    assert_eq!(RoleName::of_role("arn:aws:sts::123456789012:role/ops/healer"), None);
}
