//! A page of the page cache.
//!
//! Two threads that lock two pages in opposite orders; a traced deadlock names what would have ended it:
//!
//! ```
//! use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
//! use pagelock::kernel::{Buffers, Page};
//! use std::sync::Arc;
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let pages = [0, 1].map(|index| Page::new(world, index, Buffers::default(), false));
//!     for (name, first, second) in [("up", 0, 1), ("down", 1, 0)] {
//!         let pages = pages.clone();
//!         world.thread(name, move |task| {
//!             let _first = pages[first].lock_page(task)?;
//!             let _second = pages[second].lock_page(task)?;
//!             Ok(())
//!         });
//!     }
//! });
//! let found = search(&encoding, &Strategy::States).unwrap();
//! let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
//! assert_eq!(cycle.shape(), "down (page N lock) -> up (page N lock) -> down");
//! assert_eq!(cycle.edges[0].ended_by, "unlock_page");
//! ```

use super::buffer_head::Buffers;
use super::class::{PAGE_LOCK, TREE_LOCK};
use super::functions as f;
use super::locked_page::LockedPage;
use super::page_flags::{Dirty, PageFlags, Writeback};
use super::variable::Variable;
use crate::engine::{Cell, Function, Guard, Halt, Lock, Task, World};
use std::hash::Hash;

/// A page of the page cache (`struct page`).
///
/// A clone is the same page:
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
/// # use std::sync::Arc;
/// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let page = Page::new(world, 0, Buffers::new(&[BufferHead::ON_DISK]), false);
///     let same = page.clone();
///     world.thread("store", move |task| page.test_set_dirty(task, f::SET_PAGE_DIRTY).map(drop));
///     world.thread("flusher", move |task| {
///         let found = same.is_dirty(task, f::WRITE_CACHE_PAGES)?;
///         task.reach(if found { "dirty" } else { "clean" });
///         Ok(())
///     });
/// });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// assert_eq!(found.reached.len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    /// `page->index`.
    pub index: usize,
    lock: Lock<()>,
    /// Whether `page->mapping` is set; truncation and invalidation clear it.
    mapping: Variable<bool>,
    /// `PageDirty` and `PageWriteback` are bits of one word, and every access to either is atomic.
    pub(super) dirty: Cell<Dirty>,
    pub(super) writeback: Cell<Writeback>,
    /// `PAGECACHE_TAG_DIRTY` of the page's slot in the radix tree.
    tag: Lock<bool>,
    pub(super) buffers: Cell<Buffers>,
}

