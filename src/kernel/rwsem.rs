//! A semaphore that many readers or one writer can have.

use crate::engine::{Function, Guard, Halt, Lock, Task, World};

/// A read-write semaphore (`struct rw_semaphore`).
///
/// Each thread that may read has a slot, which it holds from `down_read` to `up_read`; the writer
/// takes every slot in turn. So readers do not meet, and every wait is a held lock. A writer that
/// waits keeps later readers out, as the kernel's does.
#[derive(Debug, Clone)]
pub struct RwSemaphore {
    slots: Vec<(String, Lock<()>)>,
}

impl RwSemaphore {
    /// Makes a semaphore that the named threads may read.
    #[must_use]
    pub fn new(world: &World, name: &str, class: &'static str, readers: &[String]) -> Self {
        let slot = |reader: &String| {
            let lock = world.lock(format!("{name} of {reader}"), class, ());
            (reader.clone(), lock)
        };
        Self {
            slots: readers.iter().map(slot).collect(),
        }
    }

    /// `down_read`. One step.
    ///
    /// # Panics
    /// If the thread is not one of the readers.
    #[track_caller]
    pub fn down_read(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        let name = task.name();
        let own = self.slots.iter().find(|(reader, _)| *reader == name);
        task.acquire(&own.expect("the thread is a reader").1, function)
    }

    /// `down_write`: waits for every reader. One step for each slot.
    #[track_caller]
    pub fn down_write(&self, task: &Task, function: Function) -> Result<Vec<Guard<'_, ()>>, Halt> {
        let take = |(_, slot)| task.acquire(slot, function);
        self.slots
            .iter()
            .map(|(name, slot)| (name, slot))
            .map(take)
            .collect()
    }
}
