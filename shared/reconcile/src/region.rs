//! Regions and partitions by their names, for settings, spec, reports and deployment alike. Both are open sets: what looks like one is
//! AWS's to refuse, and only of the partitions below it is known which regions are theirs.

/// A partition that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// As ARNs write it.
    pub name: &'static str,
    /// How the names of its regions begin; of `aws`, they begin like no other.
    pub regions: &'static str,
    /// Where its IAM works, and records its calls.
    pub iam_region: &'static str,
}

/// The partitions that are known ("AWS service endpoints", and the endpoint rules of the SDKs). `aws` comes last: its regions begin in
/// many ways.
pub const PARTITIONS: [Partition; 8] = [
    partition("aws-cn", "cn-", "cn-north-1"),
    partition("aws-us-gov", "us-gov-", "us-gov-west-1"),
    partition("aws-eusc", "eusc-", "eusc-de-east-1"),
    partition("aws-iso", "us-iso-", "us-iso-east-1"),
    partition("aws-iso-b", "us-isob-", "us-isob-east-1"),
    partition("aws-iso-e", "eu-isoe-", "eu-isoe-west-1"),
    partition("aws-iso-f", "us-isof-", "us-isof-south-1"),
    partition("aws", "", "us-east-1"),
];

const fn partition(name: &'static str, regions: &'static str, iam_region: &'static str) -> Partition {
    Partition { name, regions, iam_region }
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
