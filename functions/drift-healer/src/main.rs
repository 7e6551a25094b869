//! The Lambda's entry point: settings, log and clients once, then one invocation after the other.

use std::env;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;
use std::sync::Arc;

use drift_healer::error::ErrorChain;
use drift_healer::payload::Payload;
use drift_healer::telemetry::{self, last_words};
use drift_healer::{Healer, HealerError, Settings};
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use mimalloc::MiMalloc;
use tracing::{error, info};

// A request is some thousand small pieces of memory, made and dropped at once: what glibc does with them is a sixth of a sweep.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

// One thread: below 1769 MB a function has no second core, and the work is waiting for AWS.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // In a task of its own: to wake the first one takes a system call, and each answer wakes.
    tokio::spawn(serve()).await.unwrap_or(ExitCode::FAILURE)
}

async fn serve() -> ExitCode {
    let variable = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    if variable("AWS_LAMBDA_RUNTIME_API").is_none() {
        let _ = stderr().write_all(
            b"drift-healer is an AWS Lambda function: it waits for events of the Lambda runtime and found none (AWS_LAMBDA_RUNTIME_API is not set).\n\
              Here, run it with `cargo lambda watch` and send it a file of events/ with `cargo lambda invoke drift-healer --data-file FILE`, or see what it does with `cargo run`.\n",
        );
        return ExitCode::from(2);
    }
    telemetry::install(variable);
    let healer = match start(variable).await {
        Ok(healer) => Arc::new(healer),
        Err(failure) => {
            error!(error_type = failure.error_type(), error = %ErrorChain(&failure), "start failed");
            return ExitCode::FAILURE;
        }
    };
    let handle = move |event: LambdaEvent<Payload>| {
        let healer = Arc::clone(&healer);
        last_words::of(&event.context.request_id);
        async move { healer.handle(event).await }
    };
    match Runtime::new(service_fn(handle)).run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            error!(error = %failure, "runtime failed");
            ExitCode::FAILURE
        }
    }
}

async fn start(variable: impl Fn(&str) -> Option<String> + Send) -> Result<Healer, HealerError> {
    let settings = Settings::read(variable)?;
    if settings.topic.is_none() {
        info!("no topic set, reports go to the log only");
    }
    let healer = Healer::new(settings, &aws_account::sdk_config().await)?;
    // At a terminal, under `cargo lambda watch`, a person reads the log.
    Ok(if stdout().is_terminal() { healer } else { healer.with_metrics(Arc::new(print)) })
}

/// A line that no subscriber changes: CloudWatch Logs reads its metrics out of it.
fn print(line: &str) {
    // Nobody is left to tell if the log is gone.
    let _ = writeln!(stdout(), "{line}");
}
