//! [`Only`]: the part of the findings that a run is asked to repair.

use std::fmt;
use std::str::FromStr;

use crate::drift::{Finding, codes};
use crate::resource::{Kind, ResourceId};
use crate::suggest::nearest;

/// A part of the findings: a code, a kind, or a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    kind: Option<Kind>,
    code: Option<&'static str>,
    /// The resource's name, with or without its region.
    name: Option<String>,
}

/// A text that names neither a code nor a resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{asked:?} is no drift code, such as retention-differs, no kind, such as vault-lock, and no resource, such as \"vault us-east-1/NAME\"{}",
    meant.map(|meant| format!("; did you mean {meant:?}?")).unwrap_or_default()
)]
pub struct NoSuchPart {
    asked: String,
    meant: Option<&'static str>,
}

impl Only {
    /// As it is written on a command line, before a shell's quotes.
    pub fn in_words(&self) -> String {
        match (self.kind, self.code, &self.name) {
            (Some(kind), _, Some(name)) => format!("{kind} {name}"),
            (Some(kind), Some(code), None) => format!("{kind}/{code}"),
            (Some(kind), None, None) => kind.to_string(),
            (None, code, _) => code.unwrap_or_default().to_owned(),
        }
    }

    /// Whether a finding belongs to it.
    pub fn holds(&self, finding: &Finding) -> bool {
        let Only { kind, code, name } = self;
        kind.is_none_or(|kind| kind == finding.resource.kind)
            && code.is_none_or(|code| code == finding.drift.code().code)
            && name.as_ref().is_none_or(|name| is_called(&finding.resource, name))
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(_) => write!(f, "\"{}\"", self.in_words()),
            None => f.write_str(&self.in_words()),
        }
    }
}

fn is_called(resource: &ResourceId, name: &str) -> bool {
    let full = resource.full_name();
    let with_region = resource.region.as_ref().map(|region| format!("{region}/{full}"));
    full == name || with_region.as_deref() == Some(name)
}

fn code(name: &str) -> Option<&'static str> {
    codes().map(|code| code.code).find(|code| *code == name)
}

impl FromStr for Only {
    type Err = NoSuchPart;

    /// `CODE`, `KIND`, `KIND/CODE`, or a resource as reports write it: `KIND REGION/NAME`, with or without the region.
    fn from_str(text: &str) -> Result<Self, NoSuchPart> {
        let only = |kind, code, name| Ok(Only { kind, code, name });
        if let Some(code) = code(text) {
            return only(None, Some(code), None);
        }
        let (first, rest) = text.split_once([' ', '/']).unwrap_or((text, ""));
        match (Kind::named(first), code(rest)) {
            (Some(kind), _) if rest.is_empty() => only(Some(kind), None, None),
            (Some(kind), Some(code)) => only(Some(kind), Some(code), None),
            (Some(kind), None) => only(Some(kind), None, Some(rest.trim().to_owned())),
            (None, _) => {
                let known = codes().map(|code| code.code).chain(Kind::ALL.iter().map(|kind| kind.as_str()));
                let meant = nearest(text, known);
                Err(NoSuchPart { asked: text.to_owned(), meant })
            }
        }
    }
}
