//! Opens connections: to whom TLS trusts, through the proxy that the environment names, and within a time.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

use crate::trust::Trust;

/// The most that a connection takes, from the look-up of the name to the end of TLS's handshake: the SDK's own measure.
const CONNECT: Duration = Duration::from_millis(3100);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
#[error("no connection within {0:?}")]
pub(super) struct Slow(Duration);

#[derive(Debug, Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    trust: Trust,
    proxies: Arc<Matcher>,
}

impl Connector {
    pub(super) fn new(trust: Trust, proxies: Matcher) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // A request is a small write, which must not wait for the answer to the one before.
        tcp.set_nodelay(true);
        Self { tcp, trust, proxies: Arc::new(proxies) }
    }

    /// To an endpoint without TLS, which is an emulator, no proxy leads.
    fn proxy(&self, to: &Uri) -> Option<Tunnel<HttpConnector>> {
        let through = |by: Intercept| {
            let tunnel = Tunnel::new(by.uri().clone(), self.tcp.clone());
            match by.basic_auth() {
                Some(who) => tunnel.with_auth(who.clone()),
                None => tunnel,
            }
        };
        self.proxies.intercept(to).filter(|_| to.scheme_str() == Some("https")).map(through)
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let proxy = self.proxy(&to);
        let Self { tcp, trust, .. } = self.clone();
        Box::pin(async move {
            let connect = async |tls| match proxy.clone() {
                Some(tunnel) => HttpsConnector::from((tunnel, tls)).call(to.clone()).await,
                None => HttpsConnector::from((tcp.clone(), tls)).call(to.clone()).await,
            };
            let connected = timeout(CONNECT, async {
                let first = trust.first();
                let connected = connect(Arc::clone(&first)).await;
                // Nothing was sent yet but our part of the handshake.
                match connected.as_ref().err().and_then(|error| trust.after(&first, &**error)) {
                    Some(others) => connect(others).await,
                    None => connected,
                }
            });
            connected.await.map_err(|_| Slow(CONNECT))?
        })
    }
}
