//! The named cases of `tests/core/policies`: each file shows two documents and the verdict on them, `left` being the desired
//! one. Below them, which denies bind the role that repairs.

use std::collections::BTreeSet;
use std::fs;

use reconcile::policy::{Policy, PolicyError, no_longer_denied};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/core/policies");
const VAULT: &str = "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily";
const HEALER: &str = "arn:aws:iam::123456789012:role/ops/drift_healer";

struct Case {
    name: String,
    verdict: String,
    because: Option<String>,
    left: String,
    right: String,
}

fn read_cases() -> Vec<Case> {
    let mut cases: Vec<Case> = fs::read_dir(CASES)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let (head, documents) =
                text.split_once("--- left\n").unwrap_or_else(|| panic!("{name}: no left"));
            let (left, right) =
                documents.split_once("--- right\n").unwrap_or_else(|| panic!("{name}: no right"));
            let line =
                |label: &str| head.lines().find_map(|line| line.strip_prefix(label)).map(str::to_owned);
            let verdict = line("verdict: ").unwrap_or_else(|| panic!("{name}: no verdict"));
            Case { name, verdict, because: line("because: "), left: left.to_owned(), right: right.to_owned() }
        })
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

/// What the crate says of two documents, in the words of a case file.
fn judge(left: &Policy, right: &Policy) -> String {
    let lost = no_longer_denied(left, right, VAULT);
    match (left == right, left.same_labels(right)) {
        (true, true) => "equal".to_owned(),
        (true, false) => "labels".to_owned(),
        (false, true) => "different, yet labelled as equal".to_owned(),
        (false, false) if lost.is_empty() => "different".to_owned(),
        (false, false) => format!("weakened {}", Vec::from_iter(lost).join(", ")),
    }
}

fn check(case: &Case) -> Result<(), String> {
    let left = Policy::parse(&case.left).map_err(|error| format!("left: {error}"))?;
    let right = match (Policy::parse(&case.right), case.verdict.as_str()) {
        (Err(error), "refused") => {
            let because = case.because.as_deref().ok_or("a refused case needs a `because:` line")?;
            let text = error.to_string();
            return if text.contains(because) { Ok(()) } else { Err(format!("refused, but: {text}")) };
        }
        (Ok(_), "refused") => return Err("not refused".to_owned()),
        (parsed, _) => parsed.map_err(|error| format!("right: {error}"))?,
    };
    let said = judge(&left, &right);
    if said != case.verdict {
        return Err(format!("expected {}, said {said}", case.verdict));
    }
    // The other way round it may be stronger instead of weaker, but never equal.
    let back = judge(&right, &left);
    let agrees = match case.verdict.as_str() {
        "equal" | "labels" => back == case.verdict,
        _ => back == "different" || back.starts_with("weakened "),
    };
    let same_text = left.to_canonical_json() == right.to_canonical_json();
    if !agrees {
        Err(format!("from right to left it says {back}"))
    } else if same_text != (left == right) {
        Err("the canonical text disagrees with the comparison".to_owned())
    } else {
        Ok(())
    }
}

#[test]
fn every_named_case_has_its_verdict() {
    let cases = read_cases();
    assert!(cases.len() >= 60, "only {} cases in {CASES}", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case).err().map(|reason| format!("{}: {reason}", case.name)))
        .collect();
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

