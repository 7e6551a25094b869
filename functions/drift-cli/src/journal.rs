//! The record of a repair on disk: a line of JSON before each call and one after it, so that nothing that was called is ever untold.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::anyhow;
use drift_cli::look::Look;
use drift_cli::output::Output;
use drift_healer::Moment;
use reconcile::words::{clean, json_line, timestamp};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// The record of a repair.
#[derive(Debug)]
pub(crate) struct Journal {
    asked: Option<PathBuf>,
    folder: PathBuf,
    file: Mutex<Option<File>>,
    error: Mutex<Option<std::io::Error>>,
    /// Nothing is called that cannot be recorded.
    stop: Arc<AtomicBool>,
}

impl Journal {
    /// Where it was asked for, else beside the first file that is written, else in the working directory.
    pub(crate) fn beside(asked: Option<&Path>, outputs: &[Output], stop: Arc<AtomicBool>) -> Self {
        let file = outputs.iter().find_map(|output| output.file.as_deref());
        let folder = file.and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
        Self {
            asked: asked.map(Path::to_owned),
            folder,
            file: Mutex::default(),
            error: Mutex::default(),
            stop,
        }
    }

    /// Begins it. It never takes the place of an older one.
    pub(crate) fn open(&self, plan: &Look) -> anyhow::Result<PathBuf> {
        let (path, file) = match &self.asked {
            Some(path) => (path.clone(), made(path)),
            None => self.of_its_own_name(plan),
        };
        let file = file.map_err(|error| {
            let name = clean(&path.display().to_string());
            if error.kind() == ErrorKind::AlreadyExists {
                anyhow!(
                    "nothing was written: the journal {name} is there already, and is kept.\n  \
                     help:  --journal with another name, or without --journal a name that is free"
                )
            } else {
                anyhow!(
                    "nothing was written: the journal {name} cannot be made ({error}).\n  \
                     help:  --journal FILE, in a folder that is there and can be written to"
                )
            }
        })?;
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        self.write(json!({ "what": "begun", "plan": plan.to_json() }));
        if let Some(error) = self.failed() {
            anyhow::bail!("nothing was written: the journal {} cannot be written: {error}", path.display());
        }
        Ok(path)
    }

    /// Two repairs within a second are two journals.
    fn of_its_own_name(&self, plan: &Look) -> (PathBuf, std::io::Result<File>) {
        let now = timestamp(OffsetDateTime::now_utc()).replace(':', "");
        let account = plan.answer.account.as_deref().unwrap_or("unknown");
        let name = |number: usize| {
            let more = if number == 1 { String::new() } else { format!("-{number}") };
            self.folder.join(format!("drift-repair-{account}-{now}{more}.jsonl"))
        };
        let mut number = 1;
        loop {
            let path = name(number);
            let file = made(&path);
            if !file.as_ref().is_err_and(|error| error.kind() == ErrorKind::AlreadyExists) {
                return (path, file);
            }
            number += 1;
        }
    }

    pub(crate) fn hear(&self, moment: &Moment<'_>) {
        match moment {
            Moment::Calling(step) => self.write(
                json!({ "what": "calling", "call": step.call.action(), "resource": step.resource, "region": step.call.region(), "request": step.call.request(), "then": step.then.as_ref().map(|call| json!({ "call": call.action(), "request": call.request() })) }),
            ),
            Moment::Called(made) => {
                let result = made.result.as_ref().map_or_else(ToString::to_string, |()| "ok".to_owned());
                self.write(
                    json!({ "what": "called", "call": made.call.action(), "resource": made.resource, "result": result }),
                );
            }
            Moment::Reading { .. } | Moment::Asking { .. } => {}
        }
    }

    /// Ends it with the whole report.
    pub(crate) fn close(&self, look: &Look) {
        self.write(json!({ "what": "ended", "report": look.to_json() }));
    }

    /// Why it could not be written.
    pub(crate) fn failed(&self) -> Option<std::io::Error> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// On disk before anything else happens.
    fn write(&self, mut line: Value) {
        line["at"] = timestamp(OffsetDateTime::now_utc()).into();
        let line = json_line(&line) + "\n";
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = file.as_mut() else { return };
        if let Err(error) = file.write_all(line.as_bytes()).and_then(|()| file.sync_data()) {
            self.stop.store(true, Ordering::Relaxed);
            *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }
}

/// A new file: it never takes the place of an older one.
fn made(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create_new(true).write(true).open(path)
}
