//! IAM policies compared by meaning: vault access policies, key policies and role trust policies come back from AWS
//! re-ordered and re-spelled, so the desired and the observed document meet here in one normal form.
//!
//! Two spellings are equal when they are known to authorize the same: scalars and one-element lists, order,
//! duplicates, the case of actions and condition keys, `"*"` and `{"AWS": "*"}`, an account id and its root ARN,
//! numbers and their strings. Everything else is a difference, on purpose: a wildcard that covers its neighbours is
//! not simplified, an operator is compared exactly, and an element that this module does not know is an error,
//! because a policy that is called equal is a policy that nobody will look at.
//!
//! An empty list (`"Action": []`, `"Principal": {}`, `"Statement": []`) is kept as a list that matches nothing. It is
//! not the absent element, which means something else: no `Principal` is how an identity policy looks, no `Resource`
//! how a trust policy does.

mod authorized_on;
mod caller;
mod carry;
mod condition;
mod error;
mod evaluate;
mod json;
mod key;
mod moment;
mod outside;
mod pattern;
mod read;
mod statement;
mod ternary;
mod trust;
mod within;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use authorized_on::{AuthorizedOn, authorized_on};
pub use caller::Caller;
pub use carry::{as_narrow_as, with_denials_of};
pub use error::PolicyError;
pub use key::is_default;
pub use trust::{Trust, TrustedIn};
pub use within::{no_longer_allowed, no_longer_denied};

pub(crate) use pattern::{covers, has_wildcard};
use statement::Statement;

/// A policy in normal form. `==` is equality of meaning; `Id` and `Sid` are labels and do not count.
#[derive(Clone)]
pub struct Policy {
    version: &'static str,
    id: Option<String>,
    /// Each meaning once, with the Sids it goes by. A request is denied or allowed by the existence of a statement,
    /// never by their number, so a repeated statement adds nothing.
    statements: BTreeMap<Statement, BTreeSet<Option<String>>>,
}

impl Policy {
    /// Reads a policy document, raw or percent-encoded (as IAM returns the documents of roles and policies).
    ///
    /// # Errors
    ///
    /// [`PolicyError`] for anything but a complete policy of known elements, each in its place and once.
    pub fn parse(text: &str) -> Result<Policy, PolicyError> {
        let document = json::parse(text)?;
        json::refuse_duplicate_keys(&document, error::WHOLE)?;
        read::policy(&document)
    }

    /// Whether `other` not only means the same but is also labelled the same: its `Id`, and the `Sid` of every
    /// statement. Labels authorize nothing, yet Terraform plans a change when they differ.
    pub fn same_labels(&self, other: &Policy) -> bool {
        self == other && self.id == other.id && self.statements == other.statements
    }

    /// The normal form as compact JSON, without labels: equal policies give equal text. It is for people to read in a
    /// finding, and not what is written to AWS, since actions appear in lower case.
    pub fn to_canonical_json(&self) -> String {
        let statements: Vec<_> = self.statements.keys().map(Statement::to_json).collect();
        serde_json::json!({ "Version": self.version, "Statement": statements }).to_string()
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Policy) -> bool {
        self.version == other.version && self.statements.keys().eq(other.statements.keys())
    }
}

impl Eq for Policy {}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_canonical_json())
    }
}
