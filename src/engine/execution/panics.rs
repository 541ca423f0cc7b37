//! What a panic in a model's thread said, and whether this thread of the operating system runs a model.

use std::any::Any;
use std::cell::{Cell, RefCell};

thread_local! {
    // Every coroutine of a model runs on the thread that called the engine, so a thread local is
    // exact: other threads of the program keep their hook.
    static IN_MODEL: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Whether this thread of the operating system runs a model.
pub(crate) fn is_in_model() -> bool {
    IN_MODEL.get()
}

/// This thread of the operating system runs a model from here on, or does no longer. Returns what it did before.
pub(crate) fn set_in_model(runs: bool) -> bool {
    LAST_PANIC.with_borrow_mut(Option::take);
    IN_MODEL.replace(runs)
}

/// Keeps the message of the first panic that the hook sees.
pub(crate) fn keep_message(message: impl FnOnce() -> String) {
    LAST_PANIC.with_borrow_mut(|last| {
        last.get_or_insert_with(message);
    });
}

/// What a panic of this thread's model said, with its place in the source if the hook has seen it.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = panic_text(payload).unwrap_or_else(|| "a value that is no text".to_string());
    let seen = LAST_PANIC.with_borrow_mut(Option::take);
    // An encoding may have caught another one of its own before.
    seen.filter(|seen| seen.starts_with(&text)).unwrap_or(text)
}

/// The text of a panic's payload.
pub(crate) fn panic_text(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string))
}