#[test]
fn every_verdict_is_a_known_one_and_is_used() {
    let known = ["equal", "labels", "different", "weakened", "refused"];
    let used: BTreeSet<String> = read_cases()
        .iter()
        .map(|case| case.verdict.split(' ').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(used, known.iter().map(|verdict| (*verdict).to_owned()).collect());
}

#[test]
fn an_encoded_document_is_refused_where_its_own_text_is_wrong() {
    let error = Policy::parse("%7B%22Statement%22%3A%0A%5B%7D").unwrap_err();
    assert!(matches!(error, PolicyError::NotJson { line: 2, column: 2, .. }), "{error}");
}

#[test]
fn a_deeply_nested_document_is_refused() {
    assert!(matches!(Policy::parse(&"[".repeat(100_000)), Err(PolicyError::NotJson { .. })));
}

#[test]
fn a_policy_prints_as_its_sorted_meaning() {
    let policy = Policy::parse(
        r#"{"Statement": {"Sid": "one", "Resource": "*", "Effect": "deny", "Action": ["kms:B", "kms:A"],
            "Principal": {"Service": "s", "AWS": "arn:aws:iam::123456789012:root"},
            "Condition": {"Bool": {"aws:X": true}}}}"#,
    )
    .unwrap();
    let printed: serde_json::Value = serde_json::from_str(&policy.to_canonical_json()).unwrap();
    let expected: serde_json::Value = serde_json::from_str(
        r#"{"Version": "2008-10-17", "Statement": [{"Effect": "Deny",
            "Principal": {"AWS": ["123456789012"], "Service": ["s"]}, "Action": ["kms:a", "kms:b"],
            "Resource": ["*"], "Condition": {"Bool": {"aws:x": ["true"]}}}]}"#,
    )
    .unwrap();
    assert_eq!(printed, expected);
    assert_eq!(format!("{policy:?}"), policy.to_canonical_json());
}

/// A deny of the vault's policy calls; `rest` gives its principals and may override nothing else.
fn denies_healer(rest: &str) -> bool {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", {rest},
            "Action": ["backup:Put*", "backup:DeleteBackupVaultAccessPolicy"], "Resource": "{VAULT}"}}]}}"#
    );
    let policy = Policy::parse(&text).unwrap();
    assert!(!policy.denies(HEALER, "backup:GetBackupVaultAccessPolicy", VAULT), "{text}");
    assert!(
        !policy.denies(HEALER, "backup:PutBackupVaultAccessPolicy", &VAULT.replace("daily", "hourly")),
        "{text}"
    );
    policy.denies(HEALER, "backup:PutBackupVaultAccessPolicy", VAULT)
}

