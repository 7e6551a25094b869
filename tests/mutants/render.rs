//! Writes a source anew with its switches.

use std::ops::Range;

use crate::{
    Mutant,
    sites::{Kind, Site},
};

pub fn render(source: &str, sites: &[Site]) -> String {
    Renderer { source, sites }.part(&(0..source.len()), 0)
}

struct Renderer<'a> {
    source: &'a str,
    sites: &'a [Site],
}

fn is_on(Mutant { number, .. }: &Mutant) -> String {
    format!("crate::mutant({number})")
}

impl Renderer<'_> {
    /// A part of the source, with those of the sites from `first` on that lie in it.
    fn part(&self, part: &Range<usize>, first: usize) -> String {
        let mut text = String::new();
        let mut at = part.start;
        for (index, site) in self.sites.iter().enumerate().skip(first) {
            if site.range.start >= at && site.range.end <= part.end {
                text.push_str(&self.source[at..site.range.start]);
                text.push_str(&self.site(site, index + 1));
                at = site.range.end;
            }
        }
        text.push_str(&self.source[at..part.end]);
        text
    }

    /// No operand is evaluated twice, and every form is one expression wherever it stands.
    fn site(&self, Site { range, kind }: &Site, next: usize) -> String {
        let part = |range: &Range<usize>| self.part(range, next);
        match kind {
            Kind::Body(mutants) => {
                let returns =
                    mutants.iter().map(|it| format!(" if {} {{ return {}; }}", is_on(it), it.replacement));
                format!("{}{}", returns.collect::<String>(), part(range))
            }
            Kind::Logic { left, is_and, right, mutant } => {
                let (left, right, not) = (part(left), part(right), if *is_and { "" } else { "!" });
                format!(
                    "({{ let __left: bool = {left}; if __left == {not}{} {{ __left }} else {{ {right} }} }})",
                    is_on(mutant)
                )
            }
            Kind::Operator { left, operator, right, mutants } => {
                let (left, right) = (part(left), part(right));
                let others = mutants
                    .iter()
                    .map(|it| format!("if {} {{ ({left} {} {right}) }} else ", is_on(it), it.replacement));
                let operator = &self.source[operator.clone()];
                format!("({}{{ ({left} {operator} {right}) }})", others.collect::<String>())
            }
            Kind::Prefix { is_not: true, operand, mutant } => {
                format!("(({}) ^ !{})", part(operand), is_on(mutant))
            }
            Kind::Prefix { is_not: false, operand, mutant } => {
                let operand = part(operand);
                format!("(if {} {{ {operand} }} else {{ (-{operand}) }})", is_on(mutant))
            }
            Kind::Guard { guard, has_let, mutants, deleted } => {
                let off = |value: &str| {
                    let mutant = mutants.iter().find(|it| it.replacement == value);
                    mutant.map_or("false".to_owned(), is_on)
                };
                let deleted = deleted.as_ref().map_or("false".to_owned(), is_on);
                let guard = guard.as_ref().map_or("true".to_owned(), part);
                if *has_let {
                    format!(" if !{deleted} && !{} && {guard} ", off("false"))
                } else {
                    format!(" if !{deleted} && (({guard}) && !{} || {}) ", off("false"), off("true"))
                }
            }
            Kind::Field { field, mutant } => {
                let without =
                    format!("{}{}", part(&(range.start..field.start)), part(&(field.end..range.end)));
                format!("(if {} {{ {without} }} else {{ {} }})", is_on(mutant), part(range))
            }
        }
    }
}
