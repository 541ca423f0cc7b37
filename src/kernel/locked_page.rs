//! A page whose lock this thread holds.
//!
//! Several steps under the lock are atomic for every other thread that takes the lock:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let page = Page::new(world, 0, Buffers::new(&[BufferHead::ON_DISK]), false);
//! let end = page.clone();
//! for name in ["one", "other"] {
//!     let page = page.clone();
//!     world.thread(name, move |task| {
//!         let locked = page.lock_page(task)?;
//!         let version = locked.with_buffers(task, f::GRAB_CACHE_PAGE, |buffers| buffers.cached[0])?;
//!         locked.with_buffers(task, f::GRAB_CACHE_PAGE, move |buffers| buffers.cached[0] = version + 1)
//!     });
//! }
//! world.finally(move |_| assert_eq!(end.peek(|_, _, buffers| buffers.cached[0]), 2));
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::{Buffers, Page};
use crate::model::{Function, Guard, Halt, Task};
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
