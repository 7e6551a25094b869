//! The alphabets and shapes of the names that AWS takes, each with the sentence that says them.

use crate::region::{is_partition, is_region, mistake_in};
use crate::schedule;

/// Refuses `text` with `reason` unless `fits`.
fn shape(fits: bool, text: &str, reason: &str) -> Result<(), String> {
    if fits { Ok(()) } else { Err(format!("{text:?} {reason}")) }
}

fn made_of(text: &str, lengths: std::ops::RangeInclusive<usize>, others: &str) -> bool {
    lengths.contains(&text.chars().count())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

pub(super) fn vault(name: &str) -> Result<(), String> {
    shape(made_of(name, 2..=50, "-_"), name, "is not a vault name; allowed: 2 to 50 letters, digits, - and _")
}

pub(super) fn plan(name: &str) -> Result<(), String> {
    shape(
        made_of(name, 1..=200, "-_."),
        name,
        "is not allowed; allowed: 1 to 200 letters, digits, -, _ and .",
    )
}

/// The name of a rule or a selection.
pub(super) fn plan_part(name: &str) -> Result<(), String> {
    shape(made_of(name, 1..=50, "-_."), name, "is not allowed; allowed: 1 to 50 letters, digits, -, _ and .")
}

pub(super) fn alias(alias: &str) -> Result<(), String> {
    let fits = alias
        .strip_prefix("alias/")
        .is_some_and(|name| made_of(name, 1..=250, "/_-") && name != "aws" && !name.starts_with("aws/"));
    let reason = "is not an alias; allowed: alias/ and then letters, digits, /, _ and -, but not alias/aws/, at most \
                  256 in all";
    shape(fits, alias, reason)
}

pub(super) fn role(name: &str) -> Result<(), String> {
    shape(
        made_of(name, 1..=64, "_+=,.@-"),
        name,
        "is not a role name; allowed: 1 to 64 letters, digits and _+=,.@-",
    )
}

pub(super) fn role_path(path: &str) -> Result<(), String> {
    let fits = path.len() <= 512
        && path.starts_with('/')
        && path.ends_with('/')
        && !path.contains("//")
        && path.chars().all(|c| c.is_ascii_graphic() && !"*?${}".contains(c));
    shape(fits, path, "is not a role path; write / or one such as /backup/, which begins and ends with /")
}

pub(super) fn region(region: &str) -> Result<(), String> {
    mistake_in(region).map_or(Ok(()), Err)
}

pub(super) fn is_account(account: &str) -> bool {
    account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn service(service: &str) -> Result<(), String> {
    let fits = service
        .strip_suffix(".amazonaws.com")
        .is_some_and(|name| made_of(name, 1..=100, "-.") && !name.starts_with('.') && !name.ends_with('.'));
    shape(fits, service, "is not a service principal; write one such as backup.amazonaws.com")
}

/// The ARN of a managed policy, templates filled in.
pub(super) fn policy_arn(arn: &str) -> Result<(), String> {
    let fits = match arn.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            is_partition(partition)
                && (*account == "aws" || is_account(account))
                && resource
                    .strip_prefix("policy/")
                    .is_some_and(|path| !path.is_empty() && !path.ends_with('/'))
        }
        _ => false,
    };
    let reason = "is not the ARN of a managed policy; write arn:${partition}:iam::aws:policy/NAME or \
                  arn:${partition}:iam::${account}:policy/NAME";
    shape(fits, arn, reason)
}

/// The ARN of a role, templates filled in.
pub(super) fn role_arn(arn: &str) -> Result<(), String> {
    let fits = match arn.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            let name = resource.strip_prefix("role/").unwrap_or_default();
            is_partition(partition) && is_account(account) && !name.is_empty() && !name.ends_with('/')
        }
        _ => false,
    };
    shape(fits, arn, "is not the ARN of a role; write arn:${partition}:iam::${account}:role/NAME")
}

/// The ARN of a key, templates filled in, in a region.
pub(super) fn key_arn(arn: &str, region: &str) -> Result<(), String> {
    let fits = match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "kms", there, account, key] => {
            let id = key.strip_prefix("key/").unwrap_or_default();
            is_partition(partition) && *there == region && is_account(account) && made_of(id, 1..=100, "-")
        }
        _ => false,
    };
    let reason =
        "is not the ARN of a key in the vault's region; write arn:${partition}:kms:${region}:ACCOUNT:key/ID";
    shape(fits, arn, reason)
}

