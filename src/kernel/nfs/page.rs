//! A page of an NFS file: its lock and its bits.

use super::rpc::Rpcs;
use super::state::{Busy, PageFlags, Start};
use crate::engine::{Cell, Function, Guard, Halt, Lock, Task, Wait, World};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::functions as f;
use std::hash::Hash;

/// A page.
///
/// The bits by which writeback finds a page, and what each step does to them:
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::nfs::{NfsFile, Start};
/// # use pagelock::kernel::functions as f;
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let file = NfsFile::new(world, &[Start::CLEAN]);
/// world.thread("one", move |task| {
///     let page = file.page(0);
///     page.set_page_dirty_nobuffers(task)?;
///     assert!(page.is_tagged(task)? && page.is_dirty(task, f::WRITE_CACHE_PAGES)?);
///     assert!(page.clear_dirty_for_io(task)?);
///     assert!(page.is_tagged(task)?); // The tag goes with the writeback that follows.
///     assert!(!page.test_set_writeback(task)?);
///     assert!(!page.is_tagged(task)? && page.is_writeback(task, f::WRITE_CACHE_PAGES)?);
///     page.end_page_writeback(task)?;
///     page.wait_on_page_writeback(task)?;
///     assert!(!page.wait_on_page_writeback_to_truncate(task)? && page.peek(|bits| !bits.dirty));
///     Ok(())
/// });
/// # });
/// # let found = search(&encoding, &Strategy::States).unwrap();
/// # assert_eq!(found.findings, []);
/// ```
#[derive(Debug, Clone)]
pub struct NfsPage {
    /// `page->index`.
    pub index: usize,
    /// Whether the radix tree has no memory for a new request of the page.
    pub(super) no_memory: bool,
    lock: Lock<()>,
    flags: Cell<PageFlags>,
    /// `PG_BUSY` of the page's request.
    pub(super) busy: Cell<Busy>,
    pub(super) rpcs: Rpcs,
}

/// A page with `PG_locked` held by this thread. Dropping it is `unlock_page`.
///
/// A thread that holds the page lock while it waits for writeback waits for whoever has the request busy:
///
/// ```
/// # use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
/// # use pagelock::kernel::nfs::{NfsFile, Request, Start};
/// # use pagelock::kernel::functions as f;
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let start = Start { request: Some(Request::NEW), ..Start::CLEAN };
/// let file = NfsFile::new(world, &[start]);
/// let other = file.clone();
/// world.thread("flusher", move |task| {
///     file.start_writeback(task, file.page(0), f::NFS_PAGE_ASYNC_FLUSH, "flusher", false)?;
///     let locked = file.page(0).lock_page(task)?; // Only then does it mean to send the request.
///     locked.unlock_page();
///     file.page(0).end_page_writeback(task)
/// });
/// world.thread("truncate", move |task| {
///     let locked = other.page(0).lock_page(task)?;
///     locked.page.wait_on_page_writeback(task)
/// });
/// # });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// let shape = found.finding(NO_DEADLOCK).unwrap().cycles[0].shape();
/// assert_eq!(shape, "flusher (page N lock) -> truncate (writeback of page N) -> flusher");
/// ```
#[derive(Debug)]
pub struct LockedNfsPage<'p> {
    /// The page.
    pub page: &'p NfsPage,
    guard: Guard<'p, ()>,
}

impl LockedNfsPage<'_> {
    /// `unlock_page`.
    pub fn unlock_page(self) {
        drop(self.guard);
    }
}

impl NfsPage {
    pub(super) fn new(world: &World, index: usize, start: &Start, rpcs: &Rpcs) -> Self {
        let page = Self {
            index,
            no_memory: start.no_memory,
            lock: world.lock(format!("page {index} lock"), PAGE_LOCK, ()),
            flags: world.cell(format!("page {index}"), start.flags),
            busy: world.cell(format!("request {index}"), start.busy),
            rpcs: rpcs.clone(),
        };
        let (busy, owner) = (page.busy.clone(), page.owner_now(None));
        world.obligation(format!("request {index}"), move || busy.peek(&owner));
        let (flags, busy, owner) = (page.flags.clone(), page.busy.clone(), page.owner_now(None));
        world.obligation(format!("writeback of page {index}"), move || {
            let on = flags.peek(|page| page.writeback);
            on.then(|| busy.peek(&owner)).flatten()
        });
        page
    }

