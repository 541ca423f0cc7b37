//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{FILED, FREED, FSYNC, NO_BUG, PROGRESS, STORE};
use crate::spec::Expectation;

const ANEW: &str = "The store to the first block faults, and page_mkwrite reserves the second \
    block anew; the buffer remembers nothing.";
const ANY_THREAD: &str = "writepage allocates nothing, so that any thread may write the page.";
const BOTH_WALKS: &str = "Both walks are under the page lock, which the fault needs.";
const BUGS: &str = "The page is dirty as a whole, and its second block is unmapped: writepage \
    takes that for a state that cannot be, and BUGs. What it was given stays clean and \
    unwritten.";
const DISCARDED: &str = "Truncation discards the buffers while writepage waits for its handle, or \
    between its two walks: a buffer is filed that is no longer of the file, or has lost its \
    journal_head.";
const FAULTS: &str = "Every store faults first, and page_mkwrite maps its block.";
const GIVES_UP: &str = "Truncation is kept out while page_mkwrite runs, and may come before the \
    fault has the page lock: the fault looks at the mapping then, and gives up.";
const INTO_THE_GAP: &str = "Truncation or a page fault comes into the gap.";
const IN_A_ROW: &str = "kswapd redirties the page, and the flusher allocates both of its blocks at \
    once.";
const IN_NO_TRANSACTION: &str = "The page is clean, not under writeback and in no transaction: \
    fsync finds nothing to write and nothing to wait for, and commits without it.";
const KEPT_BUFFERS: &str = "The fault has the page lock from its last look at the buffers until \
    the page is dirty: kswapd takes them before that, and page_mkwrite makes new ones, or finds \
    the page dirty and writes it.";
const KEPT_OUT: &str = "A sample: the page lock and what is looked at under it keep every other \
    thread out of the gap.";
const LEFT_UNWRITTEN: &str = "Truncation leaves the second buffer unwritten, though its block is \
    gone; writepages allocates another, and finds that the number is not the buffer's.";
const LIVELOCK: &str = "writepages allocates the second block, and does not tell its buffer; \
    writepage redirties the page; so it goes on, and the first block is never written.";
const LOCKED: &str = "page_mkwrite returns with the page locked: the pte becomes writable before \
    the file can take write access away, or page_mkwrite sees the longer file.";
const LOCKED_AGAIN: &str = "The page is locked again, and has left the file or has nothing below \
    its end.";
const LOOKS_AGAIN: &str = "page_mkwrite looks at the mapping and at i_size each time that it has \
    locked the page, and returns with the page locked.";
const LOOK_UP: &str = "The length is sampled again, the second block is looked up for writing, and \
    the look-up takes a hole for a BUG.";
const LOST: &str = "The pte is still writable: the store takes no fault, and no thread maps its \
    block. writepage passes over the hole and cleans the page.";
const NO_BUFFERS: &str = "kswapd takes the buffers after page_mkwrite has looked at them, and the \
    page is dirty without any: writepage makes new ones, and looks their blocks up.";
const PASSED_OVER: &str = "The hole is passed over, the first block is written, and the page is \
    clean.";
const PROTECTED: &str = "The file grows, and then the pte loses its write access: the next store \
    faults, and page_mkwrite maps its block.";
const PUT_BACK: &str = "kswapd redirties the page, and the flusher allocates its block.";
const REFERENCES: &str = "References keep the buffers across the gap.";
const SAMPLE: &str = "A sample. The file shrinks or grows, and what is promised gets to the disk.";
const SAMPLES: &str = "The samples of i_size differ, and each function is right for its own: what \
    truncation cuts off is cleaned or written, and then discarded.";
const STALE_LENGTH: &str = "i_size was nothing already when it was sampled: no buffer got a \
    reference, truncation frees them, and the last walk follows them.";
const STAYS_DIRTY: &str = "The page stays dirty across the gap: fsync writes it itself.";
const UNDER_THE_LOCK: &str = "The page is locked again, and left alone if it has left the file; \
    the references go while it is locked, or never.";
