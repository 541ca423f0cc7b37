//! A page under its lock.

use super::{Buffers, Page};
use crate::engine::{Function, Guard, Halt, Task};
use std::hash::Hash;

/// A page with `PG_locked` held by this thread. Dropping it is `unlock_page`.
#[derive(Debug)]
pub struct LockedPage<'p> {
    pub(super) page: &'p Page,
    pub(super) guard: Guard<'p, ()>,
}

impl<'p> LockedPage<'p> {
    /// The page.
    #[must_use]
    pub fn page(&self) -> &'p Page {
        self.page
    }

    /// Reads or changes the buffers under the page lock. One step.
    #[track_caller]
    pub fn with_buffers<R: Hash>(
        &self,
        task: &Task,
        function: Function,
        change: impl Fn(&mut Buffers) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        task.step(&self.page.buffers, function, change)
    }

    /// `unlock_page`.
    pub fn unlock_page(self) {
        drop(self.guard);
    }
}
