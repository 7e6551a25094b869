//! Opens a connection: the name's addresses, TCP, TLS where the endpoint has it, HTTP/1.1.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};

use super::origin::{Connection, Origin, Place};
use crate::trust::Trust;

/// How long a look-up serves: as long as connections are opened in a bunch.
const BUNCH: Duration = Duration::from_secs(5);

/// How long the family of addresses that the system prefers is alone (RFC 8305 has 250 ms).
const HEAD_START: Duration = Duration::from_millis(300);

#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("the endpoint's name is no name of a host")]
    Name(#[source] InvalidDnsNameError),
    #[error("the endpoint's name could not be looked up")]
    Lookup(#[source] io::Error),
    #[error("no connection")]
    Tcp(#[source] io::Error),
    #[error("no TLS")]
    Tls(#[source] io::Error),
    #[error("no HTTP")]
    Http(#[source] hyper::Error),
    #[error("no connection within {0:?}")]
    Slow(Duration),
}

/// What HTTP is spoken over; one type for both, so that HTTP is compiled once.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(super) async fn connect(
    place: &Place,
    trust: &Trust,
    within: Option<Duration>,
) -> Result<Connection, ConnectError> {
    let connecting = stream(place, trust);
    let stream = match within {
        Some(within) => timeout(within, connecting).await.map_err(|_| ConnectError::Slow(within))??,
        None => connecting.await?,
    };
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(ConnectError::Http)?;
    // It ends with the sender. Whatever it fails with, the sender hears.
    tokio::spawn(connection);
    Ok(Connection { sender, spent: Default::default() })
}

async fn stream(place: &Place, trust: &Trust) -> Result<Box<dyn Stream>, ConnectError> {
    let Origin { tls, host, .. } = &place.origin;
    let dial = async || {
        let addresses = addresses(place).await.map_err(ConnectError::Lookup)?;
        reach(addresses).await.map_err(ConnectError::Tcp)
    };
    if !tls {
        return Ok(Box::new(dial().await?));
    }
    let name = ServerName::try_from(host.as_str()).map_err(ConnectError::Name)?.to_owned();
    let (first, others) = trust.connectors();
    match (first.connect(name.clone(), dial().await?).await, others) {
        (Ok(stream), _) => Ok(Box::new(stream)),
        // Nothing was sent yet but our part of the handshake.
        (Err(error), Some(others)) if others.is_needed_after(&error) => {
            let stream = others.connector().connect(name, dial().await?).await;
            Ok(Box::new(stream.map_err(ConnectError::Tls)?))
        }
        (Err(error), _) => Err(ConnectError::Tls(error)),
    }
}

async fn addresses(place: &Place) -> io::Result<Vec<SocketAddr>> {
    let mut known = place.addresses.lock().await;
    if let Some((since, addresses)) = &*known
        && since.elapsed() < BUNCH
    {
        return Ok(addresses.clone());
    }
    let addresses: Vec<_> = lookup_host((place.origin.host.as_str(), place.origin.port)).await?.collect();
    *known = Some((Instant::now(), addresses.clone()));
    Ok(addresses)
}

/// The first that answers: those of the first one's family, and after a while the others beside them.
async fn reach(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let first_is_4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (preferred, others): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv4() == first_is_4);
    if others.is_empty() {
        return one_of(preferred).await;
    }
    let (mut preferred, others) = (pin!(one_of(preferred)), pin!(one_of(others)));
    match timeout(HEAD_START, preferred.as_mut()).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(_)) => others.await,
        Err(_) => match select(preferred, others).await {
            Either::Left((reached, others)) => or_else(reached, others).await,
            Either::Right((reached, preferred)) => or_else(reached, preferred).await,
        },
    }
}

async fn or_else(
    reached: io::Result<TcpStream>,
    other: impl Future<Output = io::Result<TcpStream>>,
) -> io::Result<TcpStream> {
    match reached {
        Ok(stream) => Ok(stream),
        Err(_) => other.await,
    }
}

async fn one_of(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(addresses.as_slice()).await?;
    // A request is one small write, which must not wait for the answer to the one before.
    stream.set_nodelay(true)?;
    Ok(stream)
}
