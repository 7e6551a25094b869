//! What happens in a run, on standard error: a line for each phase, which at a terminal counts the answers.

use std::io::{IsTerminal, Write, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use drift_cli::look::plural;
use drift_healer::Moment;
use reconcile::words::clean;

/// How often a counting line is written anew.
const TICK: Duration = Duration::from_millis(200);

/// Tells what happens.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    quiet: bool,
    at_terminal: bool,
    phase: Arc<Mutex<Option<Phase>>>,
}

/// What goes on now.
#[derive(Debug)]
struct Phase {
    text: String,
    since: Instant,
    /// The requests that were sent before.
    before: Option<usize>,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, at_terminal: stderr().is_terminal(), phase: Arc::default() }
    }

    /// A line that stands.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            self.erase();
            // Who cannot be told cannot be told that either.
            let _ = writeln!(anstream::stderr(), "{}", clean(text));
        }
    }

    /// A phase that goes on until the next one.
    pub(crate) fn phase(&self, text: String) {
        if !self.at_terminal {
            self.say(&text);
        }
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Phase { text, since: Instant::now(), before: None });
    }

    /// Nothing goes on any more.
    pub(crate) fn end(&self) {
        self.erase();
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(crate) fn hear(&self, moment: &Moment<'_>) {
        match moment {
            Moment::Reading { pass: 1 } => self.phase("reading the account".to_owned()),
            Moment::Reading { pass } => self.phase(format!("reading the account again, pass {pass}")),
            Moment::Asking { questions } => {
                self.phase(format!("asking CloudTrail who did it, {}", plural(*questions, "question")));
            }
            Moment::Calling(step) => {
                self.phase(format!("calling {} for {}", step.call.action(), step.resource))
            }
            Moment::Called(made) => {
                let result = made.result.as_ref().map_or_else(ToString::to_string, |()| "ok".to_owned());
                self.say(&format!("{} for {}: {result}", made.call.action(), made.resource));
            }
        }
    }

    /// Counts at a terminal, until it is dropped. `requests` tells how many were sent.
    pub(crate) async fn count(&self, requests: impl Fn() -> usize) {
        if self.quiet || !self.at_terminal {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(TICK).await;
            let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(Phase { text, since, before }) = phase.as_mut() {
                let sent = requests() - *before.get_or_insert_with(&requests);
                let line = format!("{text}: {}, {} s", plural(sent, "request"), since.elapsed().as_secs());
                let _ = write!(stderr(), "\r\x1b[K{}", clean(&line));
                let _ = stderr().flush();
            }
        }
    }

    fn erase(&self) {
        if self.at_terminal && !self.quiet {
            let _ = write!(stderr(), "\r\x1b[K");
            let _ = stderr().flush();
        }
    }
}
