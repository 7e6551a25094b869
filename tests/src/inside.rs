//! An HTTP client whose connections end in a sandbox of the same process: no port, so that Tokio's paused time passes as
//! soon as nobody has anything to do.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use sandbox::Sandbox;

/// The same configuration, with connections inside the process.
pub fn inside(config: &SdkConfig, sandbox: &Arc<Sandbox>) -> SdkConfig {
    let connector = SharedHttpConnector::new(Inside(Arc::clone(sandbox)));
    let client = http_client_fn(move |_, _| connector.clone());
    config.to_builder().http_client(client).build()
}

#[derive(Debug, Clone)]
struct Inside(Arc<Sandbox>);

impl HttpConnector for Inside {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sandbox = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move { ask(&sandbox, request).await.map_err(ConnectorError::io) })
    }
}

async fn ask(
    sandbox: &Sandbox,
    request: HttpRequest,
) -> Result<HttpResponse, Box<dyn std::error::Error + Send + Sync>> {
    let request = request.try_into_http1x()?;
    let (mut sender, connection) = handshake(TokioIo::new(sandbox.connect())).await?;
    // It ends with the answer; whether that was whole the body says.
    tokio::spawn(connection);
    let answer = sender.send_request(request).await?.map(SdkBody::from_body_1_x);
    Ok(HttpResponse::try_from(answer)?)
}
