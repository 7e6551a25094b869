//! With what a call was made: a person in the console, a program, or code that describes infrastructure.

use schemars::JsonSchema;
use serde::Serialize;

/// The client of a call, so far as CloudTrail's record tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Client {
    /// Terraform.
    Terraform,
    /// OpenTofu.
    OpenTofu,
    /// CloudFormation, and with it CDK and SAM.
    CloudFormation,
    /// Pulumi.
    Pulumi,
    /// The AWS console in a browser.
    Console,
    /// The AWS CLI.
    Cli,
    /// boto3 or botocore.
    Boto3,
    /// Another SDK.
    Sdk,
    /// An AWS service on its own or for somebody.
    Service,
    /// None of these.
    Unknown,
}

/// What a user agent holds, in this order: Terraform's names the SDK that it is made of as well.
const MARKS: [(&str, Client); 14] = [
    ("opentofu", Client::OpenTofu),
    ("terraform", Client::Terraform),
    ("pulumi", Client::Pulumi),
    ("cloudformation.amazonaws.com", Client::CloudFormation),
    ("aws-cli/", Client::Cli),
    ("boto3/", Client::Boto3),
    ("botocore/", Client::Boto3),
    ("console.amazonaws.com", Client::Console),
    ("signin.amazonaws.com", Client::Console),
    ("mozilla/", Client::Console),
    ("aws-sdk-", Client::Sdk),
    ("aws-sdk", Client::Sdk),
    (".amazonaws.com", Client::Service),
    ("aws internal", Client::Service),
];

impl Client {
    /// The client that made a call, by what the record tells of it and by whether its credentials came from the console.
    pub(super) fn of<'a>(told: impl Iterator<Item = &'a str>, from_console: bool) -> Self {
        let marked = told
            .map(str::to_ascii_lowercase)
            .find_map(|text| MARKS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, client)| *client));
        match marked {
            None | Some(Self::Service) if from_console => Self::Console,
            found => found.unwrap_or(Self::Unknown),
        }
    }

    /// The client's name; `None` where there is none to give.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Terraform => "Terraform",
            Self::OpenTofu => "OpenTofu",
            Self::CloudFormation => "CloudFormation",
            Self::Pulumi => "Pulumi",
            Self::Console => "the AWS console",
            Self::Cli => "the AWS CLI",
            Self::Boto3 => "boto3",
            Self::Sdk => "an AWS SDK",
            Self::Service => "an AWS service",
            Self::Unknown => return None,
        })
    }

    /// Whether the call followed from code that describes infrastructure: what it undid, its next run undoes again.
    pub fn is_code(self) -> bool {
        matches!(self, Self::Terraform | Self::OpenTofu | Self::CloudFormation | Self::Pulumi)
    }
}
