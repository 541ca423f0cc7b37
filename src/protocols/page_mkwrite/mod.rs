//! `page-mkwrite`: what lies between the filesystem's preparation and the dirty page?
//!
//! # Mirrors
//! The fault paths of mm/memory.c before and after commit b827e496c893 (2009-04, "mm: close
//! `page_mkwrite` races"): `do_wp_page` of a shared mapping and `__do_fault` with `filemap_fault`;
//! `->page_mkwrite` in the shape of `block_page_mkwrite`; `write_cache_pages` with
//! `clear_page_dirty_for_io` in its steps, `->writepage` and the end of the write; `vmtruncate` and
//! `truncate_inode_pages_range`; `jbd2_journal_commit_transaction`. The filesystem is a parameter: it
//! returns from `->page_mkwrite` with the page locked or unlocked, with a journal, without space,
//! around `block_page_mkwrite`, or has no `->page_mkwrite`. The step tables are in proofs.md.
//!
//! # Abstracts away
//! The filesystem's metadata of a page is one bit. Its lock is held from `writepage` to the end of the
//! write, as `PG_BUSY` of an NFS request is; a scenario shows what happens where it is not. Files have
//! one page of one block; truncation is to nothing, and its first pass, which only tries page locks, is
//! left out, as are `i_mutex`, `i_alloc_sem`, the second unmap for private copies, private mappings,
//! failed allocations of memory, `invalidate_inode_pages2`, ordered data in commits and reclaim.
//! `NR_FILE_DIRTY` is counted where there is truncation; no thread reads it. A store
//! is one step of the pte's lock: `page_mkclean` waits for every processor. A fault that finds its page
//! beyond the end of the file ends its thread, as the `SIGBUS` of the next try would. A thread is
//! throttled once or not at all. More on each in proofs.md.
//!
//! # Properties
//! P-I1 in two halves: a page that is mapped writable has metadata; so has a dirty page that is not.
//! P-I2, no store is lost. P-I3, no pte maps a page without a mapping, nor is one dirty, and `NR_FILE_DIRTY` is
//! the number of dirty pages that have one. No page changes under writeback. P-I4, the page lock is
//! released, and no transaction starts and no thread is throttled under it. No thread follows a `page->mapping`
//! that truncation has cleared. No deadlock.
//!
//! # Known result
//! The old design breaks P-I1 in two windows on each path: before the pte is set (P-B1, P-B2), and
//! before `set_page_dirty` (P-B3); the first loses a store. The patched design passes with a converted
//! filesystem, and fails in the first window with one that returns unlocked, until it is converted.
//! A filesystem that takes `VM_FAULT_LOCKED` for a failure loses the store: a regression by the
//! patch. One that lets `->page_mkwrite` have the metadata during a write fails in every design, and so does a
//! driver that dirties a page which it has pinned. With `i_size` in the middle of a page there is more to find: see
//! `ext4-writepage`.
//!
//! # Example
//! The store that the old design loses, and that a filesystem which takes `VM_FAULT_LOCKED` for a failure
//! loses in the patched one:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::protocols::page_mkwrite::{SPEC, STORE};
//!
//! let loses = |design, scenario| {
//!     let (design, scenario) = (SPEC.design(design).unwrap(), SPEC.scenario(scenario).unwrap());
//!     let found = search(&SPEC.encoding(design, scenario), &Strategy::ExplicitState).unwrap();
//!     found.finding(STORE).is_some()
//! };
//! assert!(loses("old", "lost-store") && !loses("patched", "lost-store"));
//! assert!(loses("patched", "wrapper") && !loses("fixed", "wrapper"));
//! ```

mod clauses;
mod commit;
mod config;
mod expectations;
mod fault;
mod mkwrite;
mod one_step;
mod patch;
mod properties;
mod scenarios;
mod space;
mod state;
mod threads;
mod truncate;
mod write;
mod writepages;

use crate::spec::{Spec, scenarios_of};

pub use clauses::*;
pub use config::{Config, Filesystem};
pub use properties::*;
pub use scenarios::SCENARIOS;
pub use space::SPACE;
pub use threads::encoding;

/// The spec.
pub const SPEC: Spec = Spec {
    commit: "b827e496c893",
    before: "b827e496c893^",
    subject: "mm: close page_mkwrite races",
    clauses: clauses::ALL,
    designs: clauses::DESIGNS,
    scenarios: &scenarios_of::<Config, { SCENARIOS.len() }>(SCENARIOS),
    properties: properties::PROPERTIES,
    unviolated: properties::UNVIOLATED,
    cover_points: scenarios::COVER_POINTS,
    expectations: expectations::EXPECTATIONS,
    space: Some(&space::SPACE),
    patch: Some(patch::PATCH),
    one_step: one_step::ONE_STEP,
    open: expectations::OPEN,
    ..Spec::new(
        "page-mkwrite",
        "page_mkwrite and set_page_dirty against writeback and truncation",
        threads::encode,
    )
};
