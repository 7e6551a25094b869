//! A tool over HTTP, and a request for one.

use serde_json::Value;

use crate::wire::DEFAULT_ACCOUNT;
use crate::world::World;

/// A tool that whoever starts a sandbox adds to its own ones: a method and a path after `/_sandbox/`.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path; if it ends in a slash, whatever follows it in a request is the request's `rest`.
    pub path: &'static str,
    /// What the tool does.
    pub answer: fn(&mut World, &ToolRequest) -> ToolAnswer,
}

/// A request for a tool.
#[derive(Debug, Clone)]
pub struct ToolRequest {
    /// What follows the tool's path, decoded.
    pub rest: String,
    pub(super) query: Vec<(String, String)>,
}

/// What is answered as JSON, or the status and the message of a refusal.
pub type ToolAnswer = Result<Value, (u16, String)>;

impl ToolRequest {
    /// The value of `?name=`.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The account that is asked for, else the default one.
    pub fn account(&self) -> &str {
        self.query("account").unwrap_or(DEFAULT_ACCOUNT)
    }
}

impl Tool {
    /// What of the path comes after the tool's own, if it is the tool that is asked for.
    pub(super) fn rest<'a>(&self, method: &str, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.path).filter(|_| method == self.method)?;
        (rest.is_empty() || self.path.ends_with('/')).then_some(rest)
    }
}
