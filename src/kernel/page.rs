//! A page of the page cache.
//!
//! Two threads that lock two pages in opposite orders deadlock; a trace names what would have ended each wait:
//!
//! ```
//! use pagelock::engine::{NO_DEADLOCK, Strategy, search};
//! use pagelock::model::{Encoding, World};
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
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
//! assert_eq!(cycle.shape(), "down (page N lock) -> up (page N lock) -> down");
//! assert_eq!(cycle.edges[0].ended_by, "unlock_page");
//! ```

use super::buffer_head::Buffers;
use super::class::{PAGE_LOCK, TREE_LOCK};
use super::functions as f;
use super::locked_page::LockedPage;
use super::page_flags::{Flags, PageFlags, Writeback};
use super::variable::Variable;
use crate::model::{Cell, Function, Guard, Halt, Lock, Task, World};
use std::hash::Hash;

/// A page of the page cache (`struct page`).
#[derive(Debug, Clone)]
pub struct Page {
    /// `page->index`.
    pub index: usize,
    lock: Lock<()>,
    /// Whether `page->mapping` is set; truncation and invalidation clear it.
    mapping: Variable<bool>,
    /// `PageDirty` and `PageWriteback` are bits of one word, and every access to either is atomic.
    pub(super) flags: Cell<Flags>,
    pub(super) writeback: Cell<Writeback>,
    /// `PAGECACHE_TAG_DIRTY` of the page's slot in the radix tree.
    tag: Lock<bool>,
    pub(super) buffers: Cell<Buffers>,
    /// `NR_FILE_DIRTY`, where it is counted.
    pub(super) nr_file_dirty: Option<Cell<i32>>,
}

impl Page {
    /// Makes a page with the given buffers. It is dirty, and tagged, if one of them is.
    /// `truncated` says whether any thread of the scenario takes it from its file.
    #[must_use]
    pub fn new(world: &World, index: usize, buffers: Buffers, truncated: bool) -> Self {
        let dirty = buffers.heads.iter().any(|head| head.dirty);
        Self::in_state(world, index, buffers, dirty, truncated)
    }

    /// Makes a page that is `dirty`, and tagged, or is not, whatever its buffers are.
    #[must_use]
    pub fn in_state(
        world: &World,
        index: usize,
        buffers: Buffers,
        dirty: bool,
        truncated: bool,
    ) -> Self {
        Self::make(world, index, buffers, Flags::new(dirty, false), truncated)
    }

    /// Makes a page without buffers for which a filesystem keeps something, which `PG_private` says. If any thread of
    /// the scenario takes it from its file, `NR_FILE_DIRTY` is counted.
    #[must_use]
    pub fn counted(
        world: &World,
        index: usize,
        dirty: bool,
        private: bool,
        truncated: bool,
    ) -> Self {
        let flags = Flags::new(dirty, private);
        let page = Self::make(world, index, Buffers::default(), flags, truncated);
        let count = truncated.then(|| world.cell("NR_FILE_DIRTY", i32::from(dirty)));
        Self {
            nr_file_dirty: count,
            ..page
        }
    }

    fn make(world: &World, index: usize, buffers: Buffers, flags: Flags, truncated: bool) -> Self {
        Self {
            index,
            lock: world.lock(format!("page {index} lock"), PAGE_LOCK, ()),
            mapping: Variable::new(world, format!("page {index} mapping"), true, truncated),
            tag: world.lock(format!("page {index} tag"), TREE_LOCK, flags.dirty()),
            flags: world.cell(format!("page {index}"), flags),
            writeback: world.cell(format!("page {index} writeback"), Writeback(false)),
            buffers: world.cell(format!("page {index} buffers"), buffers),
            nr_file_dirty: None,
        }
    }

    /// `lock_page`: waits until the page lock is free. One step.
    #[track_caller]
    pub fn lock_page(&self, task: &Task) -> Result<LockedPage<'_>, Halt> {
        self.lock_by(task, f::LOCK_PAGE)
    }

    /// The same in another function that takes the page lock, such as `__grab_cache_page`, which a trace then
    /// shows.
    #[track_caller]
    pub fn lock_by(&self, task: &Task, function: Function) -> Result<LockedPage<'_>, Halt> {
        let guard = task.acquire(&self.lock, function)?;
        let guard = guard.unlocked_by(f::UNLOCK_PAGE);
        Ok(LockedPage { page: self, guard })
    }

    /// Reads `page->mapping`: whether the page still belongs to its file. One step.
    #[track_caller]
    pub fn has_mapping(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        self.mapping.read(task, function)
    }

    /// Clears `page->mapping` (`truncate_complete_page`). One step.
    #[track_caller]
    pub fn clear_mapping(&self, task: &Task) -> Result<(), Halt> {
        self.mapping.write(task, f::TRUNCATE_COMPLETE_PAGE, false)
    }

    /// `remove_from_page_cache`: clears `page->mapping`. Where `NR_FILE_DIRTY` is counted, that is a section of
    /// the tree's lock, in which the slot goes with its tag, and a page that is dirty again is no longer
    /// counted (since 2.6.28).
    #[track_caller]
    pub fn remove_from_page_cache(&self, task: &Task) -> Result<(), Halt> {
        if self.nr_file_dirty.is_none() {
            return self.clear_mapping(task);
        }
        let mut tag = self.lock_tag(task, f::REMOVE_FROM_PAGE_CACHE)?;
        tag.update(|tag| *tag = false);
        self.clear_mapping(task)?;
        if self.is_dirty(task, f::REMOVE_FROM_PAGE_CACHE)? {
            self.account(task, f::REMOVE_FROM_PAGE_CACHE, -1)?;
        }
        Ok(())
    }

    /// `account_page_dirtied` and the dirty tag, of a page that has just become dirty: under the tree's lock, and
    /// only if the page is still of its file. Whether it is.
    #[track_caller]
    pub fn account_dirtied(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        let mut tag = self.lock_tag(task, function)?;
        let of_file = self.has_mapping(task, function)?;
        if of_file {
            self.account(task, function, 1)?;
            tag.update(|tag| *tag = true);
        }
        Ok(of_file)
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
    #[track_caller]
    #[must_use]
    pub fn peek_mapping(&self) -> bool {
        self.mapping.peek()
    }

    /// Looks at the flags, the dirty tag and the buffers from outside the program, in a check at
    /// the end.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&PageFlags, bool, &Buffers) -> R) -> R {
        let tagged = self.tag.peek(|tag| *tag);
        let flags = PageFlags {
            dirty: self.flags.peek(|flags| flags.dirty()),
            writeback: self.writeback.peek(|writeback| writeback.0),
        };
        self.buffers.peek(|buffers| read(&flags, tagged, buffers))
    }

    /// Looks at `PG_private` from outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek_private(&self) -> bool {
        self.flags.peek(|flags| flags.private())
    }

    /// Looks at `NR_FILE_DIRTY` from outside the program; `None` where it is not counted.
    #[track_caller]
    #[must_use]
    pub fn peek_nr_file_dirty(&self) -> Option<i32> {
        (self.nr_file_dirty.as_ref()).map(|count| count.peek(|count| *count))
    }
}
