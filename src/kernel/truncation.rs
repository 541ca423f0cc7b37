//! Truncation: what the VM does to the pages of a mapped file that gets shorter.
//!
//! A thread that has waited for the page lock while the file got shorter finds the page gone:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, Halt, Task, World};
//! # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
//! # use pagelock::kernel::truncation::truncate_inode_pages;
//! # use std::sync::Arc;
//! # struct File(AddressSpace, Vec<Pte>);
//! # impl FileMapping for File {
//! #     fn pages(&self) -> &AddressSpace { &self.0 }
//! #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
//! #     fn blocks_per_page(&self) -> usize { 2 }
//! #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
//! #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
//! #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
//! #     }
//! # }
//! # fn file(world: &World, pages: usize, pte: PteState) -> File {
//! #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
//! #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
//! # }
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let file = Arc::new(file(world, 1, PteState::NONE));
//!     let other = file.clone();
//!     world.thread("truncate", move |task| truncate_inode_pages(task, &*file, 0));
//!     world.thread("flusher", move |task| {
//!         let page = other.pages().page(0).lock_page(task)?;
//!         let there = page.page().has_mapping(task, f::WRITE_CACHE_PAGES)?;
//!         task.cover(if there { "there" } else { "gone" });
//!         Ok(())
//!     });
//! });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert_eq!(found.findings, []);
//! assert_eq!(found.reached.len(), 2);
//! ```

use super::functions as f;
use super::{FileMapping, LockedPage, Page};
use crate::model::{Halt, Task};

/// `unmap_mapping_range` (mm/memory.c) of one page: takes its ptes away. The dirty bit of a pte
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
/// The kernel's first pass, which only tries each lock and leaves a page that is locked or under writeback to the second, is
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
    page.page().remove_from_page_cache(task)
}
