//! Records of any form, and the clients that they come from.

use reconcile::history::{Client, call_in_words, evidence};

use super::*;

#[test]
fn clients_are_told_by_what_they_say_of_themselves() {
    let with = |agent: &str, invoked_by: Option<&str>, console: bool| {
        let mut record = json!({ "eventName": "UpdateBackupPlan", "userAgent": agent, "userIdentity": {} });
        if let Some(service) = invoked_by {
            record["userIdentity"]["invokedBy"] = json!(service);
        }
        if console {
            record["sessionCredentialFromConsole"] = json!("true");
        }
        RecordedCall::parse(&record).unwrap().client()
    };
    for (agent, client) in [
        (
            "APN/1.0 HashiCorp/1.0 Terraform/1.14.0 terraform-provider-aws/6.22.1 aws-sdk-go-v2/1.40.0",
            Client::Terraform,
        ),
        ("APN/1.0 HashiCorp/1.0 OpenTofu/1.10.0 terraform-provider-aws/6.22.1", Client::OpenTofu),
        ("APN/1.0 Pulumi/1.0 (+https://www.pulumi.com) aws-sdk-go-v2/1.40.0", Client::Pulumi),
        ("cloudformation.amazonaws.com", Client::CloudFormation),
        ("aws-cli/2.32.4 md/awscrt#0.28.4 Botocore/1.42", Client::Cli),
        ("Boto3/1.42.3 md/Botocore#1.42.3", Client::Boto3),
        ("Mozilla/5.0 (Macintosh)", Client::Console),
        ("aws-sdk-java/2.30", Client::Sdk),
        ("backup.amazonaws.com", Client::Service),
        ("AWS Internal", Client::Service),
        ("curl/8.0", Client::Unknown),
    ] {
        assert_eq!(with(agent, None, false), client, "{agent}");
    }
    assert_eq!(with("AWS Internal", None, true), Client::Console);
    assert_eq!(with("Mozilla/5.0", Some("cloudformation.amazonaws.com"), false), Client::CloudFormation);
    assert!(Client::Terraform.is_code() && Client::CloudFormation.is_code() && !Client::Console.is_code());
}

#[test]
fn each_client_has_a_name_of_its_own_but_for_the_unknown_one() {
    use Client::{Boto3, Cli, CloudFormation, Console, OpenTofu, Pulumi, Sdk, Service, Terraform, Unknown};
    let known = [Terraform, OpenTofu, CloudFormation, Pulumi, Console, Cli, Boto3, Sdk, Service];
    let names: BTreeSet<&str> = known.into_iter().filter_map(Client::name).collect();
    assert_eq!(names.len(), known.len());
    assert!(names.iter().all(|name| name.len() > 3), "{names:?}");
    assert_eq!(Unknown.name(), None);
}

#[test]
fn a_record_of_any_form_costs_no_more_than_what_it_lacks() {
    for record in [json!(null), json!([]), json!("text")] {
        assert_eq!(RecordedCall::parse(&record), None);
    }
    let odd = json!({ "eventName": 5, "userIdentity": [], "resources": "none", "requestParameters": "x", "eventTime": "soon" });
    let write = RecordedCall::parse(&odd).unwrap();
    assert_eq!((write.event.as_str(), &write.actor, write.time, write.target()), ("", &None, None, None));
    let long = json!({ "userAgent": "x".repeat(10_000) });
    assert_eq!(RecordedCall::parse(&long).unwrap().user_agent.map(|agent| agent.len()), Some(512));
}

#[test]
fn nothing_that_cannot_be_seen_is_told_of_a_record() {
    let odd = json!({
        "eventName": "Delete\nRole", "userAgent": "a\u{202e}b\u{2028}c", "awsRegion": "\u{2066}", "eventID": "\u{200b}",
        "userIdentity": { "arn": "arn:aws:iam::123456789012:user/\u{202e}eve" }, "sourceIPAddress": "\r"
    });
    let call = RecordedCall::parse(&odd).unwrap();
    let mut told: Vec<String> = evidence(&[&call]).into_iter().map(String::from).collect();
    told.push(call_in_words(&call).to_string());
    let text = told.concat();
    assert!(text.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{text}");
    assert!(text.contains("\\u{202e}eve") && text.contains("Delete\\u{a}Role"), "{text}");
}

#[test]
fn times_are_told_in_utc_and_one_that_utc_does_not_have_is_none() {
    let time = |text: &str| RecordedCall::parse(&json!({ "eventTime": text })).unwrap().time;
    let told = time("2026-11-23T08:00:00+05:30").expect("a time");
    assert_eq!((told, told.offset()), (datetime!(2026-11-23 02:30 UTC), time::UtcOffset::UTC));
    assert_eq!(time("9999-12-31T23:59:59-23:59"), None);
}

#[test]
fn a_user_of_identity_center_is_named_and_not_the_account() {
    let identity = json!({
        "type": "IdentityCenterUser", "accountId": "123456789012", "credentialId": "c0ffee",
        "onBehalfOf": {
            "userId": "94482488-3041-7026-18f3-be45837cd0e4",
            "identityStoreArn": "arn:aws:identitystore::123456789012:identitystore/d-9067642ac7",
        },
    });
    let call =
        RecordedCall::parse(&json!({ "eventName": "UpdateBackupPlan", "userIdentity": identity })).unwrap();
    assert_eq!(call.actor.as_deref(), Some("94482488-3041-7026-18f3-be45837cd0e4"));
}
