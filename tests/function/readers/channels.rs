//! Everything that anybody reads of an answer.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drift_cli::formats::render;
use drift_cli::look::{Look, Place};
use drift_cli::output::Format;
use drift_cli::text::{Extent, Page};
use drift_healer::answer::Answer;
use drift_healer::notify::Notice;
use drift_healer::{HealerError, log, telemetry};
use lambda_runtime::Diagnostic;
use reconcile::call::CallError;
use serde_json::Value;
use strum::VariantArray;

/// A text as it reaches a reader.
pub(super) struct Channel {
    pub(super) name: String,
    pub(super) text: String,
    /// Which controls are the channel's own.
    pub(super) own: &'static str,
}

pub(super) const LINES: &str = "\n";
pub(super) const COLOURS: &str = "\n\u{1b}";

/// Everything that anybody reads of an answer.
pub(super) fn channels(answer: &Answer, error: CallError) -> Vec<Channel> {
    let mut channels = Vec::new();
    let mut add = |name: &str, text: String, own| channels.push(Channel { name: name.to_owned(), text, own });
    let notice = Notice::new(answer);
    add("subject", notice.subject.clone(), "");
    for (name, _, value) in &notice.attributes {
        add(&format!("attribute {name}"), value.clone(), "");
    }
    let bodies: Value = serde_json::from_str(&notice.message).unwrap();
    let body = |protocol: &str| bodies[protocol].as_str().unwrap().to_owned();
    add("email", body("email"), LINES);
    add("sms", body("sms"), "");
    for protocol in ["default", "sqs", "lambda"] {
        add(protocol, body(protocol), "");
        each_json_text(&body(protocol), &mut |text| add(protocol, text, ""));
    }
    add("https", body("https"), "");
    each_json_text(&body("https"), &mut |text| add("chat", text, LINES));
    let json = answer.to_json();
    each_json_text(&json.to_string(), &mut |text| add("answer", text, ""));
    add("terminal, JSON", format!("{json:#}"), LINES);
    let look = at_terminal(answer);
    let extent = Extent { least: None, full: true };
    for format in Format::VARIANTS.iter().filter(|format| **format != Format::Html) {
        let own = if *format == Format::Text { COLOURS } else { LINES };
        let text = render(&look, *format, extent, Page::of(100)).unwrap();
        add(&format!("terminal, {}", format.as_str()), text, own);
    }
    add("log", logged(answer, "text"), LINES);
    let lines = logged(answer, "json");
    for line in lines.lines() {
        each_json_text(line, &mut |text| add("log, JSON, decoded", text, LINES));
    }
    add("log, JSON", lines, LINES);
    add("failed invocation", Diagnostic::from(HealerError::UnknownAccount(error)).error_message, "");
    channels
}

/// The answer, as `drift check` has it.
fn at_terminal(answer: &Answer) -> Look {
    Look {
        answer: answer.clone(),
        desired: drift_tests::model::desired(),
        place: Place {
            alias: Some("acme-prod".to_owned()),
            caller: "arn:aws:sts::123456789012:assumed-role/Admin/ana".to_owned(),
            spec_file: "desired.toml".to_owned(),
            endpoint: None,
        },
        requests: 31,
        took: Duration::from_millis(400),
        unmanaged: None,
    }
}

/// Every text of a JSON document, and the name of every member.
pub(super) fn each_json_text(json: &str, add: &mut dyn FnMut(String)) {
    fn walk(value: &Value, add: &mut dyn FnMut(String)) {
        match value {
            Value::String(text) => add(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| walk(item, add)),
            Value::Object(members) => members.iter().for_each(|(name, member)| {
                add(name.clone());
                walk(member, add);
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    walk(&serde_json::from_str(json).unwrap(), add);
}

#[derive(Clone, Default)]
pub(super) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the log says of an answer, within a span as the handler opens it.
pub(super) fn logged(answer: &Answer, format: &str) -> String {
    let (buffer, lookup) =
        (Buffer::default(), |name: &str| (name == "AWS_LAMBDA_LOG_FORMAT").then(|| format.to_owned()));
    let writer = buffer.clone();
    tracing::subscriber::with_default(telemetry::subscriber(lookup, false, move || writer.clone()), || {
        let request = answer.log.as_deref();
        let _entered = tracing::error_span!("invocation", requestId = request).entered();
        log::run(answer);
    });
    let bytes = buffer.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}