/// The ARN of a standard topic, templates filled in, in a region: AWS Backup tells nothing to FIFO topics.
pub(super) fn topic_arn(arn: &str, region: &str) -> Result<(), String> {
    let fits = match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "sns", there, account, name] => {
            is_partition(partition) && *there == region && is_account(account) && made_of(name, 1..=256, "-_")
        }
        _ => false,
    };
    let reason = "is not the ARN of a standard SNS topic in the vault's region; write arn:${partition}:sns:${region}:${account}:NAME";
    shape(fits, arn, reason)
}

/// The name of a policy in a role.
pub(super) fn inline_policy(name: &str) -> Result<(), String> {
    let reason = "is not the name of an inline policy; allowed: 1 to 128 letters, digits and _+=,.@-";
    shape(made_of(name, 1..=128, "_+=,.@-"), name, reason)
}

/// A word of AWS's, such as `GUARDDUTY`.
pub(super) fn constant(word: &str) -> Result<(), String> {
    let fits =
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    shape(fits, word, "is not written as AWS writes it; write one such as GUARDDUTY")
}

/// A type of resource as AWS Backup names it, such as `EBS` or `Storage Gateway`.
pub(super) fn resource_type(kind: &str) -> Result<(), String> {
    shape(made_of(kind, 1..=50, " -_."), kind, "is not a type of resource; write one such as EBS")
}

/// The ARN of a vault, templates filled in.
pub(super) fn vault_arn(arn: &str) -> Result<(), String> {
    let fits = match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "backup", region, account, "backup-vault", name] => {
            is_partition(partition) && is_region(region) && is_account(account) && vault(name).is_ok()
        }
        _ => false,
    };
    let reason = "is not the ARN of a vault; write arn:${partition}:backup:REGION:ACCOUNT:backup-vault:NAME";
    shape(fits, arn, reason)
}

/// An entry of a selection's resources, templates filled in.
pub(super) fn resource(pattern: &str) -> Result<(), String> {
    let rest = pattern.strip_prefix("arn:").map(|rest| rest.split(':').collect::<Vec<_>>());
    let is_arn = rest.is_some_and(|parts| parts.len() >= 3 && !parts[0].is_empty() && !parts[1].is_empty());
    let fits = (pattern == "*" || is_arn) && !pattern.contains(char::is_whitespace);
    let how = "is neither an ARN nor a pattern of one; write * or one such as arn:aws:ec2:*:*:instance/*";
    shape(fits, pattern, how)?;
    // "BackupSelection", Resources: a wildcard stands at the end of an ARN; region and account may be any.
    let inner = |part: &str| part.trim_end_matches('*').contains(['*', '?']);
    let in_the_middle = pattern.splitn(6, ':').any(inner);
    let reason =
        "has a wildcard inside of a part; AWS Backup takes * for a whole region or account, and at the end";
    shape(!in_the_middle && !pattern.contains('?'), pattern, reason)
}

/// An IANA time zone by its shape: whether the zone exists is not known here.
pub(super) fn time_zone(zone: &str) -> Result<(), String> {
    if schedule::is_zone(zone) {
        return Ok(());
    }
    let meant =
        schedule::nearest_zone(zone).map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
    Err(format!("{zone:?} is not an IANA time zone{meant} Write UTC or Area/City, such as Europe/Berlin"))
}

/// The key of a tag that is set.
pub(super) fn tag_key(key: &str) -> Result<(), String> {
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Err(format!("{key:?} begins with aws:, which is AWS's own; choose another key"));
    }
    selected_tag_key(key)
}

/// The key of a tag that is looked for, which may be one of AWS's own, such as that of a CloudFormation stack.
pub(super) fn selected_tag_key(key: &str) -> Result<(), String> {
    // Keys that conditions in IAM begin with.
    const OF_CONDITIONS: [&str; 3] = ["aws:resourcetag/", "aws:requesttag/", "aws:principaltag/"];
    let lower = key.to_ascii_lowercase();
    if OF_CONDITIONS.iter().any(|start| lower.starts_with(start)) {
        let plain = key.split_once('/').map_or("", |(_, plain)| plain);
        return Err(format!("{key:?} is no key that a tag can have; write {plain:?}"));
    }
    let length = key.chars().count();
    shape((1..=128).contains(&length), key, &format!("has {length} characters; a tag's key has 1 to 128"))
}

pub(super) fn tag_value(value: &str) -> Result<(), String> {
    let length = value.chars().count();
    shape(length <= 256, value, &format!("has {length} characters; a tag's value has 0 to 256"))
}
