//! The kernel's primitives as shared objects: pages, ptes, buffer heads, inodes, a journal, and the loops of
//! writeback and reclaim.
//!
//! Every method that touches shared state is one atomic kernel step and is named by the kernel
//! function that takes it; where the kernel takes two steps, there are two methods. Guards release
//! on drop, and the engine records every acquisition with its owner and its waiters.
//! Nothing in here knows a protocol: the caller says what is allowed, and what is a bug.
//!
//! Sizes and file positions are in *blocks*. The kernel state mirrored is that of 2.6.26 to 2.6.31, for NFS
//! that of 2.6.21.
//!
//! A user-defined encoding takes the primitives that it needs. Here a fault makes a pte writable before
//! it dirties the page, and a flusher that is scheduled in between leaves the page clean and writable:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::model::{Encoding, World};
//! use pagelock::kernel::{Buffers, Page, Pte, PteState, functions as f};
//! use std::sync::Arc;
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let page = Page::in_state(world, 0, Buffers::default(), true, false);
//!     let pte = Pte::new(world, "pte", PteState::READ_ONLY);
//!     let (stored, entry) = (page.clone(), pte.clone());
//!     world.thread("fault", move |task| {
//!         entry.lock(task, f::DO_WP_PAGE)?.update(|pte| pte.write = true);
//!         stored.test_set_dirty(task, f::SET_PAGE_DIRTY).map(drop)
//!     });
//!     world.thread("flusher", move |task| {
//!         let locked = page.lock_page(task)?;
//!         let writable = pte.lock(task, f::PAGE_MKCLEAN)?.read(|pte| pte.write);
//!         let was_dirty = locked.page().test_clear_dirty(task)?;
//!         let again = locked.page().is_dirty(task, f::WRITE_CACHE_PAGES)?;
//!         task.check("dirty", !(writable && was_dirty && !again), || "writable and clean".into());
//!         Ok(())
//!     });
//! });
//! let found = search(&encoding, &Strategy::LoomSleepSets).unwrap();
//! assert!(found.statistics.complete);
//! assert_eq!(found.findings[0].property, "dirty");
//! ```

pub mod address_space;
pub mod blocks;
pub mod buffer_head;
pub mod cleaning;
pub mod commit;
#[cfg(all(test, not(loom)))]
mod data_tests;
pub mod extents;
pub mod file_mapping;
pub mod functions;
pub mod handle;
pub mod inode;
pub mod journal;
pub mod journal_head;
pub mod journal_lists;
pub mod locked_page;
pub mod metadata;
pub mod mpage_da;
pub mod nfs;
pub mod page;
pub mod page_flags;
pub mod pte;
pub mod raw_inode;
pub mod reclaim;
pub mod rwsem;
#[cfg(all(test, not(loom)))]
mod tests;
#[cfg(all(test, not(loom)))]
mod tests_of_file_mapping;
#[cfg(all(test, not(loom)))]
mod tests_of_nfs;
#[cfg(all(test, not(loom)))]
mod tests_of_rwsem;
pub mod truncation;
pub mod variable;
pub mod writeback;

pub use address_space::AddressSpace;
pub use blocks::Blocks;
pub use buffer_head::{BufferHead, Buffers};
pub use commit::Commit;
pub use extents::{ExtentMap, Found};
pub use file_mapping::FileMapping;
pub use handle::{Handle, TooManyCredits};
pub use inode::Inode;
pub use journal::{Journal, JournalConfig};
pub use journal_head::{DirtyMetadata, Unmapped};
pub use journal_lists::JournalLists;
pub use locked_page::LockedPage;
pub use metadata::{Metadata, OnDisk};
pub use page::Page;
pub use page_flags::PageFlags;
pub use pte::{Pte, PteState};
pub use raw_inode::{Logged, RawInode};
pub use rwsem::{RwGuard, RwSemaphore};
pub use variable::Variable;
pub use writeback::{SyncMode, WritebackControl, WritebackLoop};

/// The classes of the kernel's locks, as the lock order names them.
pub mod class {
    /// `PG_locked`. Several at once: in ascending order of the index.
    pub const PAGE_LOCK: &str = "page lock";
    /// The radix tree's spinlock, `mapping->tree_lock`.
    pub const TREE_LOCK: &str = "tree_lock";
    /// `inode->i_mutex`.
    pub const I_MUTEX: &str = "i_mutex";
    /// `inode->i_alloc_sem`.
    pub const I_ALLOC_SEM: &str = "i_alloc_sem";
    /// `EXT4_I(inode)->i_data_sem`.
    pub const I_DATA_SEM: &str = "i_data_sem";
    /// `EXT4_I(inode)->i_raw_lock`, of later kernels.
    pub const I_RAW_LOCK: &str = "i_raw_lock";
    /// The state of the running transaction: held by the commit while it is `T_LOCKED`.
    pub const TRANSACTION: &str = "transaction";
    /// A handle of the running transaction: one count of `t_updates`.
    pub const HANDLE: &str = "handle";
    /// The filesystem's lock of what it keeps for a dirty page: `PG_BUSY` of an NFS request.
    pub const METADATA: &str = "metadata";
    /// `PG_writeback` of a page, where the thread that sets it also clears it.
    pub const WRITEBACK: &str = "writeback";
    /// A page table entry's lock.
    pub const PTE_LOCK: &str = "pte lock";
}
