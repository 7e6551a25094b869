//! Mistakes in the plans, their rules and copies.

use super::*;

const COPY: &str = "{ vault = \"copies\", region = \"dr\", delete_after_days = 50 }";

#[test]
fn plans_rules_and_selections_have_names_that_aws_takes() {
    for (from, path, longest) in [
        ("name = \"plan\"", "plans[0].name", 200),
        ("name = \"rule\"", "plans[0].rules[0].name", 50),
        ("name = \"selection\"", "plans[0].selections[0].name", 50),
    ] {
        let long = format!("{:?}", "n".repeat(longest + 1));
        let allowed = format!("1 to {longest} letters, digits, -, _ and .");
        for name in ["\"\"", "\"a b\"", "\"a/b\"", &long] {
            refuses(from, &format!("name = {name}"), path, name, &[&allowed]);
        }
        takes(from, &format!("name = \"-._{}\"", "n".repeat(longest - 3)));
    }
}

#[test]
fn a_scanner_is_written_as_aws_writes_it() {
    let with = |scanner: &str| {
        format!(
            "cold_storage_after_days = 10\nscan_actions = [{{ scanner = \"{scanner}\", mode = \"FULL_SCAN\" }}]"
        )
    };
    for scanner in ["", "guardduty", "Guardduty", "GUARD DUTY", "GUARD-DUTY"] {
        let path = "plans[0].rules[0].scan_actions[0].scanner";
        refuses(
            "cold_storage_after_days = 10",
            &with(scanner),
            path,
            scanner,
            &["write one such as GUARDDUTY"],
        );
    }
    takes("cold_storage_after_days = 10", &with("GUARD_DUTY_2"));
}

#[test]
fn names_are_there_once() {
    let plan = "[[plans]]\nname = \"plan\"\n[[plans.rules]]\nname = \"r\"\nvault = \"daily\"\ndelete_after_days = 9\n[[exceptions]]";
    refuses("[[exceptions]]", plan, "plans[1].name", "plan", &["same as that of plans[0].name"]);
    let rule =
        "[[plans.rules]]\nname = \"rule\"\nvault = \"daily\"\ndelete_after_days = 9\n[[plans.selections]]";
    refuses(
        "[[plans.selections]]",
        rule,
        "plans[0].rules[1].name",
        "rule",
        &["same as that of plans[0].rules[0].name"],
    );
    let selection = "[[plans.selections]]\nname = \"selection\"\nresources = [\"*\"]\n[[exceptions]]";
    refuses("[[exceptions]]", selection, "plans[0].selections[1].name", "selection", &["in this plan"]);
    let twice = format!("[{COPY}, {{ vault = \"copies\", region = \"dr\" }}]");
    refuses(&format!("[{COPY}]"), &twice, "plans[0].rules[0].copies[1]", "copies", &["destination"]);
}

#[test]
fn copies_stay_in_the_partition() {
    let to = |arn: &str| format!("{{ vault_arn = {arn:?} }}");
    takes(COPY, &to("arn:${partition}:backup:eu-west-3:210987654321:backup-vault:central"));
    for arn in [
        "arn:aws-us-gov:backup:us-gov-west-1:210987654321:backup-vault:central",
        "arn:aws:backup:us-gov-west-1:210987654321:backup-vault:central",
        "arn:aws-cn:backup:eu-west-3:210987654321:backup-vault:central",
    ] {
        let path = "plans[0].rules[0].copies[0].vault_arn";
        refuses(COPY, &to(arn), path, "central", &["is not in aws", "within one partition"]);
    }
}

#[test]
fn a_plan_has_one_to_ten_rules() {
    let rules = |count| {
        repeated(count, |n| {
            format!("[[plans.rules]]\nname = \"r{n}\"\nvault = \"daily\"\ndelete_after_days = 9\n")
        })
    };
    let rules = |count| rules(count).replace(", ", "") + "[[plans.selections]]";
    takes("[[plans.selections]]", &rules(9));
    refuses("[[plans.selections]]", &rules(10), "plans[0].rules[10]", "[[plans.rules]]", &["allows 10"]);
    refuses(
        "[[exceptions]]",
        "[[plans]]\nname = \"none\"\n[[exceptions]]",
        "plans[1].rules",
        "[[plans]]",
        &["at least one"],
    );
}

