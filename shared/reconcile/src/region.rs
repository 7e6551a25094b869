//! Regions and partitions by their names, for settings, spec, reports and deployment alike. Both are open sets: what looks like one is
//! AWS's to refuse, and only of the partitions below it is known which regions are theirs.

use crate::suggest::nearest;

/// A partition that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// As ARNs write it.
    pub name: &'static str,
    /// How the names of its regions begin; of `aws`, they begin like no other.
    pub regions: &'static str,
    /// Those of its regions that are known. More may be there by now.
    pub known: &'static [&'static str],
    /// Where its IAM works, and records its calls.
    pub iam_region: &'static str,
    /// The host of its console, where that is public.
    pub console: Option<&'static str>,
}

/// The partitions that are known ("AWS service endpoints", and the endpoint rules of the SDKs). `aws` comes last: its regions begin in
/// many ways.
pub const PARTITIONS: [Partition; 8] = [
    partition("aws-cn", "cn-", &["cn-north-1", "cn-northwest-1"], Some("console.amazonaws.cn")),
    partition(
        "aws-us-gov",
        "us-gov-",
        &["us-gov-west-1", "us-gov-east-1"],
        Some("console.amazonaws-us-gov.com"),
    ),
    partition("aws-eusc", "eusc-", &["eusc-de-east-1"], Some("console.amazonaws-eusc.eu")),
    partition("aws-iso", "us-iso-", &["us-iso-east-1", "us-iso-west-1"], None),
    partition("aws-iso-b", "us-isob-", &["us-isob-east-1", "us-isob-west-1"], None),
    partition("aws-iso-e", "eu-isoe-", &["eu-isoe-west-1"], None),
    partition("aws-iso-f", "us-isof-", &["us-isof-south-1", "us-isof-east-1"], None),
    partition("aws", "", COMMERCIAL, Some("console.aws.amazon.com")),
];

/// The regions of `aws`, the one of its IAM first.
const COMMERCIAL: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
];

/// IAM works in the first of the regions.
const fn partition(
    name: &'static str,
    regions: &'static str,
    known: &'static [&'static str],
    console: Option<&'static str>,
) -> Partition {
    Partition { name, regions, known, iam_region: known[0], console }
}

/// What the name of a region looks like: two to four words and a number, as in `us-gov-west-1`.
pub const REGION: &str = "[a-z]{2,}(-[a-z]{2,}){1,3}-[0-9]{1,2}";

/// Whether a text looks like the name of a region, as [`REGION`] says.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [words @ .., number] = parts.as_slice() else { return false };
    let is_word = |word: &&str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=4).contains(&words.len())
        && words.iter().all(is_word)
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The regions that are known, of all partitions.
fn known() -> impl Iterator<Item = &'static str> + Clone {
    PARTITIONS.iter().flat_map(|one| one.known.iter().copied())
}

/// Why a text is no region; `None` if it looks like one.
pub fn mistake_in(text: &str) -> Option<String> {
    if is_region(text) {
        return None;
    }
    // Of a name without a number one is as likely as the other.
    let meant = nearest(text, known()).filter(|_| text.contains(|c: char| c.is_ascii_digit()));
    Some(meant.map_or_else(
        || format!("{text:?} is not a region; write one such as us-east-1"),
        |meant| format!("{text:?} is not a region such as us-east-1; did you mean {meant}?"),
    ))
}

/// Why what looks like a region may be none: it is not one of those that are known. AWS opens new ones, so it may be right all the same.
pub fn doubt_of(region: &str) -> Option<String> {
    if known().any(|one| one == region) {
        return None;
    }
    let meant = nearest(region, known()).map(|meant| format!("; did you mean {meant}?"));
    let meant = meant.unwrap_or_else(|| ", and like none of those".to_owned());
    Some(format!("{region} is none of the regions that this version knows{meant}"))
}

/// Whether a text looks like the name of a partition.
pub fn is_partition(text: &str) -> bool {
    let mut words = text.split('-');
    words.next() == Some("aws")
        && words.all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// The partition of a region; `None` if it is of none that is known.
pub fn partition_of(region: &str) -> Option<&'static str> {
    let known = PARTITIONS.iter().find(|one| region.starts_with(one.regions))?;
    // The regions of `aws` begin with two letters for a part of the world, and a point of the compass follows.
    let is_of_aws = || {
        let mut words = region.split('-');
        words.next().is_some_and(|first| first.len() == 2)
            && words.next().is_some_and(|second| !second.starts_with("iso") && second != "gov")
    };
    (!known.regions.is_empty() || is_of_aws()).then_some(known.name)
}

/// Whether a region can be of a partition. Of a partition that is not known any region can be, and a region that is not known can be of
/// any.
pub fn may_be_in(region: &str, partition: &str) -> bool {
    let is_known = PARTITIONS.iter().any(|one| one.name == partition);
    !is_known || partition_of(region).is_none_or(|known| known == partition)
}

/// IAM has one region in each partition. Its calls are recorded there, whatever the deployment's regions. `None` for a partition that
/// is not known.
pub fn iam_region(partition: &str) -> Option<&'static str> {
    PARTITIONS.iter().find(|one| one.name == partition).map(|one| one.iam_region)
}
