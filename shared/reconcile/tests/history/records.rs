//! Records of any form, and the clients that they come from.

use reconcile::history::Client;

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
        Write::parse(&record).unwrap().client()
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
fn a_record_of_any_form_costs_no_more_than_what_it_lacks() {
    for record in [json!(null), json!([]), json!("text")] {
        assert_eq!(Write::parse(&record), None);
    }
    let odd = json!({ "eventName": 5, "userIdentity": [], "resources": "none", "requestParameters": "x", "eventTime": "soon" });
    let write = Write::parse(&odd).unwrap();
    assert_eq!((write.event.as_str(), &write.actor, write.time, write.target()), ("", &None, None, None));
    let long = json!({ "eventName": "Delete\nRole", "userAgent": "x".repeat(10_000) });
    let write = Write::parse(&long).unwrap();
    assert_eq!((write.event.as_str(), write.user_agent.map(|agent| agent.len())), ("DeleteRole", Some(512)));
    // A mark of direction turns what is read after it.
    let turned = json!({ "userAgent": "a\u{202e}b\u{2028}c\u{200b}d" });
    assert_eq!(Write::parse(&turned).unwrap().user_agent.as_deref(), Some("abcd"));
}

#[test]
fn times_are_told_in_utc_and_one_that_utc_does_not_have_is_none() {
    let time = |text: &str| Write::parse(&json!({ "eventTime": text })).unwrap().time;
    let told = time("2026-11-23T08:00:00+05:30").expect("a time");
    assert_eq!((told, told.offset()), (datetime!(2026-11-23 02:30 UTC), time::UtcOffset::UTC));
    assert_eq!(time("9999-12-31T23:59:59-23:59"), None);
}
