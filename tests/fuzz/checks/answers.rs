//! Whatever AWS answers: the whole function runs to its end, and its answer is one.
//!
//! The input is a list of answers: a line `> STATUS WORDS`, then the body. A request gets the first one whose words are all in what it
//! says of itself: method, URI, target, region and service, body.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_account::emulator_config;
use aws_config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use drift_healer::{Healer, Settings};
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// All of it may be written to: what answers is no account.
const ENVIRONMENT: [(&str, &str); 4] = [
    ("MODE", "repair"),
    ("COMPLIANCE_LOCKS", "start"),
    ("BOOTSTRAP", "true"),
    ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:drift"),
];
/// The first of December 2026: some days after what the corpus starts from.
const NOW: i64 = 1_796_083_200;
/// What an invocation has: pauses are real ones.
const TIME: Duration = Duration::from_millis(1500);

#[derive(Debug)]
struct Answer {
    status: u16,
    words: Vec<String>,
    body: Vec<u8>,
}

fn answers(data: &[u8]) -> Vec<Answer> {
    let starts = data.windows(3).enumerate().filter(|(_, start)| *start == b"\n> ").map(|(at, _)| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).chain([data.len()]).collect();
    let sections = starts.windows(2).filter_map(|section| data.get(section[0]..section[1]));
    sections.filter_map(answer).collect()
}

fn answer(section: &[u8]) -> Option<Answer> {
    let end = section.iter().position(|byte| *byte == b'\n')?;
    let head = String::from_utf8_lossy(&section[..end]);
    let (status, words) = head.strip_prefix("> ")?.split_once(' ')?;
    let status = status.parse().ok().filter(|status| (200..600).contains(status))?;
    Some(Answer {
        status,
        words: words.split(' ').map(str::to_owned).collect(),
        body: section[end + 1..].to_vec(),
    })
}

#[derive(Debug)]
struct Aws(Arc<Vec<Answer>>);

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name| request.headers().get(name).unwrap_or_default();
        let (target, signed) = (header("x-amz-target"), header("authorization"));
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        let said = format!("{} {} {target} {signed} {body}", request.method(), request.uri());
        let found = self.0.iter().find(|answer| answer.words.iter().all(|word| said.contains(word)));
        let (status, body) = found.map_or((400, Vec::new()), |answer| (answer.status, answer.body.clone()));
        let status = status.try_into().unwrap_or_else(|_| unreachable!("only statuses are taken"));
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body.into())))
    }
}

pub(crate) fn check(data: &[u8]) -> Option<Value> {
    let answers = Arc::new(answers(data));
    let client = http_client_fn(move |_, _| SharedHttpConnector::new(Aws(Arc::clone(&answers))));
    let config = emulator_config("http://127.0.0.1:1", "tester").to_builder();
    let config = config.http_client(client).retry_config(RetryConfig::disabled()).build();
    let environment =
        |name: &str| ENVIRONMENT.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let Ok(settings) = Settings::read(environment) else { unreachable!("the settings are good") };
    let Ok(healer) = Healer::new(settings, &config) else { unreachable!("the spec is good") };
    let healer = healer.without_pauses().with_clock(Arc::new(|| {
        OffsetDateTime::from_unix_timestamp(NOW).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let answer = runtime.ok()?.block_on(healer.handle(LambdaEvent::new(json!({}), context()))).ok()?;
    assert!(answer.get("verdict").is_some_and(Value::is_string), "{answer}");
    Some(answer)
}

fn context() -> Context {
    let mut context = Context::default();
    let ends = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() + TIME;
    context.deadline = u64::try_from(ends.as_millis()).unwrap_or_default();
    context.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer".to_owned();
    context
}
