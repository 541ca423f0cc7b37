//! A page under its lock.
//!
//! What takes several steps is one for everybody who takes the lock too:
//!
//! ```
//! # use pagelock::engine::{Encoding, Strategy, World, search};
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
//! # let found = search(&encoding, &Strategy::States).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::{Buffers, Page};
use crate::engine::{Function, Guard, Halt, Task};
use std::hash::Hash;

/// A page with `PG_locked` held by this thread. Dropping it is `unlock_page`.
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::{Buffers, Page, functions as f};
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let page = Page::new(world, 0, Buffers::default(), true);
/// for name in ["flusher", "truncate"] {
///     let page = page.clone();
///     world.thread(name, move |task| {
///         let locked = page.lock_page(task)?;
///         if locked.page().has_mapping(task, f::WRITE_CACHE_PAGES)? {
///             locked.page().clear_mapping(task)?;
///             task.reach(name);
///         }
///         Ok(()) // Here the page is unlocked.
///     });
/// }
/// # });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// // Between the look and what follows from it nobody comes, and either thread may be first.
/// assert_eq!(found.reached.into_iter().collect::<Vec<_>>(), ["flusher", "truncate"]);
/// assert_eq!(found.outcomes.len(), 1);
/// ```
#[derive(Debug)]
pub struct LockedPage<'p> {
    pub(super) page: &'p Page,
    pub(super) guard: Guard<'p, ()>,
}

impl<'p> LockedPage<'p> {
    /// The page.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 3, Buffers::default(), false);
    /// // What takes a locked page asks for it by its type, and reaches the page through it.
    /// fn index_of(locked: &pagelock::kernel::LockedPage<'_>) -> usize {
    ///     locked.page().index
    /// }
    /// world.thread("one", move |task| {
    ///     let locked = page.lock_page(task)?;
    ///     assert_eq!(index_of(&locked), 3);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn page(&self) -> &'p Page {
        self.page
    }

    /// Reads or changes the buffers under the page lock. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::new(&[BufferHead::DIRTY, BufferHead::DELAYED]), false);
    /// world.thread("flusher", move |task| {
    ///     let locked = page.lock_page(task)?;
    ///     let left = locked.with_buffers(task, f::BLOCK_WRITE_FULL_PAGE, |buffers| {
    ///         buffers.submit();
    ///         buffers.has_unwritten_content()
    ///     })?;
    ///     assert!(left, "the delayed block has no place on disk yet");
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), false);
    /// world.thread("reader", move |task| {
    ///     let locked = page.lock_page(task)?;
    ///     assert!(task.holds("page lock"));
    ///     locked.unlock_page();
    ///     assert!(!task.holds("page lock"));
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    pub fn unlock_page(self) {
        drop(self.guard);
    }
}
