//! The pages of a file, and the tags by which writeback finds the dirty ones.

use super::class::TREE_LOCK;
use super::functions as f;
use super::page::{LockedPage, Page};
use super::Buffers;
use crate::engine::{Function, Halt, Lock, State, Task, World};

/// `PAGECACHE_TAG_DIRTY` of each page, under `tree_lock`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct DirtyTags(Vec<bool>);

impl State for DirtyTags {
    fn show(&self) -> String {
        let tagged = (0..self.0.len()).filter(|i| self.0[*i]);
        let tagged: Vec<String> = tagged.map(|i| i.to_string()).collect();
        format!("tagged dirty: {}", tagged.join(" "))
    }
}

/// The pages of a file (`struct address_space`).
#[derive(Debug, Clone)]
pub struct AddressSpace {
    pages: Vec<Page>,
    tree: Lock<DirtyTags>,
}

impl AddressSpace {
    /// Makes the pages of a file from their buffers. Dirty pages are tagged.
    #[must_use]
    pub fn new(world: &World, pages: &[Buffers]) -> Self {
        let tags = (pages.iter())
            .map(|buffers| buffers.heads.iter().any(|head| head.dirty))
            .collect();
        let page = |(index, buffers): (usize, &Buffers)| Page::new(world, index, buffers.clone());
        Self {
            pages: pages.iter().enumerate().map(page).collect(),
            tree: world.lock("tree_lock", TREE_LOCK, DirtyTags(tags)),
        }
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
    /// ascending order. One step; by the time the result is used it is stale.
    pub fn find_get_pages_tag(
        &self,
        task: &Task,
        index: usize,
        most: usize,
    ) -> Result<Vec<&Page>, Halt> {
        let tree = task.acquire(&self.tree, f::FIND_GET_PAGES_TAG)?;
        let tagged = |page: &&Page| tree.read(|tags| tags.0[page.index]);
        Ok(self.pages.iter().skip(index).filter(tagged).take(most).collect())
    }

    /// Sets the dirty tag, the second step of every `set_page_dirty`.
    pub fn tag_dirty(&self, task: &Task, page: &Page, function: Function) -> Result<(), Halt> {
        let mut tree = task.acquire(&self.tree, function)?;
        tree.update(|tags| tags.0[page.index] = true);
        Ok(())
    }

    /// `redirty_page_for_writepage`: `TestSetPageDirty`, then the tag. Two steps.
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
    pub fn set_page_dirty_buffers(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        page.dirty_all_buffers(task)?;
        if !page.test_set_dirty(task, f::SET_PAGE_DIRTY_BUFFERS)? {
            self.tag_dirty(task, page, f::SET_PAGE_DIRTY_BUFFERS)?;
        }
        Ok(())
    }

    /// `test_set_page_writeback`: under `tree_lock`, sets `PageWriteback` and clears the dirty tag
    /// unless the page is dirty again.
    pub fn test_set_page_writeback(&self, task: &Task, page: &LockedPage<'_>) -> Result<(), Halt> {
        let page = page.page();
        let mut tree = task.acquire(&self.tree, f::TEST_SET_PAGE_WRITEBACK)?;
        if !page.set_writeback(task)? {
            tree.update(|tags| tags.0[page.index] = false);
        }
        Ok(())
    }
}
