//! `ext4-writepage`: what does writepage do with a dirty block that is not mapped?
//!
//! # Mirrors
//! `->writepage` of fs/ext4/inode.c before c364b22c9580 and 43ce1d23b433 (both 2009-06-14, "ext4:
//! Fix mmap/truncate race when blocksize < pagesize") and after: `ext4_normal_writepage`,
//! `ext4_journalled_writepage` and `ext4_da_writepage`, then the one `ext4_writepage`; with
//! `noalloc_get_block_write`, `block_write_full_page`, `__ext4_journalled_writepage`, and
//! `ext4_da_writepages` with the `mpage_da_*` functions. Around them `ext4_page_mkwrite` with its
//! `write_begin` and `write_end`, the page faults of b827e496c893, `write_cache_pages`, truncation in
//! both directions, reclaim, and the part of the journal that data buffers are filed to. The step
//! table is in proofs.md.
//!
//! # Abstracts away
//! Sizes are whole blocks, pages have two. data=ordered and data=writeback take the same steps
//! here and are one mode: they differ in `nobh`, which is left out, and in the list of inodes that a
//! commit writes, which no scenario of theirs reaches. I/O is done where it is submitted. The
//! processes share one page table. A page that left the file does not come back as a new one: a
//! fault that would read one ends its thread. Zeroing of the tail, `PageMappedToDisk`, quota, failed
//! allocations, orphans and the handles of truncation are left out.
//!
//! # Properties
//! No assertion fails on a state that legal calls can reach; a flush ends; writepage
//! allocates nothing and starts no transaction under the page lock; no promised store is lost; fsync
//! means what it says; buffers are filed only while their block is in the file; no freed buffer is
//! touched; no deadlock.
//!
//! # Known result
//! The old functions BUG, or livelock with delayed allocation. The patched one does
//! neither, and loses a store after truncation to more instead (2014, 90a8020278c1); its data=journal
//! part races with truncation and page faults (2015, bdf96838aea6). That fix leaks references, the fix
//! of that touches freed buffers (2021, c915fb80eaa6), and the fix of that loses them to reclaim (2021,
//! 5c48a7df9149; 2023). Each is found in the design that has all fixes before it.
//!
//! # Example
//! The old function BUGs on a block that a file grew over; the patched one does not:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::protocols::ext4_writepage::{NO_BUG, SPEC};
//!
//! let scenario = SPEC.scenario("grow").unwrap();
//! let bugs = |design| {
//!     let encoding = SPEC.encoding(SPEC.design(design).unwrap(), scenario);
//!     search(&encoding, &Strategy::ExplicitState).unwrap().finding(NO_BUG).is_some()
//! };
//! assert!(bugs("old") && !bugs("patched"));
//! ```

mod clauses;
mod commit;
mod config;
mod expectations;
mod fault;
mod journalled;
mod mkwrite;
mod properties;
mod reclaim;
mod scenarios;
mod state;
mod threads;
mod truncate;
mod writepage;
mod writepages;

use crate::spec::{Spec, scenarios_of};

pub use clauses::*;
pub use config::{Config, Mapped, Mode, Op, Reclaim};
pub use properties::*;
pub use scenarios::{DELAYED_SECOND, GAP_SIZE, SCENARIOS};
pub use threads::encoding;

/// The spec.
pub const SPEC: Spec = Spec {
    name: "ext4-writepage",
    title: "writepage against mmap and truncate in ext4 with blocks smaller than pages",
    commit: "43ce1d23b433",
    before: "c364b22c9580^",
    subject: "ext4: Fix mmap/truncate race when blocksize < pagesize && !nodellaoc",
    clauses: clauses::ALL,
    designs: clauses::DESIGNS,
    scenarios: &scenarios_of::<Config, { SCENARIOS.len() }>(SCENARIOS),
    properties: properties::PROPERTIES,
    consults: &[],
    rejected: &[ALLOCATE, LOCK_KEPT, ACROSS_THE_GAP],
    unviolated: properties::UNVIOLATED,
    cover_points: scenarios::COVER_POINTS,
    expectations: expectations::EXPECTATIONS,
    encode: threads::encode,
};
