//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use crate::protocols::ext4_small_blocks::{FILED, FREED, FSYNC, NO_BUG, STORE};
use crate::spec::Expectation;

const BOTH_WALKS: &str = "Both walks are under the page lock, which the fault needs.";
const DISCARDED: &str = "Truncation discards the buffers while writepage waits for its handle, or \
    between its two walks: a buffer is filed that is no longer of the file, or has lost its \
    journal_head.";
const CLEAN_OR_FILED: &str = "A store after the commit faults, or has made the page dirty: writepage leaves no \
    pte writable of a page that it cleans.";
const FREED_BUFFERS: &str = "page_mkwrite finds buffers without the page lock, kswapd takes them, and \
    page_mkwrite follows them.";
const LOCKED_LOOK: &str =
    "page_mkwrite looks at the buffers under the page lock, which kswapd needs.";
const INTO_THE_GAP: &str = "Truncation or a page fault comes into the gap.";
const IN_NO_TRANSACTION: &str = "The page is clean, not under writeback and in no transaction: \
    fsync finds nothing to write and nothing to wait for, and commits without it.";
const KEPT_OUT: &str = "A sample: the page lock and what is looked at under it keep every other \
    thread out of the gap.";
const LOCKED_AGAIN: &str = "The page is locked again, and has left the file or has nothing below \
    its end.";
const LOOK_UP: &str = "The length is sampled again, the second block is looked up for writing, and \
    the look-up takes a hole for a BUG.";
const LOST: &str = "The pte is still writable: the store takes no fault, and no thread maps its \
    block. writepage passes over the hole and cleans the page.";
const ONE_WALK_ONLY: &str = "Between the two walks a page fault maps the second block: the first walk has passed over it, and the \
            second files a buffer without a journal_head.";
const PASSED_OVER: &str = "The hole is passed over, the first block is written, and the page is \
    clean.";
const PROTECTED: &str = "The file grows, and then the pte loses its write access: the next store \
    faults, and page_mkwrite maps its block.";
const REFERENCES: &str = "References keep the buffers across the gap.";
const REDIRTIES: &str = "A thread that has a handle redirties the page, and writes nothing.";
const STALE_LENGTH: &str = "i_size was nothing already when it was sampled: no buffer got a \
    reference, truncation frees them, and the last walk follows them.";
const STAYS_DIRTY: &str = "The page stays dirty across the gap: fsync writes it itself.";
const UNDER_THE_LOCK: &str = "The page is locked again, and left alone if it has left the file; \
    the references go while it is locked, or never.";

