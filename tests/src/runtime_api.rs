//! The Lambda Runtime API for one function process: hands it events and takes its answers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as UrlPath, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc};

/// What the function said to one event, or before any.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The invocation's answer.
    Response(Value),
    /// The invocation's error: `errorType`, `errorMessage`.
    Error(Value),
    /// The function refused to start.
    InitError(Value),
}

struct Shared {
    events: Mutex<VecDeque<String>>,
    arrived: Notify,
    answers: mpsc::UnboundedSender<Answer>,
    deadline: Deadline,
}

/// The deadline that the Runtime API announces.
#[derive(Debug, Clone, Copy)]
pub enum Deadline {
    /// So far from now, as Lambda does it.
    In(Duration),
    /// Ten minutes past the epoch, as `cargo lambda watch` does it.
    In1970,
}

/// A function process behind its own Runtime API.
pub struct Function {
    shared: Arc<Shared>,
    answers: mpsc::UnboundedReceiver<Answer>,
    process: Child,
}

/// The function's ARN.
pub const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer";

impl Function {
    /// Starts the binary with nothing in its environment but what Lambda gives it and `environment`.
    pub async fn start(binary: &Path, environment: &[(&str, &str)], deadline: Deadline) -> Function {
        let (sender, answers) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { events: Mutex::default(), arrived: Notify::new(), answers: sender, deadline });
        let address = serve(Arc::clone(&shared)).await;
        let process = Command::new(binary)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "drift-healer")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "tester")
            .env("AWS_SECRET_ACCESS_KEY", "tester")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the function's binary starts");
        Function { shared, answers, process }
    }

    /// Sends an event and waits for the answer.
    pub async fn invoke(&mut self, event: &str) -> Answer {
        self.shared.events.lock().unwrap().push_back(event.to_owned());
        self.shared.arrived.notify_one();
        self.answer().await
    }

    /// Waits for what the function says next.
    pub async fn answer(&mut self) -> Answer {
        let patience = Duration::from_secs(120);
        tokio::time::timeout(patience, self.answers.recv()).await.expect("an answer in time").expect("an answer")
    }

    /// Ends the process; what it printed on both outputs.
    pub async fn stop(mut self) -> String {
        self.process.start_kill().expect("the function can be stopped");
        let output = self.process.wait_with_output().await.expect("the function's output");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    }
}

async fn serve(shared: Arc<Shared>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(shared);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn next(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let event = loop {
        let waiting = shared.arrived.notified();
        if let Some(event) = shared.events.lock().unwrap().pop_front() {
            break event;
        }
        waiting.await;
    };
    let deadline = match shared.deadline {
        Deadline::In(time) => {
            (SystemTime::now() + time).duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis()
        }
        Deadline::In1970 => 600_000,
    };
    Response::builder()
        .header("lambda-runtime-aws-request-id", "3f1c6f64-0000-4000-8000-000000000001")
        .header("lambda-runtime-deadline-ms", deadline.to_string())
        .header("lambda-runtime-invoked-function-arn", FUNCTION_ARN)
        .header("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0")
        .header("content-type", "application/json")
        .body(Body::from(event))
        .expect("a response")
}

async fn response(State(shared): State<Arc<Shared>>, UrlPath(_id): UrlPath<String>, body: Bytes) -> StatusCode {
    take(&shared, Answer::Response, &body)
}

async fn error(State(shared): State<Arc<Shared>>, UrlPath(_id): UrlPath<String>, body: Bytes) -> StatusCode {
    take(&shared, Answer::Error, &body)
}

async fn init_error(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    take(&shared, Answer::InitError, &body)
}

fn take(shared: &Shared, kind: fn(Value) -> Answer, body: &[u8]) -> StatusCode {
    let value = serde_json::from_slice(body).expect("the function answers with JSON");
    shared.answers.send(kind(value)).expect("somebody waits for the answer");
    StatusCode::ACCEPTED
}
