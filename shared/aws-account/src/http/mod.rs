//! The HTTP client of all services and regions: HTTP/1.1, a request at a time on a connection, connections kept for the next.
//!
//! The SDK's own carries HTTP/2 and proxies as well, which nobody here asks for, and is a twentieth of what the function weighs.

mod connect;
mod origin;

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Uri};

use crate::trust::Trust;
use connect::ConnectError;
use origin::{Answer, Connection, Origin, Place};

/// Connections are shared by all who have a copy.
#[derive(Debug, Clone)]
pub(crate) struct Http(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    trust: Trust,
    places: Mutex<BTreeMap<Origin, Arc<Place>>>,
}

impl Http {
    pub(crate) fn new(trust: Trust) -> Self {
        Self(Arc::new(Shared { trust, places: Mutex::default() }))
    }
}

impl HttpClient for Http {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        // Of the settings, a time to read is none of ours: each try has an end of its own.
        SharedHttpConnector::new(Connector { http: self.clone(), within: settings.connect_timeout() })
    }
}

#[derive(Debug)]
struct Connector {
    http: Http,
    within: Option<Duration>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (http, within) = (self.http.clone(), self.within);
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            http.0.send(request, within).await
        })
    }
}

impl Shared {
    fn place(&self, origin: Origin) -> Arc<Place> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(places.entry(origin).or_insert_with_key(|origin| Arc::new(Place::new(origin.clone()))))
    }

    async fn send(
        &self,
        mut request: Request<SdkBody>,
        within: Option<Duration>,
    ) -> Result<HttpResponse, ConnectorError> {
        let origin = Origin::of(request.uri()).ok_or_else(|| ConnectorError::user(BadUri.into()))?;
        as_http1(&mut request, &origin)?;
        let place = self.place(origin);
        loop {
            let kept = place.kept().await;
            let is_kept = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                // In a box: what it takes to connect is not carried around by requests that find a connection.
                None => {
                    Box::pin(connect::connect(&place, &self.trust, within)).await.map_err(not_connected)?
                }
            };
            watch(&request, &connection);
            match connection.sender.try_send_request(request).await {
                Ok(response) => {
                    let response =
                        response.map(|body| SdkBody::from_body_1_x(Answer::new(body, connection, place)));
                    return HttpResponse::try_from(response)
                        .map_err(|error| ConnectorError::other(error.into(), None));
                }
                // The other end closed it while it was kept, and nothing of the request has left.
                Err(mut unsent) => match unsent.take_message() {
                    Some(whole) if is_kept => request = whole,
                    _ => return Err(not_answered(unsent.into_error())),
                },
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the endpoint is no address with http:// or https:// and a host")]
struct BadUri;

/// The path alone in the first line and the host in a header, as HTTP/1.1 wants it. The signature is over the same host.
fn as_http1(request: &mut Request<SdkBody>, origin: &Origin) -> Result<(), ConnectorError> {
    if !request.headers().contains_key(HOST) {
        let host = HeaderValue::try_from(origin.host_header());
        request.headers_mut().insert(HOST, host.map_err(|error| ConnectorError::user(error.into()))?);
    }
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map_or_else(|| Uri::from_static("/"), Uri::from);
    Ok(())
}

/// The SDK says when a connection should not be used again.
fn watch(request: &Request<SdkBody>, connection: &Connection) {
    if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
        let spent = Arc::clone(&connection.spent);
        capture.set_connection_retriever(move || {
            let spent = Arc::clone(&spent);
            Some(ConnectionMetadata::builder().proxied(false).poison_fn(move || spent.say()).build())
        });
    }
}

fn not_connected(error: ConnectError) -> ConnectorError {
    match error {
        ConnectError::Slow(_) => ConnectorError::timeout(error.into()),
        ConnectError::Lookup(_) | ConnectError::Tcp(_) | ConnectError::Tls(_) | ConnectError::Http(_) => {
            ConnectorError::io(error.into())
        }
        ConnectError::Name(_) => ConnectorError::user(error.into()),
    }
}

/// As the SDK's own client sorts them: what may pass is tried again.
fn not_answered(error: hyper::Error) -> ConnectorError {
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_user() {
        ConnectorError::user(error.into())
    } else if error.is_closed() || error.is_canceled() || is_io(&error) {
        ConnectorError::io(error.into())
    } else if error.is_incomplete_message() {
        ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
    } else {
        ConnectorError::other(error.into(), None)
    }
}

fn is_io(error: &hyper::Error) -> bool {
    std::iter::successors(error.source(), |&error| error.source()).any(|error| error.is::<io::Error>())
}
