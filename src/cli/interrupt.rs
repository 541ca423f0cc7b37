//! What Ctrl-C does: SIGINT, and SIGTERM, which somebody sends who has no terminal.

use super::check::clear_progress;
use crate::engine::Stop;
use crate::output::complain;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a process ends that was interrupted, as a shell counts it: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// From here on, the first interrupt stops what is returned, after `tell`, and the next one ends the process
/// with `last_words`.
///
/// A process has one such handler. Where the program around this command line has its own, that one stays.
///
/// # Errors
/// Says why nothing waits for interrupts, which would be lost then.
pub(super) fn ends_what_is_under_way(
    tell: impl Fn() + Send + 'static,
    last_words: impl Fn() + Send + 'static,
) -> Result<Stop, String> {
    let stop = Stop::default();
    let (ended, again) = (stop.clone(), AtomicBool::new(false));
    let set = ctrlc::set_handler(move || {
        if again.swap(true, Ordering::SeqCst) {
            last_words();
            exit(INTERRUPTED);
        }
        tell();
        ended.stop();
    });
    is_set(set).map(|()| stop)
}

/// From here on, an interrupt ends the process: what it does is of no use in part.
pub(super) fn ends_everything() -> Result<(), String> {
    is_set(ctrlc::set_handler(|| {
        last_words();
        exit(INTERRUPTED);
    }))
}

fn is_set(set: Result<(), ctrlc::Error>) -> Result<(), String> {
    match set {
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        // What it says of itself leaves the cause out.
        Err(ctrlc::Error::System(error)) => Err(format!("cannot wait for interrupts: {error}")),
        Err(error) => Err(format!("cannot wait for interrupts: {error}")),
    }
}

/// What a process says that ends at once.
pub(super) fn last_words() {
    clear_progress();
    complain("interrupted");
}
