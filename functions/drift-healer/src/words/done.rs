//! What was done about a finding, or that nothing was.

use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};

use super::values::clip;
use super::{moment, plain};

/// One sentence.
pub fn done(one: &Reported) -> String {
    plain(&sentence(one))
}

fn sentence(one: &Reported) -> String {
    let call = one.call.as_ref().map(|call| call.action());
    let seen = one.repaired_at.map(|at| format!(", seen repaired at {}", moment(at))).unwrap_or_default();
    match (&one.outcome, call) {
        (Outcome::Repaired, Some(call)) => format!("Repaired with {call}{seen}."),
        (Outcome::Repaired, None) => format!("Gone without a call of its own{seen}."),
        (Outcome::Planned, Some(call)) => {
            format!("Nothing: the mode is report. It would be repaired with {call}.")
        }
        (Outcome::Planned, None) => {
            "Nothing: the mode is report. It would be gone with the other repairs.".to_owned()
        }
        (Outcome::Failed(error), call) => {
            let call = call.unwrap_or("The call");
            format!(
                "{call} was refused. AWS's words: {}: {}.",
                error.code,
                clip(error.message.trim_end_matches('.'), 300)
            )
        }
        (Outcome::Blocked(BlockReason::Excepted(_)), _) => "Nothing, as agreed.".to_owned(),
        (Outcome::Blocked(BlockReason::Tried), Some(call)) => {
            format!("{call} was accepted, and is not seen yet.")
        }
        (Outcome::Blocked(reason), _) => format!("Not repaired ({}).", reason.code()),
    }
}
