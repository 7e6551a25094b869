//! One JSON object for each event: timestamp, level and message first, all fields of the event and its spans beside them.

use std::fmt;

use reconcile::words::clean;
use serde::Serialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

pub(super) struct JsonLines {
    function: Option<String>,
}

impl JsonLines {
    pub(super) fn new(function: Option<String>) -> Self {
        Self { function }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    timestamp: String,
    level: &'static str,
    message: Value,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'a str>,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Map::new();
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            // The layer formats the fields of spans as JSON objects.
            if let Some(formatted) = span.extensions().get::<FormattedFields<N>>()
                && let Ok(Value::Object(of_span)) = serde_json::from_str(&formatted.fields)
            {
                let seen = |value: Value| value.as_str().map(|text| json!(visible(text))).unwrap_or(value);
                fields.extend(of_span.into_iter().map(|(name, value)| (name, seen(value))));
            }
        }
        event.record(&mut Record(&mut fields));
        let message = fields.remove("message").unwrap_or_default();
        for reserved in ["timestamp", "level", "target", "function"] {
            fields.remove(reserved);
        }
        let metadata = event.metadata();
        let line = Line {
            timestamp: timestamp(OffsetDateTime::now_utc()),
            level: metadata.level().as_str(),
            message,
            target: metadata.target(),
            function: self.function.as_deref(),
            fields,
        };
        writeln!(writer, "{}", serde_json::to_string(&line).map_err(|_| fmt::Error)?)
    }
}

fn timestamp(now: OffsetDateTime) -> String {
    let to_the_millisecond = now.replace_nanosecond(now.nanosecond() / 1_000_000 * 1_000_000).unwrap_or(now);
    to_the_millisecond.format(&Rfc3339).unwrap_or_else(|_| now.to_string())
}

/// Whoever reads the log must see what there is. Line breaks are: JSON writes them out.
fn visible(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

struct Record<'a>(&'a mut Map<String, Value>);

impl Record<'_> {
    fn keep(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Record<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, json!(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, json!(visible(value)));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, json!(visible(&format!("{value:?}"))));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::format::JsonFields;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("the buffer").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_what_lambda_needs_and_every_field_beside_it() {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let layer = tracing_subscriber::fmt::layer()
            .fmt_fields(JsonFields::new())
            .event_format(JsonLines::new(Some("drift-healer".to_owned())))
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let _entered =
                tracing::error_span!("invocation", requestId = "r-1\u{2066}", coldStart = true).entered();
            tracing::warn!(calls = 3, actor = None::<&str>, error = %"line\nbreak\u{202e}", level = "mine", "call refused");
        });
        let bytes = buffer.0.lock().expect("the buffer").clone();
        let text = String::from_utf8(bytes).expect("utf-8");
        assert!(text.starts_with(r#"{"timestamp":"2"#) && text.lines().count() == 1, "{text}");
        let mut line: Value = serde_json::from_str(&text).expect("json");
        let stamp = line["timestamp"].take();
        assert!(OffsetDateTime::parse(stamp.as_str().expect("text"), &Rfc3339).is_ok(), "{stamp}");
        let expected = json!({
            "timestamp": null, "level": "WARN", "message": "call refused", "function": "drift-healer",
            "target": "drift_healer::telemetry::json_lines::tests",
            "requestId": "r-1\\u{2066}", "coldStart": true, "calls": 3, "error": "line\nbreak\\u{202e}",
        });
        assert_eq!(line, expected);
    }
}
