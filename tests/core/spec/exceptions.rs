//! Mistakes in exceptions: one that matches nothing by a slip of the pen would let a repair overwrite what was agreed.

use reconcile::desired::Exception;

use super::*;

const RESOURCE: &str = "\"vault-policy eu-west-1/daily\"\ncode = \"missing\"";

/// The exception of the base spec, about something else.
fn about(resource: &str, code: &str) -> String {
    format!("{resource:?}\ncode = {code:?}")
}

/// The same, about one attribute.
fn about_attribute(resource: &str, code: &str, attribute: &str) -> String {
    format!("{}\nattribute = {attribute:?}", about(resource, code))
}

#[test]
fn an_exception_names_a_resource_of_the_spec() {
    for (resource, code) in [
        ("role backup_role", "policy-detached"),
        ("key eu-west-1/alias/backup", "rotation-off"),
        ("key primary/alias/backup", "rotation-off"),
        ("alias eu-west-1/alias/backup", "missing"),
        ("vault eu-west-1/daily", "tags-differ"),
        ("vault-lock eu-west-1/daily", "date-too-far"),
        ("plan eu-west-1/plan", "retention-differs"),
        ("selection eu-west-1/plan/selection", "resources-differ"),
        // What nobody designed can be agreed upon as well.
        ("selection eu-west-1/plan/of_another_team", "unmanaged"),
        ("vault-policy eu-west-1/daily", "unreadable"),
    ] {
        takes(RESOURCE, &about(resource, code));
    }
    for (resource, code, words) in [
        ("", "missing", "names no resource"),
        ("daily", "missing", "names no resource"),
        (
            "bucket eu-west-1/daily",
            "missing",
            "role, key, alias, vault, vault-policy, vault-lock, plan, selection",
        ),
        ("vualt eu-west-1/daily", "missing", "did you mean \"vault\"?"),
        ("vault daily", "missing", "names no region"),
        ("vault eu-west-2/daily", "missing", "did you mean \"eu-west-1\"?"),
        ("vault eu-west-1/dayly", "missing", "did you mean \"daily\"?"),
        ("vault eu-west-1/", "missing", "allowed: daily"),
        ("key eu-west-1/backup", "missing", "did you mean \"alias/backup\"?"),
        ("role backup_roles", "missing", "did you mean \"backup_role\"?"),
        ("plan eu-west-1/plans", "missing", "did you mean \"plan\"?"),
        ("selection eu-west-1/plan", "missing", "names no plan and selection"),
        ("selection eu-west-1/plans/selection", "missing", "did you mean \"plan\"?"),
        ("selection eu-west-1/plan/selektion", "missing", "did you mean \"selection\"?"),
    ] {
        refuses(RESOURCE, &about(resource, code), "exceptions[0].resource", resource, &[words]);
    }
}

#[test]
fn an_exception_has_a_code_that_its_kind_has() {
    for (resource, code, words) in [
        ("plan eu-west-1/plan", "retention-difers", "did you mean \"retention-differs\"?"),
        ("plan eu-west-1/plan", "rotation-off", "is a code of kind key, and not of plan"),
        ("key eu-west-1/alias/backup", "rotation_off", "did you mean \"rotation-off\"?"),
        ("vault-policy eu-west-1/daily", "Missing", "did you mean \"missing\"?"),
        (
            "vault-policy eu-west-1/daily",
            "",
            "allowed: unreadable, missing, hidden, weakened, blocks-backups",
        ),
    ] {
        refuses(RESOURCE, &about(resource, code), "exceptions[0].code", code, &[words]);
    }
}

#[test]
fn an_exception_may_be_about_one_attribute_that_such_a_finding_has() {
    let plan = "plan eu-west-1/plan";
    for (resource, code, attribute) in [
        (plan, "retention-differs", "rules.rule.delete_after_days"),
        (plan, "rule-unexpected", "rules.of_another.team"),
        (
            plan,
            "copy-missing",
            "rules.rule.copies.arn:aws:backup:eu-central-1:${account}:backup-vault:copies",
        ),
        (
            plan,
            "copy-missing",
            "rules.rule.copies.arn:aws:backup:eu-central-1:210987654321:backup-vault:copies",
        ),
        (
            "role backup_role",
            "policy-unexpected",
            "managed_policies.arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        ("vault-policy eu-west-1/daily", "differs", "labels"),
        ("key eu-west-1/alias/backup", "unreadable", "rotation"),
    ] {
        takes(RESOURCE, &about_attribute(resource, code, attribute));
    }
    for (resource, code, attribute, words) in [
        (
            plan,
            "retention-differs",
            "rules.rule.delete_after_day",
            "did you mean \"rules.rule.delete_after_days\"?",
        ),
        (
            plan,
            "retention-differs",
            "rules.rulle.delete_after_days",
            "did you mean \"rules.rule.delete_after_days\"?",
        ),
        (plan, "rule-unexpected", "rules.", "is not an attribute of such a finding"),
        (plan, "missing", "rules", "about the resource as a whole"),
        ("key eu-west-1/alias/backup", "unreadable", "rotatoin", "did you mean \"rotation\"?"),
        (plan, "retention-differs", "rules.${vault}.delete_after_days", "${vault} is not known here"),
    ] {
        let written = about_attribute(resource, code, attribute);
        refuses(RESOURCE, &written, "exceptions[0].attribute", attribute, &[words]);
    }
}

#[test]
fn an_exception_has_an_owner_and_a_reason() {
    refuses("owner = \"ops\"", "owner = \" \"", "exceptions[0].owner", "owner", &["is empty"]);
    refuses("reason = \"migration\"", "reason = \"\"", "exceptions[0].reason", "reason", &["is empty"]);
}

#[test]
fn an_exception_of_a_new_spec_lasts_a_year_at_most() {
    let today = time::macros::date!(2026 - 11 - 23);
    let latest = Exception::latest(today);
    for (days, is_taken) in [(0, true), (1, false), (-1, true)] {
        let until = latest + time::Duration::days(days);
        let line = BASE.lines().find(|line| line.starts_with("until = ")).expect("an exception");
        let toml = changed(line, &format!("until = {until}"));
        let read = Spec::parse_on(&toml, today);
        assert_eq!(read.is_ok(), is_taken, "{until}");
        if let Err(errors) = read {
            assert!(errors.to_string().contains("is more than a year from today"), "{errors}");
        }
        assert!(Spec::parse(&toml).is_ok(), "one that was taken once is taken for ever");
    }
}
