//! Messages stay within every limit of SNS and of the chat, and say what a person needs.

use drift_healer::Mode;
use drift_healer::answer::Answer;
use drift_healer::hold::Hold;
use drift_healer::incident::{Incident, IncidentKind};
use drift_healer::notify::{MOST_BYTES, Notice};
use drift_healer::trigger::classify;
use reconcile::call::{Call, CallError};
use reconcile::desired::Exception;
use reconcile::drift::{Drift, Finding, KeyDrift, VaultPolicyDrift};
use reconcile::history::Stories;
use reconcile::repair::{BlockReason, CallMade, Review};
use reconcile::report::{Outcome, Report, Reported};
use reconcile::resource::{Kind, ResourceId};
use reconcile::words::Reader;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::{date, datetime};

const SEEN: OffsetDateTime = datetime!(2026-11-10 16:35:58 UTC);
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":["backup:DeleteBackupVault","backup:DeleteRecoveryPoint"],"Resource":"*"}]}"#;

fn policy_missing(vault: &str, outcome: Outcome) -> Reported {
    let call = Call::PutBackupVaultAccessPolicy {
        region: "us-east-1".to_owned(),
        vault: vault.to_owned(),
        policy: POLICY.to_owned(),
    };
    Reported {
        finding: Finding {
            resource: ResourceId::regional(Kind::VaultPolicy, "us-east-1", vault),
            drift: Drift::VaultPolicy(VaultPolicyDrift::Missing { expected: POLICY.to_owned() }),
        },
        calls: if matches!(outcome, Outcome::Blocked(_)) { Vec::new() } else { vec![call] },
        repaired_at: (outcome == Outcome::Repaired).then_some(datetime!(2026-11-10 16:36:02 UTC)),
        outcome,
        immutable_at: None,
        seen_at: SEEN,
    }
}

fn description_differs(observed: &str, outcome: Outcome) -> Reported {
    Reported {
        finding: Finding {
            resource: ResourceId::regional(Kind::Key, "us-west-2", "alias/aws_backup_key"),
            drift: Drift::Key(KeyDrift::DescriptionDiffers {
                key_arn: "arn:aws:kms:us-west-2:123456789012:key/1".to_owned(),
                expected: "AWS backups kms key".to_owned(),
                observed: observed.to_owned(),
            }),
        },
        outcome,
        immutable_at: None,
        calls: Vec::new(),
        seen_at: SEEN,
        repaired_at: None,
    }
}

fn answer(findings: Vec<Reported>) -> Answer {
    let calls = findings
        .iter()
        .filter_map(|one| {
            let result = match &one.outcome {
                Outcome::Failed(error) => Err(error.clone()),
                Outcome::Repaired | Outcome::Planned | Outcome::Blocked(_) => Ok(()),
            };
            let resource = one.finding.resource.clone();
            Some(CallMade { call: one.call()?.clone(), resource, pass: 1, result })
        })
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/delete-backup-vault-access-policy.json");
    let event = std::fs::read_to_string(path).expect("an event");
    Answer {
        report: Report { findings, calls, passes: 2, ..Report::default() },
        stories: Stories::default(),
        mode: Mode::Repair,
        account: Some("123456789012".to_owned()),
        iam_region: "us-east-1".to_owned(),
        spec_name: "thinkstack-prod".to_owned(),
        spec_sha256: "0123456789abcdef".repeat(4),
        trigger: classify(serde_json::from_str(&event).expect("JSON")).remove(0),
        skipped: None,
        incidents: Vec::new(),
        total: None,
        sent_before: None,
        gap: None,
        log: None,
        hold: Hold::None,
        notes: Vec::new(),
        reader: Reader::Deployer,
    }
}

fn bodies(notice: &Notice) -> Value {
    serde_json::from_str(&notice.message).expect("a JSON object")
}

fn body(notice: &Notice, protocol: &str) -> String {
    bodies(notice)[protocol].as_str().unwrap_or_else(|| panic!("a text for {protocol}")).to_owned()
}

fn agreed() -> Box<Exception> {
    Box::new(Exception {
        resource: ResourceId::regional(Kind::VaultPolicy, "us-east-1", "excepted"),
        code: "missing".to_owned(),
        attribute: None,
        owner: "ana@example.com".to_owned(),
        reason: "migration".to_owned(),
        until: date!(2027 - 01 - 31),
    })
}

fn denied() -> Outcome {
    Outcome::Failed(CallError {
        code: "AccessDeniedException".to_owned(),
        message: "explicit deny".to_owned(),
    })
}

