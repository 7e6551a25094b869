//! Whom TLS trusts: a few roots first, the system's where an endpoint has another one, and nobody else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_account::trust::{client_behind, client_that_trusts, roots};
use aws_sdk_sts::config::{Credentials, Region, SharedHttpClient};
use hyper_util::client::proxy::matcher::Matcher;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::RootCertStore;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::process::{File, given, runs};

const ANSWER: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/// An STS behind a certificate that nobody knows; counts its handshakes.
struct Endpoint {
    address: SocketAddr,
    certificate: String,
    requests: Arc<AtomicUsize>,
    /// Handshakes that the client broke off.
    distrusted: Arc<AtomicUsize>,
}

impl Endpoint {
    async fn start() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, distrusted) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let (count, broken_off) = (Arc::clone(&requests), Arc::clone(&distrusted));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, count, broken_off) =
                    (acceptor.clone(), Arc::clone(&count), Arc::clone(&broken_off));
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        broken_off.fetch_add(1, Ordering::Relaxed);
                        return;
                    };
                    let mut request = [0; 8192];
                    while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                        count.fetch_add(1, Ordering::Relaxed);
                        let answer = format!(
                            "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\r\n{ANSWER}",
                            ANSWER.len()
                        );
                        stream.write_all(answer.as_bytes()).await.unwrap();
                    }
                });
            }
        });
        Self { address, certificate: cert.pem(), requests, distrusted }
    }

    async fn asked_by(&self, client: SharedHttpClient) -> Result<(), String> {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version_latest()
            .region(Region::new("us-east-1"))
            .endpoint_url(format!("https://localhost:{}", self.address.port()))
            .credentials_provider(Credentials::new("a", "b", None, None, "test"))
            .retry_config(aws_sdk_sts::config::retry::RetryConfig::disabled())
            .http_client(client)
            .build();
        let client = aws_sdk_sts::Client::from_conf(config);
        let ask = || client.get_caller_identity().send();
        // At once: both find out whom they can trust.
        tokio::try_join!(ask(), ask()).map(|_| ()).map_err(|error| format!("{error:?}"))
    }
}

/// Nobody is certified by it.
const NOBODY: &str = "";

#[tokio::test]
async fn an_endpoint_that_only_the_second_knows_is_asked_once_for_each_request() {
    let endpoint = Endpoint::start().await;
    // A function pointer holds nothing: the certificate is handed over here.
    static KNOWN: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    KNOWN.set(endpoint.certificate.clone()).unwrap();
    let client = client_that_trusts(NOBODY, || roots(KNOWN.get().unwrap()));
    endpoint.asked_by(client.clone()).await.unwrap();
    assert_eq!(endpoint.requests.load(Ordering::Relaxed), 2);
    // From then on nobody asks the first any more, on new connections either.
    tokio::try_join!(
        endpoint.asked_by(client.clone()),
        endpoint.asked_by(client.clone()),
        endpoint.asked_by(client)
    )
    .unwrap();
    assert_eq!(endpoint.requests.load(Ordering::Relaxed), 8);
    // At the start both may have found out for themselves.
    let distrusted = endpoint.distrusted.load(Ordering::Relaxed);
    assert!(distrusted <= 2, "{distrusted}");
}

#[tokio::test]
async fn an_endpoint_that_neither_knows_gets_no_request() {
    let endpoint = Endpoint::start().await;
    let error = endpoint.asked_by(client_that_trusts(NOBODY, RootCertStore::empty)).await.unwrap_err();
    assert!(error.contains("InvalidCertificate"), "{error}");
    // It may be another one the next time.
    assert!(error.contains("kind: Io"), "{error}");
    assert_eq!(endpoint.requests.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_second_is_not_asked_while_the_first_knows_the_endpoint() {
    let endpoint = Endpoint::start().await;
    let second = || -> RootCertStore { panic!("nobody needs it") };
    endpoint.asked_by(client_that_trusts(&endpoint.certificate, second)).await.unwrap();
    assert_eq!(endpoint.requests.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn what_is_no_question_of_trust_is_not_asked_again() {
    let second = || -> RootCertStore { panic!("nobody needs it") };
    let nobody = Endpoint {
        address: "127.0.0.1:1".parse().unwrap(),
        certificate: String::new(),
        requests: Arc::default(),
        distrusted: Arc::default(),
    };
    nobody.asked_by(client_that_trusts(NOBODY, second)).await.unwrap_err();
}

/// A proxy that opens tunnels; what it was asked for, one text for each.
async fn proxy() -> (String, Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://user:secret@{}", listener.local_addr().unwrap());
    let asked = Arc::<std::sync::Mutex<Vec<String>>>::default();
    let all = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let all = Arc::clone(&all);
            tokio::spawn(async move {
                let mut head = [0; 1024];
                let read = stream.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let to = head.split(' ').nth(1).unwrap().replace("localhost", "127.0.0.1");
                all.lock().unwrap().push(head);
                let mut there = TcpStream::connect(to).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut there).await;
            });
        }
    });
    (address, asked)
}

