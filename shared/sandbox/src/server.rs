//! The HTTP server: reads a request, waits as long as told, answers or hangs up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming as Body};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, USER_AGENT};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::tools::{self, Tool};
use crate::wire::{self, Http, Reply};
use crate::world::World;

pub(crate) type Shared = Arc<Mutex<World>>;

/// A handler that panicked must not take the other tests' answers with it.
pub(crate) fn locked(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a connection closed without an answer.
#[derive(Debug, thiserror::Error)]
enum HungUp {
    #[error("the request could not be read; the client went away")]
    Unread(#[source] hyper::Error),
    #[error("a fault closed the connection")]
    Fault,
    #[error("the answer could not be written")]
    Answer(#[source] hyper::http::Error),
}

/// Serves until it is dropped; connections end with it.
pub(crate) async fn serve(listener: TcpListener, world: Shared, added: &'static [Tool]) {
    let mut connections = JoinSet::new();
    loop {
        // An error here is one connection's, such as one that was gone before it was taken.
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection(stream, Arc::clone(&world), added));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, world: Shared, added: &'static [Tool]) {
    // Small answers must not wait for more to send.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| answer(request, Arc::clone(&world), added));
    // It ends with an error when the client goes away or a fault hangs up; neither needs an answer.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: hyper::Request<Body>,
    world: Shared,
    added: &[Tool],
) -> Result<hyper::Response<Full<Bytes>>, HungUp> {
    let http = read(request).await?;
    if http.path.starts_with(tools::PREFIX) {
        let (status, body) = tools::answer(&mut locked(&world), &http, added);
        return written(Reply {
            status,
            content_type: "application/json",
            error_type: None,
            request_id: String::new(),
            body: body.to_string(),
        });
    }
    let call = match wire::decode(&http) {
        Ok(call) => call,
        Err(refusal) => return written(refusal),
    };
    let (wait, fault) = locked(&world).admit(&call);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let reply = locked(&world).answer(call, fault);
    written(reply.ok_or(HungUp::Fault)?)
}

async fn read(request: hyper::Request<Body>) -> Result<Http, HungUp> {
    let (head, body) = request.into_parts();
    let header = |name: HeaderName| head.headers.get(name)?.to_str().ok().map(str::to_owned);
    Ok(Http {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: header(AUTHORIZATION),
        target: header(HeaderName::from_static("x-amz-target")),
        content_type: header(CONTENT_TYPE),
        user_agent: header(USER_AGENT),
        body: body.collect().await.map_err(HungUp::Unread)?.to_bytes().to_vec(),
    })
}

fn written(reply: Reply) -> Result<hyper::Response<Full<Bytes>>, HungUp> {
    let mut response =
        hyper::Response::builder().status(reply.status).header(CONTENT_TYPE, reply.content_type);
    response = response.header("x-amzn-requestid", reply.request_id);
    if let Some(error) = reply.error_type {
        response = response.header("x-amzn-errortype", error);
    }
    response.body(Full::new(Bytes::from(reply.body))).map_err(HungUp::Answer)
}
