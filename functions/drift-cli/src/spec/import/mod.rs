//! `drift spec import`: the source is read, the spec written, and what it does not say told on standard error.

mod account;

use std::process::ExitCode;

use anstream::eprintln;
use anyhow::anyhow;
use aws_account::Clients;
use aws_account::access::{self, Access, Failure, Way, sign_in};
use reconcile::call::CallError;
use reconcile::spec::PRINTED;
use reconcile::words::{clean, clip};
use spec_import::{ImportError, Imported, LeftOut, Written, cloudformation, terraform, write};
use time::OffsetDateTime;

use super::Import;
use super::annotated::{more, refusal};
use super::source;
use crate::paint;
pub use account::from_account;

/// Where things are if nothing says so.
const HOME: &str = "us-east-1";

/// The most bytes that are told of why a file cannot be read.
const LONGEST: usize = 600;

pub(super) async fn import(
    import: Import,
    access: &Access,
    code: impl Fn(&str) -> std::io::Result<String>,
) -> anyhow::Result<ExitCode> {
    source::must_be_new(import.out.as_deref())?;
    let Import { regions, terraform, cloudformation, out } = import;
    let written = match (terraform, cloudformation) {
        (Some(file), _) => {
            let text = source::text(&file)?;
            let name = clean(&file.display().to_string());
            let origin = format!("Terraform ({name})");
            let imported = terraform::read(&text, &origin, &self::home(&regions, access).await?);
            finish(imported.map_err(|error| refused(&name, error))?)?
        }
        (None, Some(file)) => {
            let text = source::text(&file)?;
            let name = clean(&file.display().to_string());
            let origin = format!("a CloudFormation template ({name})");
            let home = self::home(&regions, access).await?;
            let imported = cloudformation::read(&text, &origin, &home);
            let mut imported = imported.map_err(|error| refused(&name, error))?;
            if regions.is_empty() {
                imported.left_out.push(LeftOut {
                    what: format!("region {home}"),
                    why: "a template does not say where it is deployed; this is the profile's region, or the first of AWS's where it has none. Check it, or name it with --regions".to_owned(),
                    text: None,
                });
            }
            finish(imported)?
        }
        (None, None) => {
            let Way { config, profile } = sign_in(access, code).await?;
            let region = config.region().map_or(HOME, |region| region.as_ref()).to_owned();
            let clients = Clients::new(&config);
            let imported = from_account(&clients, &regions, &region, OffsetDateTime::now_utc).await;
            // Nobody knows whose account it is: told as for every other command.
            let imported = imported.map_err(|error| match error.downcast::<CallError>() {
                Ok(refused) => Failure::Sts(refused).of(&profile).into(),
                Err(other) => other,
            })?;
            tell_where(&imported, config.endpoint_url());
            let target = account::target(&imported);
            let written = finish(imported)?;
            account::verify(&clients, &written, &target).await?;
            written
        }
    };
    source::write(&written.text, out.as_deref())?;
    if let Some(out) = out {
        let file = clean(&out.display().to_string());
        eprintln!("{} {file}: spec {}", paint::good("written"), clean(written.spec.name()));
    }
    Ok(ExitCode::SUCCESS)
}

/// In it are words of the file.
fn refused(name: &str, error: ImportError) -> anyhow::Error {
    let why = clip(&clean(&format!("{:#}", anyhow!(error))), LONGEST);
    anyhow!("{name} cannot be imported: {why}")
}

/// The region of what does not say where it is. A file is read without credentials.
async fn home(regions: &[String], access: &Access) -> anyhow::Result<String> {
    match regions.first() {
        Some(region) => Ok(region.clone()),
        None => Ok(access::home(access).await?),
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
    let written = write(imported).map_err(|error| anyhow!("{error}\n\n{}", refusal(&error.0)))?;
    if !written.left_out.is_empty() {
        eprintln!("{}", paint::doubtful("Not in the spec, or to be checked; as comments at its end:"));
        written.left_out.iter().for_each(|left| eprintln!("  {left}"));
    }
    let warnings = written.spec.warnings();
    for warning in warnings.iter().take(PRINTED) {
        eprintln!("{} {}", paint::doubtful("warning:"), warning.in_one_line());
    }
    more(&warnings);
    Ok(written)
}