#[test]
fn a_plan_has_at_most_100_selections() {
    let selections = |count: usize| {
        let one = |n| format!("[[plans.selections]]\nname = \"s{n}\"\nresources = [\"*\"]\n");
        (0..count).map(one).collect::<String>() + "[[exceptions]]"
    };
    takes("[[exceptions]]", &selections(99));
    refuses("[[exceptions]]", &selections(100), "plans[0].selections[100]", "[[", &["allows 100"]);
}

#[test]
fn the_advanced_settings_of_ec2_are_known() {
    let path = "plans[0].advanced_settings.EC2";
    refuses("WindowsVSS = ", "windowsVSS = ", &format!("{path}.windowsVSS"), "EC2", &["allowed: WindowsVSS"]);
    refuses("\"enabled\"", "\"on\"", &format!("{path}.WindowsVSS"), "EC2", &["allowed: enabled, disabled"]);
    takes("{ EC2 = { WindowsVSS = \"enabled\" } }", "{ S3 = { BackupACLs = \"enabled\" } }");
}

#[test]
fn a_rule_names_a_vault_of_the_plans_region() {
    refuses(
        "vault = \"daily\"",
        "vault = \"copies\"",
        "plans[0].rules[0].vault",
        "copies",
        &["region primary", "allowed: daily"],
    );
}

#[test]
fn a_schedule_is_aws_cron() {
    let words = ["must have ? in exactly one"];
    refuses("cron(0 5 ? * * *)", "cron(0 5 * * * *)", "plans[0].rules[0].schedule", "cron", &words);
    refuses(
        "cron(0 5 ? * * *)",
        "rate(1 day)",
        "plans[0].rules[0].schedule",
        "rate",
        &["AWS Backup takes no others"],
    );
    takes("schedule = \"cron(0 5 ? * * *)\"\n", "");
}

#[test]
fn a_time_zone_is_one_of_the_iana_database() {
    for zone in [
        "",
        "Europe/Berln",
        "Berlin",
        "+01:00",
        "Europe/",
        "/Berlin",
        "Europe/Berlin/X/Y",
        "europe/berlin",
        "Europe Berlin",
    ] {
        let written = format!("{zone:?}");
        refuses("\"Europe/Berlin\"", &written, "plans[0].rules[0].timezone", zone, &["UTC or Area/City"]);
    }
    for zone in
        ["UTC", "Etc/UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince", "CET"]
    {
        takes("Europe/Berlin", zone);
    }
}

#[test]
fn a_start_window_is_an_hour_or_more() {
    let path = "plans[0].rules[0].start_window_minutes";
    refuses(
        "start_window_minutes = 60",
        "start_window_minutes = 59",
        path,
        "59",
        &["60 to 52560000 minutes"],
    );
    let toml = changed("start_window_minutes = 60", "start_window_minutes = 52560001");
    // That the completion window now ends before it is no news.
    let error = only_mistake(
        &toml.replace("completion_window_minutes = 600", "completion_window_minutes = 52560000"),
    );
    assert_eq!(error.path, path);
}

