//! `pagelock worker`, which `pagelock check` starts.

use super::{Answer, interrupt};
use crate::runner::work;
use crate::spec::Specs;

pub(super) fn run(specs: Specs) -> Answer {
    // A terminal interrupts who has started this too, which has something to say.
    let stop = interrupt::ends_what_is_under_way(|| (), || ());
    // Only this writes to standard output: the engines are silent.
    let done = stop.and_then(|stop| work(specs, &stop).map_err(|error| error.to_string()));
    match done {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(format!("worker: {error}")),
    }
}
