//! The document of a selection, in the form in which both sides are compared.

use std::collections::BTreeSet;

use serde::Serialize;

/// A selection's document in normal form: lists are sets, empty equals missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SelectionDocument {
    /// The selection's name.
    pub name: String,
    /// ARN of the role that AWS Backup assumes for it.
    pub role_arn: String,
    /// ARNs and patterns that are backed up.
    pub resources: BTreeSet<String>,
    /// ARNs and patterns that are left out.
    pub not_resources: BTreeSet<String>,
    /// Tags (`ListOfTags`): a resource with any of them is backed up.
    pub tags: BTreeSet<TagCondition>,
    /// Conditions: a resource must meet all of them.
    pub conditions: BTreeSet<SelectionCondition>,
}

/// One entry of a selection's `ListOfTags`; its type is always STRINGEQUALS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct TagCondition {
    /// The tag's key.
    pub key: String,
    /// The tag's value.
    pub value: String,
}

/// One entry of a selection's `Conditions`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SelectionCondition {
    /// The operator.
    pub operator: ConditionOperator,
    /// The key, such as `aws:ResourceTag/environment`.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The operators that a selection's conditions know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
pub enum ConditionOperator {
    /// The tag has the value.
    StringEquals,
    /// The tag fits the pattern.
    StringLike,
    /// The tag has another value.
    StringNotEquals,
    /// The tag does not fit the pattern.
    StringNotLike,
}

impl ConditionOperator {
    /// The operator as AWS writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            ConditionOperator::StringEquals => "StringEquals",
            ConditionOperator::StringLike => "StringLike",
            ConditionOperator::StringNotEquals => "StringNotEquals",
            ConditionOperator::StringNotLike => "StringNotLike",
        }
    }
}
