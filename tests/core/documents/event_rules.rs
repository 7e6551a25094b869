//! The rules of the deployment wake the function for every operation that brings a drift about.

use reconcile::drift::codes;
use reconcile::resource::Kind;

use super::Document;

const TEMPLATE: &str = "infra/drift-healer.yaml";

/// What wakes it besides, and why.
const BESIDES: [(&str, &str); 1] =
    [("DeleteServiceLinkedRole", "AWS Backup deletes selections when its own role goes")];

/// What has a rule of its own: AWS services make grants all day, and those are not judged.
const APART: &str = "CreateGrant";

/// The operations of these services that codes declare as causes, in the order of the registry.
fn causes(of: fn(Kind) -> bool) -> Vec<&'static str> {
    let mut causes = Vec::new();
    for code in codes().filter(|code| code.kind.is_some_and(of)) {
        for cause in code.causes.iter().filter(|cause| !is_told_by_backup(cause) && **cause != APART) {
            if !causes.contains(cause) {
                causes.push(cause);
            }
        }
    }
    causes
}

/// Whether it is no call of anybody, and so no event of a call.
fn is_told_by_backup(cause: &str) -> bool {
    cause.starts_with("BackupSelectionDeletedDueTo")
}

fn block(operations: &[&str]) -> String {
    operations.iter().map(|operation| format!("            - {operation}\n")).collect()
}

const CHANGES: &str = "source: [aws.backup, aws.kms]
        detail-type: [AWS API Call via CloudTrail]
        detail:
          errorCode: [{exists: false}]
          eventName:
";
const ROLE_CHANGES: &str = "source: [aws.iam]
        detail-type: [AWS API Call via CloudTrail]
        detail:
          errorCode: [{exists: false}]
          eventName:
";

// One test: both rules are in one file, which `UPDATE=1` writes.
#[test]
fn the_rules_wake_for_every_cause_and_for_what_is_argued() {
    let changes = causes(|kind| kind.service() != "iam");
    Document::open(TEMPLATE).holds(CHANGES, "          # Users, root", &block(&changes));

    let mut of_the_role = causes(|kind| kind.service() == "iam");
    for (operation, why) in BESIDES {
        assert!(
            !of_the_role.contains(&operation),
            "{operation} is a cause of a code by now; {why:?} is not needed"
        );
        of_the_role.push(operation);
    }
    Document::open(TEMPLATE).holds(ROLE_CHANGES, "          # IAM takes", &block(&of_the_role));
}

#[test]
fn what_backup_tells_by_itself_is_in_its_rule() {
    let told: Vec<&str> =
        codes().flat_map(|code| code.causes).copied().filter(|cause| is_told_by_backup(cause)).collect();
    assert!(!told.is_empty());
    let template = Document::open(TEMPLATE);
    for cause in told {
        assert!(template.text.contains(&format!("detail: {{eventName: [{cause}]}}")), "{cause}");
    }
}
