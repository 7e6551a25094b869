//! Mistakes in the selections.

use super::*;

const RESOURCES: &str = "resources = [\"arn:${partition}:ec2:${region}:${account}:instance/*\"]";
const TAGS: &str = "tags = [{ key = \"backup\", value = \"yes\" }]";
const CONDITIONS: &str =
    "conditions = [{ operator = \"StringEquals\", key = \"aws:ResourceTag/env\", value = \"prod\" }]";

#[test]
fn a_selection_has_resources_or_tags() {
    let path = "plans[0].selections[0]";
    let toml = changed(RESOURCES, "").replace(TAGS, "");
    let error = only_mistake(&toml);
    assert_eq!((error.path.as_str(), error.source_line()), (path, "[[plans.selections]]"));
    assert!(error.message.contains("conditions and not_resources only narrow"), "{error}");
    takes(RESOURCES, "");
    takes(TAGS, "");
}

#[test]
fn resources_are_arns_or_patterns_of_them() {
    let path = "plans[0].selections[0].resources[0]";
    for resource in ["", "instance/*", "arn:", "arn:aws", "arn:aws:ec2", "arn:aws:ec2: x", "**"] {
        refuses(
            RESOURCES,
            &format!("resources = [{resource:?}]"),
            path,
            resource,
            &["write * or one such as"],
        );
    }
    refuses(
        RESOURCES,
        "resources = [\"arn:aws:ec2:${zone}:*\"]",
        path,
        "zone",
        &["${partition}, ${account}, ${region}"],
    );
    for resource in ["*", "arn:aws:s3:*", "arn:${partition}:ec2:*:*:instance/*", "arn:aws:s3:::bucket"] {
        takes(RESOURCES, &format!("resources = [{resource:?}]"));
    }
}

#[test]
fn a_selection_stays_within_the_limits_of_aws_backup() {
    let plain = |count| format!("resources = [{}]", repeated(count, |n| format!("\"arn:aws:s3:::b{n}\"")));
    takes(RESOURCES, &plain(499)); // and one more in not_resources
    refuses(RESOURCES, &plain(500), "plans[0].selections[0].not_resources[0]", "scratch", &["allows 500"]);
    let patterns =
        |count| format!("resources = [{}]", repeated(count, |n| format!("\"arn:aws:s3:::b{n}*\"")));
    takes(RESOURCES, &patterns(30));
    refuses(
        RESOURCES,
        &patterns(31),
        "plans[0].selections[0].resources[30]",
        "b30",
        &["allows 30 ARNs with wildcards"],
    );
    let tags =
        |count| format!("tags = [{}]", repeated(count, |n| format!("{{ key = \"k\", value = \"{n}\" }}")));
    takes(TAGS, &tags(30));
    refuses(TAGS, &tags(31), "plans[0].selections[0].tags[30].key", "30", &["allows 30 tags"]);
    let one = |n| format!("{{ operator = \"StringLike\", key = \"aws:ResourceTag/k{n}\", value = \"v\" }}");
    let conditions = |count| format!("conditions = [{}]", repeated(count, one));
    takes(CONDITIONS, &conditions(30));
    refuses(
        CONDITIONS,
        &conditions(31),
        "plans[0].selections[0].conditions[30].key",
        "k30",
        &["30 conditions"],
    );
}

#[test]
fn conditions_are_about_tags_of_the_resource() {
    let path = "plans[0].selections[0].conditions[0]";
    refuses(
        "\"aws:ResourceTag/env\"",
        "\"env\"",
        &format!("{path}.key"),
        "env",
        &["allowed: aws:ResourceTag/KEY"],
    );
    refuses("aws:ResourceTag/env", "aws:ResourceTag/", &format!("{path}.key"), "Tag", &["1 to 128"]);
    let words = ["allowed: StringEquals, StringLike, StringNotEquals, StringNotLike"];
    refuses("\"StringEquals\"", "\"StringMatches\"", &format!("{path}.operator"), "StringMatches", &words);
    takes("aws:ResourceTag/env", "aws:ResourceTag/aws:cloudformation:stack-name");
    refuses("key = \"backup\"", "key = \"\"", "plans[0].selections[0].tags[0].key", "key", &["1 to 128"]);
}

/// The base, whose selection has these resources, exclusions and conditions, and no tags.
fn selecting(resources: &str, not_resources: &str, conditions: &[(&str, &str)]) -> String {
    let condition = |(operator, value): &(&str, &str)| {
        format!("{{ operator = \"{operator}\", key = \"aws:ResourceTag/env\", value = \"{value}\" }}")
    };
    let conditions: Vec<String> = conditions.iter().map(condition).collect();
    changed(RESOURCES, &format!("resources = [{resources}]"))
        .replace(TAGS, "")
        .replace("not_resources = [\"arn:aws:s3:::scratch\"]", &format!("not_resources = [{not_resources}]"))
        .replace(CONDITIONS, &format!("conditions = [{}]", conditions.join(", ")))
}

