//! `drift spec diff`: how two specs differ, in words.

mod changes;
mod plans;
mod resources;

use std::path::Path;
use std::process::ExitCode;

use reconcile::spec::Spec;

use super::{source, words};
use crate::paint;
use changes::Changes;

pub(super) fn diff(from: &Path, to: &Path) -> anyhow::Result<ExitCode> {
    let lines = differences(&source::spec(from)?, &source::spec(to)?)?;
    if lines.is_empty() {
        source::print(&[format!("{}: both specs want the same", paint::good("no difference"))])?;
    } else {
        source::print(&lines)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How the second spec differs from the first.
///
/// # Errors
///
/// When one of them names two regions that are one.
pub fn differences(from: &Spec, to: &Spec) -> anyhow::Result<Vec<String>> {
    let mut changes = Changes::default();
    changes.instead("spec", "the name is", from.name(), to.name());
    let regions = |spec: &Spec| {
        spec.regions().into_iter().map(|(name, region)| format!("{name} {region}")).collect::<Vec<_>>()
    };
    changes.instead("spec", "the regions are", &words::row(regions(from)), &words::row(regions(to)));
    let (from, to) = (words::resolved(from)?, words::resolved(to)?);
    resources::diff(&from, &to, &mut changes);
    plans::diff(&from, &to, &mut changes);
    Ok(changes.lines())
}
