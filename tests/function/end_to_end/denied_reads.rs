//! A read that is denied for good: what cannot be seen is reported as unreadable, and nothing is written about it.

use std::collections::BTreeSet;

use sandbox::{Fault, FaultKind};

use super::stage::{SCHEDULE, Stage, outcomes};

/// A read, a drift that only this read would show, and the kinds that then cannot be read.
const READS: [(&str, &str, &[&str]); 18] = [
    ("iam:GetRole", "role-trust-changed", &["role"]),
    ("iam:ListAttachedRolePolicies", "role-policy-detached", &["role"]),
    ("iam:ListRolePolicies", "role-inline-policy-added", &["role"]),
    ("kms:DescribeKey", "key-disabled", &["key", "alias"]),
    ("kms:GetKeyPolicy", "key-policy-changed", &["key"]),
    ("kms:ListGrants", "key-granted-abroad", &["key"]),
    ("kms:GetKeyRotationStatus", "key-rotation-off", &["key"]),
    ("kms:ListResourceTags", "key-untagged", &["key"]),
    ("backup:ListBackupVaults", "vault-lock-deleted", &["vault", "vault-policy", "vault-lock", "key"]),
    ("backup:GetBackupVaultAccessPolicy", "vault-policy-deleted", &["vault-policy"]),
    ("backup:ListTags", "vault-untagged", &["vault", "plan"]),
    ("backup:ListBackupPlans", "plan-deleted", &["plan", "selection"]),
    ("backup:GetBackupPlan", "rule-retention-cut", &["plan", "selection"]),
    ("backup:ListBackupSelections", "selection-deleted", &["selection"]),
    ("backup:GetBackupSelection", "selection-emptied", &["selection"]),
    ("backup:DescribeRegionSettings", "opt-in-off", &["region-settings"]),
    // Looked for only where no vault tells the key.
    ("kms:ListKeys", "everything-deleted", &["key"]),
    ("kms:ListAliases", "everything-deleted", &["key"]),
];

/// What a role may do is told where it may be asked, and is not missed where it may not.
const SIMULATION: &str = "iam:SimulatePrincipalPolicy";

fn deny(stage: &Stage, read: &str) {
    let (service, operation) = read.split_once(':').expect("service:operation");
    // The codes of two protocols; each service's clients take either.
    let code = if service == "iam" { "AccessDenied" } else { "AccessDeniedException" };
    let kind = FaultKind::Error { code: code.to_owned(), status: 403, message: "not for you".to_owned() };
    stage.sandbox.inject(Fault::on(service, operation, kind).times(usize::MAX));
}

#[tokio::test]
async fn every_read_is_in_the_table() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.invoke(SCHEDULE).await;
    stage.drift(&["everything-deleted"]);
    stage.invoke(SCHEDULE).await;
    let made: BTreeSet<String> = stage.looked_at().into_iter().collect();
    let table = READS.iter().map(|(read, ..)| *read).chain([SIMULATION]).map(str::to_owned).collect();
    assert_eq!(made, table);
}

#[tokio::test]
async fn what_cannot_be_read_is_reported_and_not_written() {
    for (read, drift, kinds) in READS {
        let mut stage = Stage::deployed(&[]).await;
        stage.drift(&[drift]);
        deny(&stage, read);
        let answer = stage.invoke(SCHEDULE).await;
        let findings = answer["findings"].as_array().unwrap();
        let told = outcomes(&answer);
        assert_eq!(answer["verdict"], "drifted", "{read}: {told:#?}");
        let unreadable = findings.iter().filter(|one| one["code"] == "unreadable");
        let seen: BTreeSet<_> =
            unreadable.clone().map(|one| one["resource"]["kind"].as_str().unwrap()).collect();
        assert_eq!(seen, kinds.iter().copied().collect(), "{read}: {told:#?}");
        for one in unreadable {
            assert_eq!(
                (&one["outcome"], &one["reason"]),
                (&"blocked".into(), &"unreadable".into()),
                "{read}"
            );
            let why = one["observed"]["error"].as_str().unwrap_or_default();
            assert!(why.contains(read) && why.contains("AccessDenied"), "{read}: {why}");
        }
        assert_eq!(stage.written(), Vec::<String>::new(), "{read}: {told:#?}");
        assert_eq!(stage.sandbox.messages().len(), 1, "{read}");
    }
}

#[tokio::test]
async fn with_every_read_denied_nothing_is_written_even_where_filling_is_allowed() {
    let mut stage = Stage::deployed(&[("BOOTSTRAP", "true")]).await;
    stage.drift(&["everything-deleted"]);
    for (read, ..) in READS {
        deny(&stage, read);
    }
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["verdict"], "drifted");
    assert!(
        outcomes(&answer).iter().all(|line| line.ends_with("blocked unreadable")),
        "{:#?}",
        outcomes(&answer)
    );
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[tokio::test]
async fn what_can_be_read_is_repaired_beside_what_cannot() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted", "role-trust-changed", "rule-retention-cut"]);
    deny(&stage, "iam:GetRole");
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["verdict"], "drifted");
    assert_eq!(stage.written(), ["backup:PutBackupVaultAccessPolicy", "backup:UpdateBackupPlan"]);
    let told = outcomes(&answer);
    assert_eq!(told.iter().filter(|line| line.contains(" repaired ")).count(), 2, "{told:#?}");
}

#[tokio::test]
async fn what_the_role_may_do_is_not_missed_where_it_may_not_be_asked() {
    for (is_denied, codes) in
        [(false, &["action-denied", "inline-policy-unexpected"][..]), (true, &["inline-policy-unexpected"])]
    {
        let mut stage = Stage::deployed(&[]).await;
        stage.drift(&["role-inline-policy-added"]);
        if is_denied {
            deny(&stage, SIMULATION);
        }
        let answer = stage.invoke(SCHEDULE).await;
        let found = answer["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap());
        assert_eq!(found.collect::<BTreeSet<_>>(), codes.iter().copied().collect());
    }
}
