//! Mistakes and doubts of a spec as a compiler shows them: the line, a caret under it, and the place in the document.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use reconcile::spec::{SpecErrors, SpecRemark, SpecWarning};
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

fn remark(level: Level<'_>, remark: &SpecRemark, file: &str) -> String {
    let origin = Origin::path(file).line(remark.line).char_column(remark.column);
    let mark = AnnotationKind::Primary.span(remark.mark()).label(remark.place());
    let snippet = Snippet::source(remark.source_line()).line_start(remark.line).annotation(mark);
    let shown = level.primary_title(remark.message.as_str()).element(origin).element(snippet);
    Renderer::styled().render(&[shown])
}
