//! The Lambda Runtime API for one function process: hands it events and takes its answers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

/// What the function said to one event, or before any.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
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
    answers: mpsc::UnboundedSender<Reply>,
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
    answers: mpsc::UnboundedReceiver<Reply>,
    process: Child,
    outputs: [JoinHandle<String>; 2],
}

/// The id of every invocation.
pub const REQUEST_ID: &str = "3f1c6f64-0000-4000-8000-000000000001";

/// The function's ARN.
pub const FUNCTION_ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer";

impl Function {
    /// Starts the binary with nothing in its environment but what Lambda gives it and `environment`.
    pub async fn start(binary: &Path, environment: &[(&str, &str)], deadline: Deadline) -> Function {
        let (sender, answers) = mpsc::unbounded_channel();
        let shared =
            Arc::new(Shared { events: Mutex::default(), arrived: Notify::new(), answers: sender, deadline });
        let address = serve(Arc::clone(&shared)).await;
        let mut process = Command::new(binary)
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
        // Read all the time, as Lambda does: a pipe that nobody reads is full after some runs, and the function would wait.
        let outputs = [
            tokio::spawn(all(process.stdout.take().expect("a pipe"))),
            tokio::spawn(all(process.stderr.take().expect("a pipe"))),
        ];
        Function { shared, answers, process, outputs }
    }

    /// Sends an event and waits for the answer.
    pub async fn invoke(&mut self, event: &str) -> Reply {
        self.shared.events.lock().unwrap().push_back(event.to_owned());
        self.shared.arrived.notify_one();
        self.answer().await
    }

    /// Waits for what the function says next.
    pub async fn answer(&mut self) -> Reply {
        let patience = Duration::from_secs(120);
        tokio::time::timeout(patience, self.answers.recv())
            .await
            .expect("an answer in time")
            .expect("an answer")
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.process.id().expect("the function runs")
    }

    /// Ends the process; what it printed on both outputs.
    pub async fn stop(mut self) -> String {
        self.process.start_kill().expect("the function can be stopped");
        self.process.wait().await.expect("the function's end");
        let [stdout, stderr] = self.outputs;
        stdout.await.expect("its output") + &stderr.await.expect("its other output")
    }
}

async fn all(mut pipe: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes).await.expect("the function's output");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn serve(shared: Arc<Shared>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            let service = service_fn(move |request| respond(Arc::clone(&shared), request));
            // The function keeps its connection until it is stopped.
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await?.to_bytes();
    let path = path.trim_start_matches("/2018-06-01/runtime/");
    Ok(match path.rsplit('/').next() {
        Some("next") => next(&shared).await,
        Some("response") => take(&shared, Reply::Response, &body),
        Some("error") if path == "init/error" => take(&shared, Reply::InitError, &body),
        Some("error") => take(&shared, Reply::Error, &body),
        _ => panic!("the function asked for {path}"),
    })
}

async fn next(shared: &Shared) -> Response<Full<Bytes>> {
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
        .header("lambda-runtime-aws-request-id", REQUEST_ID)
        .header("lambda-runtime-deadline-ms", deadline.to_string())
        .header("lambda-runtime-invoked-function-arn", FUNCTION_ARN)
        .header(
            "lambda-runtime-trace-id",
            "Root=1-6740a1c0-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        )
        .header("content-type", "application/json")
        .body(Full::from(event))
        .expect("a response")
}

fn take(shared: &Shared, kind: fn(Value) -> Reply, body: &[u8]) -> Response<Full<Bytes>> {
    let value = serde_json::from_slice(body).expect("the function answers with JSON");
    shared.answers.send(kind(value)).expect("somebody waits for the answer");
    Response::builder().status(StatusCode::ACCEPTED).body(Full::default()).expect("a response")
}
