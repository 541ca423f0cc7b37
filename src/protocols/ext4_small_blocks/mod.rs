//! ext4 with blocks smaller than pages: the bodies that `ext4-writepage` and `ext4-journalled-writepage` have in common.
//!
//! # Mirrors
//! fs/ext4/inode.c before c364b22c9580 and 43ce1d23b433 and after: `->writepage` in each mode of data, with
//! `noalloc_get_block_write`, `block_write_full_page`, `__ext4_journalled_writepage`, and `ext4_da_writepages` with the
//! `mpage_da_*` functions. Around them `ext4_page_mkwrite` with its `write_begin` and `write_end`, the page faults of
//! b827e496c893, `write_cache_pages`, truncation in both directions, reclaim, and the part of the journal that data
//! buffers are filed to.
//!
//! # Abstracts away
//! Sizes are whole blocks, pages have two. I/O is done where it is submitted. The processes share one page table. A
//! page that left the file does not come back as a new one: a fault that would read one ends its thread. An fsync with
//! delayed allocation that has written as many rounds as there are pages lets the other threads end first: they could
//! dirty a page once more after every round. Zero-range is one critical section under the page lock, where the kernel
//! has `i_mmap_sem`. Zeroing of the tail, `PageMappedToDisk`, quota, failed allocations, orphans and the handles of truncation are left out.
//!
//! # Example
//! A configuration that no scenario has:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::protocols::ext4_small_blocks::{Config, LIMIT, NO_BUG, Op, encoding};
//! use pagelock::spec::Variant;
//!
//! let config = Config {
//!     processes: &[("process", &[Op::Truncate(2), Op::Fsync])],
//!     ..Config::BASE
//! };
//! let old = Variant::new([LIMIT.name]);
//! let found = search(&encoding(&old, &config), &Strategy::ExplicitState).unwrap();
//! assert!(found.finding(NO_BUG).is_some());
//! ```

mod clauses;
mod commit;
mod config;
pub(super) mod cover_points;
mod fault;
mod journalled;
mod mkwrite;
pub(super) mod patch;
mod properties;
mod reclaim;
pub(super) mod space;
mod state;
mod threads;
mod truncate;
mod unfinished;
mod writepage;
mod writepages;

pub use clauses::*;
pub use config::{Config, Mapped, Mode, Op, Reclaim};
pub use properties::*;
pub use threads::encoding;
