//! A test in a process of its own, for what only a process has: its environment.

use std::path::Path;
use std::process::Command;

/// Runs a test that is ignored otherwise, with these variables, and with none of AWS's that are around here.
pub(crate) fn runs(test: &str, environment: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if ["AWS_", "SSL_CERT_"].iter().any(|start| name.starts_with(start)) {
            command.env_remove(name);
        }
    }
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", "/nowhere");
    let command = command.args(["--exact", test, "--ignored"]).envs(environment.iter().copied());
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let is_it = told.contains("1 passed");
    assert!(
        output.status.success() && is_it,
        "{environment:?}: {told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What the test was given.
pub(crate) fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// A file for such a process.
pub(crate) struct File(std::path::PathBuf);

impl File {
    pub(crate) fn with(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("drift-healer-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        Path::to_str(&self.0).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
