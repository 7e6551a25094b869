//! One host, and the connections to it that nobody uses right now.

use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use hyper::Uri;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::SendRequest;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

/// A connection that rested longer is not used again: the other end may be about to close it.
const REST: Duration = Duration::from_secs(90);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub(super) tls: bool,
    /// Without the brackets around an address of IPv6.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Origin {
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        let tls = match uri.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let host = uri.host()?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
        Some(Self { tls, host, port: uri.port_u16().unwrap_or(default_port(tls)) })
    }

    pub(super) fn host_header(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == default_port(self.tls) { host } else { format!("{host}:{}", self.port) }
    }
}

fn default_port(tls: bool) -> u16 {
    if tls { 443 } else { 80 }
}

pub(super) struct Connection {
    pub(super) sender: SendRequest<SdkBody>,
    pub(super) spent: Arc<Spent>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("spent", &self.spent).finish_non_exhaustive()
    }
}

/// Whether the SDK has asked not to use a connection again.
#[derive(Debug, Default)]
pub(super) struct Spent(AtomicBool);

impl Spent {
    pub(super) fn say(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[derive(Debug)]
pub(super) struct Place {
    pub(super) origin: Origin,
    resting: Mutex<Vec<(Instant, Connection)>>,
    /// What the name stands for, and since when we know. Many connections are opened at once, and one look-up serves them all.
    pub(super) addresses: AsyncMutex<Option<(Instant, Vec<SocketAddr>)>>,
}

impl Place {
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, resting: Mutex::default(), addresses: AsyncMutex::default() }
    }

    /// A connection that was used before and can be used again.
    pub(super) async fn kept(&self) -> Option<Connection> {
        loop {
            // The last first: those that are not needed grow old. The lock is let go before the wait.
            let last = self.resting.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let (since, mut connection) = last?;
            let is_usable = since.elapsed() < REST && !connection.spent.0.load(Ordering::Relaxed);
            if is_usable && connection.sender.ready().await.is_ok() {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: Connection) {
        if !connection.sender.is_closed() {
            let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
            resting.push((Instant::now(), connection));
        }
    }
}

/// The body of an answer, which gives its connection back when it has been read to the end.
pub(super) struct Answer {
    body: Incoming,
    connection: Option<(Connection, Arc<Place>)>,
}

impl Answer {
    pub(super) fn new(body: Incoming, connection: Connection, place: Arc<Place>) -> Self {
        let mut answer = Self { body, connection: Some((connection, place)) };
        if answer.body.is_end_stream() {
            answer.give_back();
        }
        answer
    }

    fn give_back(&mut self) {
        if let Some((connection, place)) = self.connection.take() {
            place.keep(connection);
        }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let is_whole = match &polled {
            Poll::Ready(None) => true,
            Poll::Ready(Some(Ok(_))) => self.body.is_end_stream(),
            Poll::Ready(Some(Err(_))) | Poll::Pending => false,
        };
        if is_whole {
            self.give_back();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
