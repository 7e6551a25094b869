//! Whom TLS trusts. AWS's endpoints are certified by a handful of roots of Amazon's own, and to read all that a system trusts takes longer
//! than to look at an account. So these few are asked first, and the system's as soon as an endpoint has another one: in a partition of its
//! own, behind a proxy of a company, in a test.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::client::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::http::Http;

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority - G2: "AWS services use these" (Amazon Trust Services, "Root CAs").
/// They end between 2037 and 2040.
const AMAZON_ROOTS: &str = include_str!("amazon_roots.pem");

/// Where somebody says what to trust. Then nothing else is.
const SAID: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The client of all services and regions, so that connections are shared.
pub(crate) fn http_client() -> SharedHttpClient {
    let has_said = SAID.iter().any(|name| std::env::var_os(name).is_some());
    let trust = Trust::new((!has_said).then_some(AMAZON_ROOTS), system_roots);
    // HTTPS_PROXY and NO_PROXY, as the AWS CLI takes them.
    SharedHttpClient::new(Http::new(trust, Matcher::from_env()))
}

/// A client that trusts the roots in a text first, and turns to the others for good as soon as somebody has another one.
pub fn client_that_trusts(few: &str, others: fn() -> RootCertStore) -> SharedHttpClient {
    client_behind(Matcher::builder().build(), few, others)
}

/// The same, with proxies.
pub fn client_behind(proxies: Matcher, few: &str, others: fn() -> RootCertStore) -> SharedHttpClient {
    SharedHttpClient::new(Http::new(Trust::new(Some(few), others), proxies))
}

/// The roots in a text, in PEM. What cannot be read certifies nobody.
pub fn roots(pem: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem.as_bytes()).flatten());
    roots
}

fn system_roots() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "root certificates unreadable");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        tracing::warn!("no root certificates found");
    }
    roots
}

/// Whom an endpoint's certificate may come from: the few who are asked first, and the others.
#[derive(Clone)]
pub(crate) struct Trust {
    few: Option<Arc<ClientConfig>>,
    others: Arc<Others>,
}

/// Read when they are first needed.
struct Others {
    read: fn() -> RootCertStore,
    config: OnceLock<Arc<ClientConfig>>,
    are_needed: AtomicBool,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust").field("others", &self.others.are_needed).finish_non_exhaustive()
    }
}

impl Trust {
    fn new(few: Option<&str>, read: fn() -> RootCertStore) -> Self {
        let others = Others { read, config: OnceLock::new(), are_needed: AtomicBool::new(few.is_none()) };
        Self { few: few.map(|pem| config(roots(pem))), others: Arc::new(others) }
    }

    /// Whom to ask first.
    pub(crate) fn first(&self) -> Arc<ClientConfig> {
        match &self.few {
            Some(few) if !self.others.are_needed.load(Ordering::Relaxed) => Arc::clone(few),
            Some(_) | None => self.others(),
        }
    }

    /// Whom to ask if it failed for want of trust while only the few were asked. From now on they are asked first.
    pub(crate) fn after(
        &self,
        first: &Arc<ClientConfig>,
        error: &(dyn Error + 'static),
    ) -> Option<Arc<ClientConfig>> {
        let was_few = self.few.as_ref().is_some_and(|few| Arc::ptr_eq(few, first));
        (was_few && is_distrust(error)).then(|| {
            self.others.are_needed.store(true, Ordering::Relaxed);
            self.others()
        })
    }

    fn others(&self) -> Arc<ClientConfig> {
        Arc::clone(self.others.config.get_or_init(|| config((self.others.read)())))
    }
}

fn config(roots: RootCertStore) -> Arc<ClientConfig> {
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
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
