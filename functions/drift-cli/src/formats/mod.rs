//! A run in the forms that other programs take.

mod junit;
mod markdown;
mod ocsf;

use crate::look::Look;
use crate::output::Format;
use crate::text::{self, Extent, Page};

/// A run in a form, ending with a line break.
pub fn render(look: &Look, format: Format, extent: Extent, page: Page) -> anyhow::Result<String> {
    Ok(match format {
        Format::Text => text::lines(look, extent, page).join("\n") + "\n",
        Format::Json => format!("{:#}\n", look.to_json()),
        Format::Markdown => markdown::page(look, extent.least),
        Format::Html => anyhow::bail!("this build writes no HTML"),
        Format::Ocsf => format!("{:#}\n", ocsf::findings(look, extent.least)),
        Format::Junit => junit::suites(look, extent.least),
    })
}
