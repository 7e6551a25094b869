//! Sorts the SDK's errors, once: what AWS said, in its own code and words.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use reconcile::call::{CONNECTION_FAILED, CallError, TIMEOUT};
use reconcile::read::{Read, Refusal};
use reconcile::state::Observation;

pub(crate) use aws_sdk_backup::error::SdkError;

/// An error as AWS named it. Codes that the service's model does not know (AccessDeniedException, ThrottlingException) come
/// through the metadata as well; what never reached AWS gets a word of its own.
pub(crate) fn refusal<E, R>(error: &SdkError<E, R>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let (code, message) = match error {
        SdkError::ServiceError(answer) => {
            let answer = answer.err();
            // Without a code it was no error of AWS's, but an answer that the SDK could not read.
            let message = answer.message().map_or_else(|| chain(Some(answer)), str::to_owned);
            (answer.code().unwrap_or("UnreadableAnswer"), message)
        }
        SdkError::TimeoutError(_) => (TIMEOUT, "no answer in time".to_owned()),
        SdkError::DispatchFailure(failure) => (CONNECTION_FAILED, chain(failure.as_connector_error())),
        SdkError::ResponseError(_) => ("UnreadableAnswer", "the answer could not be read".to_owned()),
        SdkError::ConstructionFailure(_) => ("InvalidRequest", "the request could not be made".to_owned()),
        _ => ("UnknownError", error.to_string()),
    };
    // Whoever can make AWS repeat a text must not thereby write lines into our log.
    CallError { code: code.to_owned(), message: message.replace(|c: char| c.is_control(), " ") }
}

fn chain(error: Option<&(impl std::error::Error + 'static)>) -> String {
    let mut text = Vec::new();
    let mut next: Option<&dyn std::error::Error> = error.map(|error| error as &dyn std::error::Error);
    while let Some(error) = next {
        text.push(error.to_string());
        next = error.source();
    }
    text.join(": ")
}

/// Why a read failed that has no answer for "not there": a missing list is never an empty one.
pub(crate) fn unreadable<E, R>(read: Read, error: &SdkError<E, R>) -> Refusal
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let refusal = Refusal::of(read, refusal(error));
    tracing::warn!(operation = read.action(), error = %refusal.error, "read failed");
    refusal
}

/// A read that failed: absent only if AWS answered with one of these codes, and in all other cases unreadable.
pub(crate) fn failed<T, E, R>(read: Read, error: &SdkError<E, R>, not_found: &[&str]) -> Observation<T>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    if let SdkError::ServiceError(answer) = error
        && answer.err().code().is_some_and(|code| not_found.contains(&code))
    {
        return Observation::Absent;
    }
    Observation::Unreadable(unreadable(read, error))
}

/// A member that AWS puts into every answer, empty or not. An answer without it was cut off or changed on its way: it says nothing, and
/// above all not that there is nothing.
pub(crate) fn whole<T>(read: Read, member: Option<T>) -> Result<T, Refusal> {
    member.ok_or_else(|| Refusal::incomplete(read, "the answer lacks what it is about"))
}
