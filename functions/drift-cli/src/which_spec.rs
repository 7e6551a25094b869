//! Reads the spec that is meant. Nobody's account is judged by a spec that nobody named.

use std::path::{Path, PathBuf};

use anyhow::Context;
use drift_cli::spec::refusal;
use reconcile::spec::Spec;
use reconcile::spec::named::{Named, NamedBy, POINTER, named};
use reconcile::words::clean;

use crate::arguments::Global;
use crate::failure::Usage;

pub(crate) use drift_cli::spec::REFERENCE;

/// A spec, and where it came from in words.
#[derive(Debug)]
pub(crate) struct ReadSpec {
    pub(crate) spec: Spec,
    pub(crate) file: String,
    /// Where it was read; `None` for the shipped one.
    path: Option<PathBuf>,
}

impl ReadSpec {
    /// The files that no output may write over.
    pub(crate) fn inputs(&self) -> Vec<(&'static str, PathBuf)> {
        self.path.clone().map(|path| ("the spec", path)).into_iter().collect()
    }
}

pub(crate) fn read(global: &Global) -> anyhow::Result<ReadSpec> {
    let none = || {
        let import = global.called().drift("spec import").with("out", "desired.toml");
        Usage(format!(
            "no spec is named, and an account is judged by no spec but yours.\n  \
             name:  --spec FILE, DRIFT_SPEC=FILE, or a file {POINTER} here or above with the path in it\n  \
             make:  {import}   (--spec reference names the shipped one)"
        ))
    };
    read_if_named(global.spec.as_deref())?.ok_or_else(|| none().into())
}

/// The spec that is meant, if anything names one.
pub(crate) fn read_if_named(asked: Option<&str>) -> anyhow::Result<Option<ReadSpec>> {
    let folder = std::env::current_dir().context("the working directory cannot be read")?;
    let variable = |name: &str| std::env::var(name).ok();
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    let naming = named(asked, &folder, variable, read).map_err(|two| Usage(two.to_string()))?;
    let Some(naming) = naming else { return Ok(None) };
    let (text, file, path) = match naming.spec {
        Named::Reference => (REFERENCE.to_owned(), "the reference that is shipped".to_owned(), None),
        Named::File(path) => {
            let short = path.strip_prefix(&folder).ok().filter(|short| *short != Path::new(""));
            let shown = short.unwrap_or(&path).display().to_string();
            let text = std::fs::read_to_string(&path).with_context(|| {
                format!("the spec {} cannot be read (named by {})", clean(&shown), naming.by)
            })?;
            (text, shown, Some(path))
        }
    };
    let spec = Spec::parse(&text)
        .map_err(|errors| anyhow::anyhow!("the spec is refused\n\n{}", refusal(&errors.in_file(&file))))?;
    let by = match naming.by {
        NamedBy::Option => String::new(),
        by @ (NamedBy::Variable(_) | NamedBy::Pointer(_)) => format!(" (by {by})"),
    };
    Ok(Some(ReadSpec { spec, file: format!("{file}{by}"), path }))
}
