//! What a panic says. A release build ends with it (`panic = "abort"`), so that nobody else answers the invocation.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reconcile::words::clean;
use serde_json::json;
use tracing::error;

/// The runtime's API is on the same machine.
const PATIENCE: Duration = Duration::from_secs(1);

/// The error's stable name, as those of `HealerError` are.
const TYPE: &str = "Panicked";

/// The request's id of the invocation that is under way, or was the last.
static INVOCATION: Mutex<String> = Mutex::new(String::new());

/// Says whose error a panic from now on is.
pub fn of(request_id: &str) {
    *INVOCATION.lock().unwrap_or_else(PoisonError::into_inner) = request_id.to_owned();
}

/// What the process does when it panics: a line of the log, where the invocation's span is still open, and the invocation's error, unless
/// the runtime lives on to tell it. `api` is where the runtime listens.
pub(super) fn hook(api: Option<String>) -> impl Fn(&PanicHookInfo<'_>) {
    move |panic| {
        error!(error_type = TYPE, panic = %panic, "panicked");
        if cfg!(panic = "abort")
            && let (Some(api), Ok(invocation)) = (&api, INVOCATION.try_lock())
            && !invocation.is_empty()
            && let Err(failure) = answer(api, &invocation, &panic.to_string())
        {
            error!(error = %failure, "the runtime was not told of the panic");
        }
    }
}

/// The invocation's error, as <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html> has it. By hand: the runtime's client needs
/// a task that goes on.
fn answer(api: &str, invocation: &str, panic: &str) -> io::Result<()> {
    let message = format!(
        "drift-healer {}. This is a mistake in drift-healer: please report it. What it wrote is in the event history, and the next run tells it",
        clean(&panic.replace(":\n", ": "))
    );
    let body = json!({ "errorType": TYPE, "errorMessage": message }).to_string();
    let address = api.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut runtime = TcpStream::connect_timeout(&address, PATIENCE)?;
    runtime.set_read_timeout(Some(PATIENCE))?;
    runtime.set_write_timeout(Some(PATIENCE))?;
    let request = format!(
        "POST /2018-06-01/runtime/invocation/{invocation}/error HTTP/1.1\r\nHost: {api}\r\nContent-Type: application/json\r\n\
         Lambda-Runtime-Function-Error-Type: unhandled\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    runtime.write_all(request.as_bytes())?;
    // The process ends next: not before the runtime has it all.
    let mut status = [0; "HTTP/1.1 202".len()];
    runtime.read_exact(&mut status)?;
    if status.ends_with(b" 202") { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&status))) }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use serde_json::Value;

    use super::*;

    /// What the runtime gets, if it answers so.
    fn told(status: &str) -> (String, io::Result<()>) {
        let runtime = TcpListener::bind("127.0.0.1:0").unwrap();
        let api = runtime.local_addr().unwrap().to_string();
        let panicked =
            thread::spawn(move || answer(&api, "8476a536", "panicked at a.rs:1:2:\nno \u{202e}such"));
        let (mut stream, _) = runtime.accept().unwrap();
        let mut got = String::new();
        while !got.ends_with('}') {
            let mut some = [0; 4096];
            let length = stream.read(&mut some).unwrap();
            got.push_str(std::str::from_utf8(&some[..length]).unwrap());
        }
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
        (got, panicked.join().unwrap())
    }

    #[test]
    fn the_runtime_gets_the_invocations_error() {
        let (request, told) = told("202 Accepted");
        told.unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with(
                "POST /2018-06-01/runtime/invocation/8476a536/error HTTP/1.1\r\nHost: 127.0.0.1:"
            ),
            "{head}"
        );
        assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", body.len())), "{head}");
        let body: Value = serde_json::from_str(body).unwrap();
        let message = body["errorMessage"].as_str().unwrap();
        assert_eq!(body["errorType"], "Panicked");
        assert!(
            message.starts_with("drift-healer panicked at a.rs:1:2: no ") && !message.contains('\u{202e}'),
            "{message}"
        );
    }

    #[test]
    fn what_the_runtime_does_not_take_is_known() {
        assert!(told("403 Forbidden").1.unwrap_err().to_string().contains("403"));
    }
}
