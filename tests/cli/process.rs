//! Runs `drift` against an account in this process.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sandbox::{DEFAULT_ACCOUNT, Sandbox};
use sandbox_reference::{Deployment, deploy, drift, options};

/// The built program.
pub(crate) const DRIFT: &str = env!("CARGO_BIN_EXE_drift");

/// An account, and a folder of its own for whoever runs `drift` against it.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: PathBuf,
}

impl Scene {
    /// The reference deployment with drifts.
    pub(crate) fn with(drifts: &[&str]) -> Scene {
        let scene = Scene::empty();
        deploy(&scene.sandbox, Deployment::Reference).unwrap();
        drifts.iter().for_each(|name| drift(&scene.sandbox, name).unwrap());
        scene.sandbox.clear_calls();
        scene
    }

    /// An account with nothing in it.
    pub(crate) fn empty() -> Scene {
        let sandbox = Sandbox::start(options()).unwrap();
        let port = sandbox.endpoint().rsplit(':').next().unwrap().to_owned();
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Scene { sandbox, folder }
    }

    /// `drift` with credentials of the account, and nothing else of the environment.
    pub(crate) fn drift(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(DRIFT);
        command.args(arguments).current_dir(&self.folder).env_clear().stdin(Stdio::null());
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    /// What the environment of `drift` is.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("HOME", self.folder.display().to_string()),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_ENDPOINT_URL", self.sandbox.endpoint()),
            ("AWS_ACCESS_KEY_ID", DEFAULT_ACCOUNT.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "sandbox".to_owned()),
            ("COLUMNS", "100".to_owned()),
        ]
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.drift(arguments).output().unwrap())
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What came of a process.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Ran {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}
