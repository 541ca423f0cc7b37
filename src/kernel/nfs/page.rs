//! A page of an NFS file: its lock and its bits.

use super::rpc::Rpcs;
use super::state::{Busy, PageFlags, Start};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::functions as f;
use crate::kernel::variable::Variable;
use crate::model::{Cell, Function, Guard, Halt, Lock, Task, Wait, World};
use std::hash::Hash;

/// A page.
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
    dirty_pages: Variable<bool>,
}

/// A page with `PG_locked` held by this thread. Dropping it is `unlock_page`.
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
    pub(super) fn new(
        world: &World,
        index: usize,
        start: &Start,
        (rpcs, dirty_pages): (&Rpcs, &Variable<bool>),
    ) -> Self {
        let page = Self {
            index,
            no_memory: start.no_memory,
            lock: world.lock(format!("page {index} lock"), PAGE_LOCK, ()),
            flags: world.cell(format!("page {index}"), start.flags),
            busy: world.cell(format!("request {index}"), start.busy),
            rpcs: rpcs.clone(),
            dirty_pages: dirty_pages.clone(),
        };
        let (busy, owner) = (page.busy.clone(), page.last_owner_now());
        world.obligation(format!("request {index}"), move || busy.peek(&owner));
        let (flags, busy) = (page.flags.clone(), page.busy.clone());
        let owner = page.writeback_owner_now();
        world.obligation(format!("writeback of page {index}"), move || {
            let on = flags.peek(|page| page.writeback);
            on.then(|| busy.peek(&owner)).flatten()
        });
        page
    }

    /// `lock_page`: waits until the page lock is free. One step.
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

    /// `wait_on_page_writeback`. One step when the I/O is done. The wait is for the thread that holds `PG_BUSY` of
    /// the request, if there is one.
    #[track_caller]
    pub fn wait_on_page_writeback(&self, task: &Task) -> Result<(), Halt> {
        self.when_written(task, |_| ())
    }

    /// The same in truncation: whether the page is dirty afterwards, or another thread has written it.
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
            .woken_by_owner(&self.busy, self.writeback_owner_now());
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
    /// and, if that is clear, does `TestClearPageDirty`. No other thread sets `PageWriteback` of a locked page,
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

    /// `__set_page_dirty_nobuffers`: `TestSetPageDirty`, then the tag, then the inode. Two steps or three.
    #[track_caller]
    pub fn set_page_dirty_nobuffers(&self, task: &Task) -> Result<(), Halt> {
        let was = task.step(&self.flags, f::SET_PAGE_DIRTY_NOBUFFERS, |page| {
            std::mem::replace(&mut page.dirty, true)
        })?;
        if !was {
            task.step(&self.flags, f::SET_PAGE_DIRTY_NOBUFFERS, |page| {
                page.tagged = true;
            })?;
            super::mark_inode_dirty(task, &self.dirty_pages)?;
        }
        Ok(())
    }

    /// Looks at the page from outside the program, in a check at the end.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&PageFlags) -> R) -> R {
        self.flags.peek(read)
    }
}
