//! Keeps the engines' panics off standard error, and keeps the message of the last one.
//!
//! Both engines install a panic hook of their own, once in a process. loom's coroutines *end* with
//! a panic that its hook silences; if shuttle's hook is installed later, every end of a loom thread
//! goes through it and prints. So both hooks are installed here, first and in a fixed order, and
//! ours goes on top: it is silent while this thread runs a model, and passes everything else on to
//! the hook that the program had.

use crate::engine::execution::panics::{
    is_in_model, keep_message, panic_message, panic_text, set_in_model,
};
use crate::trace::Source;
use std::any::Any;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::sync::Once;

/// Runs a checker with its output silenced. A panic comes back as its payload and, if one was
/// seen by the hook, its message with the place.
pub(crate) fn run_silenced<R>(checker: impl FnOnce() -> R) -> Result<R, Panic> {
    install();
    let nested = set_in_model(true);
    let result = panic::catch_unwind(AssertUnwindSafe(checker));
    let result = result.map_err(|payload| Panic {
        message: panic_message(payload.as_ref()),
        payload,
    });
    set_in_model(nested);
    result
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
            if !is_in_model() {
                return original(info);
            }
            // loom's coroutines end with a payload of their own type: only text is a failure.
            if let Some(text) = panic_text(info.payload()) {
                let at = info.location().map(Source::from);
                let at = at.map(|at| format!(" ({}:{})", at.file, at.line));
                keep_message(|| text + &at.unwrap_or_default());
            }
        }));
    });
}
