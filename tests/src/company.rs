//! Whose account a script plays in. Scripts are written in the reference's names; another company has its own for each of them.

use sandbox_reference::{DRIFTS, Deployment};

use crate::model::{ACME, SPEC};

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// The reference's.
    Reference,
    /// One that shares no name with it.
    Acme,
}

/// What the reference calls a thing, and what acme does; a name that is a part of another comes after it.
const NAMES: [(&str, &str); 11] = [
    ("vault_prod_daily", "acme-main"),
    ("vault_prod_monthly", "acme-archive"),
    ("vault_disaster_recovery", "acme-copies"),
    ("ec2_prod_backups", "acme-yearly"),
    ("prod_backups", "acme-daily"),
    ("daily_backup_rule", "every.night"),
    ("all_except_ec2_and_s3", "tagged"),
    ("aws_backup_role", "acme-backup"),
    ("us-west-2", "eu-central-1"),
    ("us-east-1", "eu-west-1"),
    ("thinkstack", "acme"),
];
/// The keys that are meant where a drift names only a region.
const KEYS: [(&str, &str); 2] =
    [("eu-west-1", "eu-west-1/alias/acme/backup"), ("eu-central-1", "eu-central-1/alias/acme/copies")];

impl Company {
    /// Its deployment.
    pub fn deployment(self) -> Deployment {
        match self {
            Company::Reference => Deployment::Reference,
            Company::Acme => Deployment::Acme,
        }
    }

    /// Its spec.
    pub fn spec(self) -> &'static str {
        match self {
            Company::Reference => SPEC,
            Company::Acme => ACME,
        }
    }

    /// A text with its names in place of the reference's.
    pub fn in_its_words(self, text: &str) -> String {
        match self {
            Company::Reference => text.to_owned(),
            Company::Acme => {
                NAMES.iter().fold(text.to_owned(), |text, (theirs, own)| text.replace(theirs, own))
            }
        }
    }

    /// A drift that happens to what is its own.
    pub fn drift_of_its_own(self, drift: &str) -> String {
        if self == Company::Reference {
            return drift.to_owned();
        }
        let (name, target) = drift.split_once(':').unwrap_or((drift, ""));
        let known = DRIFTS.iter().find(|one| one.name == name).expect("a drift of that name");
        let target = self.in_its_words(if target.is_empty() { known.target } else { target });
        let of_a_key = ["key-", "alias-"].iter().any(|start| name.starts_with(start));
        let key = KEYS.iter().find(|(region, _)| of_a_key && *region == target);
        format!("{name}:{}", key.map_or(target.as_str(), |(_, key)| key))
    }

    /// The names that are nobody's but the reference's. IAM records its calls in `us-east-1` for everybody.
    pub fn names_of_the_reference() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(theirs, _)| *theirs).filter(|name| *name != "us-east-1")
    }
}