#[test]
fn a_completion_window_ends_after_the_start_window() {
    let path = "plans[0].rules[0].completion_window_minutes";
    let to = "completion_window_minutes = 59";
    refuses(
        "completion_window_minutes = 600",
        to,
        path,
        "59",
        &["59 minutes", "start window, 60", "60 or more"],
    );
    refuses(
        "completion_window_minutes = 600",
        "completion_window_minutes = 52560001",
        path,
        "1",
        &["52560000"],
    );
    takes("completion_window_minutes = 600", "completion_window_minutes = 60");
    // The defaults of AWS Backup count as well: 480 to start, 10080 to complete.
    refuses(
        "start_window_minutes = 60\ncompletion_window_minutes = 600",
        "completion_window_minutes = 479",
        path,
        "479",
        &["480"],
    );
    let start = "plans[0].rules[0].start_window_minutes";
    refuses(
        "start_window_minutes = 60\ncompletion_window_minutes = 600",
        "start_window_minutes = 10081",
        start,
        "10081",
        &["10080"],
    );
    takes("start_window_minutes = 60\ncompletion_window_minutes = 600\n", "");
}

#[test]
fn a_lifecycle_is_1_to_36500_days_and_90_of_them_in_cold_storage() {
    let rule = "plans[0].rules[0].delete_after_days";
    refuses(
        "delete_after_days = 100",
        "delete_after_days = 99",
        rule,
        "99",
        &["too early after cold storage", "100 or more"],
    );
    let cold = "plans[0].rules[0].cold_storage_after_days";
    refuses("cold_storage_after_days = 10", "cold_storage_after_days = 0", cold, "0", &["1 to 36500 days"]);
    let copy = "plans[0].rules[0].copies[0].delete_after_days";
    let to = "delete_after_days = 50, cold_storage_after_days = 1";
    refuses("delete_after_days = 50", to, copy, "copies", &["91 or more"]);
    refuses("delete_after_days = 50", "delete_after_days = 36501", copy, "36501", &["1 to 36500 days"]);
    takes("delete_after_days = 50", "delete_after_days = 91, cold_storage_after_days = 1");
    let alone = "plans[0].rules[0].copies[0].cold_storage_after_days";
    refuses(
        "delete_after_days = 50",
        "cold_storage_after_days = 5",
        alone,
        "copies",
        &["needs delete_after_days"],
    );
    let huge = "cold_storage_after_days = 9223372036854775807";
    let errors = Spec::parse(&changed("cold_storage_after_days = 10", huge)).expect_err("refused");
    assert_eq!(errors.iter().count(), 1, "{errors}");
}

#[test]
fn continuous_backups_are_kept_up_to_35_days_and_never_cold() {
    let path = "plans[0].rules[0].delete_after_days";
    let with = |lifecycle: &str| format!("{lifecycle}continuous_backup = true");
    let from = "delete_after_days = 100\ncold_storage_after_days = 10";
    takes(from, &with("delete_after_days = 35\n"));
    refuses(from, &with("delete_after_days = 36\n"), path, "36", &["1 to 35 days"]);
    let unlocked = changed("min_retention_days = 7, max_retention_days = 400", "min_retention_days = 7");
    let error = only_mistake(&unlocked.replace(from, &with("")));
    assert_eq!(error.path, path);
    assert!(error.message.contains("kept 1 to 35 days"), "{error}");
    let errors = Spec::parse(&changed(from, &with(&format!("{from}\n")))).expect_err("refused").to_string();
    assert!(errors.contains("continuous backups cannot move to cold storage"), "{errors}");
}

#[test]
fn recovery_points_get_at_most_ten_tags() {
    let tags = |count| format!("{{ {} }}", repeated(count, |n| format!("t{n} = \"x\"")));
    takes("{ kept = \"long\" }", &tags(10));
    refuses("{ kept = \"long\" }", &tags(11), "plans[0].rules[0].recovery_point_tags", "[[", &["allows 10"]);
    let path = "plans[0].rules[0].recovery_point_tags.aws:x";
    refuses("{ kept = \"long\" }", "{ \"aws:x\" = \"y\" }", path, "aws:x", &["begins with aws:"]);
}

