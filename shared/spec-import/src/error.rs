//! Why a text is no source of a spec.

/// Why a text is no source of a spec.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not what it should be.
    #[error("this is not {expected}")]
    NotReadable {
        /// What it should be: "JSON".
        expected: &'static str,
        /// Where and why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It is readable, and something else.
    #[error("{0}")]
    SomethingElse(String),
    /// It is more than anybody means.
    #[error("this is too much to be read: {0}")]
    TooMuch(&'static str),
    /// Nothing of AWS Backup is in it.
    #[error("nothing of AWS Backup is in it: no vault and no plan")]
    Empty,
}
