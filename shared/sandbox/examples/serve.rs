//! Serves the reference deployment on the port that is given, for clients in other languages.

use std::future;

use sandbox::{Options, Sandbox};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(0);
    let sandbox = Sandbox::start(Options { port, ..Options::default() })?;
    sandbox.deploy();
    #[allow(clippy::print_stdout, reason = "the address is this program's output")]
    {
        println!("{}", sandbox.endpoint());
    }
    future::pending().await
}
