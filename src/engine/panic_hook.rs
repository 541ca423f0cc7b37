//! Keeps the engines' panics off standard error, and remembers what the last one said.
//!
//! Both engines install a panic hook of their own, once in a process. loom's coroutines *end* with
//! a panic that its hook silences; if shuttle's hook is installed later, every end of a loom thread
//! goes through it and prints. So both hooks are installed here, first and in a fixed order, and
//! ours goes on top: it is silent while this thread runs a model, and passes everything else on to
//! the hook that the program had.

use crate::trace::Source;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    // Every coroutine of a model runs on the thread that called the engine, so a thread local is
    // exact: other threads of the program keep their hook.
    static IN_MODEL: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs an engine with its output silenced. A panic comes back as its payload and, if one was
/// seen by the hook, its message with the place.
pub(crate) fn run<R>(engine: impl FnOnce() -> R) -> Result<R, Panic> {
    install();
    let nested = IN_MODEL.replace(true);
    LAST_PANIC.with_borrow_mut(Option::take);
    let result = panic::catch_unwind(AssertUnwindSafe(engine));
    IN_MODEL.set(nested);
    result.map_err(|payload| Panic {
        message: panic_message(payload.as_ref()),
        payload,
    })
}

/// Whether this thread of the operating system runs a model.
pub(crate) fn is_in_model() -> bool {
    IN_MODEL.get()
}

/// What a panic of this thread's model said, with its place in the source if the hook has seen it.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = text(payload).unwrap_or_else(|| "a value that is no text".to_string());
    let seen = LAST_PANIC.with_borrow_mut(Option::take);
    // An encoding may have caught another one of its own before.
    seen.filter(|seen| seen.starts_with(&text)).unwrap_or(text)
}

fn text(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string))
}

/// What came out of an engine that panicked.
pub(crate) struct Panic {
    /// The payload, with its type.
    pub(crate) payload: Box<dyn Any + Send>,
    /// The message of the first panic of the run, with its place in the source.
    pub(crate) message: String,
}

fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let original = panic::take_hook();
        panic::set_hook(Box::new(|_| {}));
        // One empty model under each engine makes it install its hook, over the no-op above.
        let mut config = ::shuttle::Config::new();
        config.failure_persistence = ::shuttle::FailurePersistence::None;
        ::shuttle::Runner::new(::shuttle::scheduler::RoundRobinScheduler::new(1), config)
            .run(|| {});
        ::loom::model::Builder::new().check(|| {});
        panic::set_hook(Box::new(move |info| {
            if !IN_MODEL.get() {
                return original(info);
            }
            // loom's coroutines end with a payload of their own type: only text is a failure.
            if let Some(text) = text(info.payload()) {
                let place = info.location().map(Source::from);
                let place = place.map(|at| format!(" ({}:{})", at.file, at.line));
                LAST_PANIC.with_borrow_mut(|last| {
                    last.get_or_insert_with(|| text + &place.unwrap_or_default());
                });
            }
        }));
    });
}
