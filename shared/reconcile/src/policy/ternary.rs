//! Three answers: yes, no, and that it cannot be told.

/// `Some(true)` when one is, `None` when one may be.
pub(super) fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut found = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            None => found = None,
            Some(false) => {}
        }
    }
    found
}

/// `Some(false)` when one is not, `None` when one may not be.
pub(super) fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    any(answers.into_iter().map(not)).map(|one_is_not| !one_is_not)
}

/// The opposite, where that can be told.
pub(super) fn not(answer: Option<bool>) -> Option<bool> {
    answer.map(|yes| !yes)
}

/// What all of them answer; `None` where they differ, and if there are none.
pub(super) fn same(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut answers = answers.into_iter();
    let first = answers.next()?;
    if answers.all(|answer| answer == first) { first } else { None }
}
