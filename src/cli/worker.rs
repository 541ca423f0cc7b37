//! `pagelock worker`, which `pagelock check` starts.

use super::answer::Answer;
use super::interrupt;
use crate::runner::work;
use crate::spec::Specs;

pub(super) fn run(specs: Specs) -> Answer {
    // A terminal interrupts the parent too, which prints the message.
    let stop = interrupt::stop_on_interrupt(|| (), || ());
    // Only this writes to standard output: the engines write nothing.
    let done = stop.and_then(|stop| work(specs, &stop).map_err(|error| error.to_string()));
    match done {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(format!("worker: {error}")),
    }
}
