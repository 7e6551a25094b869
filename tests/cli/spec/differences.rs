//! How two specs differ, in words.

use drift_cli::spec::differences;
use reconcile::spec::Spec;

const REFERENCE: &str = drift_healer::DESIRED;

fn told(changes: &[(&str, &str)]) -> Vec<String> {
    let changed = changes.iter().fold(REFERENCE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let parse = |text: &str| Spec::parse(text).unwrap_or_else(|errors| panic!("{errors}"));
    differences(&parse(REFERENCE), &parse(&changed)).unwrap()
}

#[test]
fn the_same_spec_in_other_words_is_no_difference() {
    assert!(told(&[]).is_empty());
    assert!(told(&[("cron(20 7 * * ? *)", "cron(20 7 ? * * *)")]).is_empty());
}

#[test]
fn each_change_is_one_sentence() {
    for (from, to, sentence) in [
        (
            "delete_after_days = 30\n",
            "delete_after_days = 35\n",
            "plan us-east-1/prod_backups: backups of daily_backup_rule are kept 35 instead of 30 days",
        ),
        (
            "delete_after_days = 3\n",
            "",
            "plan us-east-1/prod_backups: backups of hourly_backup_rule are kept for ever instead of 3 days",
        ),
        (
            "changeable_for_days = 3 }",
            "changeable_for_days = 30 }",
            "vault us-east-1/vault_prod_hourly: compliance lock, final 30 days after it is put, for any retention \
             instead of compliance lock, final 3 days after it is put, for any retention",
        ),
        (
            "cron(20 7 1 * ? *)",
            "cron(20 7 2 * ? *)",
            "plan us-east-1/prod_backups: monthly_backup_rule runs on day 2 of every month at 07:20 UTC instead of \
             on day 1 of every month at 07:20 UTC",
        ),
        (
            "rotation = true",
            "rotation = false",
            "key us-east-1/alias/aws_backup_key: rotation is no longer required",
        ),
        (
            "priority = \"critical\"",
            "priority = \"low\"",
            "vault us-east-1/vault_prod_hourly: the tag priority is low instead of critical",
        ),
        (
            "\"backup:DeleteRecoveryPoint\",\n",
            "",
            "vault us-east-1/vault_prod_daily: its policy no longer denies backup:DeleteRecoveryPoint",
        ),
        (
            "copies = [{ vault = \"vault_disaster_recovery\", region = \"dr\", delete_after_days = 30 }]",
            "",
            "plan us-east-1/prod_backups: backups of daily_backup_rule are no longer copied to us-west-2/vault_disaster_recovery",
        ),
        (
            "resources = [\"*\"]",
            "resources = [\"arn:aws:rds:*\"]",
            "plan us-east-1/prod_backups: the resources of the selection all_except_ec2_and_s3: arn:aws:rds:* added, * removed",
        ),
    ] {
        let told = told(&[(from, to)]);
        assert!(told.iter().any(|line| line == sentence), "{sentence}\n{told:#?}");
    }
}

#[test]
fn what_comes_and_what_goes_is_said() {
    let acme = Spec::parse(include_str!("../../core/specs/acme.toml")).unwrap();
    let reference = Spec::parse(REFERENCE).unwrap();
    let told = differences(&reference, &acme).unwrap();
    for line in [
        "vault us-east-1/vault_prod_daily: is no longer in the spec",
        "vault eu-west-1/acme-main: is new in the spec",
        "plan us-east-1/prod_backups: is no longer in the spec",
        "plan eu-west-1/acme-daily: is new in the spec",
        "role aws_backup_role: is no longer in the spec",
        "key eu-west-1/alias/acme/backup: is new in the spec",
        "spec: the name is acme-backup instead of thinkstack-prod",
    ] {
        assert!(told.iter().any(|said| said == line), "{line}\n{told:#?}");
    }
}
