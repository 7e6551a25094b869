//! Which spec is meant: one rule for the terminal, the build and the deployment (`infra/deploying/spec.py` has the same in Python).
//!
//! In this order: what the command line says; the variable `DRIFT_SPEC`, or its older name `DESIRED_SPEC`; the file `.drift-spec` of the
//! folder or of the nearest one above it that names a spec. Nothing else is guessed: who is left without a name decides what that means.

use std::fmt;
use std::path::{Path, PathBuf};

/// The variables that name a spec, the newer one first.
pub const VARIABLES: [&str; 2] = ["DRIFT_SPEC", "DESIRED_SPEC"];

/// The file that names a spec for its folder and all below: a path from where it lies. Lines that start with `#` say nothing.
pub const POINTER: &str = ".drift-spec";

/// The name of the spec that is shipped.
pub const REFERENCE: &str = "reference";

/// A spec by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// The one that is shipped.
    Reference,
    /// The one in this file.
    File(PathBuf),
}

/// A spec's name, and what gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The spec.
    pub spec: Named,
    /// What named it.
    pub by: NamedBy,
}

/// What named a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedBy {
    /// The command line.
    Option,
    /// This variable.
    Variable(&'static str),
    /// This file.
    Pointer(PathBuf),
}

impl fmt::Display for NamedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NamedBy::Option => f.write_str("--spec"),
            NamedBy::Variable(name) => f.write_str(name),
            NamedBy::Pointer(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Two variables that name two specs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("DRIFT_SPEC is {newer:?} and DESIRED_SPEC, its older name, is {older:?}: unset one of them")]
pub struct TwoNames {
    newer: String,
    older: String,
}

/// The spec that is meant. A relative path on the command line or in a variable counts from `folder`. The environment comes from outside:
/// `variable` looks one up, and `read` gives a file's text, if there is such a file.
pub fn named(
    asked: Option<&str>,
    folder: &Path,
    variable: impl Fn(&str) -> Option<String>,
    read: impl Fn(&Path) -> Option<String>,
) -> Result<Option<Naming>, TwoNames> {
    if let Some(asked) = asked {
        return Ok(Some(Naming { spec: spec(asked, folder), by: NamedBy::Option }));
    }
    let set =
        |name: &'static str| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    let [newer, older] = VARIABLES.map(set);
    if let (Some((_, newer)), Some((_, older))) = (&newer, &older)
        && newer != older
    {
        return Err(TwoNames { newer: newer.clone(), older: older.clone() });
    }
    if let Some((name, value)) = newer.or(older) {
        return Ok(Some(Naming { spec: spec(&value, folder), by: NamedBy::Variable(name) }));
    }
    Ok(folder.ancestors().find_map(|folder| {
        let pointer = folder.join(POINTER);
        let text = read(&pointer)?;
        let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
        Some(Naming { spec: spec(name, folder), by: NamedBy::Pointer(pointer) })
    }))
}

fn spec(name: &str, folder: &Path) -> Named {
    if name == REFERENCE { Named::Reference } else { Named::File(folder.join(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "/home/ana/infra/prod";

    fn find(
        asked: Option<&str>,
        variables: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Option<(String, String)> {
        let variable =
            |name: &str| variables.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        let read = |path: &Path| {
            files.iter().find(|(one, _)| Path::new(one) == path).map(|(_, text)| (*text).to_owned())
        };
        let naming = named(asked, Path::new(HERE), variable, read).expect("one name")?;
        let spec = match naming.spec {
            Named::Reference => "the reference".to_owned(),
            Named::File(path) => path.display().to_string(),
        };
        Some((spec, naming.by.to_string()))
    }

    #[test]
    fn the_command_line_comes_first_then_the_variables_then_the_file() {
        let (variables, files) = ([("DRIFT_SPEC", "b.toml")], [("/home/ana/.drift-spec", "c.toml")]);
        let told = |spec: &str, by: &str| Some((spec.to_owned(), by.to_owned()));
        assert_eq!(find(Some("a.toml"), &variables, &files), told("/home/ana/infra/prod/a.toml", "--spec"));
        assert_eq!(find(None, &variables, &files), told("/home/ana/infra/prod/b.toml", "DRIFT_SPEC"));
        assert_eq!(
            find(None, &[("DRIFT_SPEC", "")], &files),
            told("/home/ana/c.toml", "/home/ana/.drift-spec")
        );
        assert_eq!(find(None, &[("DESIRED_SPEC", "/x.toml")], &files), told("/x.toml", "DESIRED_SPEC"));
        assert_eq!(find(Some(REFERENCE), &variables, &files), told("the reference", "--spec"));
    }

    #[test]
    fn the_nearest_file_that_names_one_counts() {
        let empty = ("/home/ana/infra/prod/.drift-spec", "# a path from here\n\n");
        let near = ("/home/ana/infra/.drift-spec", "# ours\n  specs/prod.toml \nother.toml\n");
        let far = ("/.drift-spec", "reference");
        let (spec, _) = find(None, &[], &[empty, near, far]).expect("a name");
        assert_eq!(spec, "/home/ana/infra/specs/prod.toml");
        assert_eq!(find(None, &[], &[empty, far]).expect("a name").0, "the reference");
        assert_eq!(find(None, &[], &[empty]), None);
    }

    #[test]
    fn two_variables_that_name_two_specs_are_refused() {
        let variable = |name: &str| Some(if name == "DRIFT_SPEC" { "a.toml" } else { "b.toml" }.to_owned());
        let error = named(None, Path::new(HERE), variable, |_| None).expect_err("two names");
        assert!(error.to_string().contains("unset one"), "{error}");
    }
}
