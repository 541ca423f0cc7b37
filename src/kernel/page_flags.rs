//! `PageDirty` and `PageWriteback`, and the steps that read and change them.
//!
//! A store during the I/O makes the page dirty again, and the page is still dirty when the I/O ends:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let file = AddressSpace::new(world, &[Buffers::new(&[BufferHead::DIRTY])], false);
//! world.thread("one", move |task| {
//!     let page = file.page(0).lock_page(task)?;
//!     page.page().test_clear_dirty(task)?;
//!     file.test_set_page_writeback(task, &page)?;
//!     assert!(!page.page().test_set_dirty(task, f::SET_PAGE_DIRTY)?);
//!     page.page().end_page_writeback(task)?;
//!     assert!(page.page().is_dirty(task, f::WRITE_CACHE_PAGES)?);
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::Page;
use super::functions as f;
use crate::model::{Function, Halt, State, Task, Wait};

/// The bits of a page that do not belong to its blocks (`page->flags`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageFlags {
    /// `PageDirty`.
    pub dirty: bool,
    /// `PageWriteback`.
    pub writeback: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Dirty(pub(super) bool);

impl State for Dirty {
    fn show(&self) -> String {
        if self.0 { "dirty" } else { "clean" }.to_string()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Writeback(pub(super) bool);

impl State for Writeback {
    fn show(&self) -> String {
        if self.0 { "on" } else { "off" }.to_string()
    }
}

impl Page {
    /// Reads `PageDirty`. One step.
    #[track_caller]
    pub fn is_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.dirty, function, |dirty| dirty.0)
    }

    /// `TestSetPageDirty`: whether the page was dirty already. One step; the dirty tag of the
    /// radix tree is another: [`AddressSpace::tag_dirty`](super::AddressSpace::tag_dirty).
    #[track_caller]
    pub fn test_set_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.dirty, function, |dirty| {
            std::mem::replace(&mut dirty.0, true)
        })
    }

    /// `TestClearPageDirty`, the last of the steps of `clear_page_dirty_for_io`: whether the page
    /// was dirty. The first is `page_mkclean` on every pte: [`Pte::mkclean`](super::Pte::mkclean).
    #[track_caller]
    pub fn test_clear_dirty(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.dirty, f::CLEAR_PAGE_DIRTY_FOR_IO, |dirty| {
            std::mem::replace(&mut dirty.0, false)
        })
    }

    /// `cancel_dirty_page`: a page that leaves its file is no longer dirty. One step.
    #[track_caller]
    pub fn cancel_dirty_page(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.dirty, f::CANCEL_DIRTY_PAGE, |dirty| dirty.0 = false)
    }

    /// Reads `PageWriteback`. One step.
    #[track_caller]
    pub fn is_writeback(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.writeback, function, |writeback| writeback.0)
    }

    /// Sets `PageWriteback`. The caller holds the tree's lock.
    #[track_caller]
    pub(super) fn set_writeback(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.writeback, f::TEST_SET_PAGE_WRITEBACK, |writeback| {
            writeback.0 = true;
        })
    }

    /// `end_page_writeback`: the I/O is done. One step, which wakes the waiters.
    ///
    /// A page may be under writeback and unlocked, and any thread may end that: no lock has such an owner.
    #[track_caller]
    pub fn end_page_writeback(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.writeback, f::END_PAGE_WRITEBACK, |writeback| {
            writeback.0 = false;
        })
    }

    /// `wait_on_page_writeback`. One step when the I/O is done.
    #[track_caller]
    pub fn wait_on_page_writeback(&self, task: &Task) -> Result<(), Halt> {
        let wait = Wait::on(format!("writeback of page {}", self.index));
        task.step_when(
            &self.writeback,
            f::WAIT_ON_PAGE_WRITEBACK,
            &wait,
            |writeback| !writeback.0,
            |_| (),
        )
    }
}
