//! Reads the function's settings from its environment, and refuses every bad value at once.

use std::fmt;

use reconcile::history::RoleName;
use reconcile::region;
use reconcile::repair::Limits;
use schemars::JsonSchema;
use serde::Serialize;

/// Whether differences are repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Nothing is written; the report says what would be.
    Report,
    /// What differs is repaired.
    Repair,
}

impl Mode {
    /// The mode as the environment and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Report => "report",
            Mode::Repair => "repair",
        }
    }
}

/// Where reports go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The SNS topic's ARN.
    pub arn: String,
    /// The topic's region: SNS takes a message only there.
    pub region: String,
}

/// The settings of one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `MODE`
    pub mode: Mode,
    /// `TOPIC_ARN`; without one nothing is published.
    pub topic: Option<Topic>,
    /// `PRIMARY_REGION`, overrides the spec's.
    pub primary_region: Option<String>,
    /// `DR_REGION`, overrides the spec's.
    pub dr_region: Option<String>,
    /// `MAX_CALLS`, `BOOTSTRAP` and `COMPLIANCE_LOCKS`
    pub limits: Limits,
    /// `HEALER_ROLE_ARN`: the function's own role as IAM has it, path included. Without it the role is asked for where it matters.
    pub healer_role: Option<String>,
    /// `AWS_LAMBDA_LOG_GROUP_NAME`, as Lambda sets it: where reports send their reader for the whole of it.
    pub log_group: Option<String>,
    /// `AWS_REGION`, as Lambda sets it: the function's own.
    pub region: Option<String>,
}

/// A variable that holds what it may not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is {value:?}; allowed is {allowed}")]
pub struct SettingsError {
    /// The variable.
    pub variable: &'static str,
    /// What it holds.
    pub value: String,
    /// What it may hold.
    pub allowed: &'static str,
}

/// All variables that hold what they may not; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsErrors(pub Vec<SettingsError>);

impl fmt::Display for SettingsErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(SettingsError::to_string).collect();
        f.write_str(&lines.join("; "))
    }
}

impl std::error::Error for SettingsErrors {}

/// Far above what a healthy run needs, and far below what would do harm quickly.
const DEFAULT_MAX_CALLS: usize = 30;

impl Settings {
    /// Reads the settings. `lookup` gives the value of an environment variable; an empty one counts as unset, because
    /// CloudFormation cannot leave a variable out.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Settings, SettingsErrors> {
        let mut reader = Reader { lookup, errors: Vec::new() };
        let settings = Settings {
            mode: reader.read("MODE", "report or repair", mode).unwrap_or(Mode::Report),
            topic: reader.read(
                "TOPIC_ARN",
                "the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME; a FIFO topic delivers no mail",
                topic,
            ),
            primary_region: reader.read("PRIMARY_REGION", A_REGION, region),
            dr_region: reader.read("DR_REGION", A_REGION, region),
            limits: Limits {
                only: Vec::new(),
                max_calls: reader
                    .read("MAX_CALLS", "a number from 1 to 1000", max_calls)
                    .unwrap_or(DEFAULT_MAX_CALLS),
                bootstrap: reader
                    .read("BOOTSTRAP", "true or false", |text| text.parse().ok())
                    .unwrap_or(false),
                compliance_locks: reader
                    .read("COMPLIANCE_LOCKS", "hold or start", compliance_locks)
                    .unwrap_or(false),
            },
            healer_role: reader.read(
                "HEALER_ROLE_ARN",
                "the ARN of a role, arn:aws:iam::ACCOUNT:role/PATH/NAME",
                role,
            ),
            log_group: reader.read("AWS_LAMBDA_LOG_GROUP_NAME", "a name", |text| Some(text.to_owned())),
            region: reader.read("AWS_REGION", "a region", |text| Some(text.to_owned())),
        };
        if reader.errors.is_empty() { Ok(settings) } else { Err(SettingsErrors(reader.errors)) }
    }
}

const A_REGION: &str = "the name of a region, such as us-east-1";

struct Reader<L> {
    lookup: L,
    errors: Vec<SettingsError>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn read<T>(
        &mut self,
        variable: &'static str,
        allowed: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = (self.lookup)(variable)?;
        let text = value.trim();
        if text.is_empty() {
            return None;
        }
        let parsed = parse(text);
        if parsed.is_none() {
            self.errors.push(SettingsError { variable, value: text.to_owned(), allowed });
        }
        parsed
    }
}

fn mode(text: &str) -> Option<Mode> {
    [Mode::Report, Mode::Repair].into_iter().find(|mode| mode.as_str() == text)
}

fn topic(arn: &str) -> Option<Topic> {
    let parts: Vec<&str> = arn.split(':').collect();
    let &["arn", partition, "sns", place, account, name] = parts.as_slice() else {
        return None;
    };
    // The name of a FIFO topic ends in .fifo.
    let named = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let owned = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let placed = region::is_partition(partition) && region::may_be_in(place, partition);
    (named && owned && placed).then(|| region(place).map(|region| Topic { arn: arn.to_owned(), region }))?
}

fn region(text: &str) -> Option<String> {
    region::is_region(text).then(|| text.to_owned())
}

