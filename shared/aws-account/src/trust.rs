//! Whom TLS trusts. AWS's endpoints are certified by a handful of roots of Amazon's own, and to read all that a system trusts takes longer
//! than to look at an account. So these few are asked first, and the system's as soon as an endpoint has another one: in a partition of its
//! own, behind a proxy of a company, in a test.

use std::error::Error;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority - G2: "AWS services use these" (Amazon Trust Services, "Root CAs").
/// They end between 2037 and 2040.
const AMAZON_ROOTS: &str = include_str!("amazon_roots.pem");

/// Where somebody says what to trust. Then nothing else is.
const SAID: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The client of all services and regions, so that connections are shared.
pub(crate) fn http_client() -> SharedHttpClient {
    if SAID.iter().any(|name| std::env::var_os(name).is_some()) {
        return client_that_trusts(TrustStore::default());
    }
    let few = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    few_first(client_that_trusts(few), || client_that_trusts(TrustStore::default()))
}

/// A client that trusts no more than these.
pub fn client_that_trusts(store: TrustStore) -> SharedHttpClient {
    let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    match TlsContext::builder().with_trust_store(store).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // Then the system's.
        Err(_) => builder.build_https(),
    }
}

/// A client that turns to another one for good when the first does not trust somebody.
pub fn few_first(few: SharedHttpClient, all: fn() -> SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(FewFirst {
        few,
        all: Arc::new(All { make: all, made: OnceLock::new() }),
        needs_all: Arc::default(),
    })
}

#[derive(Debug)]
struct FewFirst {
    few: SharedHttpClient,
    all: Arc<All>,
    needs_all: Arc<AtomicBool>,
}

/// The client that trusts more; made when it is first needed.
#[derive(Debug)]
struct All {
    make: fn() -> SharedHttpClient,
    made: OnceLock<SharedHttpClient>,
}

impl All {
    fn client(&self) -> &SharedHttpClient {
        self.made.get_or_init(self.make)
    }
}

impl HttpClient for FewFirst {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        if self.needs_all.load(Ordering::Relaxed) {
            return self.all.client().http_connector(settings, components);
        }
        SharedHttpConnector::new(Connector {
            few: self.few.http_connector(settings, components),
            all: Arc::clone(&self.all),
            needs_all: Arc::clone(&self.needs_all),
            given: Arc::new((settings.clone(), components.clone())),
        })
    }
}

#[derive(Debug)]
struct Connector {
    few: SharedHttpConnector,
    all: Arc<All>,
    needs_all: Arc<AtomicBool>,
    /// What the other client's connector is made from.
    given: Arc<(HttpConnectorSettings, RuntimeComponents)>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let again = request.try_clone();
        let first = self.few.call(request);
        let (all, needs_all) = (Arc::clone(&self.all), Arc::clone(&self.needs_all));
        let given = Arc::clone(&self.given);
        HttpConnectorFuture::new(async move {
            let answer = first.await;
            match (answer, again) {
                // A connection that was not made has carried nothing: the request is sent once.
                (Err(error), Some(again)) if is_distrust(&error) => {
                    needs_all.store(true, Ordering::Relaxed);
                    all.client().http_connector(&given.0, &given.1).call(again).await
                }
                (answer, _) => answer,
            }
        })
    }
}

fn is_distrust(error: &(dyn Error + 'static)) -> bool {
    if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
        return true;
    }
    // An I/O error's source is that of the error in it.
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let inner = inner.map(|inner| -> &(dyn Error + 'static) { inner });
    inner.or(error.source()).is_some_and(is_distrust)
}
