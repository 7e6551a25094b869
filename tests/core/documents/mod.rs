//! What is written down in documents and follows from the code: from the registry of drift codes, which `UPDATE=1 cargo test` writes anew, and
//! from the spec.

mod codes;
mod event_rules;
mod links;
mod partitions;
mod reads;
mod spec;

use std::path::PathBuf;

/// A file of the project.
struct Document {
    path: PathBuf,
    text: String,
}

impl Document {
    fn open(path: &str) -> Self {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(path);
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, text }
    }

    /// Compares what stands between two texts with what should; both texts must be there once.
    fn holds(&self, after: &str, before: &str, made: &str) {
        let parts = self.text.split_once(after).and_then(|(head, rest)| {
            let (old, tail) = rest.split_once(before)?;
            Some((head, old, tail))
        });
        let Some((head, old, tail)) = parts else {
            panic!("{} has no {after:?} that {before:?} follows", self.path.display())
        };
        if old != made && std::env::var_os("UPDATE").is_some() {
            let text = [head, after, made, before, tail].concat();
            std::fs::write(&self.path, text).expect("the file can be written");
        } else {
            assert!(
                old == made,
                "{}: what follows {after:?} is not what the registry says; UPDATE=1 rewrites it:\n{made}",
                self.path.display()
            );
        }
    }
}
