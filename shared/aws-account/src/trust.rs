//! Whom TLS trusts. AWS's endpoints are certified by a handful of roots of Amazon's own, and to read all that a system trusts takes longer
//! than to look at an account. So these few are asked first, and the system's as soon as an endpoint has another one: in a partition of its
//! own, behind a proxy of a company, in a test.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::client::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{Error, RootCertStore};
use tokio_rustls::TlsConnector;

use crate::http::Http;

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority - G2: "AWS services use these" (Amazon Trust Services, "Root CAs").
/// They end between 2037 and 2040.
const AMAZON_ROOTS: &str = include_str!("amazon_roots.pem");

/// Where somebody says what to trust. Then nothing else is.
const SAID: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The client of all services and regions, so that connections are shared.
pub(crate) fn http_client() -> SharedHttpClient {
    let has_said = SAID.iter().any(|name| std::env::var_os(name).is_some());
    SharedHttpClient::new(Http::new(Trust::new((!has_said).then_some(AMAZON_ROOTS), system_roots)))
}

/// A client that trusts the roots in a text first, and turns to the others for good as soon as somebody has another one.
pub fn client_that_trusts(few: &str, others: fn() -> RootCertStore) -> SharedHttpClient {
    SharedHttpClient::new(Http::new(Trust::new(Some(few), others)))
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

/// Whom an endpoint's certificate may come from.
pub(crate) struct Trust {
    few: Option<TlsConnector>,
    others: Others,
}

/// Those who are asked when the few do not know somebody; read when they are first needed.
pub(crate) struct Others {
    read: fn() -> RootCertStore,
    connector: OnceLock<TlsConnector>,
    are_needed: AtomicBool,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust").field("are_needed", &self.others.are_needed).finish_non_exhaustive()
    }
}

impl Trust {
    fn new(few: Option<&str>, others: fn() -> RootCertStore) -> Self {
        let others = Others { read: others, connector: OnceLock::new(), are_needed: AtomicBool::new(false) };
        Self { few: few.map(|pem| connector(roots(pem))), others }
    }

    /// Whom to ask, and whom if it does not know the endpoint.
    pub(crate) fn connectors(&self) -> (&TlsConnector, Option<&Others>) {
        match &self.few {
            Some(few) if !self.others.are_needed.load(Ordering::Relaxed) => (few, Some(&self.others)),
            Some(_) | None => (self.others.connector(), None),
        }
    }
}

impl Others {
    pub(crate) fn connector(&self) -> &TlsConnector {
        self.connector.get_or_init(|| connector((self.read)()))
    }

    /// If it failed for want of trust, they are asked from now on.
    pub(crate) fn is_needed_after(&self, error: &io::Error) -> bool {
        let is_distrust = matches!(
            error.get_ref().and_then(|error| error.downcast_ref()),
            Some(Error::InvalidCertificate(_))
        );
        if is_distrust {
            self.are_needed.store(true, Ordering::Relaxed);
        }
        is_distrust
    }
}

fn connector(roots: RootCertStore) -> TlsConnector {
    TlsConnector::from(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
}
