//! What the VM does to the pages of a mapped file: cleaning for I/O, unmapping, truncating.
//!
//! These functions are the same for every filesystem and call it where the kernel does, through
//! [`FileMapping`].

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

/// `unmap_mapping_range` (mm/memory.c) of one page: takes its ptes away. What a dirty pte knows
/// goes to the page, under the pte's lock (`zap_pte_range`).
#[track_caller]
pub fn unmap_mapping_range(task: &Task, file: &impl FileMapping, page: &Page) -> Result<(), Halt> {
    let _in = task.enter(f::UNMAP_MAPPING_RANGE);
    for pte in file.ptes(page.index) {
        let mut guard = pte.lock(task, f::ZAP_PTE_RANGE)?;
        let was = guard.update(std::mem::take);
        if was.present && was.dirty {
            file.set_page_dirty(task, page)?;
        }
    }
    Ok(())
}

/// `vmtruncate` to fewer blocks, after its `i_size_write`: unmaps the pages that lie beyond the
/// new end as a whole, without their locks; then `truncate_inode_pages`.
///
/// The page that the new end lies in keeps its ptes. The kernel unmaps once more at the end, for
/// the sake of private copies of pages; there are none here.
#[track_caller]
pub fn unmap_and_truncate(task: &Task, file: &impl FileMapping, size: usize) -> Result<(), Halt> {
    let _in = task.enter(f::VMTRUNCATE);
    let first = size.div_ceil(file.blocks_per_page());
    for page in file.pages().pages().iter().skip(first) {
        unmap_mapping_range(task, file, page)?;
    }
    truncate_inode_pages(task, file, size)
}

/// `truncate_inode_pages_range` (mm/truncate.c) from `size` on: first the page that the new end
/// lies in, then those beyond it, each under its lock and after its writeback.
///
/// The kernel's first pass, which only tries each lock and leaves what is busy to the second, is
/// not here: a page that it would find free is one that the second finds free at that time.
#[track_caller]
pub fn truncate_inode_pages(task: &Task, file: &impl FileMapping, size: usize) -> Result<(), Halt> {
    let _in = task.enter(f::TRUNCATE_INODE_PAGES_RANGE);
    let blocks = file.blocks_per_page();
    for page in file.pages().pages().iter().skip(size / blocks) {
        let locked = page.lock_page(task)?;
        file.wait_on_page_writeback(task, &locked)?;
        let from = size.saturating_sub(page.index * blocks);
        if from > 0 {
            let _in = task.enter(f::TRUNCATE_PARTIAL_PAGE);
            file.invalidate_page(task, &locked, from)?;
        } else {
            // The kernel looks at page_mapped() first; a page that is not mapped has no pte here.
            unmap_mapping_range(task, file, page)?;
            truncate_complete_page(task, file, &locked)?;
        }
        locked.unlock_page();
    }
    Ok(())
}

/// `truncate_complete_page` (mm/truncate.c): the filesystem's part, then the dirty bit, then
/// `page->mapping`.
#[track_caller]
pub fn truncate_complete_page(
    task: &Task,
    file: &impl FileMapping,
    page: &LockedPage<'_>,
) -> Result<(), Halt> {
    let _in = task.enter(f::TRUNCATE_COMPLETE_PAGE);
    if !page.page().has_mapping(task, f::TRUNCATE_COMPLETE_PAGE)? {
        return Ok(());
    }
    file.invalidate_page(task, page, 0)?;
    page.page().cancel_dirty_page(task)?;
    page.page().clear_mapping(task)
}
