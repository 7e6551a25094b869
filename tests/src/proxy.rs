//! A proxy before the sandbox that changes answers: what AWS may say and the sandbox does not.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_LENGTH;
use hyper::service::service_fn;
use hyper::{Request, Response, client, server};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

/// Changes the JSON of an answer to a request of this method and path.
pub type Change = Arc<dyn Fn(&str, &str, &mut Value) + Send + Sync>;

/// Starts a proxy; its endpoint. It ends with the test's runtime.
pub async fn before(endpoint: &str, change: Change) -> String {
    let upstream: SocketAddr = endpoint.trim_start_matches("http://").parse().expect("an address");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let change = Arc::clone(&change);
            let service = service_fn(move |request| forward(upstream, Arc::clone(&change), request));
            tokio::spawn(server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    format!("http://{address}")
}

async fn forward(
    upstream: SocketAddr,
    change: Change,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let stream = TcpStream::connect(upstream).await.expect("the sandbox");
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    let body = match serde_json::from_slice::<Value>(&body) {
        Err(_) => body,
        Ok(mut value) => {
            change(&method, &path, &mut value);
            head.headers.remove(CONTENT_LENGTH);
            Bytes::from(value.to_string())
        }
    };
    Ok(Response::from_parts(head, Full::new(body)))
}
