//! The pages of a file, and the tags by which writeback finds the dirty ones.
//!
//! A flusher goes by the tags, and a page that is under writeback has none:
//!
//! ```
//! # use pagelock::engine::{Encoding, Strategy, World, search};
//! # use pagelock::kernel::{AddressSpace, Buffers};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let file = AddressSpace::new(world, &[Buffers::default(), Buffers::default()], false);
//! world.thread("flusher", move |task| {
//!     file.set_page_dirty_nobuffers(task, file.page(1))?;
//!     let page = file.find_get_pages_tag(task, 0, 2)?[0].lock_page(task)?;
//!     assert_eq!(page.page().index, 1);
//!     page.page().test_clear_dirty(task)?;
//!     file.test_set_page_writeback(task, &page)?;
//!     assert!(file.find_get_pages_tag(task, 0, 2)?.is_empty());
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::States).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::functions as f;
use super::{Buffers, LockedPage, Page};
use crate::engine::{Function, Halt, Task, World};

/// The pages of a file (`struct address_space`).
///
/// The kernel keeps the dirty tags of all pages under one `tree_lock`. Here each page's tag has a
/// lock of its own class: changes of one page's tag exclude one another as they do there, those of
/// different pages commute, and a look-up reads one page after the other. That allows more
/// executions than one lock does, and none fewer; from 2.6.27 on look-ups take no lock at all.
///
/// By the time that a look-up is used it is stale:
///
/// ```
/// use pagelock::engine::{Encoding, Strategy, World, search};
/// use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
/// use std::sync::Arc;
///
/// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let dirty = Buffers::new(&[BufferHead::DIRTY]);
///     let file = AddressSpace::new(world, &[dirty.clone(), dirty], true);
///     let other = file.clone();
///     world.thread("flusher", move |task| {
///         for page in file.find_get_pages_tag(task, 0, 2)? {
///             let _locked = page.lock_page(task)?;
///             let there = page.has_mapping(task, f::WRITE_CACHE_PAGES)?;
///             task.reach(if there { "still there" } else { "truncated" });
///         }
///         Ok(())
///     });
///     world.thread("truncate", move |task| {
///         let _locked = other.page(1).lock_page(task)?;
///         other.page(1).clear_mapping(task)
///     });
/// });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// assert!(found.reached.contains("truncated"));
/// ```
#[derive(Debug, Clone)]
pub struct AddressSpace {
    pages: Vec<Page>,
}

impl AddressSpace {
    /// Makes the pages of a file from their buffers. Dirty pages are tagged. `truncated` says
    /// whether any thread of the scenario takes pages from the file.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let pages = [Buffers::new(&[BufferHead::DIRTY]), Buffers::new(&[BufferHead::ON_DISK])];
    /// let file = AddressSpace::new(world, &pages, false);
    /// let tagged: Vec<bool> = file.pages().iter().map(|page| page.peek(|_, tagged, _| tagged)).collect();
    /// assert_eq!(tagged, [true, false]);
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn new(world: &World, pages: &[Buffers], truncated: bool) -> Self {
        let page = |(index, buffers): (usize, &Buffers)| {
            Page::new(world, index, buffers.clone(), truncated)
        };
        Self {
            pages: pages.iter().enumerate().map(page).collect(),
        }
    }

    /// Makes a file of the given pages.
    ///
    /// Pages in states that their buffers do not tell:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, Page, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let clean = Buffers::new(&[BufferHead::ON_DISK]);
    /// let file = AddressSpace::of(vec![
    ///     Page::new(world, 0, clean.clone(), false),
    ///     Page::in_state(world, 1, clean, true, false), // Dirty, and none of its blocks is.
    /// ]);
    /// world.thread("flusher", move |task| {
    ///     let found = file.find_get_pages_tag(task, 0, 2)?;
    ///     assert_eq!(found.iter().map(|page| page.index).collect::<Vec<_>>(), [1]);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    ///
    /// # Panics
    /// If they do not come in the order of their indices, without gaps.
    #[must_use]
    pub fn of(pages: Vec<Page>) -> Self {
        let in_order = pages.iter().enumerate().all(|(i, page)| page.index == i);
        assert!(in_order, "pages come in the order of their indices");
        Self { pages }
    }

