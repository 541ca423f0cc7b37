//! `nfs-coalesce`: who starts the I/O of a page that is under writeback?
//!
//! # Mirrors
//! The write side of fs/nfs/write.c and fs/nfs/pagelist.c before and after commit c63c7b051395 (2007-04,
//! "NFS: Fix a race when doing NFS write coalescing"), step by step: `generic_writepages`,
//! `nfs_writepages`, `nfs_writepage_locked`, `nfs_page_mark_flush` and `nfs_page_async_flush`,
//! `nfs_writepage_setup`, `nfs_flush_mapping`, `nfs_sync_mapping_wait`, `nfs_wb_all` and `nfs_wb_page`,
//! the `nfs_pageio_*` descriptors, and the completions of WRITE and COMMIT. The step tables are in
//! proofs.md.
//!
//! # Abstracts away
//! One rpciod completes RPCs in the order in which they were sent, and at most the first fails; a COMMIT's
//! verifier matches. Every request is of one open context, and the mapping, `i_size` and ptes do not
//! change; `nfs_flush_multi` (`wsize` below a page), `FLUSH_INVALIDATE`, congestion, and stable writes
//! of a file that fits one RPC are left out. A pagevec holds the whole file. Where a scan skips a busy
//! request, the kernel tries again and again; here it waits. A store is `nfs_set_page_dirty` by a
//! thread that has just made a pte writable. `nfs_writedata_alloc` fails in the kernel only for more
//! than eight pages; one page stands for them in `no-memory`. kswapd waits for a page lock that it
//! only tries in the kernel: a failed try is the execution in which it does not run.
//!
//! # Properties
//! No deadlock; N-I1 to N-I5, where a request that a later pdflush will send is delayed and not lost; none of the modelled `BUG_ON`s fires. N-I3 is checked where it is relied
//! on: a thread that has locked a request and looks at `PG_writeback` finds it clear. As "writeback implies
//! busy" the old design violates it by its very first step, in every scenario, and the property would
//! say nothing; so it says which scenarios have a thread that meets such a request.
//!
//! # Known result
//! The old design leaves pages without an owner (N-B1 by a signal, N-B2 by an error), and deadlocks
//! with a waiter that holds the page lock. The patched design does not. It deadlocks with itself over
//! `PG_NEED_FLUSH` (N-A1), with another flusher under the loop of 2009 (N-A4), and has an orphan of its own where a
//! descriptor refuses a request; all have clauses in `fixed`. In every design a page is clean, and its content nowhere, when its
//! writepage fails or is interrupted. "Prevent deadlock!" matters in one scenario, whose writeback
//! loop no kernel of the time has.
//!
//! # Example
//! The page that the old design leaves without an owner where a later page of the same call fails:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::protocols::nfs_coalesce::{NO_ORPHAN, SPEC};
//!
//! let scenario = SPEC.scenario("error").unwrap();
//! let orphan = |design| {
//!     let encoding = SPEC.encoding(SPEC.design(design).unwrap(), scenario);
//!     let found = search(&encoding, &Strategy::LoomSleepSets).unwrap();
//!     found.finding(NO_ORPHAN).map(|finding| finding.message.clone())
//! };
//! assert!(orphan("old").unwrap().contains("leaves page 0 under writeback without an owner"));
//! assert_eq!(orphan("patched"), None);
//! ```

mod clauses;
mod config;
mod expectations;
mod one_step;
mod patch;
mod properties;
mod reclaim;
mod request;
mod rpciod;
mod scenarios;
mod space;
mod state;
mod sync;
mod threads;
mod writepages;

use crate::spec::{Spec, scenarios_of};

pub use clauses::*;
pub use config::{Config, Loop, Role, Thread, WRITTEN};
pub use properties::*;
pub use scenarios::{BASE, SCENARIOS, TWO_FSYNCS};
pub use space::SPACE;
pub use threads::encoding;

/// The spec.
pub const SPEC: Spec = Spec {
    commit: "c63c7b051395",
    before: "c63c7b051395^",
    subject: "NFS: Fix a race when doing NFS write coalescing",
    clauses: clauses::ALL,
    designs: clauses::DESIGNS,
    scenarios: &scenarios_of::<Config, { SCENARIOS.len() }>(SCENARIOS),
    properties: properties::PROPERTIES,
    cover_points: scenarios::COVER_POINTS,
    expectations: expectations::EXPECTATIONS,
    space: Some(&space::SPACE),
    patch: Some(patch::PATCH),
    one_step: one_step::ONE_STEP,
    open: expectations::OPEN,
    ..Spec::new(
        "nfs-coalesce",
        "requests that are marked for writeback in one pass and sent in another",
        threads::encode,
    )
};
