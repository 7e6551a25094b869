//! STS for a function that runs under its role: the sandbox knows users only.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ANSWER: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
     <Arn>arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer</Arn>\
     <UserId>AROAEXAMPLEEXAMPLE000:drift-healer</UserId><Account>123456789012</Account>\
     </GetCallerIdentityResult></GetCallerIdentityResponse>";

/// Starts it; its endpoint.
pub(crate) async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    endpoint
}

async fn answer(mut stream: TcpStream) {
    let mut request = Vec::new();
    while !String::from_utf8_lossy(&request).contains("Action=GetCallerIdentity") {
        if stream.read_buf(&mut request).await.expect("a request") == 0 {
            return;
        }
    }
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", ANSWER.len());
    stream.write_all((head + ANSWER).as_bytes()).await.expect("the answer is taken");
}
