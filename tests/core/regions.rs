//! Regions and partitions: open sets, of which some are known.

use proptest::prelude::*;
use proptest::string::string_regex;
use reconcile::console::Link;
use reconcile::lists::{ListedPlan, is_kept_by_others};
use reconcile::region::{
    PARTITIONS, REGION, doubt_of, iam_region, is_partition, is_region, may_be_in, mistake_in, partition_of,
};

#[test]
fn a_region_is_known_by_how_it_begins() {
    for (region, partition) in [
        ("us-east-1", Some("aws")),
        ("ap-southeast-7", Some("aws")),
        ("mx-central-1", Some("aws")),
        ("cn-northwest-1", Some("aws-cn")),
        ("us-gov-east-1", Some("aws-us-gov")),
        ("eusc-de-east-1", Some("aws-eusc")),
        ("us-iso-west-1", Some("aws-iso")),
        ("us-isob-east-1", Some("aws-iso-b")),
        ("eu-isoe-west-1", Some("aws-iso-e")),
        ("us-isof-south-1", Some("aws-iso-f")),
        ("us-isoz-east-1", None),
        ("eu-gov-west-1", None),
        ("moon-base-north-1", None),
    ] {
        assert_eq!(partition_of(region), partition, "{region}");
    }
}

#[test]
fn each_known_partition_has_its_iam_in_a_region_of_its_own() {
    for known in PARTITIONS {
        assert!(is_partition(known.name), "{known:?}");
        assert!(is_region(known.iam_region), "{known:?}");
        assert_eq!(partition_of(known.iam_region), Some(known.name));
        assert_eq!(iam_region(known.name), Some(known.iam_region));
    }
    assert_eq!(iam_region("aws-new"), None);
}

#[test]
fn what_is_not_known_may_be_anywhere() {
    for (region, partition, may) in [
        ("us-east-1", "aws", true),
        ("us-gov-west-1", "aws", false),
        ("us-east-1", "aws-us-gov", false),
        ("moon-base-north-1", "aws", true),
        ("us-east-1", "aws-new", true),
        ("xy-north-1", "aws-new", true),
    ] {
        assert_eq!(may_be_in(region, partition), may, "{region} {partition}");
    }
}

#[test]
fn the_known_regions_are_of_their_partition_and_not_doubted() {
    for known in PARTITIONS {
        for region in known.known {
            assert_eq!(partition_of(region), Some(known.name), "{region}");
            assert_eq!((mistake_in(region), doubt_of(region)), (None, None));
        }
    }
}

#[test]
fn a_slip_is_answered_with_the_region_that_was_meant() {
    for (text, meant) in
        [("us-esat-1", "did you mean us-east-1?"), ("eu-centrl-1", "did you mean eu-central-1?")]
    {
        assert_eq!(mistake_in(text), None, "{text} may be a region that is new");
        assert!(doubt_of(text).unwrap().ends_with(meant), "{:?}", doubt_of(text));
    }
    for (text, hint) in [
        ("us-east1", "did you mean us-east-1?"),
        ("eu_west_1", "did you mean eu-west-1?"),
        ("nonsense", "write one such as us-east-1"),
        ("", "write one such as us-east-1"),
    ] {
        assert!(mistake_in(text).unwrap().contains(hint), "{:?}", mistake_in(text));
    }
    assert!(doubt_of("moon-base-north-1").is_some());
}

#[test]
fn near_misses_are_no_regions() {
    for text in [
        "",
        "us",
        "us-east",
        "us-east-1a",
        "US-EAST-1",
        "us--1",
        "us-east-100",
        "a-b-1",
        "us_east_1",
        "Ireland",
    ] {
        assert!(!is_region(text), "{text}");
    }
    for text in ["", "azure", "aws-", "aws-US", "awsome", "aws us"] {
        assert!(!is_partition(text), "{text}");
    }
}

proptest! {
    /// Deployment checks names by the expression.
    #[test]
    fn the_expression_and_the_function_agree(text in string_regex(REGION).unwrap()) {
        prop_assert!(is_region(&text));
    }
}

#[test]
fn plans_that_services_keep_are_told_by_their_id() {
    for (id, is_kept) in [
        ("orgs/1234", true),
        ("aws/efs/73d922fb-9312-3a70-99c3-e69367f9fdad", true),
        ("1234-orgs/", false),
        ("aws/s3/1234", false),
        ("73d922fb-9312-3a70-99c3-e69367f9fdad", false),
    ] {
        assert_eq!(is_kept_by_others(id), is_kept, "{id}");
        let plan = ListedPlan { id: id.to_owned(), name: "plan".to_owned() };
        assert_eq!(plan.is_kept_by_others(), is_kept, "{id}");
    }
}

#[test]
fn an_event_of_the_history_has_its_page_in_the_console() {
    let link = Link::to_event("us-gov-west-1", "8a6e3f0c").expect("a page");
    assert_eq!(
        link.to_string(),
        "https://console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/events/8a6e3f0c"
    );
}
