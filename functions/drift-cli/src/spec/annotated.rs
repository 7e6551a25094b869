//! Mistakes and doubts of a spec as a compiler shows them: the line, a caret under it, and the place in the document.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use anstream::eprintln;
use reconcile::spec::{PRINTED, SpecErrors, SpecRemark, SpecWarning};
use reconcile::words::clean;

use crate::paint;

/// Every mistake of a refused spec.
pub fn refusal(errors: &SpecErrors) -> String {
    let (printed, more) = errors.printed();
    let mut told: Vec<String> =
        printed.iter().map(|error| remark(Level::ERROR, error, errors.file())).collect();
    if more > 0 {
        told.push(format!("... and {more} more"));
    }
    told.push(paint::bad(&errors.verdict()));
    told.join("\n\n")
}

/// A doubt about a valid one.
pub(super) fn doubt(warning: &SpecWarning, file: &str) -> String {
    remark(Level::WARNING, warning, &clean(file))
}

/// Says that there are more doubts than were printed.
pub(super) fn more(warnings: &[SpecWarning]) {
    if let Some(more) = warnings.len().checked_sub(PRINTED).filter(|more| *more > 0) {
        eprintln!("... and {more} more");
    }
}

fn remark(level: Level<'_>, remark: &SpecRemark, file: &str) -> String {
    let place = remark.place();
    let title =
        if place.is_empty() { remark.message.clone() } else { format!("{place}: {}", remark.message) };
    let field = place.rsplit('.').next().unwrap_or_default();
    let mark =
        AnnotationKind::Primary.span(remark.mark()).label(Some(field).filter(|field| !field.is_empty()));
    let snippet = Snippet::source(remark.source_line()).line_start(remark.line).annotation(mark);
    let title = level.primary_title(title);
    let before = remark.source_line()[..remark.mark().start].chars().count();
    // Of a long line a part is shown, which begins elsewhere.
    let shown = if before + 1 == remark.column {
        title.element(snippet.path(file))
    } else {
        title.element(Origin::path(file).line(remark.line).char_column(remark.column)).element(snippet)
    };
    Renderer::styled().render(&[shown])
}