    /// `lock_page`: waits for whoever holds the page lock. One step.
    #[track_caller]
    pub fn lock_page(&self, task: &Task) -> Result<LockedNfsPage<'_>, Halt> {
        let guard = task.acquire(&self.lock, f::LOCK_PAGE)?;
        let guard = guard.unlocked_by(f::UNLOCK_PAGE);
        Ok(LockedNfsPage { page: self, guard })
    }

    /// Whether `find_get_pages_tag` finds the page. One step.
    #[track_caller]
    pub fn is_tagged(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.flags, f::FIND_GET_PAGES_TAG, |page| page.tagged)
    }

    /// Reads `PageDirty`. One step.
    #[track_caller]
    pub fn is_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.flags, function, |page| page.dirty)
    }

    /// Reads `PageWriteback`. One step.
    #[track_caller]
    pub fn is_writeback(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.flags, function, |page| page.writeback)
    }

    /// `wait_on_page_writeback`. One step when the I/O is done. Whoever has the request busy is needed for
    /// that, if anybody has.
    #[track_caller]
    pub fn wait_on_page_writeback(&self, task: &Task) -> Result<(), Halt> {
        self.when_written(task, |_| ())
    }

    /// The same in truncation, which finds the page dirty, or written by somebody: whether it is dirty.
    #[track_caller]
    pub fn wait_on_page_writeback_to_truncate(&self, task: &Task) -> Result<bool, Halt> {
        self.when_written(task, |page| page.dirty)
    }

    #[track_caller]
    fn when_written<R: Hash>(
        &self,
        task: &Task,
        effect: impl Fn(&mut PageFlags) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let wait = Wait::on(format!("writeback of page {}", self.index))
            .done_by_owner(&self.busy, self.owner_now(None));
        task.step_when(
            &self.flags,
            f::WAIT_ON_PAGE_WRITEBACK,
            &wait,
            |page| !page.writeback,
            effect,
        )
    }

    /// `TestClearPageDirty` of `clear_page_dirty_for_io`: whether the page was dirty. One step. No
    /// thread of these models stores through a pte that is writable from the start, so `page_mkclean`
    /// before it has nothing to find.
    #[track_caller]
    pub fn test_clear_dirty(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.flags, f::CLEAR_PAGE_DIRTY_FOR_IO, |page| {
            std::mem::replace(&mut page.dirty, false)
        })
    }

    /// What a flusher that does not wait does with a page that it has locked: looks at `PageWriteback`
    /// and, if that is clear, does `TestClearPageDirty`. Nobody sets `PageWriteback` of a locked page,
    /// so both are one step.
    #[track_caller]
    pub fn clear_dirty_for_io(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.flags, f::CLEAR_PAGE_DIRTY_FOR_IO, |page| {
            !page.writeback && std::mem::replace(&mut page.dirty, false)
        })
    }

    /// `test_set_page_writeback`: the dirty tag goes unless the page is dirty again. One step, under
    /// `tree_lock` in the kernel. Whether it was set already.
    #[track_caller]
    pub fn test_set_writeback(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.flags, f::TEST_SET_PAGE_WRITEBACK, |page| {
            if !page.writeback {
                page.tagged &= page.dirty;
            }
            std::mem::replace(&mut page.writeback, true)
        })
    }

    /// `end_page_writeback`. One step, which wakes the waiters.
    #[track_caller]
    pub fn end_page_writeback(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.flags, f::END_PAGE_WRITEBACK, |page| {
            page.writeback = false;
        })
    }

    /// `__set_page_dirty_nobuffers`: `TestSetPageDirty`, then the tag. Two steps.
    #[track_caller]
    pub fn set_page_dirty_nobuffers(&self, task: &Task) -> Result<(), Halt> {
        let was = task.step(&self.flags, f::SET_PAGE_DIRTY_NOBUFFERS, |page| {
            std::mem::replace(&mut page.dirty, true)
        })?;
        if !was {
            task.step(&self.flags, f::SET_PAGE_DIRTY_NOBUFFERS, |page| {
                page.tagged = true;
            })?;
        }
        Ok(())
    }

    /// Looks at the page from outside the program, in a check at the end.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&PageFlags) -> R) -> R {
        self.flags.peek(read)
    }
}
