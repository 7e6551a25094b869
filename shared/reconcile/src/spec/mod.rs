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
    /// What was noticed while it was read and held against the rules, if it was.
    noticed: Option<Vec<(Spot, String)>>,
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
        Self::read(toml, |document, mistakes| validate::check(document, None, mistakes))
    }

    /// Reads what has been held against the rules already: what a build embeds. To do it again takes longer than all the rest of a
    /// function's start.
    pub fn parse_checked(toml: &str) -> Result<Spec, SpecErrors> {
        let spec = Self::read(toml, |_, _| ())?;
        Ok(Spec { noticed: None, ..spec })
    }

    /// The same for a spec that is new today: what lasts too long from here on is refused as well. A spec that was taken once is taken
    /// on any later day, so what is embedded in a binary need not be asked again.
    pub fn parse_on(toml: &str, today: Date) -> Result<Spec, SpecErrors> {
        Self::read(toml, |document, mistakes| validate::check(document, Some(today), mistakes))
    }

    fn read(toml: &str, check: impl FnOnce(&Document, &mut Mistakes)) -> Result<Spec, SpecErrors> {
        let refuse = |mistakes| SpecErrors::new(error::remarks(toml, mistakes));
        let (table, syntax) = DeTable::parse_recoverable(toml);
        if !syntax.is_empty() {
            return Err(refuse(syntax.iter().map(syntax_mistake).collect()));
        }
        let mut mistakes = Mistakes::default();
        let document = Fields::read(table.get_ref(), Spot::default(), &mut mistakes, Document::read);
        check(&document, &mut mistakes);
        if mistakes.found.is_empty() {
            let noticed = Some(mistakes.warnings);
            Ok(Spec { document, sha256: sha256(toml), text: toml.to_owned(), noticed })
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
        let Some(noticed) = &self.noticed else {
            // What is valid once is valid again.
            return Self::parse(&self.text).map(|spec| spec.warnings()).unwrap_or_default();
        };
        let mut mistakes = Mistakes::default();
        validate::overlaps(&self.document, &mut mistakes);
        error::remarks(&self.text, [noticed.clone(), mistakes.warnings].concat())
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
