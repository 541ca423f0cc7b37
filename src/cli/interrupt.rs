//! Ctrl-C: SIGINT, and SIGTERM, which is sent without a terminal.

use super::progress;
use crate::engine::Stop;
use crate::output::print_error;
use std::process::exit;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of an interrupted process, as shells have it: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

/// From here on, the first interrupt stops the returned limit, after `note`, and the next one ends the process after
/// `at_exit`.
///
/// A process has one such handler. Where the program around this command line has its own, that one stays.
///
/// # Errors
/// Says why nothing waits for interrupts, which would be lost then.
pub(super) fn stop_on_interrupt(
    note: impl Fn() + Send + 'static,
    at_exit: impl Fn() + Send + 'static,
) -> Result<Stop, String> {
    let stop = Stop::default();
    let (stopped, again) = (stop.clone(), AtomicBool::new(false));
    let set = ctrlc::set_handler(move || {
        if again.swap(true, Ordering::SeqCst) {
            at_exit();
            exit(INTERRUPTED);
        }
        note();
        stopped.stop();
    });
    is_set(set).map(|()| stop)
}

/// From here on, an interrupt ends the process: a part of its output is of no use.
pub(super) fn exit_on_interrupt() -> Result<(), String> {
    is_set(ctrlc::set_handler(|| {
        print_interrupted();
        exit(INTERRUPTED);
    }))
}

fn is_set(set: Result<(), ctrlc::Error>) -> Result<(), String> {
    match set {
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        // Its own message leaves the cause out.
        Err(ctrlc::Error::System(error)) => Err(format!("cannot wait for interrupts: {error}")),
        Err(error) => Err(format!("cannot wait for interrupts: {error}")),
    }
}

/// The message of a process that an interrupt ends.
pub(super) fn print_interrupted() {
    progress::clear();
    print_error("interrupted");
}
