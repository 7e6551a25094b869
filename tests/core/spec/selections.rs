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
    let one = |n| format!("{{ operator = \"StringLike\", key = \"aws:ResourceTag/k\", value = \"{n}\" }}");
    let conditions = |count| format!("conditions = [{}]", repeated(count, one));
    takes(CONDITIONS, &conditions(30));
    refuses(
        CONDITIONS,
        &conditions(31),
        "plans[0].selections[0].conditions[30].key",
        "30",
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