/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "store", &[NO_BUG, STORE]).pinned(1).because(LOOK_UP),
    Expectation::violates("old", "truncate", &[FILED, NO_BUG, FREED]).pinned(48).because(DISCARDED),
    Expectation::violates("old", "commit", &[FILED, FREED, NO_BUG]).pinned(332).because(DISCARDED),
    Expectation::passes("old", "reclaim").pinned(7).because(REFERENCES),
    Expectation::violates("old", "fsync", &[FSYNC]).pinned(262).because(IN_NO_TRANSACTION),
    Expectation::violates("old", "fault", &[NO_BUG]).pinned(16).because(LOOK_UP),
    Expectation::passes("old", "synced-store").pinned(19).because(CLEAN_OR_FILED),
    Expectation::violates("old", "hole-first", &[NO_BUG, STORE]).pinned(1).because(LOOK_UP),
    Expectation::violates("old", "reclaimed", &[FREED]).pinned(118).because(FREED_BUFFERS),
    Expectation::passes("old", "direct-reclaim").pinned(3).because(REDIRTIES),
    Expectation::violates("old", "stress", &[FILED, NO_BUG, FREED, FSYNC]).because(INTO_THE_GAP),
    Expectation::violates("parent", "store", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("parent", "truncate", &[FILED, NO_BUG, FREED]).pinned(48).because(DISCARDED),
    Expectation::violates("parent", "commit", &[FILED, FREED, NO_BUG]).pinned(332).because(DISCARDED),
    Expectation::passes("parent", "reclaim").pinned(7).because(REFERENCES),
    Expectation::violates("parent", "fsync", &[FSYNC]).pinned(262).because(IN_NO_TRANSACTION),
    Expectation::violates("parent", "fault", &[NO_BUG]).pinned(2576).because(ONE_WALK_ONLY),
    Expectation::passes("parent", "synced-store").pinned(19).because(CLEAN_OR_FILED),
    Expectation::passes("parent", "hole-first").pinned(1).because(PASSED_OVER),
    Expectation::violates("parent", "reclaimed", &[FREED]).pinned(118).because(FREED_BUFFERS),
    Expectation::passes("parent", "direct-reclaim").pinned(3).because(REDIRTIES),
    Expectation::violates("parent", "stress", &[FILED, NO_BUG, FREED, FSYNC]).because(INTO_THE_GAP),
    Expectation::violates("patched", "store", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("patched", "truncate", &[FILED, NO_BUG, FREED]).pinned(41).because(DISCARDED),
    Expectation::violates("patched", "commit", &[FILED, FREED, NO_BUG]).pinned(316).because(DISCARDED),
    Expectation::passes("patched", "reclaim").pinned(7).because(REFERENCES),
    Expectation::violates("patched", "fsync", &[FSYNC]).pinned(262).because(IN_NO_TRANSACTION),
    Expectation::violates("patched", "fault", &[NO_BUG]).pinned(1415).because(ONE_WALK_ONLY),
    Expectation::passes("patched", "synced-store").pinned(16).because(CLEAN_OR_FILED),
    Expectation::passes("patched", "hole-first").pinned(1).because(PASSED_OVER),
    Expectation::violates("patched", "reclaimed", &[FREED]).pinned(118).because(FREED_BUFFERS),
    Expectation::violates("patched", "direct-reclaim", &[FILED, NO_BUG]).pinned(16).because(DISCARDED),
    Expectation::violates("patched", "stress", &[FILED, NO_BUG, FREED, FSYNC]).because(INTO_THE_GAP),
    Expectation::passes("fixed2015", "store").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2015", "truncate").pinned(5).because(UNDER_THE_LOCK),
    Expectation::passes("fixed2015", "commit").pinned(23).because(UNDER_THE_LOCK),
    Expectation::passes("fixed2015", "reclaim").pinned(4).because(REFERENCES),
    Expectation::violates("fixed2015", "fsync", &[FSYNC]).pinned(266).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2015", "fault").pinned(17).because(BOTH_WALKS),
    Expectation::passes("fixed2015", "synced-store").pinned(7).because(CLEAN_OR_FILED),
    Expectation::passes("fixed2015", "hole-first").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed2015", "reclaimed").pinned(9).because(LOCKED_LOOK),
    Expectation::passes("fixed2015", "direct-reclaim").pinned(5).because(UNDER_THE_LOCK),
    Expectation::passes("fixed2015", "stress").because(UNDER_THE_LOCK),
    Expectation::passes("fixed2021a", "store").pinned(1).because(PROTECTED),
    Expectation::violates("fixed2021a", "truncate", &[FREED]).pinned(16).because(STALE_LENGTH),
    Expectation::violates("fixed2021a", "commit", &[FREED]).pinned(87).because(STALE_LENGTH),
    Expectation::passes("fixed2021a", "reclaim").pinned(4).because(REFERENCES),
    Expectation::violates("fixed2021a", "fsync", &[FSYNC]).pinned(266).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2021a", "fault").pinned(36).because(BOTH_WALKS),
    Expectation::passes("fixed2021a", "synced-store").pinned(10).because(CLEAN_OR_FILED),
    Expectation::passes("fixed2021a", "hole-first").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed2021a", "reclaimed").pinned(13).because(LOCKED_LOOK),
    Expectation::passes("fixed2021a", "direct-reclaim").pinned(7).because(UNDER_THE_LOCK),
    Expectation::violates("fixed2021a", "stress", &[FREED]).because(STALE_LENGTH),
    Expectation::passes("fixed2021", "store").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021", "truncate").pinned(6).because(LOCKED_AGAIN),
    Expectation::passes("fixed2021", "commit").pinned(26).because(LOCKED_AGAIN),
    Expectation::violates("fixed2021", "reclaim", &[NO_BUG, STORE]).pinned(4)
        .because("The page is clean and unlocked, and no thread has a reference to its buffers: reclaim takes them, \
            and page_buffers() BUGs."),
    Expectation::violates("fixed2021", "fsync", &[FSYNC]).pinned(266).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2021", "fault").pinned(17).because(BOTH_WALKS),
    Expectation::passes("fixed2021", "synced-store").pinned(7).because(CLEAN_OR_FILED),
    Expectation::passes("fixed2021", "hole-first").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed2021", "reclaimed").pinned(9).because(LOCKED_LOOK),
    Expectation::passes("fixed2021", "direct-reclaim").pinned(6).because(LOCKED_AGAIN),
    Expectation::passes("fixed2021", "stress").because(KEPT_OUT),
    Expectation::passes("fixed", "store").pinned(1).because(PROTECTED),
    Expectation::passes("fixed", "truncate").pinned(6).because(LOCKED_AGAIN),
    Expectation::passes("fixed", "commit").pinned(26).because(LOCKED_AGAIN),
    Expectation::passes("fixed", "reclaim").pinned(15)
        .because("A dirty page keeps its buffers; and who finds it clean after the gap leaves it alone."),
    Expectation::passes("fixed", "fsync").pinned(36).because(STAYS_DIRTY),
    Expectation::passes("fixed", "fault").pinned(26).because(BOTH_WALKS),
    Expectation::passes("fixed", "synced-store").pinned(11).because(CLEAN_OR_FILED),
    Expectation::passes("fixed", "hole-first").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed", "reclaimed").pinned(12).because(LOCKED_LOOK),
    Expectation::passes("fixed", "direct-reclaim").pinned(6).because(LOCKED_AGAIN),
    Expectation::passes("fixed", "stress").because(KEPT_OUT),
];
