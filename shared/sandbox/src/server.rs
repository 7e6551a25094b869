//! The HTTP server: reads a request, waits as long as told, answers or hangs up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming as Body};
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName, USER_AGENT};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::sent::{HungUp, Sent};
use crate::tools::{self, Tool};
use crate::wire::{self, Http, Reply};
use crate::world::{Sending, World};

pub(crate) type Shared = Arc<Mutex<World>>;

/// A handler that panicked must not take the other tests' answers with it.
pub(crate) fn locked(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves until it is dropped; connections end with it.
pub(crate) async fn serve(listener: TcpListener, world: Shared, added: &'static [Tool]) {
    let mut connections = JoinSet::new();
    loop {
        // An error here is one connection's, such as one that was gone before it was taken.
        if let Ok((stream, _)) = listener.accept().await {
            // Small answers must not wait for more to send.
            let _ = stream.set_nodelay(true);
            connections.spawn(connection(stream, Arc::clone(&world), added));
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Serves a connection until it closes.
pub(crate) async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    world: Shared,
    added: &'static [Tool],
) {
    let service = service_fn(|request| answer(request, Arc::clone(&world), added));
    // It ends with an error when the client goes away or a fault hangs up; neither needs an answer.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: hyper::Request<Body>,
    world: Shared,
    added: &[Tool],
) -> Result<hyper::Response<Sent>, HungUp> {
    let http = read(request).await?;
    if http.path.starts_with(tools::PREFIX) {
        let (status, body) = tools::answer(&mut locked(&world), &http, added);
        let reply = Reply {
            status,
            content_type: "application/json",
            error_type: None,
            request_id: String::new(),
            body: body.to_string(),
        };
        return written(reply, &locked(&world).date(), false);
    }
    let call = match wire::decode(&http) {
        Ok(call) => call,
        Err(refusal) => return written(refusal, &locked(&world).date(), false),
    };
    let (wait, plan) = locked(&world).admit(&call);
    sleep(wait).await;
    let (sending, date) = {
        let mut world = locked(&world);
        let fault = tools::before(&mut world, &plan, added);
        (world.answer(call, fault).ok_or(HungUp::Fault)?, world.date())
    };
    let Sending { reply, wait, truncated } = sending;
    sleep(wait).await;
    written(reply, &date, truncated)
}

async fn sleep(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
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

fn written(reply: Reply, date: &str, truncated: bool) -> Result<hyper::Response<Sent>, HungUp> {
    let mut response = hyper::Response::builder()
        .status(reply.status)
        .header(CONTENT_TYPE, reply.content_type)
        .header(DATE, date)
        .header("x-amzn-requestid", reply.request_id);
    if let Some(error) = reply.error_type {
        response = response.header("x-amzn-errortype", error);
    }
    let body = Bytes::from(reply.body);
    if truncated {
        response = response.header(CONTENT_LENGTH, body.len().max(1));
        return response.body(Sent::half(body)).map_err(HungUp::Answer);
    }
    response.body(Sent::whole(body)).map_err(HungUp::Answer)
}
