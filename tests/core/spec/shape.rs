//! Mistakes of shape: what is no TOML, what is unknown, what is missing, what has another type.

use super::*;

#[test]
fn the_base_itself_is_valid() {
    assert_eq!(Spec::parse(BASE).expect("valid").name(), "base");
}

#[test]
fn a_mistake_is_printed_with_its_place_its_line_and_a_caret() {
    let toml = changed("cron(0 5 ? * * *)", "cron(0 5 * * ?)");
    let printed = Spec::parse(&toml).expect_err("refused").to_string();
    let line = toml.lines().position(|line| line.contains("cron(")).expect("there") + 1;
    let expected = format!(
        "desired.toml:{line}:12: plans[0].rules[0].schedule: \"cron(0 5 * * ?)\" has five fields; AWS cron has six: \
         minutes hours day-of-month month day-of-week year\n   \
         |\n\
         {line} | schedule = \"cron(0 5 * * ?)\"\n   \
         |            ^^^^^^^^^^^^^^^^^\n\n\
         1 mistake: desired.toml is refused"
    );
    assert_eq!(printed, expected);
}

#[test]
fn another_file_name_can_be_printed() {
    let errors = Spec::parse("").expect_err("refused").in_file("other.toml");
    assert!(errors.to_string().starts_with("other.toml:1:1: name: is missing"), "{errors}");
    assert!(errors.to_string().ends_with("mistakes: other.toml is refused"), "{errors}");
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_the_lines() {
    let toml = changed("rotation = true", "rotation = \"yes\"")
        .replace("key = \"alias/backup\"\npolicy", "key = \"alias/other\"\npolicy")
        .replace("delete_after_days = 100", "delete_after = 100")
        .replace("code = \"missing\"\n", "");
    let errors = Spec::parse(&toml).expect_err("refused");
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "keys[0].rotation",
            "vaults[0].key",
            "plans[0].rules[0].delete_after_days",
            "plans[0].rules[0].delete_after",
            "exceptions[0].code",
        ],
        "{errors}"
    );
}

#[test]
fn a_text_that_is_not_toml_is_refused_at_its_line() {
    let error = only_mistake(&changed("name = \"plan\"", "name = "));
    assert!(error.source_line().contains("name ="), "{error}");
    assert!(error.message.starts_with("this is not TOML: "), "{error}");
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let error = only_mistake(&changed("tier = \"gold\"", "tier = \"gold\"\ntier = \"iron\""));
    assert!(error.message.contains("duplicate key"), "{error}");
}

#[test]
fn an_unknown_field_is_refused_with_the_fields_that_are_known() {
    let words = "unknown field; allowed here: alias, region, description, rotation, rotation_period_days, origin, multi_region, policy, tags";
    refuses("rotation = false", "rotation = false\nrotate = 1", "keys[1].rotate", "rotate = 1", &[words]);
    refuses("[tags]", "[tagz]\na = \"b\"\n[tags]", "tagz", "[tagz]", &["unknown field", "vault_policies"]);
    refuses(
        "{ mode = \"gov",
        "{ days = 3, mode = \"gov",
        "vaults[1].lock.days",
        "days = 3",
        &["min_retention_days"],
    );
}

#[test]
fn a_missing_field_is_refused_at_its_table() {
    refuses("name = \"base\"\n", "", "name", "", &["is missing"]);
    refuses(
        "name = \"selection\"\n",
        "",
        "plans[0].selections[0].name",
        "[[plans.selections]]",
        &["is missing"],
    );
    refuses("until = 2030-06-30", "", "exceptions[0].until", "[[exceptions]]", &["is missing"]);
    refuses("mode = \"governance\", ", "", "vaults[1].lock.mode", "lock = {", &["is missing"]);
    refuses(
        "operator = \"StringEquals\", ",
        "",
        "plans[0].selections[0].conditions[0].operator",
        "conditions",
        &[],
    );
    refuses("rotation = false", "", "keys[1].rotation", "[[keys]]", &["is missing"]);
}

#[test]
fn a_value_of_another_type_is_refused() {
    refuses(
        "= 600",
        "= \"600\"",
        "plans[0].rules[0].completion_window_minutes",
        "\"600\"",
        &["whole number", "string"],
    );
    refuses(
        "= 600",
        "= 600.5",
        "plans[0].rules[0].completion_window_minutes",
        "600.5",
        &["whole number", "float"],
    );
    refuses("team = \"backup\"", "team = true", "tags.team", "team = true", &["must be a string"]);
    refuses(
        "[\"arn:aws:s3:::scratch\"]",
        "[3]",
        "plans[0].selections[0].not_resources[0]",
        "[3]",
        &["string"],
    );
    refuses(
        "[\"arn:aws:s3:::scratch\"]",
        "\"*\"",
        "plans[0].selections[0].not_resources",
        "\"*\"",
        &["a list"],
    );
    refuses(
        "{ EC2 = { WindowsVSS = \"enabled\" } }",
        "{ EC2 = 1 }",
        "plans[0].advanced_settings.EC2",
        "EC2 = 1",
        &[],
    );
    refuses(
        "\"backup\", value = \"yes\" }]",
        "\"backup\", value = \"yes\" }, 3]",
        "plans[0].selections[0].tags[1]",
        "3]",
        &[],
    );
}

