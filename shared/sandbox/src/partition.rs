//! The partitions of AWS: what their ARNs begin with, and where their global services do their work.

/// How the regions of a partition begin, its name, and the region in which its IAM works. What begins otherwise is of `aws`.
const PARTITIONS: [(&str, &str, &str); 7] = [
    ("cn-", "aws-cn", "cn-north-1"),
    ("us-gov-", "aws-us-gov", "us-gov-west-1"),
    ("eusc-", "aws-eusc", "eusc-de-east-1"),
    ("us-iso-", "aws-iso", "us-iso-east-1"),
    ("us-isob-", "aws-iso-b", "us-isob-east-1"),
    ("eu-isoe-", "aws-iso-e", "eu-isoe-west-1"),
    ("us-isof-", "aws-iso-f", "us-isof-south-1"),
];

/// The partition that a region belongs to.
pub(crate) fn partition(region: &str) -> &'static str {
    PARTITIONS.iter().find(|(start, _, _)| region.starts_with(start)).map_or("aws", |(_, name, _)| name)
}

/// The region in which a partition's IAM does its work, and tells of it.
pub(crate) fn global_region(partition: &str) -> &'static str {
    PARTITIONS.iter().find(|(_, name, _)| *name == partition).map_or("us-east-1", |(_, _, home)| home)
}
