//! What was done about a finding, or that nothing was.

use reconcile::call::Call;
use reconcile::drift::moment;
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};

use super::plain;
use super::values::{clip, list};

/// What was done, or why nothing was, and what is next: two or three sentences.
pub fn done(one: &Reported) -> String {
    let next = one.next_step().map(|next| format!(" {next}")).unwrap_or_default();
    plain(format!("{}{next}", sentence(one)).trim())
}

fn sentence(one: &Reported) -> String {
    let mut calls: Vec<&str> = one.calls.iter().map(Call::action).collect();
    calls.dedup();
    let calls = list(calls);
    let seen = one.repaired_at.map(|at| format!(", seen repaired at {}", moment(at))).unwrap_or_default();
    match &one.outcome {
        Outcome::Repaired if one.calls.is_empty() => format!("Gone with the other repairs{seen}."),
        Outcome::Repaired => format!("Repaired with {calls}{seen}."),
        Outcome::Planned if one.calls.is_empty() => {
            "Nothing was done: the mode is report. It would be gone with the other repairs.".to_owned()
        }
        Outcome::Planned => {
            format!("Nothing was done: the mode is report. It would be repaired with {calls}.")
        }
        Outcome::Failed(error) => {
            let message = clip(error.message.trim_end_matches('.'), 300);
            if error.is_unanswered() {
                return format!("Not repaired: {calls} got no answer from AWS ({}: {message}).", error.code);
            }
            format!("Not repaired: {calls} was refused. AWS's words: {}: {message}.", error.code)
        }
        // The next step says it all.
        Outcome::Blocked(BlockReason::Excepted(_) | BlockReason::Tried) => String::new(),
        Outcome::Blocked(_) => "Not repaired.".to_owned(),
    }
}
