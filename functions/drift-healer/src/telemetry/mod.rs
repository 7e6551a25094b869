//! The log: JSON lines as Lambda files them, or lines for a person at a terminal.
//!
//! Not the runtime's own subscriber: its JSON lines carry no timestamp, and Lambda takes lines without one for INFO.

mod directives;
mod json_lines;

use std::io::{IsTerminal, stdout};
use std::panic;

use reconcile::words::clean;
use tracing::error;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::{self, FormatFields, format::JsonFields};
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
    let filter = filter(&directives(&lookup));
    let json =
        lookup("AWS_LAMBDA_LOG_FORMAT").is_some_and(|format| format.trim().eq_ignore_ascii_case("json"));
    // Who has installed a log before us keeps it.
    let _ = if json {
        let lines = JsonLines::new(lookup("AWS_LAMBDA_FUNCTION_NAME"));
        registry()
            .with(filter)
            .with(fmt::layer().fmt_fields(JsonFields::new()).event_format(lines))
            .try_init()
    } else {
        let terminal = stdout().is_terminal();
        registry()
            .with(filter)
            .with(
                fmt::layer()
                    .without_time()
                    .with_target(false)
                    .with_ansi(terminal)
                    .fmt_fields(visible_fields()),
            )
            .try_init()
    };
    // Here the invocation's span is still open; the runtime, which catches the panic, knows no request id any more.
    panic::set_hook(Box::new(|panic| error!(panic = %panic, "panicked")));
}
