//! The desired spec: TOML in, [`Desired`] out. Every mistake is refused with its line before anything is compared
//! with it.
//!
//! [`Spec::parse`] needs no account, so that a build can refuse a bad spec; [`Spec::resolve`] fills in the account.

mod arns;
mod collisions;
mod error;
mod exception;
pub mod named;
mod names;
mod raw;
mod reader;
mod resolve;
mod schema;
mod shape;
mod template;
mod validate;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use time::Date;
use toml::de::DeTable;

pub use raw::PRIMARY;

pub use error::{PRINTED, ResolveError, SpecError, SpecErrors, SpecRemark, SpecWarning};
pub use schema::schema;

use crate::desired::Desired;
use raw::Document;
use reader::{Fields, Mistakes, Spot};

/// A valid spec, not yet resolved for an account.
#[derive(Debug, Clone)]
pub struct Spec {
    document: Document,
    sha256: String,
    text: String,
    doubts: Doubts,
}

/// What a valid spec says and its owner probably does not mean.
#[derive(Debug, Clone)]
enum Doubts {
    Known(Vec<SpecWarning>),
    /// What was noticed while it was held against the rules, and how to find the rest. Only who holds a spec against the rules points there,
    /// so that nothing of them is linked into what does not.
    Open(Vec<(Spot, String)>, fn(&Document, &mut Mistakes)),
}

fn held_against_rules(document: &Document, today: Option<Date>, mistakes: &mut Mistakes) -> Doubts {
    validate::check(document, today, mistakes);
    Doubts::Open(std::mem::take(&mut mistakes.warnings), validate::overlaps)
}

/// The account that a spec is resolved for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// As ARNs write it, such as `aws`.
    pub partition: String,
    /// The account's 12 digits.
    pub account: String,
    /// Overrides the spec's `primary` region.
    pub primary_region: Option<String>,
    /// Overrides the spec's `dr` region.
    pub dr_region: Option<String>,
}

impl Spec {
    /// Reads and validates a spec. All mistakes are reported at once; only a text that is not TOML hides the
    /// mistakes behind its own.
    pub fn parse(toml: &str) -> Result<Spec, SpecErrors> {
        Self::read(toml, |document, mistakes| held_against_rules(document, None, mistakes))
    }

    /// Reads what has been held against the rules already: what a build embeds, with the warnings that it had. To do it again takes longer
    /// than all the rest of a function's start.
    pub fn parse_checked(toml: &str, warnings: Vec<SpecWarning>) -> Result<Spec, SpecErrors> {
        Self::read(toml, |_, _| Doubts::Known(warnings))
    }

    /// The same for a spec that is new today: what lasts too long from here on is refused as well. A spec that was taken once is taken
    /// on any later day, so what is embedded in a binary need not be asked again.
    pub fn parse_on(toml: &str, today: Date) -> Result<Spec, SpecErrors> {
        Self::read(toml, |document, mistakes| held_against_rules(document, Some(today), mistakes))
    }

    fn read(toml: &str, check: impl FnOnce(&Document, &mut Mistakes) -> Doubts) -> Result<Spec, SpecErrors> {
        let refuse = |mistakes| SpecErrors::new(error::remarks(toml, mistakes));
        let (table, syntax) = DeTable::parse_recoverable(toml);
        if !syntax.is_empty() {
            return Err(refuse(syntax.iter().map(syntax_mistake).collect()));
        }
        let mut mistakes = Mistakes::default();
        let document = Fields::read(table.get_ref(), Spot::default(), &mut mistakes, Document::read);
        let doubts = check(&document, &mut mistakes);
        if mistakes.found.is_empty() {
            Ok(Spec { document, sha256: sha256(toml), text: toml.to_owned(), doubts })
        } else {
            Err(refuse(mistakes.found))
        }
    }

    /// The spec for one account: regions overridden, templates and ARNs filled in, service defaults in place.
    pub fn resolve(&self, target: &Target) -> Result<Desired, ResolveError> {
        let scope = resolve::scope(target, self.regions())?;
        let desired = resolve::desired(&self.document, &scope, &self.sha256);
        collisions::check(&desired)?;
        Ok(desired)
    }

    /// What the spec may say, and its owner probably does not mean, in the order of its lines. A year of each plan is gone through for it, so
    /// it is found out only when somebody asks.
    pub fn warnings(&self) -> Vec<SpecWarning> {
        match &self.doubts {
            Doubts::Known(warnings) => warnings.clone(),
            Doubts::Open(noticed, find) => {
                let mut mistakes = Mistakes::default();
                find(&self.document, &mut mistakes);
                error::remarks(&self.text, [noticed.clone(), mistakes.warnings].concat())
            }
        }
    }

    /// The spec's name, for reports.
    pub fn name(&self) -> &str {
        &self.document.name.value
    }

    /// SHA-256 of the spec's text, lower-case hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The spec's regions by its names for them, before anything is overridden.
    pub fn regions(&self) -> BTreeMap<&str, &str> {
        let regions = self.document.regions.iter();
        regions.map(|(name, region)| (name.as_str(), region.value.as_str())).collect()
    }
}

fn syntax_mistake(error: &toml::de::Error) -> (Spot, String) {
    let spot = Spot { span: error.span().unwrap_or_default(), path: String::new() };
    (spot, format!("this is not TOML: {}", error.message().replace('\n', "; ")))
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
