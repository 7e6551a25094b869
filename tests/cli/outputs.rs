//! The forms that other programs take, sixty findings, and codes.

use sandbox::{Fault, FaultKind};
use sandbox_reference::{DRIFTS, drift};
use serde_json::Value;

use crate::process::{Ran, Scene};

const DRIFTED: [&str; 3] = ["vault-policy-deleted", "rule-retention-cut", "key-description-changed"];

#[test]
fn one_run_is_told_in_many_forms() {
    let scene = Scene::with(&DRIFTED);
    let mut arguments = vec!["check", "--spec", "reference", "--quiet", "--output", "text"];
    for output in ["json=a.json", "markdown=a.md", "ocsf=a.ocsf.json", "junit=a.xml"] {
        arguments.extend(["--output", output]);
    }
    let ran = scene.run(&arguments);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.out.contains("vault-policy us-east-1/vault_prod_daily"), "{}", ran.out);
    let read = |name: &str| std::fs::read_to_string(scene.folder.join(name)).unwrap();
    let answer: Value = serde_json::from_str(&read("a.json")).unwrap();
    assert_eq!((&answer["verdict"], answer["findings"].as_array().unwrap().len()), (&"drifted".into(), 3));
    assert_eq!(answer["look"]["regions"], serde_json::json!(["us-east-1", "us-west-2"]));
    assert!(
        read("a.md")
            .contains("| critical | vault-policy us-east-1/vault\\_prod\\_daily | missing | planned |")
    );
    let ocsf: Value = serde_json::from_str(&read("a.ocsf.json")).unwrap();
    for finding in ocsf.as_array().unwrap() {
        assert_eq!((&finding["class_uid"], &finding["type_uid"]), (&2004.into(), &200_401.into()));
        for member in ["time", "severity_id", "metadata", "finding_info", "cloud", "resources", "status_id"] {
            assert!(!finding[member].is_null(), "{member} of {finding:#}");
        }
    }
    let junit = read("a.xml");
    assert!(junit.contains("failures=\"3\" errors=\"0\""), "{junit}");
    assert!(junit.contains("<failure type=\"retention-differs\""), "{junit}");
    assert!(
        junit.contains("<testcase classname=\"vault.us-west-2\" name=\"vault_disaster_recovery\"/>"),
        "{junit}"
    );
}

#[test]
fn what_cannot_be_read_has_a_code_of_its_own() {
    let scene = Scene::with(&[]);
    let denied = FaultKind::Error {
        code: "AccessDeniedException".to_owned(),
        status: 403,
        message: "not authorized to perform backup:GetBackupVaultAccessPolicy".to_owned(),
    };
    scene.sandbox.inject(Fault::on("backup", "GetBackupVaultAccessPolicy", denied).times(1000));
    let ran = scene.run(&["check", "--spec", "reference", "--quiet"]);
    assert_eq!(ran.code, Some(4), "{}", ran.out);
    // One refused read is one paragraph, whatever it leaves unread.
    assert_eq!(ran.out.matches("not authorized to perform").count(), 1, "{}", ran.out);
    drift(&scene.sandbox, "rule-retention-cut").unwrap();
    assert_eq!(scene.run(&["check", "--spec", "reference", "--quiet"]).code, Some(3));
    assert_eq!(
        scene.run(&["check", "--spec", "reference", "--quiet", "--fail-on", "critical"]).code,
        Some(4)
    );
}

#[test]
fn the_least_rights_are_enough_and_none_is_too_much() {
    let scene = Scene::with(&[]);
    let rights = scene.run(&["check", "--rights"]).out;
    scene.sandbox.enforce(sandbox::DEFAULT_ACCOUNT, &[&rights]).unwrap();
    let ran = scene.run(&["check", "--spec", "reference", "--quiet", "--unmanaged"]);
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.out, ran.err);
    assert_eq!(scene.sandbox.writes().len(), 0);
}

/// Drifts of everything that differ side by side: what is deleted or made anew differs in nothing else.
fn all_at_once(scene: &Scene) {
    const MASKS: [&str; 15] = [
        "deleted",
        "everything",
        "recreated",
        "air-gapped",
        "failed",
        "destroyed",
        "imported",
        "multi-region",
        "for-signing",
        "unavailable",
        "moved",
        "removed",
        "duplicated",
        "immutable",
        "doubled",
    ];
    let one_of_a_kind = DRIFTS.iter().map(|one| one.name.to_owned()).filter(|name| name != "opt-in-off");
    let unmasked = one_of_a_kind.filter(|name| MASKS.iter().all(|mask| !name.contains(mask)));
    let of_vaults = ["vault_prod_hourly", "vault_prod_monthly", "vault_disaster_recovery"].map(|vault| {
        ["vault-policy-weakened", "vault-lock-deleted", "vault-untagged"]
            .map(|name| format!("{name}:{vault}"))
    });
    let rules = [
        "prod_backups/hourly_backup_rule",
        "prod_backups/monthly_backup_rule",
        "ec2_prod_backups/daily_backup_rule",
    ];
    let of_rules = rules.map(|rule| {
        let names = [
            "retention-cut",
            "schedule-changed",
            "timezone-changed",
            "target-changed",
            "start-window-changed",
            "completion-window-changed",
            "tags-added",
        ];
        names.map(|name| format!("rule-{name}:{rule}"))
    });
    // Some exclude each other.
    for name in unmasked.chain(of_vaults.into_iter().flatten()).chain(of_rules.into_iter().flatten()) {
        let _ = drift(&scene.sandbox, &name);
    }
}

#[test]
fn sixty_findings_are_a_screen_and_a_half() {
    let scene = Scene::with(&[]);
    all_at_once(&scene);
    let check = ["check", "--spec", "reference", "--quiet"];
    let answer: Value = serde_json::from_str(&scene.run(&[&check[..], &["--json"]].concat()).out).unwrap();
    let findings = answer["findings"].as_array().unwrap().len();
    assert!(findings >= 60, "{findings} findings");
    let ran = scene.run(&check);
    // A screen of 60 lines, as a window has them.
    let lines = ran.out.lines().count();
    assert!(lines <= 90, "{findings} findings in {lines} lines:\n{}", ran.out);
    let mut narrow = scene.drift(&check);
    let narrow = Ran::of(&narrow.env("COLUMNS", "80").output().unwrap());
    let lines = narrow.out.lines().count();
    // With each drift that gets a name there are more than sixty.
    assert!(lines * 60 <= 90 * findings, "{findings} findings in {lines} narrow lines:\n{}", narrow.out);
    // Names and commands are not broken: they are to be copied.
    let wide = ran.out.lines().filter(|line| line.chars().count() > 100 && line.trim().contains(' '));
    let wide: Vec<&str> = wide.filter(|line| !is_command(line)).collect();
    assert_eq!(wide, Vec::<&str>::new(), "wider than the page");
}

fn is_command(line: &str) -> bool {
    ["aws ", "drift "].iter().any(|start| line.trim_start().starts_with(start))
}

#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let scene = Scene::with(&[]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = scene.drift(&["check", "--spec", "reference", "--quiet"]).stdout(full).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains("standard output cannot be written") && !err.contains("panicked"), "{err}");
}
