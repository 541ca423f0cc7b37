//! A mapped file: what the VM asks of a filesystem.
//!
//! The VM's own steps are the same for every filesystem and call it where the kernel does: see
//! [`cleaning`](super::cleaning) and [`truncation`](super::truncation).
//!
//! A filesystem of a model, which checks what it relies on when the VM calls it:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, Halt, Task, World};
//! # use pagelock::kernel::{AddressSpace, Buffers, FileMapping, LockedPage, Page, Pte, truncation::truncate_inode_pages};
//! # use std::sync::Arc;
//! struct File(AddressSpace);
//!
//! impl FileMapping for File {
//!     fn pages(&self) -> &AddressSpace { &self.0 }
//!     fn ptes(&self, _: usize) -> &[Pte] { &[] }
//!     fn blocks_per_page(&self) -> usize { 1 }
//!     fn set_page_dirty(&self, _: &Task, _: &Page) -> Result<(), Halt> { Ok(()) }
//!     fn invalidate_page(&self, task: &Task, _: &LockedPage<'_>, _: usize) -> Result<(), Halt> {
//!         task.check("locked", task.holds("page lock"), || "the page is not locked".into());
//!         task.cover("invalidated");
//!         Ok(())
//!     }
//! }
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let file = File(AddressSpace::new(world, &[Buffers::default()], true));
//!     world.thread("truncate", move |task| truncate_inode_pages(task, &file, 0));
//! });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert!(found.findings.is_empty() && found.reached.contains("invalidated"));
//! ```

use super::{AddressSpace, LockedPage, Page, Pte};
use crate::model::{Halt, Task};

/// A mapped file, with the operations of its filesystem (`struct address_space_operations`).
pub trait FileMapping {
    /// Its pages.
    #[track_caller]
    fn pages(&self) -> &AddressSpace;

    /// The ptes that may map a page, present or not.
    #[track_caller]
    fn ptes(&self, page: usize) -> &[Pte];

    /// The number of blocks of a page.
    #[track_caller]
    fn blocks_per_page(&self) -> usize;

    /// `->set_page_dirty`.
    #[track_caller]
    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt>;

    /// `wait_on_page_writeback`. A filesystem that models the I/O as a lock waits for that instead of the bit.
    #[track_caller]
    fn wait_on_page_writeback(&self, task: &Task, page: &LockedPage<'_>) -> Result<(), Halt> {
        page.page().wait_on_page_writeback(task)
    }

    /// `->invalidatepage`: the blocks of the page from `from` on no longer belong to the file.
    #[track_caller]
    fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt>;
}