/// Whether the clock of a compliance lock may be started.
fn compliance_locks(text: &str) -> Option<bool> {
    match text {
        "hold" => Some(false),
        "start" => Some(true),
        _ => None,
    }
}

fn role(arn: &str) -> Option<String> {
    let is_role = arn.split(':').nth(5).is_some_and(|resource| resource.starts_with("role/"));
    (is_role && RoleName::of_role(arn).is_some()).then(|| arn.to_owned())
}

fn max_calls(text: &str) -> Option<usize> {
    text.parse().ok().filter(|calls| (1..=1000).contains(calls))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsErrors> {
        Settings::read(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_empty_environment_only_reports() {
        let expected = Settings {
            mode: Mode::Report,
            topic: None,
            primary_region: None,
            dr_region: None,
            limits: Limits { max_calls: 30, bootstrap: false, compliance_locks: false, only: Vec::new() },
            healer_role: None,
            log_group: None,
            region: None,
        };
        assert_eq!(read(&[]), Ok(expected.clone()));
        let empty = [
            "MODE",
            "TOPIC_ARN",
            "PRIMARY_REGION",
            "DR_REGION",
            "MAX_CALLS",
            "BOOTSTRAP",
            "COMPLIANCE_LOCKS",
            "HEALER_ROLE_ARN",
        ]
        .map(|name| (name, " "));
        assert_eq!(read(&empty), Ok(expected));
    }

    #[test]
    fn every_setting_is_read() {
        let settings = read(&[
            ("MODE", "repair"),
            ("TOPIC_ARN", "arn:aws-us-gov:sns:us-gov-west-1:123456789012:backup-drift"),
            ("PRIMARY_REGION", "ap-southeast-5"),
            ("DR_REGION", "us-gov-west-1"),
            ("MAX_CALLS", "1000"),
            ("BOOTSTRAP", "true"),
            ("COMPLIANCE_LOCKS", "start"),
            ("HEALER_ROLE_ARN", "arn:aws-us-gov:iam::123456789012:role/ops/drift-healer"),
        ])
        .expect("valid settings");
        assert_eq!(settings.mode, Mode::Repair);
        assert_eq!(settings.topic.map(|topic| topic.region).as_deref(), Some("us-gov-west-1"));
        assert_eq!(settings.primary_region.as_deref(), Some("ap-southeast-5"));
        let limits = Limits { max_calls: 1000, bootstrap: true, compliance_locks: true, only: Vec::new() };
        assert_eq!(settings.limits, limits);
        assert_eq!(
            settings.healer_role.as_deref(),
            Some("arn:aws-us-gov:iam::123456789012:role/ops/drift-healer")
        );
    }

    #[test]
    fn partitions_are_an_open_set() {
        for (partition, region) in [
            ("aws-cn", "cn-northwest-1"),
            ("aws-eusc", "eusc-de-east-1"),
            ("aws-iso-b", "us-isob-east-1"),
            ("aws-new", "moon-base-north-1"),
        ] {
            let topic = format!("arn:{partition}:sns:{region}:123456789012:backup-drift");
            let settings =
                read(&[("TOPIC_ARN", &topic), ("PRIMARY_REGION", region)]).expect("valid settings");
            assert_eq!(settings.topic.map(|topic| topic.region).as_deref(), Some(region));
            assert_eq!(settings.primary_region.as_deref(), Some(region));
        }
    }

    #[test]
    fn all_bad_values_are_named_at_once_with_what_is_allowed() {
        let bad = [
            ("MODE", "heal"),
            ("TOPIC_ARN", "arn:aws:sqs:us-east-1:123456789012:queue"),
            ("PRIMARY_REGION", "us-east"),
            ("DR_REGION", "US-EAST-1"),
            ("MAX_CALLS", "0"),
            ("BOOTSTRAP", "yes"),
            ("COMPLIANCE_LOCKS", "true"),
            ("HEALER_ROLE_ARN", "drift-healer"),
        ];
        let text = read(&bad).expect_err("all are bad").to_string();
        for (name, value) in bad {
            assert!(text.contains(&format!("{name} is {value:?}; allowed is ")), "{name} in {text}");
        }
    }

    #[test]
    fn near_misses_are_refused() {
        for (name, value) in [
            ("MODE", "Repair"),
            ("TOPIC_ARN", "arn:aws:sns:us-east-1:12345:name"),
            ("TOPIC_ARN", "arn:aws:sns::123456789012:name"),
            ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:name.fifo"),
            ("TOPIC_ARN", "arn:aws:sns:us-gov-west-1:123456789012:name"),
            ("TOPIC_ARN", "arn:azure:sns:us-east-1:123456789012:name"),
            ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:name:6b0e71bd-7e97-4d97-80ce-4a0994e55286"),
            ("PRIMARY_REGION", "us-east-1a"),
            ("PRIMARY_REGION", "us--1"),
            ("MAX_CALLS", "1001"),
            ("MAX_CALLS", "-1"),
            ("BOOTSTRAP", "TRUE"),
        ] {
            assert!(read(&[(name, value)]).is_err(), "{name}={value}");
        }
    }
}