const UNLOCKED: &str = "page_mkwrite has looked at the shorter file and returned without the page \
    lock; the file grows; the pte becomes writable all the same, and the store to the second block \
    takes no fault.";

/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "grow", &[NO_BUG, STORE]).pinned(5).because(BUGS),
    Expectation::violates("old", "grow-journalled", &[NO_BUG, STORE]).pinned(3).because(LOOK_UP),
    Expectation::violates("old", "grow-delalloc", &[PROGRESS]).pinned(15).because(LIVELOCK),
    Expectation::violates("old", "livelock", &[PROGRESS]).pinned(1).because(LIVELOCK),
    Expectation::violates("old", "store", &[NO_BUG, STORE]).pinned(21).because(BUGS),
    Expectation::violates("old", "store-journalled", &[NO_BUG, STORE]).pinned(1).because(LOOK_UP),
    Expectation::violates("old", "store-delalloc", &[PROGRESS, STORE]).pinned(1).because(LIVELOCK),
    Expectation::violates("old", "fault", &[STORE]).pinned(12).because(UNLOCKED),
    Expectation::violates("old", "fault-flush", &[NO_BUG, STORE]).pinned(1068).because(BUGS),
    Expectation::passes("old", "fault-truncate").pinned(60).because(GIVES_UP),
    Expectation::violates("old", "down-up", &[NO_BUG, STORE]).pinned(26).because(BUGS),
    Expectation::passes("old", "shrink").pinned(6).because(SAMPLES),
    Expectation::violates("old", "unwritten", &[NO_BUG, STORE]).pinned(38).because(BUGS),
    Expectation::violates("old", "unwritten-delalloc", &[PROGRESS, STORE]).pinned(1).because(LIVELOCK),
    Expectation::violates("old", "unwritten-down-up", &[NO_BUG, STORE]).pinned(1).because(LEFT_UNWRITTEN),
    Expectation::passes("old", "hole").pinned(13).because(FAULTS),
    Expectation::passes("old", "handle").pinned(1)
        .because("A thread with a handle redirties the page: another one will write it."),
    Expectation::passes("old", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("old", "delayed-row").pinned(6).because(IN_A_ROW),
    Expectation::passes("old", "reclaimed").pinned(93).because(NO_BUFFERS),
    Expectation::passes("old", "reclaimed-delalloc").pinned(630).because(NO_BUFFERS),
    Expectation::violates("old", "journalled-truncate", &[FILED, NO_BUG, FREED]).pinned(48).because(DISCARDED),
    Expectation::violates("old", "journalled-commit", &[FILED, FREED, NO_BUG]).pinned(332).because(DISCARDED),
    Expectation::passes("old", "journalled-reclaim").pinned(7).because(REFERENCES),
    Expectation::violates("old", "journalled-fsync", &[FSYNC]).pinned(262).because(IN_NO_TRANSACTION),
    Expectation::violates("old", "journalled-fault", &[NO_BUG]).pinned(16).because(LOOK_UP),
    Expectation::violates("old", "journalled-again", &[FSYNC]).pinned(11_645).because(IN_NO_TRANSACTION),
    Expectation::violates("old", "stress", &[NO_BUG, FSYNC, STORE]).because(BUGS),
    Expectation::violates("old", "stress-delalloc", &[PROGRESS, STORE]).because(LIVELOCK),
    Expectation::violates("old", "journalled-stress", &[FILED, NO_BUG, FREED, FSYNC]).because(INTO_THE_GAP),
    Expectation::passes("patched", "grow").pinned(8).because(PASSED_OVER),
    Expectation::passes("patched", "grow-journalled").pinned(2).because(PASSED_OVER),
    Expectation::passes("patched", "grow-delalloc").pinned(16).because(PASSED_OVER),
    Expectation::passes("patched", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::violates("patched", "store", &[STORE]).pinned(57).because(LOST),
    Expectation::violates("patched", "store-journalled", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("patched", "store-delalloc", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("patched", "fault", &[STORE]).pinned(12).because(UNLOCKED),
    Expectation::violates("patched", "fault-flush", &[STORE]).pinned(1932).because(LOST),
    Expectation::passes("patched", "fault-truncate").pinned(60).because(GIVES_UP),
    Expectation::violates("patched", "down-up", &[STORE]).pinned(62).because(LOST),
    Expectation::passes("patched", "shrink").pinned(6).because(SAMPLES),
    Expectation::violates("patched", "unwritten", &[STORE]).pinned(57).because(LOST),
    Expectation::violates("patched", "unwritten-delalloc", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("patched", "unwritten-down-up", &[NO_BUG, STORE]).pinned(1).because(LEFT_UNWRITTEN),
    Expectation::passes("patched", "hole").pinned(13).because(FAULTS),
    Expectation::passes("patched", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("patched", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("patched", "delayed-row").pinned(6).because(IN_A_ROW),
    Expectation::passes("patched", "reclaimed").pinned(93).because(NO_BUFFERS),
    Expectation::passes("patched", "reclaimed-delalloc").pinned(630).because(NO_BUFFERS),
    Expectation::violates("patched", "journalled-truncate", &[FILED, NO_BUG, FREED]).pinned(41).because(DISCARDED),
    Expectation::violates("patched", "journalled-commit", &[FILED, FREED, NO_BUG]).pinned(316).because(DISCARDED),
    Expectation::passes("patched", "journalled-reclaim").pinned(7).because(REFERENCES),
    Expectation::violates("patched", "journalled-fsync", &[FSYNC]).pinned(262).because(IN_NO_TRANSACTION),
    Expectation::violates("patched", "journalled-fault", &[NO_BUG]).pinned(1415)
        .because("Between the two walks a page fault maps the second block: the first walk has passed over it, and the \
            second files a buffer without a journal_head."),
    Expectation::violates("patched", "journalled-again", &[FSYNC]).pinned(6522).because(IN_NO_TRANSACTION),
    Expectation::passes("patched", "stress").because(SAMPLE),
    Expectation::violates("patched", "stress-delalloc", &[STORE]).because(LOST),
    Expectation::violates("patched", "journalled-stress", &[FILED, NO_BUG, FREED, FSYNC]).because(INTO_THE_GAP),
    Expectation::passes("fixed2015", "grow").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed2015", "grow-journalled").pinned(5).because(PASSED_OVER),
    Expectation::passes("fixed2015", "grow-delalloc").pinned(12).because(PASSED_OVER),
    Expectation::passes("fixed2015", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed2015", "store").pinned(10).because(PROTECTED),
    Expectation::passes("fixed2015", "store-journalled").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2015", "store-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2015", "fault").pinned(21).because(LOCKED),
    Expectation::passes("fixed2015", "fault-flush").pinned(193).because(PROTECTED),
    Expectation::passes("fixed2015", "fault-truncate").pinned(24).because(LOOKS_AGAIN),
    Expectation::passes("fixed2015", "down-up").pinned(15).because(PROTECTED),
    Expectation::passes("fixed2015", "shrink").pinned(6).because(SAMPLES),
    Expectation::passes("fixed2015", "unwritten").pinned(10).because(PROTECTED),
    Expectation::passes("fixed2015", "unwritten-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2015", "unwritten-down-up").pinned(1).because(ANEW),
    Expectation::passes("fixed2015", "hole").pinned(4).because(FAULTS),
    Expectation::passes("fixed2015", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("fixed2015", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("fixed2015", "delayed-row").pinned(6).because(IN_A_ROW),
    Expectation::passes("fixed2015", "reclaimed").pinned(34).because(KEPT_BUFFERS),
    Expectation::passes("fixed2015", "reclaimed-delalloc").pinned(204).because(KEPT_BUFFERS),
    Expectation::passes("fixed2015", "journalled-truncate").pinned(5).because(UNDER_THE_LOCK),
    Expectation::passes("fixed2015", "journalled-commit").pinned(23).because(UNDER_THE_LOCK),
    Expectation::passes("fixed2015", "journalled-reclaim").pinned(4).because(REFERENCES),
    Expectation::violates("fixed2015", "journalled-fsync", &[FSYNC]).pinned(266).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2015", "journalled-fault").pinned(17).because(BOTH_WALKS),
    Expectation::violates("fixed2015", "journalled-again", &[FSYNC]).pinned(59).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2015", "stress").because(SAMPLE),
    Expectation::passes("fixed2015", "stress-delalloc").because(PROTECTED),
    Expectation::passes("fixed2015", "journalled-stress").because(UNDER_THE_LOCK),
    Expectation::passes("fixed2021a", "grow").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed2021a", "grow-journalled").pinned(5).because(PASSED_OVER),
    Expectation::passes("fixed2021a", "grow-delalloc").pinned(12).because(PASSED_OVER),
    Expectation::passes("fixed2021a", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed2021a", "store").pinned(10).because(PROTECTED),
    Expectation::passes("fixed2021a", "store-journalled").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021a", "store-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021a", "fault").pinned(21).because(LOCKED),
    Expectation::passes("fixed2021a", "fault-flush").pinned(193).because(PROTECTED),
    Expectation::passes("fixed2021a", "fault-truncate").pinned(24).because(LOOKS_AGAIN),
    Expectation::passes("fixed2021a", "down-up").pinned(15).because(PROTECTED),
    Expectation::passes("fixed2021a", "shrink").pinned(6).because(SAMPLES),
    Expectation::passes("fixed2021a", "unwritten").pinned(10).because(PROTECTED),
    Expectation::passes("fixed2021a", "unwritten-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021a", "unwritten-down-up").pinned(1).because(ANEW),
    Expectation::passes("fixed2021a", "hole").pinned(4).because(FAULTS),
    Expectation::passes("fixed2021a", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("fixed2021a", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("fixed2021a", "delayed-row").pinned(6).because(IN_A_ROW),
    Expectation::passes("fixed2021a", "reclaimed").pinned(34).because(KEPT_BUFFERS),
    Expectation::passes("fixed2021a", "reclaimed-delalloc").pinned(204).because(KEPT_BUFFERS),
    Expectation::violates("fixed2021a", "journalled-truncate", &[FREED]).pinned(16).because(STALE_LENGTH),
    Expectation::violates("fixed2021a", "journalled-commit", &[FREED]).pinned(87).because(STALE_LENGTH),
    Expectation::passes("fixed2021a", "journalled-reclaim").pinned(4).because(REFERENCES),
    Expectation::violates("fixed2021a", "journalled-fsync", &[FSYNC]).pinned(266).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2021a", "journalled-fault").pinned(36).because(BOTH_WALKS),
    Expectation::violates("fixed2021a", "journalled-again", &[FSYNC]).pinned(112).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2021a", "stress").because(SAMPLE),
    Expectation::passes("fixed2021a", "stress-delalloc").because(PROTECTED),
    Expectation::violates("fixed2021a", "journalled-stress", &[FREED]).because(STALE_LENGTH),
    Expectation::passes("fixed2021", "grow").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed2021", "grow-journalled").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed2021", "grow-delalloc").pinned(12).because(PASSED_OVER),
    Expectation::passes("fixed2021", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed2021", "store").pinned(10).because(PROTECTED),
    Expectation::passes("fixed2021", "store-journalled").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021", "store-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021", "fault").pinned(21).because(LOCKED),
    Expectation::passes("fixed2021", "fault-flush").pinned(193).because(PROTECTED),
    Expectation::passes("fixed2021", "fault-truncate").pinned(24).because(LOOKS_AGAIN),
    Expectation::passes("fixed2021", "down-up").pinned(15).because(PROTECTED),
    Expectation::passes("fixed2021", "shrink").pinned(6).because(SAMPLES),
    Expectation::passes("fixed2021", "unwritten").pinned(10).because(PROTECTED),
    Expectation::passes("fixed2021", "unwritten-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed2021", "unwritten-down-up").pinned(1).because(ANEW),
    Expectation::passes("fixed2021", "hole").pinned(4).because(FAULTS),
    Expectation::passes("fixed2021", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("fixed2021", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("fixed2021", "delayed-row").pinned(6).because(IN_A_ROW),
    Expectation::passes("fixed2021", "reclaimed").pinned(34).because(KEPT_BUFFERS),
    Expectation::passes("fixed2021", "reclaimed-delalloc").pinned(204).because(KEPT_BUFFERS),
    Expectation::passes("fixed2021", "journalled-truncate").pinned(6).because(LOCKED_AGAIN),
    Expectation::passes("fixed2021", "journalled-commit").pinned(26).because(LOCKED_AGAIN),
    Expectation::violates("fixed2021", "journalled-reclaim", &[NO_BUG, STORE]).pinned(4)
        .because("The page is clean and unlocked, and no thread has a reference to its buffers: reclaim takes them, \
            and page_buffers() BUGs."),
    Expectation::violates("fixed2021", "journalled-fsync", &[FSYNC]).pinned(266).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2021", "journalled-fault").pinned(17).because(BOTH_WALKS),
    Expectation::violates("fixed2021", "journalled-again", &[FSYNC]).pinned(59).because(IN_NO_TRANSACTION),
    Expectation::passes("fixed2021", "stress").because(SAMPLE),
    Expectation::passes("fixed2021", "stress-delalloc").because(PROTECTED),
    Expectation::passes("fixed2021", "journalled-stress").because(KEPT_OUT),
    Expectation::passes("fixed", "grow").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed", "grow-journalled").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed", "grow-delalloc").pinned(12).because(PASSED_OVER),
    Expectation::passes("fixed", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed", "store").pinned(10).because(PROTECTED),
    Expectation::passes("fixed", "store-journalled").pinned(1).because(PROTECTED),
    Expectation::passes("fixed", "store-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed", "fault").pinned(21).because(LOCKED),
    Expectation::passes("fixed", "fault-flush").pinned(193).because(PROTECTED),
    Expectation::passes("fixed", "fault-truncate").pinned(24).because(LOOKS_AGAIN),
    Expectation::passes("fixed", "down-up").pinned(15).because(PROTECTED),
    Expectation::passes("fixed", "shrink").pinned(6).because(SAMPLES),
    Expectation::passes("fixed", "unwritten").pinned(10).because(PROTECTED),
    Expectation::passes("fixed", "unwritten-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed", "unwritten-down-up").pinned(1).because(ANEW),
    Expectation::passes("fixed", "hole").pinned(4).because(FAULTS),
    Expectation::passes("fixed", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("fixed", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("fixed", "delayed-row").pinned(6).because(IN_A_ROW),
    Expectation::passes("fixed", "reclaimed").pinned(34).because(KEPT_BUFFERS),
    Expectation::passes("fixed", "reclaimed-delalloc").pinned(204).because(KEPT_BUFFERS),
    Expectation::passes("fixed", "journalled-truncate").pinned(6).because(LOCKED_AGAIN),
    Expectation::passes("fixed", "journalled-commit").pinned(26).because(LOCKED_AGAIN),
    Expectation::passes("fixed", "journalled-reclaim").pinned(15)
        .because("A dirty page keeps its buffers; and who finds it clean after the gap leaves it alone."),
    Expectation::passes("fixed", "journalled-fsync").pinned(36).because(STAYS_DIRTY),
    Expectation::passes("fixed", "journalled-fault").pinned(26).because(BOTH_WALKS),
    Expectation::passes("fixed", "journalled-again").pinned(45).because(STAYS_DIRTY),
    Expectation::passes("fixed", "stress").because(SAMPLE),
    Expectation::passes("fixed", "stress-delalloc").because(PROTECTED),
    Expectation::passes("fixed", "journalled-stress").because(KEPT_OUT),
];