#[test]
fn a_copy_goes_to_a_vault_of_the_spec_or_to_an_arn() {
    let path = "plans[0].rules[0].copies[0]";
    let words = ["either vault and region, or vault_arn"];
    let arn = "vault_arn = \"arn:aws:backup:eu-north-1:999999999999:backup-vault:far\"";
    for copy in [
        "{ }",
        "{ vault = \"copies\" }",
        "{ region = \"dr\" }",
        &format!("{{ vault = \"copies\", {arn} }}"),
        &format!("{{ region = \"dr\", {arn} }}"),
    ] {
        refuses(COPY, copy, path, "copies =", &words);
    }
    takes(COPY, &format!("{{ {arn} }}"));
    refuses(
        "vault = \"copies\"",
        "vault = \"daily\"",
        &format!("{path}.vault"),
        "daily",
        &["region dr", "allowed: copies"],
    );
    refuses(
        "region = \"dr\", delete",
        "region = \"moon\", delete",
        &format!("{path}.region"),
        "moon",
        &["archive, dr, primary"],
    );
    for bad in [
        "far",
        "arn:aws:backup:eu-north-1:99:backup-vault:far",
        "arn:aws:backup:eu-north-1:999999999999:backup-plan:far",
        "arn:aws:s3:::far",
    ] {
        refuses(
            COPY,
            &format!("{{ vault_arn = {bad:?} }}"),
            &format!("{path}.vault_arn"),
            bad,
            &["ARN of a vault", "write"],
        );
    }
    let unknown = "{ vault_arn = \"arn:aws:backup:${zone}:999999999999:backup-vault:far\" }";
    refuses(COPY, unknown, &format!("{path}.vault_arn"), "zone", &["${zone} is not known", "${region}"]);
}

#[test]
fn a_rule_has_at_most_five_copies() {
    let copies = |count| {
        repeated(count, |n| {
            format!("{{ vault_arn = \"arn:aws:backup:eu-north-1:99999999999{n}:backup-vault:far\" }}")
        })
    };
    takes(COPY, &copies(5));
    refuses(COPY, &copies(6), "plans[0].rules[0].copies[5]", "copies", &["allows 5"]);
}

#[test]
fn no_rule_copies_to_its_own_vault() {
    refuses(
        "copies = [{ vault = \"copies\", region = \"dr\", delete_after_days = 50 }]",
        "copies = [{ vault = \"daily\", region = \"primary\", delete_after_days = 100 }]",
        "plans[0].rules[0].copies[0]",
        "daily",
        &["the vault of its own rule"],
    );
}

#[test]
fn continuous_backups_of_a_plan_go_to_one_vault() {
    let rule = |name: &str, vault: &str, hour: u8| {
        format!(
            "[[plans.rules]]\nname = \"{name}\"\nvault = \"{vault}\"\nschedule = \"cron(0 {hour} ? * * *)\"\ncontinuous_backup = true\ndelete_after_days = 30\nstart_window_minutes = 60\n\n"
        )
    };
    let vault = "[[vaults]]\nname = \"second\"\nregion = \"primary\"\n\n[[plans]]";
    let with = |second: &str| {
        let rules = format!("{}{}[[plans.selections]]", rule("one", "daily", 1), rule("two", second, 9));
        changed("[[plans.selections]]", &rules).replace("[[plans]]", vault)
    };
    Spec::parse(&with("daily")).unwrap_or_else(|errors| panic!("{errors}"));
    let error = only_mistake(&with("second"));
    assert_eq!(error.path, "plans[0].rules[2].continuous_backup");
    assert!(error.message.contains("those of one go to daily"), "{error}");
}

#[test]
fn an_air_gapped_vault_is_none_of_the_specs() {
    let vault = "[[vaults]]\nname = \"second\"\nregion = \"primary\"\n\n[[plans]]";
    let with = |name: &str| {
        changed("copies = [", &format!("air_gapped_vault = \"{name}\"\ncopies = ["))
            .replace("[[plans]]", vault)
    };
    Spec::parse(&with("isolated")).unwrap_or_else(|errors| panic!("{errors}"));
    let error = only_mistake(&with("second"));
    assert_eq!(error.path, "plans[0].rules[0].air_gapped_vault");
    assert!(error.message.contains("those are ordinary ones"), "{error}");
}