#[test]
fn a_deny_binds_the_principals_that_it_names() {
    for (principal, binds) in [
        (r#""Principal": "*""#, true),
        (r#""Principal": {"AWS": "*"}"#, true),
        (r#""Principal": {"AWS": "123456789012"}"#, true),
        (r#""Principal": {"AWS": "arn:aws:iam::123456789012:root"}"#, true),
        (r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/ops/drift_healer"}"#, true),
        (r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/drift_healer"}"#, false),
        (r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/ops/Drift_Healer"}"#, false),
        (r#""Principal": {"AWS": ["999999999999", "arn:aws:iam::123456789012:user/ada"]}"#, false),
        (r#""Principal": {"AWS": "AIDAEXAMPLEUSERID1234"}"#, false),
        (r#""Principal": {"Service": ["*", "backup.amazonaws.com"]}"#, false),
        (r#""Principal": {}"#, false),
    ] {
        assert_eq!(denies_healer(principal), binds, "{principal}");
    }
}

#[test]
fn a_deny_binds_when_its_principals_leave_a_doubt() {
    for principal in [
        r#""Principal": {"AWS": "arn:aws:sts::123456789012:assumed-role/drift_healer/drift-healer"}"#,
        r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/ops/*"}"#,
        r#""Principal": {"AWS": "AROAEXAMPLEROLEID1234"}"#,
        r#""NotPrincipal": {"AWS": "arn:aws:iam::123456789012:role/admin"}"#,
        r#""NotPrincipal": {"AWS": ["123456789012", "arn:aws:iam::123456789012:role/ops/drift_healer"]}"#,
        r#""Sid": "without_principal""#,
    ] {
        assert!(denies_healer(principal), "{principal}");
    }
}

#[test]
fn a_condition_that_clearly_leaves_the_role_out_frees_it() {
    for condition in [
        r#"{"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/drift_healer"}}"#,
        r#"{"StringNotEquals": {"AWS:principalarn": ["x", "arn:aws:iam::123456789012:role/ops/drift_healer"]}}"#,
        r#"{"StringNotEqualsIfExists": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/drift_healer"}}"#,
        r#"{"StringNotEqualsIgnoreCase": {"aws:PrincipalArn": "arn:aws:iam::123456789012:ROLE/ops/drift_healer"}}"#,
        r#"{"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops/drift_?ealer"}}"#,
        r#"{"StringNotLikeIfExists": {"aws:PrincipalArn": "*drift_healer"}}"#,
        r#"{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/drift_healer"}}"#,
        r#"{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*/drift_healer"}}"#,
        r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:*:iam::*:role/*"}}"#,
        r#"{"ArnNotLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::123456789012:*"}}"#,
        r#"{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin"}}"#,
        r#"{"StringEqualsIfExists": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/*"}}"#,
        r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/*"}}"#,
        r#"{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:root"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "false"}, "ArnNotLike": {"aws:PrincipalArn": "arn:*:iam::*:role/*"}}"#,
    ] {
        assert!(!denies_healer(&format!(r#""Principal": "*", "Condition": {condition}"#)), "{condition}");
    }
}

#[test]
fn any_other_condition_leaves_the_role_bound() {
    for condition in [
        r#"{}"#,
        r#"{"StringEquals": {}}"#,
        r#"{"StringEquals": {"aws:PrincipalArn": []}}"#,
        r#"{"StringEquals": {"aws:PrincipalOrgID": "o-nobody"}}"#,
        r#"{"Null": {"aws:PrincipalArn": "true"}}"#,
        r#"{"ForAllValues:StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/drift_healer"}}"#,
        r#"{"stringnotequals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/drift_healer"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/drift_healer"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/ops/drift_healer"}}"#,
        r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*drift_healer"}}"#,
        r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::999999999999:role/*"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}"#,
        r#"{"ArnEquals": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:root", "arn:aws:iam::*:role/ops/*"]}}"#,
    ] {
        assert!(denies_healer(&format!(r#""Principal": "*", "Condition": {condition}"#)), "{condition}");
    }
}

#[test]
fn exceptions_of_actions_and_resources_are_understood() {
    let denies = |rest: &str| {
        let text = format!(r#"{{"Statement": {{"Effect": "Deny", "Principal": "*", {rest}}}}}"#);
        Policy::parse(&text).unwrap().denies(HEALER, "backup:PutBackupVaultAccessPolicy", VAULT)
    };
    for (rest, binds) in [
        (r#""NotAction": "backup:CopyIntoBackupVault", "Resource": "*""#, true),
        (r#""NotAction": ["backup:put*", "backup:Get*"], "Resource": "*""#, false),
        (r#""NotAction": [], "Resource": "*""#, true),
        (r#""Action": [], "Resource": "*""#, false),
        (r#""Action": "*", "NotResource": "arn:aws:backup:*:*:backup-vault:vault_prod_*""#, false),
        (r#""Action": "*", "NotResource": "arn:aws:backup:*:*:backup-vault:other""#, true),
        (
            r#""Action": "*", "NotResource": "arn:aws:backup:*:*:backup-vault:${aws:PrincipalTag/vault}""#,
            true,
        ),
        (r#""Action": "*", "Resource": "arn:aws:backup:*:*:backup-vault:${aws:PrincipalTag/vault}""#, true),
        (r#""Action": "*""#, true),
    ] {
        assert_eq!(denies(rest), binds, "{rest}");
    }
}

#[test]
fn an_exception_that_names_nothing_denies_nothing_that_could_be_lost() {
    let text = r#"{"Statement":{"Effect":"Deny","Principal":"*","NotAction":[],"Resource":"*"}}"#;
    let policy = Policy::parse(text).unwrap();
    assert!(no_longer_denied(&policy, &policy, VAULT).is_empty());
}

#[test]
fn an_allow_denies_nobody() {
    let text = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let policy = Policy::parse(text).unwrap();
    assert!(!policy.denies(HEALER, "backup:PutBackupVaultAccessPolicy", VAULT));
    assert!(!policy.denies_everyone("backup:PutBackupVaultAccessPolicy", VAULT));
}
