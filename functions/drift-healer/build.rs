//! Refuses a bad desired spec when the function is built, and puts the good one where the crate embeds it.

use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use reconcile::spec::Spec;
use time::OffsetDateTime;

fn main() -> ExitCode {
    println!("cargo::rerun-if-env-changed=DESIRED_SPEC");
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
    let source = match env::var_os("DESIRED_SPEC").filter(|path| !path.is_empty()) {
        // Cargo runs this in the package's folder; whoever sets the variable stands in the workspace's.
        Some(path) => package.ancestors().nth(2).unwrap_or(&package).join(path),
        None => package.join("desired.toml"),
    };
    println!("cargo::rerun-if-changed={}", source.display());
    let text = fs::read_to_string(&source).map_err(|error| {
        format!(
            "the desired spec {} cannot be read: {error}; DESIRED_SPEC is a path from the workspace's root",
            source.display()
        )
    })?;
    let file = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let today = OffsetDateTime::now_utc().date();
    let spec = Spec::parse_on(&text, today).map_err(|errors| errors.in_file(&file).to_string())?;
    for warning in spec.warnings() {
        println!("cargo::warning={file}:{}", warning.in_one_line());
    }

    let target = Path::new(&variable("OUT_DIR")?).join("desired.toml");
    fs::write(&target, text).map_err(|error| format!("{} cannot be written: {error}", target.display()))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set; this runs only as cargo's build script"))
}
