//! An AWS that answers as a test says, without a network, so that Tokio's paused time is the only time there is; and what it was asked when.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_account::{Clients, emulator_config};
use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper::body::{Body, Bytes, Frame};
use tokio::time::Instant;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) region: String,
    /// The operation, or what AWS Backup has in its place: method and path.
    pub(crate) what: String,
    /// What comes after the question mark.
    pub(crate) query: String,
    pub(crate) body: String,
    /// When, counted from the start of the script.
    pub(crate) at: Duration,
}

/// What becomes of a request.
pub(crate) enum Reply {
    /// Status and body.
    Now(u16, String),
    After(Duration, u16, String),
    /// With this `Date`.
    Dated(String, u16, String),
    Never,
    /// No connection comes about, for this reason.
    Fails(&'static str),
    /// A connection that ends in the middle of the body.
    CutOff,
}

/// By what was asked, and how often the same was asked of the region before.
type Rule = Arc<dyn Fn(&Asked, usize) -> Reply + Send + Sync>;

/// The clients of a script, and all that they asked.
pub(crate) struct Script {
    pub(crate) config: SdkConfig,
    pub(crate) clients: Clients,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Script {
    pub(crate) fn new(rule: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let connector = Connector { rule: Arc::new(rule), asked: Arc::clone(&asked), start: Instant::now() };
        let connector = SharedHttpConnector::new(connector);
        let client = http_client_fn(move |_, _| connector.clone());
        let config = emulator_config("http://127.0.0.1:1", "tester").to_builder().http_client(client).build();
        Self { clients: Clients::new(&config), config, asked }
    }

    /// All requests so far, in their order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

#[derive(Clone)]
struct Connector {
    rule: Rule,
    asked: Arc<Mutex<Vec<Asked>>>,
    start: Instant,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
        let target = header("x-amz-target");
        let action = body.split('&').find_map(|part| part.strip_prefix("Action="));
        let uri = request.uri().split("127.0.0.1:1").last().unwrap_or_default();
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let path = path.trim_end_matches('/');
        let what = match (target.rsplit('.').next(), action) {
            (Some(operation), _) if !operation.is_empty() => operation.to_owned(),
            (_, Some(action)) => action.to_owned(),
            _ => format!("{} {path}", request.method()),
        };
        let region = header("authorization").split('/').nth(2).unwrap_or_default().to_owned();
        let asked = Asked { region, what, query: query.to_owned(), body, at: self.start.elapsed() };
        let mut all = self.asked.lock().unwrap();
        let is_same = |one: &&Asked| one.what == asked.what && one.region == asked.region;
        let reply = (self.rule)(&asked, all.iter().filter(is_same).count());
        all.push(asked);
        HttpConnectorFuture::new(async move {
            let (wait, date, status, body) = match reply {
                Reply::Now(status, body) => (Duration::ZERO, None, status, body),
                Reply::After(wait, status, body) => (wait, None, status, body),
                Reply::Dated(date, status, body) => (Duration::ZERO, Some(date), status, body),
                Reply::Never => std::future::pending().await,
                Reply::Fails(why) => return Err(ConnectorError::io(why.into())),
                Reply::CutOff => {
                    return Ok(HttpResponse::new(200.try_into().unwrap(), SdkBody::from_body_1_x(Broken)));
                }
            };
            tokio::time::sleep(wait).await;
            let mut answer = HttpResponse::new(status.try_into().unwrap(), body.into());
            if let Some(date) = date {
                answer.headers_mut().insert("date", date);
            }
            Ok(answer)
        })
    }
}

/// A body that cannot be read.
pub(crate) struct Broken;

impl Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())))
    }
}

/// An error of AWS Backup, KMS or CloudTrail.
pub(crate) fn refused(code: &str, message: &str) -> Reply {
    Reply::Now(400, serde_json::json!({ "__type": code, "message": message }).to_string())
}
