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
use crate::model::{Function, Halt, State, Task, Wait, Word};

/// The bits of a page that do not belong to its blocks (`page->flags`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageFlags {
    /// `PageDirty`.
    pub dirty: bool,
    /// `PageWriteback`.
    pub writeback: bool,
}

/// `PG_dirty` and `PG_private`, bits of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Flags(u8);

const PG_DIRTY: u8 = 1;

const PG_PRIVATE: u8 = 2;

impl Flags {
    pub(super) fn new(dirty: bool, private: bool) -> Self {
        let mut flags = Self(0);
        flags.replace(PG_DIRTY, dirty);
        flags.replace(PG_PRIVATE, private);
        flags
    }

    pub(super) fn dirty(self) -> bool {
        self.0 & PG_DIRTY != 0
    }

    pub(super) fn private(self) -> bool {
        self.0 & PG_PRIVATE != 0
    }

    /// Sets a bit or clears it, and returns what it was.
    fn replace(&mut self, bit: u8, set: bool) -> bool {
        let was = self.0 & bit != 0;
        self.0 = (self.0 & !bit) | if set { bit } else { 0 };
        was
    }
}

impl State for Flags {
    fn show(&self) -> String {
        let dirty = if self.dirty() { "dirty" } else { "clean" };
        let private = if self.private() { " private" } else { "" };
        format!("{dirty}{private}")
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("PG_dirty", self.dirty()),
            Word::new("PG_private", self.private()),
        ]
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
        task.step(&self.flags, function, |flags| flags.dirty())
    }

    /// `TestSetPageDirty`: whether the page was dirty already. One step; the dirty tag of the
    /// radix tree is another: [`AddressSpace::tag_dirty`](super::AddressSpace::tag_dirty).
    #[track_caller]
    pub fn test_set_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.flags, function, |flags| flags.replace(PG_DIRTY, true))
    }

    /// The same, and whether the page had `PG_private` then, for a property.
    #[track_caller]
    pub fn test_set_dirty_and_look(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<(bool, bool), Halt> {
        task.step(&self.flags, function, |flags| {
            (flags.replace(PG_DIRTY, true), flags.private())
        })
    }

    /// Reads `PG_private`: whether the filesystem keeps something for the page. One step.
    #[track_caller]
    pub fn is_private(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.flags, function, |flags| flags.private())
    }

    /// Sets `PG_private`, or clears it. One step.
    #[track_caller]
    pub fn set_private(&self, task: &Task, function: Function, set: bool) -> Result<(), Halt> {
        task.step(&self.flags, function, move |flags| {
            flags.replace(PG_PRIVATE, set);
        })
    }

    /// `TestClearPageDirty`, the last of the steps of `clear_page_dirty_for_io`: whether the page
    /// was dirty. The first is `page_mkclean` on every pte: [`Pte::mkclean`](super::Pte::mkclean).
    #[track_caller]
    pub fn test_clear_dirty(&self, task: &Task) -> Result<bool, Halt> {
        self.clear_dirty(task, f::CLEAR_PAGE_DIRTY_FOR_IO)
    }

    /// `cancel_dirty_page`: a page that leaves its file is no longer dirty. One step.
    #[track_caller]
    pub fn cancel_dirty_page(&self, task: &Task) -> Result<(), Halt> {
        if self.nr_file_dirty.is_some() {
            return self.clear_dirty(task, f::CANCEL_DIRTY_PAGE).map(drop);
        }
        task.step(&self.flags, f::CANCEL_DIRTY_PAGE, |flags| {
            flags.replace(PG_DIRTY, false);
        })
    }

    #[track_caller]
    fn clear_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        let was = task.step(&self.flags, function, |flags| {
            flags.replace(PG_DIRTY, false)
        })?;
        if was {
            self.account(task, function, -1)?;
        }
        Ok(was)
    }

    /// Changes `NR_FILE_DIRTY`, where it is counted. One step.
    #[track_caller]
    pub(super) fn account(&self, task: &Task, function: Function, by: i32) -> Result<(), Halt> {
        match &self.nr_file_dirty {
            Some(count) => task.step(count, function, move |count| *count += by),
            None => Ok(()),
        }
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