#[test]
fn a_mail_about_one_repair_reads_like_this() {
    let notice = Notice::new(&answer(vec![policy_missing("vault_prod_daily", Outcome::Repaired)]));
    assert_eq!(
        notice.subject,
        "CRITICAL repaired: vault-policy vault_prod_daily missing - thinkstack-prod 123456789012"
    );
    let expected = "\
Nothing to do; look whether recovery points in vault_prod_daily were deleted before 2026-11-10 16:36:02 UTC.
Account 123456789012, spec thinkstack-prod: 1 finding, 1 repaired.

CRITICAL repaired vault-policy us-east-1/vault_prod_daily: missing
The vault had no access policy; expected [Deny backup:DeleteBackupVault, backup:DeleteRecoveryPoint to everyone].
Anyone with the permission could delete the empty vault and delete recovery points in vault_prod_daily.
Repaired with backup:PutBackupVaultAccessPolicy, seen repaired at 2026-11-10 16:36:02 UTC. Check whether recovery points were deleted while the vault was open:
  aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteRecoveryPoint
  https://console.aws.amazon.com/backup/home?region=us-east-1#/backupvaults/details/vault_prod_daily

Who did it is not known: CloudTrail's event history shows no call that explains it. It lags up to 15 minutes behind, and reaches back 90 days.

Started by CloudTrail's event DeleteBackupVaultAccessPolicy by arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_4f9a1c7be2d05836/maria.lopez@example.com from 203.0.113.77 at 2026-11-10T16:34:46Z.
Mode repair, 2 passes, 1 call. Desired spec thinkstack-prod (SHA-256 0123456789ab).";
    assert_eq!(body(&notice, "email"), expected);
    assert_eq!(body(&notice, "email-json"), expected);
    let attributes = [
        ("verdict", "String", "healed"),
        ("severity", "String", "critical"),
        ("open_severity", "String", "none"),
        ("fingerprint", "String", "e3b0c44298fc1c149afbf4c8996fb924"),
        ("account", "String", "123456789012"),
        ("kind", "String.Array", "[\"vault-policy\"]"),
    ];
    let told = notice.attributes.each_ref().map(|(name, kind, value)| (*name, *kind, value.as_str()));
    assert_eq!(told, attributes);
}

#[test]
fn machines_get_the_answer_itself() {
    let answer = answer(vec![policy_missing("vault_prod_daily", denied())]);
    let notice = Notice::new(&answer);
    for protocol in ["default", "sqs", "lambda"] {
        let told: Value = serde_json::from_str(&body(&notice, protocol)).expect("JSON");
        assert_eq!(told, answer.to_json(), "{protocol}");
    }
    let call = json!({
        "call": "backup:PutBackupVaultAccessPolicy",
        "resource": "vault-policy us-east-1/vault_prod_daily",
        "pass": 1,
        "result": "AccessDeniedException: explicit deny",
    });
    assert_eq!(answer.to_json()["calls"][0], call);
}

#[test]
fn what_needs_a_person_comes_first_and_exceptions_are_not_counted() {
    let findings = vec![
        policy_missing("repaired", Outcome::Repaired),
        description_differs("open", Outcome::Blocked(BlockReason::NeedsReview(Review::ItsKind))),
        policy_missing("excepted", Outcome::Blocked(BlockReason::Excepted(agreed()))),
        policy_missing("failed", denied()),
    ];
    let notice = Notice::new(&answer(findings));
    assert_eq!(
        notice.subject,
        "CRITICAL open: vault-policy failed missing; 2 open, 1 repaired - thinkstack-prod 123456789012"
    );
    let mail = body(&notice, "email");
    let places: Vec<usize> = [
        "open vault-policy us-east-1/failed:",
        "open key us-west-2",
        "repaired vault-policy us-east-1/repaired:",
        "excepted vault-policy us-east-1/excepted:",
    ]
    .iter()
    .map(|text| mail.find(text).unwrap_or_else(|| panic!("{text} in {mail}")))
    .collect();
    assert!(places.is_sorted(), "{mail}");
}

#[test]
fn report_mode_says_that_nothing_was_done() {
    let mut preview = answer(vec![policy_missing("vault_prod_daily", Outcome::Planned)]);
    preview.mode = Mode::Report;
    assert_eq!(preview.to_json()["calls"][0]["result"], "planned");
    let mail = body(&Notice::new(&preview), "email");
    assert!(
        mail.starts_with("You are needed: nothing was repaired, because the mode is report; see vault-policy us-east-1/vault_prod_daily (missing).\n"),
        "{mail}"
    );
    let said =
        "Nothing was done: the mode is report. It would be repaired with backup:PutBackupVaultAccessPolicy.";
    assert!(mail.contains(said), "{mail}");
}

