//! The log: JSON lines as Lambda files them, or lines for a person at a terminal.
//!
//! Not the runtime's own subscriber: its JSON lines carry no timestamp, and Lambda takes lines without one for INFO.

mod directives;
mod json_lines;
pub mod last_words;

use std::io::{IsTerminal, stdout};
use std::panic;

use reconcile::words::clean;
use tracing::Subscriber;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::{self, FormatFields, MakeWriter, format::JsonFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt;

use directives::{directives, filter};
use json_lines::JsonLines;

/// Fields as the text log has them, with everything in them made visible.
fn visible_fields() -> impl for<'writer> FormatFields<'writer> + 'static {
    fmt::format::debug_fn(|writer, field, value| {
        let value = clean(&format!("{value:?}"));
        if field.name() == "message" { write!(writer, "{value}") } else { write!(writer, "{field}={value}") }
    })
    .delimited(" ")
}

/// Installs the log for the whole process, and lets panics speak through it. `lookup` gives the value of an environment variable.
pub fn install(lookup: impl Fn(&str) -> Option<String>) {
    // Who has installed a log before us keeps it.
    let _ = subscriber(&lookup, stdout().is_terminal(), stdout).try_init();
    panic::set_hook(Box::new(last_words::hook(lookup("AWS_LAMBDA_RUNTIME_API"))));
}

/// The log, wherever it is written to, in colours or without.
pub fn subscriber(
    lookup: impl Fn(&str) -> Option<String>,
    colours: bool,
    writer: impl for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
) -> Box<dyn Subscriber + Send + Sync> {
    let filtered = registry().with(filter(&directives(&lookup)));
    let layer = fmt::layer().with_writer(writer);
    if lookup("AWS_LAMBDA_LOG_FORMAT").is_some_and(|format| format.trim().eq_ignore_ascii_case("json")) {
        let lines = JsonLines::new(lookup("AWS_LAMBDA_FUNCTION_NAME"));
        Box::new(filtered.with(layer.fmt_fields(JsonFields::new()).event_format(lines)))
    } else {
        let layer = layer.without_time().with_target(false).with_ansi(colours);
        Box::new(filtered.with(layer.fmt_fields(visible_fields())))
    }
}
