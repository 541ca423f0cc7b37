//! `pagelock worker`, which `pagelock check` starts.

use super::{Answer, interrupt};
use crate::plan::work;
use crate::spec::Specs;

pub(super) fn run(specs: Specs) -> Answer {
    // A terminal interrupts who has started this too, which has something to say.
    let stop = interrupt::ends_what_is_under_way(|| (), || ());
    // Only this writes to standard output: the engines are silent.
    match work(specs, &stop) {
        Ok(()) => Answer::good(String::new()),
        Err(error) => Answer::bad(format!("worker: {error}")),
    }
}