#[test]
fn what_leaves_out_all_that_is_selected_is_refused() {
    const INSTANCES: &str = "\"arn:aws:ec2:*:*:instance/*\"";
    let path = "plans[0].selections[0].not_resources[0]";
    for (resources, out) in [
        (INSTANCES, "\"*\""),
        (INSTANCES, INSTANCES),
        (INSTANCES, "\"arn:aws:ec2:*\""),
        (INSTANCES, "\"arn:aws:ec2:*:*:*\""),
        ("\"arn:aws:s3:::a\", \"arn:aws:s3:::b\"", "\"arn:aws:s3:::*\""),
        ("\"*\"", "\"*\""),
    ] {
        let error = only_mistake(&selecting(resources, out, &[]));
        assert_eq!(error.path, path, "{error}");
        assert!(error.message.contains("nothing would be backed up"), "{error}");
    }
    for (resources, out) in [
        (INSTANCES, "\"arn:aws:ec2:eu-west-1:*:instance/*\""),
        (INSTANCES, "\"arn:aws:ec2:*:*:volume/*\""),
        ("\"arn:aws:s3:::a\", \"arn:aws:rds:*:*:db:*\"", "\"arn:aws:s3:::*\""),
        ("\"*\"", INSTANCES),
    ] {
        Spec::parse(&selecting(resources, out, &[])).unwrap_or_else(|errors| panic!("{errors}"));
    }
    // By tags something is selected beside them, but not beside everything.
    takes("not_resources = [\"arn:aws:s3:::scratch\"]", "not_resources = [\"arn:aws:ec2:*\"]");
    refuses(
        "not_resources = [\"arn:aws:s3:::scratch\"]",
        "not_resources = [\"*\"]",
        path,
        "not",
        &["leaves out"],
    );
}

#[test]
fn conditions_that_no_resource_can_meet_are_refused() {
    const EQ: &str = "StringEquals";
    const LIKE: &str = "StringLike";
    for conditions in [
        [(EQ, "prod"), (EQ, "dev")],
        [(EQ, "prod"), ("StringNotEquals", "prod")],
        [("StringNotLike", "pr*"), (EQ, "prod")],
        [(EQ, "prod"), (LIKE, "dev*")],
        [(LIKE, "prod-*"), ("StringNotLike", "prod*")],
        [(LIKE, "prod"), (LIKE, "dev*")],
        [(LIKE, "prod"), ("StringNotEquals", "prod")],
    ] {
        let error = only_mistake(&selecting("\"*\"", "", &conditions));
        assert_eq!(error.path, "plans[0].selections[0].conditions[1].value", "{conditions:?}: {error}");
        assert!(error.message.contains("nothing would be selected"), "{error}");
    }
    for conditions in [
        [(EQ, "prod"), (EQ, "prod")],
        [(EQ, "prod"), ("StringNotEquals", "Prod")],
        [(LIKE, "prod*"), ("StringNotLike", "prod-old*")],
        [(LIKE, "prod*"), (LIKE, "*db")],
        [("StringNotEquals", "prod"), ("StringNotEquals", "dev")],
        [(LIKE, "prod*"), (EQ, "prod")],
    ] {
        let toml = selecting("\"*\"", "", &conditions);
        Spec::parse(&toml).unwrap_or_else(|errors| panic!("{conditions:?}: {errors}"));
    }
}

#[test]
fn arns_of_another_partition_match_nothing() {
    let path = "plans[0].selections[0].resources[0]";
    for arn in ["arn:aws-cn:ec2:*:*:instance/*", "arn:aws-us-gov:s3:::bucket"] {
        refuses(
            RESOURCES,
            &format!("resources = [{arn:?}]"),
            path,
            arn,
            &["matches nothing", "${partition}"],
        );
    }
}

#[test]
fn no_tag_has_a_key_of_conditions() {
    for key in ["aws:ResourceTag/a", "aws:resourcetag/a", "aws:RequestTag/a", "AWS:PrincipalTag/a"] {
        let path = "plans[0].selections[0].tags[0].key";
        refuses("key = \"backup\"", &format!("key = {key:?}"), path, key, &["write \"a\""]);
    }
    takes("key = \"backup\"", "key = \"aws:cloudformation:stack-name\"");
}
