//! What makes an invocation fail: a bad setup, or a report that could not be delivered. Drift is not an error.

use std::error::Error;
use std::fmt;

use lambda_runtime::Diagnostic;
use reconcile::call::CallError;
use reconcile::spec::{ResolveError, SpecErrors};
use reconcile::words::clean;
use serde_json::Value;

use crate::settings::SettingsErrors;

/// Why an invocation, or the start of the function, failed.
#[derive(Debug, thiserror::Error)]
pub enum HealerError {
    /// Environment variables hold what they may not.
    #[error("the function's environment is not valid")]
    Settings(#[from] SettingsErrors),
    /// The embedded spec is not valid; the build should have refused it.
    #[error("the embedded desired spec is not valid")]
    Spec(#[from] SpecErrors),
    /// The spec does not fit this account or the regions that the environment asks for.
    #[error("the desired spec cannot be used for this account and these regions")]
    Resolve(#[from] ResolveError),
    /// It is not known which account this is.
    #[error(
        "the account is not known: the invocation carries no function ARN and sts:GetCallerIdentity failed; check the credentials and the way to STS"
    )]
    UnknownAccount(#[source] CallError),
    /// The report did not reach its topic.
    #[error(
        "the report could not be published to {topic}; the findings are in the log. Check sns:Publish on the topic, and kms:GenerateDataKey* and kms:Decrypt on its key"
    )]
    NotDelivered {
        /// The topic's ARN.
        topic: String,
        /// The answer of the run, which was made in full.
        answer: Box<Value>,
        /// What SNS, or the way to it, said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl HealerError {
    /// The error's stable name, in Lambda's error record and for metric filters.
    pub fn error_type(&self) -> &'static str {
        match self {
            HealerError::Settings(_) => "SettingsInvalid",
            HealerError::Spec(_) => "SpecInvalid",
            HealerError::Resolve(_) => "SetupInvalid",
            HealerError::UnknownAccount(_) => "AccountUnknown",
            HealerError::NotDelivered { .. } => "NotDelivered",
        }
    }
}

impl From<HealerError> for Diagnostic {
    fn from(error: HealerError) -> Self {
        Diagnostic {
            error_type: error.error_type().to_owned(),
            // In it are AWS's words, or those of whoever stands in the way to AWS.
            error_message: clean(&ErrorChain(&error).to_string()),
        }
    }
}

/// Prints an error and everything that led to it in one line.
#[derive(Debug)]
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.to_string();
        let mut next = self.0.source();
        while let Some(error) = next {
            // The SDK's errors say their source again.
            let more = error.to_string();
            if !text.ends_with(&more) {
                text = format!("{text}: {more}");
            }
            next = error.source();
        }
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_invocation_has_a_stable_type_and_tells_the_whole_chain() {
        let refused =
            CallError { code: "InvalidClientTokenId".into(), message: "the token is no good".into() };
        let diagnostic = Diagnostic::from(HealerError::UnknownAccount(refused));
        assert_eq!(diagnostic.error_type, "AccountUnknown");
        assert!(
            diagnostic.error_message.ends_with("InvalidClientTokenId: the token is no good"),
            "{diagnostic:?}"
        );
    }
}
