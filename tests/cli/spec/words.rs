//! What a spec wants, in words.

use drift_cli::spec::{description, schedule_in_words};
use reconcile::spec::Spec;

#[test]
fn usual_schedules_are_told_in_words_and_others_as_they_are() {
    for (written, told) in [
        ("cron(20 * * * ? *)", "every hour at minute 20"),
        ("cron(20 7 * * ? *)", "every day at 07:20 UTC"),
        ("cron(0 5 ? * * *)", "every day at 05:00 UTC"),
        ("cron(20 7 1 * ? *)", "on day 1 of every month at 07:20 UTC"),
        ("cron(30 1 ? * MON-SAT *)", "at 01:30 UTC on MON-SAT"),
        ("cron(0 3 1 1 ? *)", "every year on day 1 of month 1 at 03:00 UTC"),
        ("cron(0 5,17 * * ? *)", "cron(0 5,17 * * ? *) UTC"),
    ] {
        assert_eq!(schedule_in_words(written, "Etc/UTC"), told);
    }
}

#[test]
fn a_spec_is_told_in_words_with_what_overlaps_and_what_nothing_takes() {
    let spec = Spec::parse(drift_healer::DESIRED).unwrap();
    let told = description(&spec, "the shipped one").unwrap().join("\n");
    for line in [
        "  us-east-1/vault_prod_daily",
        "  on alias/aws_backup_key; compliance lock, final 3 days after it is put, for any retention",
        "  us-east-1/prod_backups",
        "    hourly_backup_rule: every hour at minute 20, into vault_prod_hourly, kept for 3 days",
        "      copied to us-west-2/vault_disaster_recovery, kept for 30 days",
        "    selection all_ec2, as aws_backup_role: arn:aws:ec2:*:*:instance/*",
        "  no selection backs up S3",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!told.contains("000000000000"), "{told}");
    assert!(!told.contains("more than one selection"), "{told}");
}
