//! `drift spec import`: the source is read, the spec written, and what it does not say told on standard error.

mod account;

use std::process::ExitCode;

use anstream::eprintln;
use anyhow::Context;
use aws_account::Clients;
use aws_config::SdkConfig;
use reconcile::words::clean;
use spec_import::{Imported, Written, cloudformation, terraform, write};
use time::OffsetDateTime;

use super::Import;
use super::source;
use crate::paint;
pub use account::from_account;

/// Where things are if nothing says so.
const HOME: &str = "us-east-1";

pub(super) async fn import(
    import: Import,
    config: impl AsyncFnOnce() -> anyhow::Result<SdkConfig>,
) -> anyhow::Result<ExitCode> {
    source::must_be_new(import.out.as_deref())?;
    let Import { regions, terraform, cloudformation, out } = import;
    let written = match (terraform, cloudformation) {
        (Some(file), _) => {
            let text = source::text(&file)?;
            let origin = format!("Terraform ({})", file.display());
            let imported = terraform::read(&text, &origin, &home(&regions, config).await?);
            finish(imported.with_context(|| format!("{} cannot be imported", file.display()))?)?
        }
        (None, Some(file)) => {
            let text = source::text(&file)?;
            let origin = format!("a CloudFormation template ({})", file.display());
            let imported = cloudformation::read(&text, &origin, &home(&regions, config).await?);
            finish(imported.with_context(|| format!("{} cannot be imported", file.display()))?)?
        }
        (None, None) => {
            let config = config().await?;
            let region = config.region().map_or(HOME, |region| region.as_ref()).to_owned();
            let clients = Clients::new(&config);
            let imported = from_account(&clients, &regions, &region, OffsetDateTime::now_utc).await?;
            tell_where(&imported, config.endpoint_url());
            let target = account::target(&imported);
            let written = finish(imported)?;
            account::verify(&clients, &written, &target).await?;
            written
        }
    };
    source::write(&written.text, out.as_deref())?;
    if let Some(out) = out {
        let file = out.display();
        eprintln!("{} {file}: spec {}", paint::good("written"), clean(written.spec.name()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The region of what does not say where it is.
async fn home(
    regions: &[String],
    config: impl AsyncFnOnce() -> anyhow::Result<SdkConfig>,
) -> anyhow::Result<String> {
    match regions.first() {
        Some(region) => Ok(region.clone()),
        None => Ok(config().await?.region().map_or(HOME, |region| region.as_ref()).to_owned()),
    }
}

/// Whose account it is, and what of it was read.
fn tell_where(imported: &Imported, endpoint: Option<&str>) {
    let Imported { desired, primary, .. } = imported;
    let mut regions = desired.regions();
    regions.insert(primary);
    let regions: Vec<&str> = regions.into_iter().collect();
    let endpoint = endpoint.map(|url| format!(" · at {url}")).unwrap_or_default();
    let said = format!("account {} · {} · read only{endpoint}", desired.account, regions.join(", "));
    eprintln!("{}", paint::heading(&clean(&said)));
}

/// Writes the spec, and tells what it does not say.
fn finish(imported: Imported) -> anyhow::Result<Written> {
    let written = write(imported).map_err(|error| anyhow::anyhow!("{error}:\n{}", error.0))?;
    if !written.left_out.is_empty() {
        eprintln!("{}", paint::doubtful("Not in the spec, and as comments at its end:"));
        written.left_out.iter().for_each(|left| eprintln!("  {left}"));
    }
    for warning in written.spec.warnings() {
        eprintln!("{} {}", paint::doubtful("warning:"), clean(&warning.in_one_line()));
    }
    Ok(written)
}
