//! The check at the end of an execution: the same for every engine.

use super::Task;
use super::conduct::ends;
use super::error::SearchError;
use super::quiet;
use super::world::Shared;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Runs the checks of [`World::finally`](super::World::finally), if every thread has come to its end; what they say is
/// compared with other executions. A panic of theirs is the encoding's.
pub(super) fn check(shared: &Arc<Shared>) {
    {
        let mut books = shared.books();
        let every_thread = !books.stopping || books.completed;
        if !every_thread || books.mistake.is_some() {
            return;
        }
        (books.at_the_end, books.running) = (true, None);
        books.looks.close();
        if books.stateful {
            books.begin_step();
        }
        books.touched();
    }
    let task = Task {
        id: 0,
        shared: Arc::clone(shared),
    };
    for check in shared.take_finally() {
        let result = catch_unwind(AssertUnwindSafe(|| check(&task)));
        if let Err(payload) = result {
            let message = quiet::said(&*payload);
            let spot = Box::default();
            shared
                .books()
                .mistaken(SearchError::Panicked { spot, message });
        }
    }
    let mut books = shared.books();
    books.read_at_the_end = books.touched();
    if books.mistake.is_none() {
        ends(&shared.collector, &mut books);
    }
}
