//! A given schedule under loom, which lets nobody choose: each thread parks until it is its turn.

use super::books::Books;
use super::collect::Collector;
use super::error::{SearchError, sound};
use super::loom;
use super::search::few_threads;
use super::strategy::Engine;
use super::task::{Halt, Task};
use super::world::{Encoding, Shared, unpoisoned};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// The thread of each operation, and who waits for its turn.
#[derive(Debug)]
pub(crate) struct Turns {
    schedule: Vec<u8>,
    waiting: Mutex<BTreeSet<usize>>,
}

impl Turns {
    pub(crate) fn new(schedule: &[u8]) -> Self {
        Self {
            schedule: schedule.to_vec(),
            waiting: Mutex::default(),
        }
    }

    /// Whose turn it is; past the end of the schedule it is everybody's.
    fn is_next(&self, thread: usize, books: &Books) -> bool {
        let next = self.schedule.get(books.schedule.len());
        next.is_none_or(|next| usize::from(*next) == thread)
    }
}

/// Parks a thread that is at an operation until it is its turn. `Err` if the execution is over.
pub(crate) fn await_turn(task: &Task) -> Result<(), Halt> {
    let Some(turns) = &task.shared.turns else {
        return Ok(());
    };
    loop {
        let books = task.shared.books();
        if books.stopping {
            return Err(Halt {});
        }
        if turns.is_next(task.id, &books) {
            return Ok(());
        }
        drop(books);
        unpoisoned(&turns.waiting).insert(task.id);
        ::loom::thread::park();
        unpoisoned(&turns.waiting).remove(&task.id);
    }
}

/// Wakes those whose turn has come, after an operation or where the execution is over. Only who waits for
/// its turn is woken: loom does not take it well if a thread at a mutex is.
pub(crate) fn pass_turn(shared: &Shared) {
    let Some(turns) = &shared.turns else { return };
    let books = shared.books();
    let next = |thread: &usize| books.stopping || turns.is_next(*thread, &books);
    let woken: Vec<usize> = (unpoisoned(&turns.waiting).iter().copied())
        .filter(next)
        .collect();
    drop(books);
    loom::unpark(shared, &woken);
}

/// Executes a schedule under loom; past its end the threads go on as loom will have it.
pub(super) fn follow(
    encoding: &Arc<dyn Encoding>,
    schedule: &[u8],
    collector: &Arc<Mutex<Collector>>,
) -> Result<(), SearchError> {
    few_threads(encoding, Engine::Loom)?;
    let followed = loom::follow(encoding, schedule, collector);
    sound(collector, followed).map_err(|mistake| mistake.error)
}