#[tokio::test]
async fn a_proxy_that_lets_nobody_through_may_do_so_the_next_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 1024];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").await;
        }
    });
    let endpoint = Endpoint::start().await;
    let second = || -> RootCertStore { panic!("nobody needs it") };
    let proxies = Matcher::builder().https(address).build();
    let error = endpoint.asked_by(client_behind(proxies, &endpoint.certificate, second)).await.unwrap_err();
    assert!(error.contains("kind: Io"), "{error}");
    assert_eq!(endpoint.requests.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn no_proxy_leads_to_an_endpoint_without_tls() {
    let (address, asked) = proxy().await;
    let second = || -> RootCertStore { panic!("nobody needs it") };
    let client = client_behind(Matcher::builder().all(address).build(), NOBODY, second);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = aws_sdk_sts::Config::builder()
        .behavior_version_latest()
        .region(Region::new("us-east-1"))
        .endpoint_url(format!("http://{}", listener.local_addr().unwrap()))
        .credentials_provider(Credentials::new("a", "b", None, None, "test"))
        .http_client(client)
        .build();
    let sts = aws_sdk_sts::Client::from_conf(config);
    tokio::spawn(async move { sts.get_caller_identity().send().await });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = [0; 4];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!((&head, asked.lock().unwrap().len()), (b"POST", 0));
}

#[tokio::test]
async fn a_proxy_carries_what_it_cannot_read_and_leaves_out_whom_it_should() {
    let endpoint = Endpoint::start().await;
    let (address, asked) = proxy().await;
    let second = || -> RootCertStore { panic!("nobody needs it") };
    let proxies = || Matcher::builder().https(address.clone());
    endpoint.asked_by(client_behind(proxies().build(), &endpoint.certificate, second)).await.unwrap();
    let heads = asked.lock().unwrap().clone();
    assert!(!heads.is_empty());
    for head in heads {
        assert!(head.starts_with(&format!("CONNECT localhost:{} ", endpoint.address.port())), "{head}");
        assert!(head.to_ascii_lowercase().contains("proxy-authorization: basic dxnlcjpzzwnyzxq="), "{head}");
    }
    asked.lock().unwrap().clear();
    endpoint
        .asked_by(client_behind(proxies().no("localhost").build(), &endpoint.certificate, second))
        .await
        .unwrap();
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
#[ignore = "runs in a process with an environment of its own"]
async fn asks_as_the_environment_says() {
    let endpoint = format!("https://localhost:{}", given("PORT"));
    let clients = aws_account::Clients::new(&aws_account::emulator_config(&endpoint, "tester"));
    assert_eq!(clients.caller().await.is_ok().to_string(), given("EXPECTED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_whom_to_trust_trusts_nobody_else() {
    for (said, handshakes) in [(true, 0), (false, 5)] {
        let endpoint = Endpoint::start().await;
        let file = File::with("certificate.pem", &endpoint.certificate);
        let (port, expected) = (endpoint.address.port().to_string(), said.to_string());
        let mut environment = vec![("PORT", port.as_str()), ("EXPECTED", expected.as_str())];
        environment.extend(said.then_some(("SSL_CERT_FILE", file.path())));
        runs("trust::asks_as_the_environment_says", &environment);
        // Without a word Amazon's few come first, then the system's, and then the system's again for each of four tries.
        // The endpoint may hear of the last a little later than the process that broke it off.
        let counted = async {
            while endpoint.distrusted.load(Ordering::Relaxed) < handshakes {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), counted).await.unwrap();
        assert_eq!(endpoint.distrusted.load(Ordering::Relaxed), handshakes, "{said}");
    }
}