#[test]
fn an_exception_ends_on_a_date() {
    for until in ["\"2030-06-30\"", "2030-06-30T10:00:00Z", "10:00:00"] {
        refuses("2030-06-30", until, "exceptions[0].until", until, &["without quotes", "2030-12-31"]);
    }
}

#[test]
fn lengths_count_characters_and_not_bytes() {
    let error = only_mistake(&changed("reason = \"migration\"", "reason = \"\" # müde"));
    assert_eq!((error.column, error.source_line()), (10, "reason = \"\" # müde"));
    let error = only_mistake(&changed("{ kept = \"long\" }", "{ \"größe\" = \"long\", \"aws:x\" = \"y\" }"));
    assert_eq!(error.column, 53, "{error}");
}

#[test]
fn a_number_that_is_too_large_is_told_as_such() {
    let large = "99999999999999999999";
    let error = only_mistake(&changed("= 600", &format!("= {large}")));
    assert!(error.source_line().ends_with(large), "{error}");
    assert!(error.message.starts_with("is a number that is too large"), "{error}");
}

#[test]
fn what_cannot_be_seen_is_written_out_wherever_it_stands() {
    let hidden = "\u{202e}\u{2066}\u{2028}\u{9b}";
    let plan = format!("name = \"pl{hidden}an\" # {hidden}");
    let text = changed("name = \"plan\"", &plan) + &format!("\"a{hidden}\" = 1\n");
    let text = text.replace("[tags]\n", &format!("[tags]\n\"aws:{hidden}\" = \"{hidden}\"\n"));
    let told = Spec::parse(&text).expect_err("refused").in_file(&format!("{hidden}.toml")).to_string();
    assert!(told.contains("tags.aws:\\u{202e}\\u{2066}\\u{2028}\\u{9b}"), "{told}");
    assert!(!told.contains(['\u{202e}', '\u{2066}', '\u{2028}', '\u{9b}']), "{told}");
}

#[test]
fn of_a_long_line_the_part_around_the_mistake_is_shown() {
    let far = format!("name = \"plan\" # {}", "x".repeat(1_000_000));
    let long = changed("name = \"plan\"", &far)
        .replace("[tags]\n", &format!("[tags]\nk = [\"{}\", 3]\n", "y".repeat(1_000_000)));
    let long = long.replace("= 600", &format!("= \"{}\"", "z".repeat(1_000_000)));
    let errors = Spec::parse(&long).expect_err("refused");
    assert_eq!(errors.iter().count(), 2, "{}", errors.to_string().len());
    assert!(errors.to_string().len() < 4_000, "{}", errors.to_string().len());
    let line = format!("a = [{}", "1, ".repeat(400)) + "] trailing";
    let error = only_mistake(&changed("[tags]\n", &format!("[tags]\n{line}\n")));
    assert_eq!(&error.source_line()[error.mark()], "t", "{error}");
    assert!(error.source_line().starts_with('…') && error.source_line().ends_with(" trailing"), "{error}");
    assert_eq!(error.column, line.find(" tr").unwrap_or_default() + 2);
}

#[test]
fn a_line_of_the_most_that_is_shown_is_shown_in_whole_and_the_mark_is_as_long_as_the_mistake() {
    // From the mistake on there is room for 400 characters, and one more is cut.
    for (comment, is_cut) in [(390, false), (391, true), (395, true)] {
        let rest = format!("\"a b\" # {}", "x".repeat(comment + 2));
        let error = only_mistake(&changed("name = \"rule\"", &format!("name = {rest}")));
        assert_eq!(&error.source_line()[error.mark()], "\"a b\"", "{error}");
        assert_eq!(error.source_line().ends_with('…'), is_cut, "{comment}: {error}");
        assert_eq!(error.source_line().ends_with('x'), !is_cut, "{comment}: {error}");
    }
    let error = only_mistake(&changed("mode = \"governance\",", "mode = \"other\","));
    assert_eq!(&error.source_line()[error.mark()], "\"other\"", "{error}");
}

#[test]
fn of_a_hundred_thousand_mistakes_some_are_printed_and_all_are_counted() {
    let keys: String = (0..100_000).map(|n| format!("k{n} = 1\n")).collect();
    let errors = Spec::parse(&(keys + BASE)).expect_err("refused");
    let told = errors.to_string();
    assert!(
        told.ends_with("... and 99950 more\n\n100000 mistakes: desired.toml is refused"),
        "{}",
        &told[told.len() - 99..]
    );
    let inline: Vec<String> = (0..100_000).map(|n| format!("k{n} = 1")).collect();
    let errors =
        Spec::parse(&changed("[tags]\n", &format!("inline = {{ {} }}\n[tags]\n", inline.join(", "))))
            .expect_err("refused");
    assert_eq!(errors.iter().count(), 1);
}
