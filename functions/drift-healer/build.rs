//! Refuses a bad desired spec when the function is built, and puts the good one where the crate embeds it.

use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use reconcile::spec::named::{Named, VARIABLES, named};
use reconcile::spec::{PRINTED, Spec};
use time::OffsetDateTime;

/// The shipped spec.
const REFERENCE: &str = "desired.toml";

fn main() -> ExitCode {
    VARIABLES.iter().for_each(|name| println!("cargo::rerun-if-env-changed={name}"));
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            let _ = writeln!(stderr(), "\n{text}\n");
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    // Cargo runs this in the package's folder; whoever sets a variable stands in the workspace's.
    let workspace = package.ancestors().nth(2).unwrap_or(&package);
    let naming =
        named(None, workspace, |name| env::var(name).ok(), read_pointer).map_err(|two| two.to_string())?;
    let (source, by) = match naming {
        Some(naming) => match naming.spec {
            Named::File(path) => {
                (path, format!("named by {}; a path counts from the workspace's root", naming.by))
            }
            Named::Reference => (package.join(REFERENCE), format!("named by {}", naming.by)),
        },
        None => (package.join(REFERENCE), "as nothing names another".to_owned()),
    };
    println!("cargo::rerun-if-changed={}", source.display());
    let text = fs::read_to_string(&source)
        .map_err(|error| format!("the desired spec {} cannot be read: {error} ({by})", source.display()))?;
    let file = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let today = OffsetDateTime::now_utc().date();
    let spec = Spec::parse_on(&text, today).map_err(|errors| errors.in_file(&file).to_string())?;
    let warnings = spec.warnings();
    for warning in warnings.iter().take(PRINTED) {
        println!("cargo::warning={file}:{}", warning.in_one_line());
    }

    let doubts =
        warnings.iter().map(|one| (one.line, one.column, &*one.path, &*one.message)).collect::<Vec<_>>();
    write("desired.toml", text)?;
    write("doubts.rs", format!("{doubts:?}"))
}

fn write(name: &str, text: String) -> Result<(), String> {
    let target = Path::new(&variable("OUT_DIR")?).join(name);
    fs::write(&target, text).map_err(|error| format!("{} cannot be written: {error}", target.display()))
}

/// A file that may name the spec; cargo runs this again when it changes. One that is not there cannot be watched for.
fn read_pointer(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    println!("cargo::rerun-if-changed={}", path.display());
    Some(text)
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set; this runs only as cargo's build script"))
}