    /// Every page, in ascending order of the index.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = AddressSpace::new(world, &[Buffers::default(), Buffers::default()], true);
    /// let end = file.clone();
    /// world.thread("truncate", move |task| {
    ///     for page in file.pages().iter().skip(1) {
    ///         let locked = page.lock_page(task)?;
    ///         page.clear_mapping(task)?;
    ///         locked.unlock_page();
    ///     }
    ///     Ok(())
    /// });
    /// world.finally(move |_| {
    ///     assert_eq!([0, 1].map(|index| end.page(index).peek_mapping()), [true, false]);
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page at an index.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = AddressSpace::new(world, &[Buffers::default(), Buffers::default()], false);
    /// assert_eq!(file.page(1).index, 1);
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    ///
    /// # Panics
    /// If the file has no such page.
    #[must_use]
    pub fn page(&self, index: usize) -> &Page {
        &self.pages[index]
    }

    /// `find_get_pages_tag`: at most `most` pages from `index` on that are tagged dirty, in
    /// ascending order. One step for each page looked at; by the time the result is used it is
    /// stale.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let dirty = Buffers::new(&[BufferHead::DIRTY]);
    /// let file = AddressSpace::new(world, &[dirty.clone(), Buffers::default(), dirty], false);
    /// world.thread("flusher", move |task| {
    ///     let indices = |pages: Vec<&pagelock::kernel::Page>| -> Vec<usize> {
    ///         pages.iter().map(|page| page.index).collect()
    ///     };
    ///     assert_eq!(indices(file.find_get_pages_tag(task, 0, 14)?), [0, 2]);
    ///     assert_eq!(indices(file.find_get_pages_tag(task, 0, 1)?), [0]);
    ///     assert_eq!(indices(file.find_get_pages_tag(task, 1, 14)?), [2]);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn find_get_pages_tag(
        &self,
        task: &Task,
        index: usize,
        most: usize,
    ) -> Result<Vec<&Page>, Halt> {
        let mut found = Vec::new();
        for page in self.pages.iter().skip(index) {
            if found.len() == most {
                break;
            }
            if page.lock_tag(task, f::FIND_GET_PAGES_TAG)?.read(|tag| *tag) {
                found.push(page);
            }
        }
        Ok(found)
    }

    /// Sets the dirty tag, the last step of every `set_page_dirty`.
    ///
    /// A `set_page_dirty` of one's own. Between its steps the page is dirty, and no look-up finds it:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = AddressSpace::new(world, &[Buffers::default()], false);
    /// let other = file.clone();
    /// world.thread("store", move |task| {
    ///     if !file.page(0).test_set_dirty(task, f::SET_PAGE_DIRTY)? {
    ///         file.tag_dirty(task, file.page(0), f::SET_PAGE_DIRTY)?;
    ///     }
    ///     Ok(())
    /// });
    /// world.thread("flusher", move |task| {
    ///     let dirty = other.page(0).is_dirty(task, f::WRITE_CACHE_PAGES)?;
    ///     if dirty && other.find_get_pages_tag(task, 0, 1)?.is_empty() {
    ///         task.reach("dirty without a tag");
    ///     }
    ///     Ok(())
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.reached.contains("dirty without a tag"));
    /// ```
    #[track_caller]
    pub fn tag_dirty(&self, task: &Task, page: &Page, function: Function) -> Result<(), Halt> {
        page.lock_tag(task, function)?.update(|tag| *tag = true);
        Ok(())
    }

    /// `redirty_page_for_writepage`: `TestSetPageDirty`, then the tag. Two steps.
    ///
    /// What a writepage does that cannot write the page now:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = AddressSpace::new(world, &[Buffers::new(&[BufferHead::DELAYED])], false);
    /// world.thread("reclaim", move |task| {
    ///     let page = file.page(0).lock_page(task)?;
    ///     page.page().test_clear_dirty(task)?;
    ///     file.redirty_page_for_writepage(task, &page)?;
    ///     page.unlock_page();
    ///     assert_eq!(file.find_get_pages_tag(task, 0, 1)?.len(), 1);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn redirty_page_for_writepage(
        &self,
        task: &Task,
        page: &LockedPage<'_>,
    ) -> Result<(), Halt> {
        let page = page.page();
        if !page.test_set_dirty(task, f::REDIRTY_PAGE_FOR_WRITEPAGE)? {
            self.tag_dirty(task, page, f::REDIRTY_PAGE_FOR_WRITEPAGE)?;
        }
        Ok(())
    }

    /// `__set_page_dirty_buffers`: dirties *every* block of the page, also those beyond the end of
    /// the file; sets `PageDirty`; then the tag. Three steps. The page need not be locked.
    ///
    /// The block behind the end of the file becomes dirty too, and has no place on disk:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let buffers = Buffers::new(&[BufferHead::ON_DISK, BufferHead::HOLE]);
    /// let file = AddressSpace::new(world, &[buffers], false);
    /// let end = file.clone();
    /// world.thread("fault", move |task| file.set_page_dirty_buffers(task, file.page(0)));
    /// world.finally(move |_| {
    ///     end.page(0).peek(|flags, tagged, buffers| {
    ///         assert!(flags.dirty && tagged);
    ///         assert_eq!(buffers.heads, [BufferHead::DIRTY, BufferHead::DIRTY_HOLE]);
    ///     });
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn set_page_dirty_buffers(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        page.dirty_all_buffers(task)?;
        task.scope(|| {
            if !page.test_set_dirty(task, f::SET_PAGE_DIRTY_BUFFERS)? {
                self.tag_dirty(task, page, f::SET_PAGE_DIRTY_BUFFERS)?;
            }
            Ok(())
        })
    }

    /// `__set_page_dirty_nobuffers`: sets `PageDirty`, then the tag. Two steps. The page need not be
    /// locked.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = AddressSpace::new(world, &[Buffers::new(&[BufferHead::ON_DISK])], false);
    /// let end = file.clone();
    /// world.thread("fault", move |task| file.set_page_dirty_nobuffers(task, file.page(0)));
    /// world.finally(move |_| {
    ///     end.page(0).peek(|flags, tagged, buffers| {
    ///         assert!(flags.dirty && tagged && !buffers.heads[0].dirty);
    ///     });
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn set_page_dirty_nobuffers(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        task.scope(|| {
            if !page.test_set_dirty(task, f::SET_PAGE_DIRTY_NOBUFFERS)? {
                self.tag_dirty(task, page, f::SET_PAGE_DIRTY_NOBUFFERS)?;
            }
            Ok(())
        })
    }

    /// `test_set_page_writeback`: under the tree's lock, sets `PageWriteback`, looks at `PageDirty`, and
    /// clears the dirty tag unless the page is dirty again. Three steps.
    ///
    /// A page that is dirtied again while it is being submitted keeps its tag:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, functions as f};
    /// # use std::sync::Arc;
    /// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    ///     let file = AddressSpace::new(world, &[Buffers::new(&[BufferHead::DIRTY])], false);
    ///     let (other, end) = (file.clone(), file.clone());
    ///     world.thread("flusher", move |task| {
    ///         let page = file.page(0).lock_page(task)?;
    ///         page.page().test_clear_dirty(task)?;
    ///         file.test_set_page_writeback(task, &page)
    ///     });
    ///     // Without the page lock, as the VM does after a fault.
    ///     world.thread("fault", move |task| other.set_page_dirty_nobuffers(task, other.page(0)));
    ///     world.finally(move |task| {
    ///         let kept = end.page(0).peek(|flags, tagged, _| !flags.dirty || tagged);
    ///         task.check("tagged", kept, || "a dirty page has no tag".into());
    ///     });
    /// });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn test_set_page_writeback(&self, task: &Task, page: &LockedPage<'_>) -> Result<(), Halt> {
        let page = page.page();
        task.scope(|| {
            let mut tag = page.lock_tag(task, f::TEST_SET_PAGE_WRITEBACK)?;
            page.set_writeback(task)?;
            if !page.is_dirty(task, f::TEST_SET_PAGE_WRITEBACK)? {
                tag.update(|tag| *tag = false);
            }
            Ok(())
        })
    }
}
