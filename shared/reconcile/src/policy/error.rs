//! Why a document is not a policy, and where in it.

/// A document that cannot be read as a policy. Each variant names the place (`Statement[1].Action`) and what is allowed
/// there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The text is not JSON, neither as it is nor percent-decoded.
    #[error("the policy is not JSON: {reason} (line {line}, column {column}); correct the text there")]
    NotJson {
        /// What the JSON reader met.
        reason: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1; 0 before the first character of a line.
        column: usize,
    },
    /// An object has one key twice, so that readers disagree on which value counts.
    #[error("{place} has the key `{key}` twice; keep one of them")]
    DuplicateKey {
        /// The object.
        place: String,
        /// The key, as written the second time.
        key: String,
    },
    /// An element that is not in the policy grammar and may therefore mean anything.
    #[error("{place} has the unknown element `{element}`; allowed are {allowed}")]
    UnknownElement {
        /// The object.
        place: String,
        /// The element's name.
        element: String,
        /// The names that are allowed, in a list for people.
        allowed: String,
    },
    /// A required element is absent.
    #[error("{place} has no {element}; add it")]
    Missing {
        /// The object.
        place: String,
        /// The element's name, or names where one of several is required.
        element: &'static str,
    },
    /// An element stands beside its own negation.
    #[error("{place} has both {element} and Not{element}; keep one of them")]
    Contradictory {
        /// The statement.
        place: String,
        /// The positive element's name.
        element: &'static str,
    },
    /// A value of the wrong JSON type.
    #[error("{place} is {found}; it must be {allowed}")]
    WrongType {
        /// The value's place.
        place: String,
        /// The type that was found.
        found: &'static str,
        /// The types that are allowed.
        allowed: &'static str,
    },
    /// A string that is not one of the few that are allowed.
    #[error("{place} is `{found}`; it must be {allowed}")]
    WrongValue {
        /// The value's place.
        place: String,
        /// The string that was found.
        found: String,
        /// The strings that are allowed.
        allowed: &'static str,
    },
}

/// How an error names the document itself.
pub(super) const WHOLE: &str = "the policy";

/// The place of a member, written as a person would: `Statement[1].Action`.
pub(super) fn within(place: &str, element: &str) -> String {
    if place == WHOLE { element.to_owned() } else { format!("{place}.{element}") }
}
