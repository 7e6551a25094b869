//! The HTTP client: connections are kept while they are good, and nothing is sent twice.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_account::trust::client_that_trusts;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_types::body::SdkBody;
use rustls::RootCertStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::scripted::Broken;

const ANSWER: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/// What an endpoint does with a connection's n-th request.
#[derive(Clone, Copy)]
enum Does {
    Answer,
    /// Answers and closes, without having said so.
    AnswerAndClose,
    /// Answers, and says that it closes.
    LastAnswer,
    Fail,
    Close,
    /// Half of an answer.
    CutOff,
    /// Breaks the connection off, as a firewall does.
    Reset,
    /// Something that is not HTTP.
    Garbage,
}

/// Who came, connection by connection, with the first lines of what they asked.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

struct Endpoint {
    address: SocketAddr,
    seen: Seen,
    closed: Arc<Notify>,
}

impl Endpoint {
    /// An endpoint that does these things on each of its connections, and then no more.
    async fn start(connections: &'static [&'static [Does]]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, closed) = (Seen::default(), Arc::new(Notify::new()));
        let (all, closes) = (Arc::clone(&seen), Arc::clone(&closed));
        tokio::spawn(async move {
            for (at, does) in connections.iter().enumerate() {
                let (stream, _) = listener.accept().await.unwrap();
                all.lock().unwrap().push(Vec::new());
                let (all, closes) = (Arc::clone(&all), Arc::clone(&closes));
                tokio::spawn(async move {
                    serve(stream, does, all, at).await;
                    closes.notify_one();
                });
            }
        });
        Self { address, seen, closed }
    }

    fn client(&self) -> aws_sdk_sts::Client {
        client(&format!("http://{}", self.address), RetryConfig::disabled())
    }

    /// How many requests each connection had.
    fn requests(&self) -> Vec<usize> {
        self.seen.lock().unwrap().iter().map(Vec::len).collect()
    }
}

async fn serve(mut stream: TcpStream, does: &[Does], seen: Seen, at: usize) {
    for one in does {
        let mut request = vec![0; 8192];
        let read = stream.read(&mut request).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        seen.lock().unwrap()[at].push(String::from_utf8_lossy(&request[..read]).into_owned());
        let (status, extra, length, is_last) = match one {
            Does::Answer => ("200 OK", "", ANSWER.len(), false),
            Does::AnswerAndClose => ("200 OK", "", ANSWER.len(), true),
            Does::LastAnswer => ("200 OK", "connection: close\r\n", ANSWER.len(), true),
            Does::Fail => ("500 Internal Server Error", "", ANSWER.len(), false),
            Does::Close => return,
            Does::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Does::Garbage => {
                stream.write_all(b"220 mail.example.com ESMTP\r\n").await.unwrap();
                continue;
            }
            Does::CutOff => ("200 OK", "", ANSWER.len() * 2, true),
        };
        let answer = format!("HTTP/1.1 {status}\r\n{extra}content-length: {length}\r\n\r\n{ANSWER}");
        stream.write_all(answer.as_bytes()).await.unwrap();
        if is_last {
            return;
        }
    }
    // Open, and silent.
    std::future::pending::<()>().await;
}

fn client(endpoint: &str, retries: RetryConfig) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("a", "b", None, None, "test"))
        .retry_config(retries)
        .http_client(client_that_trusts("", RootCertStore::empty))
        .build();
    aws_sdk_sts::Client::from_conf(config)
}

async fn ask(client: &aws_sdk_sts::Client) -> Result<(), String> {
    client.get_caller_identity().send().await.map(|_| ()).map_err(|error| format!("{error:?}"))
}

#[tokio::test]
async fn one_connection_serves_request_after_request() {
    let endpoint = Endpoint::start(&[&[Does::Answer, Does::Answer, Does::Answer]]).await;
    let client = endpoint.client();
    for _ in 0..3 {
        ask(&client).await.unwrap();
    }
    assert_eq!(endpoint.requests(), [3]);
}

#[tokio::test]
async fn requests_at_the_same_time_have_a_connection_each() {
    const TWICE: &[Does] = &[Does::Answer, Does::Answer];
    let endpoint = Endpoint::start(&[TWICE, TWICE]).await;
    let client = endpoint.client();
    let (one, other) = tokio::join!(ask(&client), ask(&client));
    one.and(other).unwrap();
    ask(&client).await.unwrap();
    assert_eq!(endpoint.requests().iter().sum::<usize>(), 3);
    assert_eq!(endpoint.requests().len(), 2);
}

#[tokio::test]
async fn the_request_line_has_the_path_and_the_host_has_the_port() {
    let endpoint = Endpoint::start(&[&[Does::Answer]]).await;
    ask(&endpoint.client()).await.unwrap();
    let request = endpoint.seen.lock().unwrap()[0][0].clone();
    assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
    assert_eq!(request.matches(&format!("\r\nhost: {}\r\n", endpoint.address)).count(), 1, "{request}");
}

