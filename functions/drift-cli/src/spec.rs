//! `drift spec`: checks a spec as the build does, or prints the one that this build carries.

use drift_cli::paint;
use std::path::Path;

use anstream::println;
use anyhow::Context;
use reconcile::spec::Spec;
use time::OffsetDateTime;

pub(crate) fn check(file: Option<&Path>) -> anyhow::Result<()> {
    let Some(file) = file else {
        println!("{}", crate::which_spec::REFERENCE);
        return Ok(());
    };
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    let today = OffsetDateTime::now_utc().date();
    let spec =
        Spec::parse_on(&text, today).map_err(|errors| anyhow::anyhow!("\n{}", errors.in_file(&name)))?;
    for warning in spec.warnings() {
        println!("{}\n{name}:{warning}\n", paint::doubtful("warning:"));
    }
    println!("{} {name}: spec {}, sha256 {}", paint::good("valid"), spec.name(), spec.sha256());
    Ok(())
}
