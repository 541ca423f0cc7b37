//! The bits of a page that do not belong to its blocks, and the steps that look at them and change them.
//!
//! A store during the I/O makes the page dirty again, and the end of the I/O leaves it so:
//!
//! ```
//! # use pagelock::engine::{Encoding, Strategy, World, search};
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
//! # let found = search(&encoding, &Strategy::States).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::Page;
use super::functions as f;
use crate::engine::{Function, Halt, State, Task, Wait};

/// The bits of a page that do not belong to its blocks.
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, PageFlags};
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let file = AddressSpace::new(world, &[Buffers::new(&[BufferHead::DIRTY])], false);
/// let end = file.page(0).clone();
/// world.thread("flusher", move |task| {
///     let page = file.page(0).lock_page(task)?;
///     page.page().test_clear_dirty(task)?;
///     file.test_set_page_writeback(task, &page)
/// });
/// world.finally(move |_| {
///     let flags = end.peek(|flags, _, _| *flags);
///     assert_eq!(flags, PageFlags { dirty: false, writeback: true });
/// });
/// # });
/// # let found = search(&encoding, &Strategy::States).unwrap();
/// # assert_eq!(found.findings, []);
/// ```
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
    ///
    /// Without the page lock the answer is old by the time that it is used:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::new(&[BufferHead::DIRTY]), false);
    /// let other = page.clone();
    /// world.thread("reclaim", move |task| {
    ///     let seen = page.is_dirty(task, f::SHRINK_PAGE_LIST)?;
    ///     let now = page.is_dirty(task, f::PAGEOUT)?;
    ///     task.check("same", seen == now, || "the page was cleaned in between".into());
    ///     Ok(())
    /// });
    /// world.thread("flusher", move |task| other.test_clear_dirty(task).map(drop));
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("same").is_some());
    /// ```
    #[track_caller]
    pub fn is_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.dirty, function, |dirty| dirty.0)
    }

    /// `TestSetPageDirty`: whether the page was dirty already. One step; the dirty tag of the
    /// radix tree is another: [`AddressSpace::tag_dirty`](super::AddressSpace::tag_dirty).
    ///
    /// Of two threads that dirty a page, one finds it clean, and goes on to tag it:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), false);
    /// for name in ["one", "other"] {
    ///     let page = page.clone();
    ///     world.thread(name, move |task| {
    ///         if !page.test_set_dirty(task, f::SET_PAGE_DIRTY)? {
    ///             task.reach(name);
    ///         }
    ///         Ok(())
    ///     });
    /// }
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert_eq!(found.reached.len(), 2); // Either of them, in some execution.
    /// ```
    #[track_caller]
    pub fn test_set_dirty(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.dirty, function, |dirty| {
            std::mem::replace(&mut dirty.0, true)
        })
    }

    /// `TestClearPageDirty`, the last of the steps of `clear_page_dirty_for_io`: whether the page
    /// was dirty. The first is `page_mkclean` on every pte: [`Pte::mkclean`](super::Pte::mkclean).
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::new(&[BufferHead::DIRTY]), false);
    /// let end = page.clone();
    /// world.thread("flusher", move |task| {
    ///     assert!(page.test_clear_dirty(task)?);
    ///     assert!(!page.test_clear_dirty(task)?);
    ///     Ok(())
    /// });
    /// // The blocks are as dirty as before: that is writepage's to change.
    /// world.finally(move |_| assert!(end.peek(|_, _, buffers| buffers.heads[0].dirty)));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn test_clear_dirty(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.dirty, f::CLEAR_PAGE_DIRTY_FOR_IO, |dirty| {
            std::mem::replace(&mut dirty.0, false)
        })
    }

    /// `cancel_dirty_page`: a page that leaves its file is no longer dirty. One step.
    ///
    /// The dirty bit goes; the tag stays until somebody looks:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::new(&[BufferHead::DIRTY]), false);
    /// let end = page.clone();
    /// world.thread("truncate", move |task| page.cancel_dirty_page(task));
    /// world.finally(move |_| {
    ///     assert_eq!(end.peek(|flags, tagged, _| (flags.dirty, tagged)), (false, true));
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn cancel_dirty_page(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.dirty, f::CANCEL_DIRTY_PAGE, |dirty| dirty.0 = false)
    }

    /// Reads `PageWriteback`. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), false);
    /// let file = AddressSpace::of(vec![page.clone()]);
    /// world.thread("flusher", move |task| {
    ///     file.test_set_page_writeback(task, &file.page(0).lock_page(task)?)
    /// });
    /// world.thread("sync", move |task| {
    ///     let on = page.is_writeback(task, f::WRITE_CACHE_PAGES)?;
    ///     task.reach(if on { "under writeback" } else { "not yet" });
    ///     Ok(())
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert_eq!(found.reached.len(), 2);
    /// ```
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
    /// A page may be under writeback and unlocked, and anybody may end that: no lock has such an owner.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = AddressSpace::of(vec![Page::new(world, 0, Buffers::default(), false)]);
    /// let page = file.page(0).clone();
    /// world.thread("flusher", move |task| {
    ///     file.test_set_page_writeback(task, &file.page(0).lock_page(task)?)
    /// });
    /// world.thread("interrupt", move |task| {
    ///     page.end_page_writeback(task)?;
    ///     task.reach(if page.is_writeback(task, f::WRITE_END_IO)? { "on" } else { "off" });
    ///     Ok(())
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.reached.contains("off"));
    /// ```
    #[track_caller]
    pub fn end_page_writeback(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.writeback, f::END_PAGE_WRITEBACK, |writeback| {
            writeback.0 = false;
        })
    }

    /// `wait_on_page_writeback`. One step when the I/O is done.
    ///
    /// Where nobody ends the I/O, the waiter waits for ever:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let page = Page::new(world, 0, Buffers::default(), false);
    /// let file = AddressSpace::of(vec![page.clone()]);
    /// world.thread("flusher", move |task| {
    ///     file.test_set_page_writeback(task, &file.page(0).lock_page(task)?)
    /// });
    /// world.thread("truncate", move |task| page.wait_on_page_writeback(task));
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// let stuck = found.finding(NO_DEADLOCK).unwrap();
    /// assert!(stuck.message.contains("writeback of page 0"), "{}", stuck.message);
    /// ```
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
