//! Exceptions: that each names something of the spec, and a difference that it can have. One that matches nothing by a slip of the pen
//! would let a repair overwrite what was agreed.

use time::Date;

use crate::desired::Exception as Agreed;
use crate::drift::{Code, Of, Part, Segment, codes};
use crate::resource::Kind;
use crate::spec::arns::{REGIONAL, Scope};
use crate::spec::exception::Place;
use crate::spec::raw::{Document, Exception, PRIMARY, Plan};
use crate::spec::reader::Mistakes;
use crate::spec::template;
use crate::suggest::or_else_all;

pub(super) fn check(document: &Document, today: Option<Date>, scope: &Scope, mistakes: &mut Mistakes) {
    // What an exception names is looked for in the rest of the spec: where that has mistakes, not finding it is no news.
    let is_sound = mistakes.found.is_empty();
    for exception in &document.exceptions {
        for text in [&exception.owner, &exception.reason] {
            if text.value.trim().is_empty() {
                mistakes.add(&text.spot, "is empty; an exception names who answers for it, and why");
            }
        }
        // A year from which day? A date in this file would grow old: one day it would refuse every exception. The day on which a person
        // writes the spec, or changes it, is that of its build; it is handed in, so that the core has no clock.
        if let (Some(until), Some(today)) = (&exception.until, today)
            && until.value > Agreed::latest(today)
        {
            let latest = Agreed::latest(today);
            let reason = format!(
                "{} is more than a year from today; allowed: {latest} or sooner. What is agreed is looked at again once a year",
                until.value
            );
            mistakes.add(&until.spot, reason);
        }
        match (Place::read(&exception.resource.value, document), Place::kind_of(&exception.resource.value)) {
            (Ok(place), _) => check_code(exception, &place, document, scope, mistakes),
            (Err(_), Ok(kind)) if !is_sound => {
                mistakes.check(&exception.code.spot, declared(&exception.code.value, kind).map(|_| ()));
            }
            (Err(reason), _) => mistakes.add(&exception.resource.spot, reason),
        }
    }
}

/// The declarations of a code that this kind of resource has.
fn declared(written: &str, kind: Kind) -> Result<Vec<&'static Code>, String> {
    let of_kind = || codes().filter(|code| code.kind.is_none_or(|of| of == kind));
    let found: Vec<&Code> = of_kind().filter(|code| code.code == written).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let known: Vec<&str> = of_kind().map(|code| code.code).collect();
    let elsewhere = codes().find(|code| code.code == written).and_then(|code| code.kind);
    let what = match elsewhere {
        Some(other) => format!("{written:?} is a code of kind {other}, and not of {kind}"),
        None => format!("{written:?} is not a code of kind {kind}"),
    };
    Err(format!("{what}; {}", or_else_all(written, known)))
}

fn check_code(
    exception: &Exception,
    place: &Place,
    document: &Document,
    scope: &Scope,
    mistakes: &mut Mistakes,
) {
    let declared = match declared(&exception.code.value, place.kind) {
        Ok(declared) => declared,
        Err(reason) => return mistakes.add(&exception.code.spot, reason),
    };
    if !place.in_spec && !declared.iter().any(|code| code.beyond_spec) {
        let names = selections(place, document);
        let reason =
            format!("{:?} is not a selection of the spec; {}", place.name, or_else_all(&place.name, names));
        return mistakes.add(&exception.resource.spot, reason);
    }
    if let Some(attribute) = &exception.attribute {
        let before = mistakes.found.len();
        mistakes.check(&attribute.spot, template::check(&attribute.value, &REGIONAL));
        if mistakes.found.len() == before {
            let region = place.region.as_deref().unwrap_or(PRIMARY);
            let written = any_account(&scope.fill_regional(&attribute.value, region));
            mistakes.check(&attribute.spot, check_attribute(&written, &declared, place, document, scope));
        }
    }
}

fn selections<'d>(place: &Place, document: &'d Document) -> Vec<&'d str> {
    let plans = document.plans.iter().filter(|plan| Some(&plan.name.value) == place.plan.as_ref());
    plans.flat_map(|plan| &plan.selections).map(|selection| selection.name.value.as_str()).collect()
}

/// What stands for a name that the spec does not know.
const ANY: &str = "NAME";

fn check_attribute(
    written: &str,
    declared: &[&Code],
    place: &Place,
    document: &Document,
    scope: &Scope,
) -> Result<(), String> {
    let mut all: Vec<String> =
        declared.iter().flat_map(|code| attributes(code, place, document, scope)).collect();
    all.extend(
        declared.iter().filter(|code| code.kind.is_none()).flat_map(|_| Part::named_by_reports(place.kind)),
    );
    let fits = |known: &String| match known.split_once(ANY) {
        Some((start, end)) => {
            written.len() > start.len() + end.len() && written.starts_with(start) && written.ends_with(end)
        }
        None => known == written,
    };
    if all.iter().any(fits) {
        return Ok(());
    }
    if all.is_empty() {
        return Err("such a finding is about the resource as a whole; drop the attribute".to_owned());
    }
    let known: Vec<&str> = all.iter().map(String::as_str).collect();
    Err(format!("{written:?} is not an attribute of such a finding; {}", or_else_all(written, known)))
}

/// The attributes that a code can be about on this resource of the spec.
fn attributes(code: &Code, place: &Place, document: &Document, scope: &Scope) -> Vec<String> {
    if code.attribute.is_empty() {
        return Vec::new();
    }
    let plans = || {
        let of_region =
            document.plans.iter().filter(|plan| Some(&plan.region.value) == place.region.as_ref());
        of_region.filter(|plan| plan.name.value == place.name)
    };
    let copies = |plan: &Plan| {
        let each = plan.rules.iter().flat_map(|rule| &rule.copies);
        each.filter_map(|copy| scope.destination(copy, &plan.region.value)).collect::<Vec<_>>()
    };
    let names = |of: Of| -> Vec<String> {
        match of {
            Of::Rule => plans().flat_map(|plan| &plan.rules).map(|rule| rule.name.value.clone()).collect(),
            Of::Copy => plans().flat_map(copies).map(|arn| any_account(&arn)).collect(),
            Of::ManagedPolicy => {
                let role = document.roles().find(|role| role.name.value == place.name);
                let policies = role.into_iter().flat_map(|role| &role.managed_policies);
                policies.map(|arn| scope.fill_global(&arn.value)).collect()
            }
            Of::Other => vec![ANY.to_owned()],
        }
    };
    code.attribute.iter().fold(vec![String::new()], |paths, segment| {
        let steps = match segment {
            Segment::Member(name) => vec![(*name).to_owned()],
            Segment::Named(of) => names(*of),
        };
        let deeper = |path: &String| {
            let dot = if path.is_empty() { "" } else { "." };
            steps.iter().map(|step| format!("{path}{dot}{step}")).collect::<Vec<_>>()
        };
        paths.iter().flat_map(deeper).collect()
    })
}

/// The spec is checked without an account, so each stands for any.
fn any_account(text: &str) -> String {
    let is_account = |part: &str| part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split(':')
        .map(|part| if is_account(part) { "000000000000" } else { part })
        .collect::<Vec<_>>()
        .join(":")
}
