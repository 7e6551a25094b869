//! Serves the reference deployment on the port that is given, for clients in other languages.

use std::error::Error;
use std::future;

use sandbox::{Options, Sandbox};
use sandbox_reference::{Deployment, deploy, options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(0);
    let sandbox = Sandbox::start(Options { port, ..options() })?;
    deploy(&sandbox, Deployment::Reference)?;
    #[allow(clippy::print_stdout, reason = "the address is this program's output")]
    {
        println!("{}", sandbox.endpoint());
    }
    future::pending().await
}