#[tokio::test]
async fn a_connection_that_was_closed_while_it_rested_is_replaced() {
    for first in [&[Does::AnswerAndClose] as &'static [Does], &[Does::LastAnswer]] {
        let connections: &'static [&'static [Does]] = Box::leak(Box::new([first, &[Does::Answer]]));
        let endpoint = Endpoint::start(connections).await;
        let client = endpoint.client();
        ask(&client).await.unwrap();
        endpoint.closed.notified().await;
        // The client's side hears of it.
        tokio::task::yield_now().await;
        ask(&client).await.unwrap();
        assert_eq!(endpoint.requests(), [1, 1]);
    }
}

#[tokio::test]
async fn what_was_sent_and_not_answered_is_not_sent_again() {
    let endpoint = Endpoint::start(&[&[Does::Answer, Does::Close], &[Does::Answer]]).await;
    let client = endpoint.client();
    ask(&client).await.unwrap();
    let error = ask(&client).await.unwrap_err();
    assert!(error.contains("DispatchFailure"), "{error}");
    assert_eq!(endpoint.requests(), [2]);
}

#[tokio::test]
async fn after_an_error_that_may_pass_the_next_try_has_another_connection() {
    let endpoint = Endpoint::start(&[&[Does::Fail, Does::Answer], &[Does::Answer]]).await;
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let client = client(&format!("http://{}", endpoint.address), retries);
    ask(&client).await.unwrap();
    assert_eq!(endpoint.requests(), [1, 1]);
}

#[tokio::test]
async fn half_an_answer_is_an_error_and_its_connection_is_gone() {
    let endpoint = Endpoint::start(&[&[Does::CutOff], &[Does::Answer]]).await;
    let client = endpoint.client();
    ask(&client).await.unwrap_err();
    ask(&client).await.unwrap();
    assert_eq!(endpoint.requests(), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_nobody_answers_is_given_up_within_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    let error = ask(&client(&endpoint, RetryConfig::disabled())).await.unwrap_err();
    assert!(error.contains("Slow(3.1s)") && error.contains("Timeout"), "{error}");
}

#[tokio::test]
async fn a_closed_port_and_a_name_that_nobody_has_are_told_apart() {
    let refused = client("http://127.0.0.1:1", RetryConfig::disabled());
    assert!(ask(&refused).await.unwrap_err().contains("tcp connect error"), "{:?}", ask(&refused).await);
    let nobody = client("http://nobody.invalid", RetryConfig::disabled());
    assert!(ask(&nobody).await.unwrap_err().contains("dns error"), "{:?}", ask(&nobody).await);
}

/// As what the client sorts the error of a request.
fn kind_of(error: Result<(), String>) -> String {
    let error = error.unwrap_err();
    let (_, kind) = error.split_once("kind: ").unwrap_or_else(|| panic!("{error}"));
    kind.split_once(", source").unwrap().0.to_owned()
}

#[tokio::test]
async fn what_may_pass_is_told_from_what_is_not_the_networks_doing() {
    const TRANSIENT: &str = "Other(Some(TransientError))";
    for (does, kind) in [
        (&[Does::Close] as &'static [Does], TRANSIENT),
        (&[Does::Reset], "Io"),
        (&[Does::Garbage], "Other(None)"),
    ] {
        let endpoint = Endpoint::start(Box::leak(Box::new([does]))).await;
        assert_eq!(kind_of(ask(&endpoint.client()).await), kind);
    }
    let refused = client("http://127.0.0.1:1", RetryConfig::disabled());
    assert_eq!(kind_of(ask(&refused).await), "Io");
    // A request that cannot be sent is our own fault, and no other try makes it better.
    let endpoint = Endpoint::start(&[&[Does::Answer], &[Does::Answer]]).await;
    let client = endpoint.client();
    let broken = client.get_caller_identity().customize().mutate_request(|request| {
        *request.body_mut() = SdkBody::from_body_1_x(Broken);
    });
    let error = broken.send().await.map(|_| ()).map_err(|error| format!("{error:?}"));
    assert_eq!(kind_of(error), "User");
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_is_no_answer_is_not() {
    const AGAIN: &[&[Does]] = &[&[Does::Close], &[Does::Reset], &[Does::CutOff], &[Does::Answer]];
    let retries = RetryConfig::standard().with_max_attempts(4).with_initial_backoff(Duration::from_millis(1));
    let endpoint = Endpoint::start(AGAIN).await;
    ask(&client(&format!("http://{}", endpoint.address), retries.clone())).await.unwrap();
    assert_eq!(endpoint.requests(), [1, 1, 1, 1]);
    let endpoint = Endpoint::start(&[&[Does::Garbage], &[Does::Answer]]).await;
    ask(&client(&format!("http://{}", endpoint.address), retries)).await.unwrap_err();
    assert_eq!(endpoint.requests(), [1]);
}
