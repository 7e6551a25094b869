//! What became of a call is told by its error's code, and by nothing else.

use reconcile::call::{CONNECTION_FAILED, CallError, OUT_OF_TIME, TIMEOUT};

fn told(code: &str) -> [bool; 3] {
    let error = CallError { code: code.to_owned(), message: format!("not {OUT_OF_TIME}, {TIMEOUT}") };
    [error.is_unanswered(), error.is_out_of_time(), error.is_name_taken()]
}

#[test]
fn unanswered_out_of_time_and_taken_are_three_things() {
    assert_eq!(told(TIMEOUT), [true, false, false]);
    assert_eq!(told(CONNECTION_FAILED), [true, false, false]);
    assert_eq!(told(OUT_OF_TIME), [false, true, false]);
    assert_eq!(told("AlreadyExistsException"), [false, false, true]);
    assert_eq!(told("ThrottlingException"), [false, false, false]);
}
