//! A mapped file, and what the VM does to clean its pages for I/O.
//!
//! These functions, and those of [`truncation`](super::truncation), are the same for every filesystem and
//! call it where the kernel does, through [`FileMapping`].

use super::functions as f;
use super::{AddressSpace, LockedPage, Page, Pte};
use crate::engine::{Halt, Task};

/// A mapped file, with the operations of its filesystem (`struct address_space_operations`).
pub trait FileMapping {
    /// Its pages.
    #[track_caller]
    fn pages(&self) -> &AddressSpace;

    /// The ptes that may map a page.
    #[track_caller]
    fn ptes(&self, page: usize) -> &[Pte];

    /// The blocks of a page.
    #[track_caller]
    fn blocks_per_page(&self) -> usize;

    /// `->set_page_dirty`.
    #[track_caller]
    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt>;

    /// `wait_on_page_writeback`.
    #[track_caller]
    fn wait_on_page_writeback(&self, task: &Task, page: &LockedPage<'_>) -> Result<(), Halt> {
        page.page().wait_on_page_writeback(task)
    }

    /// `->invalidatepage`: the blocks of the page from `from` on are no longer of the file.
    #[track_caller]
    fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt>;
}

/// `clear_page_dirty_for_io` (mm/page-writeback.c): takes write access and the dirty bit from every
/// pte; makes the page dirty if any had either; clears `PageDirty`. Returns whether it was set. One
/// step for each pte, one for `PageDirty`, and those of `->set_page_dirty`: between any two of them
/// a page fault may come.
#[track_caller]
pub fn clear_page_dirty_for_io(
    task: &Task,
    file: &impl FileMapping,
    page: &LockedPage<'_>,
) -> Result<bool, Halt> {
    clean_ptes(task, file, page)?;
    page.page().test_clear_dirty(task)
}

/// The steps of `clear_page_dirty_for_io` before its last: what the ptes know goes to the page.
/// Returns whether any was writable or dirty.
#[track_caller]
pub fn clean_ptes(
    task: &Task,
    file: &impl FileMapping,
    page: &LockedPage<'_>,
) -> Result<bool, Halt> {
    let _in = task.enter(f::CLEAR_PAGE_DIRTY_FOR_IO);
    let changed = page_mkclean(task, file, page.page())?;
    if changed {
        file.set_page_dirty(task, page.page())?;
    }
    Ok(changed)
}

/// `page_mkclean` (mm/rmap.c): write-protects and cleans every pte of a page, one after the other.
/// Returns whether any was writable or dirty.
#[track_caller]
pub fn page_mkclean(task: &Task, file: &impl FileMapping, page: &Page) -> Result<bool, Halt> {
    let mut changed = false;
    for pte in file.ptes(page.index) {
        changed |= pte.mkclean(task)?;
    }
    Ok(changed)
}
