//! What a sentence about a finding is spoken into: which resource, and whether it is over.

use super::prose::{Prose, Word};
use super::reader::Reader;
use crate::resource::ResourceId;

/// Whether something is so, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// It is still so.
    Now,
    /// It was repaired.
    Then,
}

/// The resource of a finding, the tense in which it is told, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The resource.
    pub resource: &'a ResourceId,
    /// The tense.
    pub tense: Tense,
    /// Who reads it.
    pub reader: &'a Reader,
}

impl<'a> Scene<'a> {
    /// The word for now, or for then.
    pub fn verb(&self, now: &'static str, then: &'static str) -> Word {
        match self.tense {
            Tense::Now => Word(now),
            Tense::Then => Word(then),
        }
    }

    /// The sentence for now, or for then.
    pub fn choose(&self, now: &'static str, then: &'static str) -> Prose {
        Prose::own(self.verb(now, then).0)
    }

    /// "is" or "was".
    pub fn is(&self) -> Word {
        self.verb("is", "was")
    }

    /// "has" or "had".
    pub fn has(&self) -> Word {
        self.verb("has", "had")
    }

    /// The resource's name.
    pub fn name(&self) -> &'a str {
        &self.resource.name
    }

    /// The resource's region; what has none is where IAM is.
    pub fn region(&self) -> Option<&'a str> {
        self.resource.region.as_deref()
    }
}
