//! Nothing tells which key it was, and a person may know it: the keys that look like it are named, with the date of their end.

use serde_json::Value;

use super::stage::{SCHEDULE, Stage};

fn missing_key(answer: &Value) -> &Value {
    let mut findings = answer["findings"].as_array().unwrap().iter();
    let is_it = |one: &&Value| one["resource"]["kind"] == "key" && one["resource"]["region"] == "us-east-1";
    findings.find(is_it).unwrap_or_else(|| panic!("{answer:#}"))
}

#[tokio::test]
async fn after_everything_was_deleted_the_report_names_the_key_that_can_still_be_kept() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["everything-deleted"]);
    let answer = stage.invoke(SCHEDULE).await;
    let finding = missing_key(&answer);
    let [alike] = finding["observed"]["look_alikes"].as_array().unwrap().as_slice() else {
        panic!("{finding:#}")
    };
    let arn = alike["key"].as_str().unwrap();
    assert_eq!(alike["state"], "PendingDeletion");
    assert!(alike["deletion_at"].is_string(), "{alike}");
    let said = |member: &str| finding[member].as_str().unwrap();
    assert!(said("summary").contains(&format!("{arn} (pending deletion, until 20")), "{finding:#}");
    let rescue = format!("aws kms cancel-key-deletion --region us-east-1 --key-id {arn}");
    assert!(said("impact").ends_with(&rescue), "{finding:#}");
    assert_eq!(stage.written(), Vec::<String>::new());
}