impl Page {
    /// Makes a page with the given buffers. It is dirty, and tagged, if one of them is.
    /// `truncated` says whether any thread of the scenario takes it from its file.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::new(&[BufferHead::ON_DISK, BufferHead::DIRTY]), false);
    /// // One dirty block makes the page dirty, and tagged for the next look-up.
    /// assert_eq!(page.peek(|flags, tagged, _| (flags.dirty, tagged)), (true, true));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn new(world: &World, index: usize, buffers: Buffers, truncated: bool) -> Self {
        let dirty = buffers.heads.iter().any(|head| head.dirty);
        Self::in_state(world, index, buffers, dirty, truncated)
    }

    /// Makes a page that is `dirty`, and tagged, or is not, whatever its buffers are.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// // As reclaim leaves a page whose buffers it has taken: dirty, and nothing known of its blocks.
    /// let page = Page::in_state(world, 0, Buffers::default(), true, false);
    /// assert!(page.peek(|flags, _, buffers| flags.dirty && buffers.heads.is_empty()));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn in_state(
        world: &World,
        index: usize,
        buffers: Buffers,
        dirty: bool,
        truncated: bool,
    ) -> Self {
        Self {
            index,
            lock: world.lock(format!("page {index} lock"), PAGE_LOCK, ()),
            mapping: Variable::new(world, format!("page {index} mapping"), true, truncated),
            tag: world.lock(format!("page {index} tag"), TREE_LOCK, dirty),
            dirty: world.cell(format!("page {index}"), Dirty(dirty)),
            writeback: world.cell(format!("page {index} writeback"), Writeback(false)),
            buffers: world.cell(format!("page {index} buffers"), buffers),
        }
    }

    /// `lock_page`: waits for whoever holds the page lock. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    ///     let page = Page::new(world, 0, Buffers::default(), false);
    ///     for name in ["one", "other"] {
    ///         let page = page.clone();
    ///         world.thread(name, move |task| {
    ///             let _locked = page.lock_page(task)?;
    ///             // A test and set in two steps: what the page lock is for.
    ///             let dirty = page.is_dirty(task, f::WRITE_CACHE_PAGES)?;
    ///             let was = page.test_set_dirty(task, f::SET_PAGE_DIRTY)?;
    ///             task.check("locked", was == dirty, || "somebody came between".into());
    ///             Ok(())
    ///         });
    ///     }
    /// });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn lock_page(&self, task: &Task) -> Result<LockedPage<'_>, Halt> {
        self.lock_by(task, f::LOCK_PAGE)
    }

    /// Takes the page lock in another function that does so, such as `__grab_cache_page`.
    ///
    /// A counterexample shows the function that took the lock, or that waits for it:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), false);
    /// world.thread("writer", move |task| {
    ///     let _locked = page.lock_by(task, f::GRAB_CACHE_PAGE)?;
    ///     page.lock_page(task).map(drop) // It waits for itself.
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// let edge = &found.finding(NO_DEADLOCK).unwrap().cycles[0].edges[0];
    /// assert_eq!((edge.waits_in.as_str(), edge.held_by.as_str()), ("lock_page", "writer"));
    /// ```
    #[track_caller]
    pub fn lock_by(&self, task: &Task, function: Function) -> Result<LockedPage<'_>, Halt> {
        let guard = task.acquire(&self.lock, function)?;
        let guard = guard.unlocked_by(f::UNLOCK_PAGE);
        Ok(LockedPage { page: self, guard })
    }

    /// Reads `page->mapping`: whether the page still belongs to its file. One step.
    ///
    /// Who has waited for a page lock looks again whether the page is still of the file:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), true);
    /// let truncated = page.clone();
    /// world.thread("fault", move |task| {
    ///     let _locked = page.lock_page(task)?;
    ///     let there = page.has_mapping(task, f::FILEMAP_FAULT)?;
    ///     task.reach(if there { "mapped" } else { "gone" });
    ///     Ok(())
    /// });
    /// world.thread("truncate", move |task| {
    ///     let _locked = truncated.lock_page(task)?;
    ///     truncated.clear_mapping(task)
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.reached.contains("mapped") && found.reached.contains("gone"));
    /// ```
    #[track_caller]
    pub fn has_mapping(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        self.mapping.read(task, function)
    }

    /// Clears `page->mapping` (`truncate_complete_page`). One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), true); // Some thread truncates.
    /// world.thread("truncate", move |task| {
    ///     page.clear_mapping(task)?;
    ///     assert!(!page.has_mapping(task, f::TRUNCATE_COMPLETE_PAGE)?);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn clear_mapping(&self, task: &Task) -> Result<(), Halt> {
        self.mapping.write(task, f::TRUNCATE_COMPLETE_PAGE, false)
    }

    /// Takes the radix tree's lock for the page's slot: see [`AddressSpace`](super::AddressSpace).
    #[track_caller]
    pub(super) fn lock_tag(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<Guard<'_, bool>, Halt> {
        task.acquire(&self.tag, function)
    }

    /// Reads the buffers without the page lock, as `walk_page_buffers` does for a caller that has
    /// not taken it. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::new(&[BufferHead::ON_DISK, BufferHead::HOLE]), false);
    /// world.thread("writepage", move |task| {
    ///     let holes = page.read_buffers(task, f::WALK_PAGE_BUFFERS, |buffers| {
    ///         buffers.heads.iter().filter(|head| !head.mapped).count()
    ///     })?;
    ///     assert_eq!(holes, 1);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn read_buffers<R: Hash>(
        &self,
        task: &Task,
        function: Function,
        read: impl Fn(&Buffers) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        task.step(&self.buffers, function, move |buffers| read(buffers))
    }

    /// The first half of `__set_page_dirty_buffers`: every block becomes dirty. One step, under
    /// `private_lock` in the kernel.
    #[track_caller]
    pub(super) fn dirty_all_buffers(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.buffers, f::SET_PAGE_DIRTY_BUFFERS, |buffers| {
            buffers.heads.iter_mut().for_each(|head| head.dirty = true);
        })
    }

    /// Looks at `page->mapping` from outside the program.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), true);
    /// let end = page.clone();
    /// world.thread("truncate", move |task| page.clear_mapping(task));
    /// // A property that looks at the end of every execution.
    /// world.finally(move |task| {
    ///     task.check("truncated", !end.peek_mapping(), || "the page is still there".into());
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn peek_mapping(&self) -> bool {
        self.mapping.peek()
    }

    /// Looks at the flags, the dirty tag and the buffers from outside the program, in a check at
    /// the end.
    ///
    /// A property of the end: a dirty page is tagged, so that the next flush finds it.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), false);
    /// let end = page.clone();
    /// // This one forgets the tag: `AddressSpace::tag_dirty`.
    /// world.thread("store", move |task| page.test_set_dirty(task, f::SET_PAGE_DIRTY).map(drop));
    /// world.finally(move |task| {
    ///     let found = end.peek(|flags, tagged, _| !flags.dirty || tagged);
    ///     task.check("tagged", found, || "a dirty page has no tag".into());
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("tagged").is_some());
    /// ```
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&PageFlags, bool, &Buffers) -> R) -> R {
        let tagged = self.tag.peek(|tag| *tag);
        let flags = PageFlags {
            dirty: self.dirty.peek(|dirty| dirty.0),
            writeback: self.writeback.peek(|writeback| writeback.0),
        };
        self.buffers.peek(|buffers| read(&flags, tagged, buffers))
    }
}
