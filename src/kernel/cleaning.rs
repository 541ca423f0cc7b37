//! `clear_page_dirty_for_io`: what the VM does to clean a page of a mapped file before it is written.
//!
//! A store through a mapping sets a bit of the pte alone, until a thread reads it there:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, Halt, Task, World};
//! # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
//! # use pagelock::kernel::cleaning::clear_page_dirty_for_io;
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
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let file = file(world, 1, PteState { write: true, dirty: true, ..PteState::READ_ONLY });
//! world.thread("flusher", move |task| {
//!     let page = file.pages().page(0).lock_page(task)?;
//!     assert!(!page.page().test_clear_dirty(task)?); // The page's own bit says nothing of it.
//!     assert!(clear_page_dirty_for_io(task, &file, &page)?);
//!     assert!(!clear_page_dirty_for_io(task, &file, &page)?);
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::functions as f;
use super::{FileMapping, LockedPage, Page};
use crate::model::{Halt, Task};

/// `clear_page_dirty_for_io` (mm/page-writeback.c): takes write access and the dirty bit from every
/// pte; makes the page dirty if any had either; clears `PageDirty`. Returns whether it was set. One
/// step for each pte, one for `PageDirty`, and those of `->set_page_dirty`: between any two of them
/// a page fault may take effect; a store that it leaves in the pte is found by the next round.
#[track_caller]
pub fn clear_page_dirty_for_io(
    task: &Task,
    file: &impl FileMapping,
    page: &LockedPage<'_>,
) -> Result<bool, Halt> {
    clean_ptes(task, file, page)?;
    page.page().test_clear_dirty(task)
}

/// The steps of `clear_page_dirty_for_io` before its last: the dirty bits of the ptes go to the page.
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
/// The page's own bits stay as they are. Returns whether any was writable or dirty.
#[track_caller]
pub fn page_mkclean(task: &Task, file: &impl FileMapping, page: &Page) -> Result<bool, Halt> {
    let mut changed = false;
    for pte in file.ptes(page.index) {
        changed |= pte.mkclean(task)?;
    }
    Ok(changed)
}