/// More than SNS takes, in letters that cost six bytes each once they are escaped twice.
fn too_much() -> Answer {
    let tag = "schlüssel-\u{1f511}\"\\`@channel".repeat(30);
    let findings = (0..500)
        .map(|number| match number % 3 {
            0 => policy_missing(&format!("tresor_ü_{number}_{}", "x".repeat(40)), denied()),
            1 => policy_missing(&format!("vault_{number}"), Outcome::Repaired),
            _ => description_differs(&tag, Outcome::Blocked(BlockReason::Immutable)),
        })
        .collect();
    let mut answer = answer(findings);
    answer.spec_name = "größe".repeat(40);
    answer
}

#[test]
fn five_hundred_findings_are_cut_to_what_sns_takes_and_the_cut_is_told() {
    let answer = too_much();
    assert!(answer.to_json().to_string().len() > MOST_BYTES, "the test needs more");
    let notice = Notice::new(&answer);
    assert!(notice.message.len() <= MOST_BYTES, "{} bytes", notice.message.len());
    assert!(notice.message.len() > MOST_BYTES * 9 / 10, "{} bytes could be more", notice.message.len());
    let told: Value = serde_json::from_str(&body(&notice, "default")).expect("JSON, cut between findings");
    let kept = told["findings"].as_array().expect("findings").len();
    let note = told["notes"][0].as_str().expect("a note");
    assert!(kept > 10 && note.starts_with(&format!("{} findings and ", 500 - kept)), "{kept} kept: {note}");
    assert!(told["findings"].as_array().expect("findings").iter().all(|one| one["outcome"] == "failed"));
    let mail = body(&notice, "email");
    let left =
        format!("{} more findings left out here; all of them are in the function's log.", 500 - kept.min(60));
    assert!(mail.contains(&left), "{left}: {mail}");
}

#[test]
fn subjects_and_text_messages_are_short_plain_lines() {
    let odd = answer(vec![policy_missing(&"tresor_ü\n\u{1f511}".repeat(20), denied())]);
    for answer in [too_much(), odd] {
        let notice = Notice::new(&answer);
        let sms = body(&notice, "sms");
        assert!(notice.subject.len() < 100 && sms.len() <= 140, "{:?} {sms:?}", notice.subject);
        for line in [notice.subject, sms] {
            assert!(
                line.starts_with("CRITICAL open: ")
                    && line.ends_with(" 123456789012")
                    && line.chars().all(|c| matches!(c, ' '..='~')),
                "{line:?}"
            );
        }
    }
}

#[test]
fn chat_messages_keep_every_limit_of_the_schema() {
    for answer in [too_much(), answer(vec![policy_missing("vault_prod_daily", denied())])] {
        let chat: Value = serde_json::from_str(&body(&Notice::new(&answer), "https")).expect("JSON");
        assert_eq!((&chat["version"], &chat["source"]), (&json!("1.0"), &json!("custom")));
        let length = |value: &Value| value.as_str().expect("a string").len();
        let content = &chat["content"];
        assert_eq!(content["textType"], "client-markdown");
        assert!((1..=250).contains(&length(&content["title"])));
        assert!(
            (1..=8_000).contains(&length(&content["description"])),
            "{}",
            length(&content["description"])
        );
        let all = |list: &Value, most: usize| {
            list.as_array().expect("a list").iter().all(|item| length(item) <= most)
        };
        assert!(all(&content["nextSteps"], 350) && all(&content["keywords"], 75), "{content}");
        let context = chat["metadata"]["additionalContext"].as_object().expect("an object");
        assert!(context.len() <= 5 && context.values().all(Value::is_string), "{context:?}");
        assert!(!content["nextSteps"].as_array().expect("a list").is_empty());
    }
}

#[test]
fn what_others_wrote_cannot_page_anybody_in_the_chat() {
    let observed = "` <!channel> @here\nx";
    let chat = body(&Notice::new(&answer(vec![description_differs(observed, Outcome::Repaired)])), "https");
    let chat: Value = serde_json::from_str(&chat).expect("JSON");
    let description = chat["content"]["description"].as_str().expect("a text");
    let line = description.lines().find(|line| line.contains("<!channel>")).expect("the line");
    assert!(line.starts_with('`') && line.ends_with('`') && line.matches('`').count() == 2, "{line}");
}

/// The message about a denied attempt, with this put into the record.
fn attempt(pointer: &str, value: Value) -> Notice {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/delete-backup-vault-denied.json");
    let mut event: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("an event")).expect("JSON");
    *event.pointer_mut(&format!("/detail/{pointer}")).expect("a member") = value;
    let mut answer = answer(Vec::new());
    answer.trigger = classify(event).remove(0);
    let call = answer.trigger.call.clone().expect("a record");
    answer.incidents =
        vec![Incident { kind: IncidentKind::Attempt, call, confirmed: true, told: true, at: SEEN }];
    Notice::new(&answer)
}

