//! The parameters that a model's code has asked for: a name, and whether it is set.
//!
//! Several encodings that differ in parameters alone are searched with one cache of transitions
//! ([`violations_of`](crate::engine::search::violations::violations_of)): what a thread does is a function of what it has
//! observed and of the parameters that it has asked for, so the answers are a part of what it has observed. In any other
//! search they are constants, and nothing is recorded.

use std::cell::RefCell;

/// A parameter's name, and whether it is set.
pub(crate) type Answer = (&'static str, bool);

thread_local! {
    /// What was asked for since it was taken last, if it is recorded: all threads of a model run on one thread.
    static ASKED: RefCell<Option<Vec<Answer>>> = const { RefCell::new(None) };
}

/// Code of the model has asked for a parameter.
pub(crate) fn ask(answer: Answer) {
    ASKED.with_borrow_mut(|asked| asked.iter_mut().for_each(|asked| asked.push(answer)));
}

/// What was asked for since this was called last.
pub(crate) fn take() -> Vec<Answer> {
    ASKED.with_borrow_mut(|asked| asked.as_mut().map(std::mem::take).unwrap_or_default())
}

/// Records what is asked for in a search.
pub(crate) fn recorded<R>(search: impl FnOnce() -> R) -> R {
    ASKED.set(Some(Vec::new()));
    let result = search();
    ASKED.set(None);
    result
}
