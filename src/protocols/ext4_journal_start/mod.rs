//! `ext4-journal-start`: which comes first, the page lock or the transaction?
//!
//! # Mirrors
//! The delayed-allocation paths of fs/ext4/inode.c before and after commit 61628a3f3a37 (2008-07,
//! "ext4: Invert lock ordering of `page_lock` and transaction start in delalloc"), step by step:
//! `ext4_da_write_begin` and `_end` ([`write`](self)), `ext4_page_mkwrite`, `ext4_da_writepages`
//! with `write_cache_pages` and the `mpage_da_*` functions, `ext4_da_writepage` from
//! `shrink_page_list`, `ext4_setattr` with `ext4_ext_truncate`, and
//! `jbd2_journal_commit_transaction`. The step tables are in proofs.md.
//!
//! # Abstracts away
//! Writeback completes where it is submitted: the wait for I/O always ends, whatever is locked.
//! `shrink_page_list` waits for a page lock where the kernel only tries it: kswapd holds nothing
//! then, and a failed try is the execution in which it does not run; in `direct-reclaim`, where the
//! thread does hold something, no other thread wants the page. ptes, the credits of truncation, quota, failed
//! allocations, checkpointing and `nobh` are left out. A credit is the price of one dirtied
//! metadata buffer: one for each allocation, one for the inode; a chunk has the credits for an
//! allocation of each of its blocks, which is more than the patch's own estimate (25 for 4096
//! blocks, by its comment not right for extents) gives a fragmented one. Sizes are whole blocks. `range_start` and
//! `range_cont`, by which a call goes on where it ended, and synchronous handles are left out.
//!
//! # Properties
//! No deadlock; rank (no transaction start under a page lock or `i_data_sem`); credits; the
//! committed size never covers a block that was never allocated, and never undoes a truncation; the two
//! sizes agree at rest; flushed data is on disk or will be found again; handles balance; neither of the two modelled `BUG_ON`s fires.
//!
//! # Known result
//! The old design deadlocks: flusher, commit and writer wait for one another (J-B1), and so with
//! the fault for the writer and with reclaim for the flusher (J-B3). The patched design passes
//! where its patch applies. Seven scenarios show what upstream found in it later, with the fixes as
//! clauses of the design `fixed`, among them the race of writeback with truncation (J-A4) and that of two flushers
//! that wrap (J-A2). Two more show that
//! ext4 lets the size on disk pass a delayed block in every design: after a crash it reads as zeroes.
//!
//! # Example
//! The inversion: a cycle of the flusher, the commit and the writer, and the property that sees it coming.
//!
//! ```
//! use pagelock::engine::{NO_DEADLOCK, Strategy, search};
//! use pagelock::protocols::ext4_journal_start::{RANK, SPEC};
//!
//! let encoding = SPEC.encoding(SPEC.design("old").unwrap(), SPEC.scenario("write").unwrap());
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
//! assert_eq!(cycle.chain(), "flusher -> kjournald2 -> writer -> flusher");
//! // The rank is violated by far more executions than those that deadlock.
//! assert!(found.finding(RANK).unwrap().executions > found.finding(NO_DEADLOCK).unwrap().executions);
//! ```

mod allocate;
mod clauses;
mod commit;
mod config;
mod expectations;
mod mkwrite;
mod one_step;
mod patch;
mod properties;
mod reclaim;
mod scenarios;
mod space;
mod state;
mod threads;
mod truncate;
mod write;
mod writepage;
mod writepages;

use crate::spec::{Spec, scenarios_of};

pub use clauses::*;
pub use config::{Config, Flush};
pub use properties::*;
pub use scenarios::SCENARIOS;
pub use space::SPACE;
pub use threads::encoding;

/// The spec.
pub const SPEC: Spec = Spec {
    commit: "61628a3f3a37",
    before: "61628a3f3a37^",
    subject: "ext4: Invert lock ordering of page_lock and transaction start in delalloc",
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
        "ext4-journal-start",
        "page lock against transaction start in ext4 delayed allocation",
        threads::encode,
    )
};