#[test]
fn an_actors_name_cannot_page_anybody_from_the_title() {
    let name = "arn:aws:sts::123456789012:assumed-role/admin/<!channel>@here";
    let notice = attempt("userIdentity/arn", json!(name));
    let chat: Value = serde_json::from_str(&body(&notice, "https")).expect("JSON");
    for title in [&chat["content"]["title"], &chat["metadata"]["summary"]] {
        let title = title.as_str().expect("a text");
        assert!(title.contains("here") && !title.contains('<') && !title.contains("@here"), "{title}");
    }
}

#[test]
fn the_command_about_an_attempt_is_one_that_the_cli_takes() {
    let command = |arn: Value| {
        let mail = body(&attempt("userIdentity/arn", arn), "email");
        let line = mail.lines().find(|line| line.starts_with("  aws ")).expect("a command").to_owned();
        let attribute = line.rsplit_once("--lookup-attributes ").expect("an attribute").1;
        attribute.rsplit_once(" --start-time ").expect("a start").0.to_owned()
    };
    let session = |name: &str| json!(format!("arn:aws:sts::123456789012:assumed-role/admin/{name}"));
    assert_eq!(command(session("ana@example.com")), "AttributeKey=Username,AttributeValue=ana@example.com");
    assert_eq!(command(session("a,b=c")), "'AttributeKey=Username,AttributeValue=\"a,b=c\"'");
    assert_eq!(command(session("$(reboot)'")), r"'AttributeKey=Username,AttributeValue=$(reboot)'\'''");
    let root = command(json!("arn:aws:iam::123456789012:root"));
    assert_eq!(root, "AttributeKey=Username,AttributeValue=root");
}

#[test]
fn an_attempt_is_told_whatever_its_record_holds() {
    let last = body(&attempt("eventTime", json!("9999-12-31T23:59:59Z")), "email");
    assert!(last.contains("DeleteBackupVault at 9999-12-31 23:59:59 UTC"), "{last}");
    let unnamed = body(&attempt("requestParameters", Value::Null), "email");
    assert!(
        unnamed.contains("DeleteBackupVault on something that CloudTrail does not name in us-east-1"),
        "{unnamed}"
    );
}

#[test]
fn no_answer_is_no_refusal() {
    let unanswered =
        Outcome::Failed(CallError { code: "ConnectionFailed".to_owned(), message: "closed".to_owned() });
    let mail = body(&Notice::new(&answer(vec![policy_missing("a", unanswered)])), "email");
    assert!(
        mail.contains("backup:PutBackupVaultAccessPolicy got no answer from AWS (ConnectionFailed: closed)."),
        "{mail}"
    );
    assert!(!mail.contains("was refused"), "{mail}");
}

#[test]
fn the_subject_names_what_is_left_and_how_bad_that_is() {
    let repaired = policy_missing("a", Outcome::Repaired);
    let subject = |left| Notice::new(&answer(vec![repaired.clone(), left])).subject;
    assert_eq!(
        subject(description_differs("x", denied())),
        "LOW open: key alias/aws_backup_key description differs (+1) - thinkstack-prod 123456789012"
    );
    assert_eq!(
        subject(policy_missing("b", denied())),
        "CRITICAL open: vault-policy b missing; 1 open, 1 repaired - thinkstack-prod 123456789012"
    );
}

#[test]
fn one_trouble_stays_in_one_thread() {
    let thread = |findings: Vec<Reported>| {
        let chat: Value =
            serde_json::from_str(&body(&Notice::new(&answer(findings)), "https")).expect("JSON");
        chat["metadata"]["threadId"].as_str().expect("an id").to_owned()
    };
    let drifted = thread(vec![policy_missing("vault_prod_daily", denied())]);
    assert_eq!(drifted, "drift-healer/123456789012/us-east-1/vault-policy/vault_prod_daily");
    assert_eq!(drifted, thread(vec![policy_missing("vault_prod_daily", Outcome::Repaired)]));
    // Of several, what needs a person names the thread, and is told in it until it is healed.
    let several = thread(vec![policy_missing("a", Outcome::Repaired), policy_missing("b", denied())]);
    assert_eq!(several, thread(vec![policy_missing("b", Outcome::Repaired)]));
    assert_ne!(several, thread(vec![policy_missing("a", Outcome::Repaired)]));
    assert_eq!(thread(Vec::new()), "drift-healer/123456789012/thinkstack-prod");
}
