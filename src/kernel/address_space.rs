//! The pages of a file, and the tags by which writeback finds the dirty ones.
//!
//! A flusher finds pages by their tags, and a page that is under writeback has none:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
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
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::functions as f;
use super::{Buffers, LockedPage, Page};
use crate::model::{Function, Halt, Task, World};

/// The pages of a file (`struct address_space`).
///
/// The kernel keeps the dirty tags of all pages under one `tree_lock`. Here each page's tag has a
/// lock of its own class: changes of one page's tag exclude one another as they do there, those of
/// different pages commute, and a look-up reads one page after the other. That allows more
/// executions than one lock does, and none fewer; from 2.6.27 on look-ups take no lock at all.
#[derive(Debug, Clone)]
pub struct AddressSpace {
    pages: Vec<Page>,
}

impl AddressSpace {
    /// Makes the pages of a file from their buffers. Dirty pages are tagged. `truncated` says
    /// whether any thread of the scenario takes pages from the file.
    #[must_use]
    pub fn new(world: &World, pages: &[Buffers], truncated: bool) -> Self {
        let mut made = Vec::new();
        for (index, buffers) in pages.iter().enumerate() {
            made.push(Page::new(world, index, buffers.clone(), truncated));
        }
        Self { pages: made }
    }

    /// Makes a file of the given pages.
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
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page at an index.
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
    #[track_caller]
    pub fn tag_dirty(&self, task: &Task, page: &Page, function: Function) -> Result<(), Halt> {
        page.lock_tag(task, function)?.update(|tag| *tag = true);
        Ok(())
    }

    /// `redirty_page_for_writepage`: `TestSetPageDirty`, then the tag. Two steps.
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
