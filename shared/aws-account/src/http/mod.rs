//! The HTTP client of all services and regions: hyper's, with HTTP/1.1.
//!
//! The SDK's own is the same client with HTTP/2 around it, which nobody here needs, and which cannot be left out of it.

mod connector;

use std::error::Error;
use std::io;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use hyper::Request;
use hyper_util::client::legacy::connect::capture_connection;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::trust::Trust;
use connector::{Connector, Slow};

/// Connections are shared by all who have a copy.
#[derive(Debug, Clone)]
pub(crate) struct Http(Client<Connector, SdkBody>);

impl Http {
    pub(crate) fn new(trust: Trust, proxies: Matcher) -> Self {
        // Without a timer nothing that rests is closed.
        let mut client = Client::builder(TokioExecutor::new());
        Self(client.pool_timer(TokioTimer::new()).build(Connector::new(trust, proxies)))
    }
}

impl HttpClient for Http {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        // Of the settings nothing is ours: each connection has a time, and each try an end.
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        watch(&mut request);
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(sorted)?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// The SDK says when a connection should not be used again.
fn watch(request: &mut Request<SdkBody>) {
    let connection = capture_connection(request);
    if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
        capture.set_connection_retriever(move || {
            let connection = connection.clone();
            let poison = move || {
                if let Some(connection) = connection.connection_metadata().as_ref() {
                    connection.poison();
                }
            };
            Some(ConnectionMetadata::builder().proxied(false).poison_fn(poison).build())
        });
    }
}

/// As the SDK's own client sorts them: what may pass is tried again.
fn sorted(error: ClientError) -> ConnectorError {
    if find::<Slow>(&error).is_some() {
        return ConnectorError::timeout(error.into());
    }
    let is_io = error.is_connect() || find::<io::Error>(&error).is_some();
    match find::<hyper::Error>(&error) {
        Some(http) if http.is_timeout() => ConnectorError::timeout(error.into()),
        Some(http) if http.is_user() => ConnectorError::user(error.into()),
        Some(http) if is_io || http.is_closed() || http.is_canceled() => ConnectorError::io(error.into()),
        Some(http) if http.is_incomplete_message() => {
            ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
        }
        None if is_io => ConnectorError::io(error.into()),
        Some(_) | None => ConnectorError::other(error.into(), None),
    }
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}
