//! [`Reader`]: who reads a report, which decides what they can do about it and with which command.

use super::command::Command;

/// Who reads a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reader {
    /// Whoever looks after the deployed function, and gives it a consent by deploying it.
    #[default]
    Deployer,
    /// Whoever called `drift` at a terminal, and calls it again.
    Caller(Called),
}

/// The options with which `drift` was called: a command works as it stands only with the same ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// `--spec`
    pub spec: Option<String>,
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--endpoint-url`
    pub endpoint_url: Option<String>,
    /// Those of `drift repair`, with their values.
    pub repair: Vec<(&'static str, Option<String>)>,
}

impl Reader {
    /// What is so for one and otherwise for the other.
    pub fn choose(&self, deployer: &'static str, caller: &'static str) -> &'static str {
        match self {
            Reader::Deployer => deployer,
            Reader::Caller(_) => caller,
        }
    }
}

impl Called {
    /// `drift` and some of its words, with these options.
    pub fn drift(&self, words: &'static str) -> Command {
        let given = [("spec", &self.spec), ("profile", &self.profile), ("region", &self.region)];
        let given = given.into_iter().chain([("endpoint-url", &self.endpoint_url)]);
        let given = given.filter_map(|(option, value)| Some((option, value.as_ref()?)));
        given.fold(Command::drift(words), |command, (option, value)| command.with(option, value))
    }

    /// A repair like the one that was called, with one more option.
    pub fn repair(&self, more: &'static str) -> Command {
        let command = self.repair.iter().fold(self.drift("repair"), |command, (option, value)| match value {
            Some(value) => command.with(option, value),
            None => command.having(option),
        });
        command.having(more)
    }
}
