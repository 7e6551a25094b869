//! The writer: a spec with comments, valid in any case. What the spec's rules refuse stands as a comment, with the reason.

mod document;
mod items;
mod names;
mod plans;
mod policy_text;
mod refused;
mod templates;
mod toml;
mod unseen;

use reconcile::spec::{Spec, SpecErrors};

use crate::imported::{Imported, LeftOut};

/// A spec that was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// The text of the file.
    pub text: String,
    /// The same, read.
    pub spec: Spec,
    /// What is not in it.
    pub left_out: Vec<LeftOut>,
}

/// Nothing that could be left out makes a valid spec of it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no valid spec can be made of it")]
pub struct WriteError(#[source] pub SpecErrors);

/// Writes a spec.
///
/// # Errors
///
/// [`WriteError`] if it is refused for something that cannot be left out, such as the region.
pub fn write(mut imported: Imported) -> Result<Written, WriteError> {
    imported.in_order();
    loop {
        let text = document::text(&imported);
        match Spec::parse(&text) {
            Ok(spec) => return Ok(Written { text, spec, left_out: imported.left_out }),
            Err(errors) => {
                // Each turn takes something away, so there is an end.
                if !refused::leave_out(&mut imported, &errors) {
                    return Err(WriteError(errors));
                }
            }
        }
    }
}
