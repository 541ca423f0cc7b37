//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use crate::protocols::ext4_small_blocks::{FREED, FSYNC, NO_BUG, PROGRESS, STORE};
use crate::spec::Expectation;

const ANOTHER: &str = "A thread with a handle redirties the page: another one will write it.";
const ANY_THREAD: &str = "writepage allocates nothing, so that any thread may write the page.";
const BUGS: &str = "The page is dirty as a whole, and its second block is unmapped: writepage \
    takes that for a state that cannot be, and BUGs. What it was given stays clean and \
    unwritten.";
const CLEARED: &str = "Truncation clears the buffer's unwritten bit with the others: the block is a hole \
    among others when the file covers it again.";
const FREED_BUFFERS: &str = "page_mkwrite finds buffers without the page lock, kswapd takes them, and \
    page_mkwrite follows them.";
const MARKED: &str = "page_mkwrite has looked at the shorter file; the file grows, and writepage looks \
    the second block up and marks its buffer as unwritten; then the fault dirties the page, and \
    every flush puts it back, with the store to the first block.";
const MARKED_BUGS: &str = "page_mkwrite has looked at the shorter file; the file grows, and writepage \
    looks the second block up and marks its buffer as unwritten; then the fault dirties the page, \
    and the next writepage takes the mark for a state that cannot be, and BUGs.";
const SKIPPED: &str = "writepages skips the page for its second block, which is unwritten and clean, and \
    puts it back; so it goes on, and the first block is never written.";
const ZEROED: &str = "Zero-range takes the buffer and leaves the pte writable: the store takes no fault, \
    no thread maps its block, and writepage passes over it.";
const ZEROED_PROTECTED: &str = "The pte loses its write access before the buffer goes: the next store \
    faults, and page_mkwrite maps its block.";
const FAULTS: &str = "Every store faults first, and page_mkwrite maps its block.";
const GIVES_UP: &str = "Truncation is kept out while page_mkwrite runs, and may come before the \
    fault has the page lock: the fault looks at the mapping then, and gives up.";
const KEPT_BUFFERS: &str = "The fault has the page lock from its last look at the buffers until \
    the page is dirty: kswapd takes them before that, and page_mkwrite makes new ones, or finds \
    the page dirty and writes it.";
const LEFT_UNWRITTEN: &str = "Truncation leaves the second buffer unwritten, though its block is \
    gone; writepages allocates another, and finds that the number is not the buffer's.";
const LIVELOCK: &str = "writepages allocates the second block, and does not tell its buffer; \
    writepage redirties the page; so it goes on, and the first block is never written.";
const LOCKED: &str = "page_mkwrite returns with the page locked: the pte becomes writable before \
    the file can take write access away, or page_mkwrite sees the longer file.";
const LOOKS_AGAIN: &str = "page_mkwrite looks at the mapping and at i_size each time that it has \
    locked the page, and returns with the page locked.";
const LOST: &str = "The pte is still writable: the store takes no fault, and no thread maps its \
    block. writepage passes over the hole and cleans the page.";
const PASSED_OVER: &str = "The hole is passed over, the first block is written, and the page is \
    clean.";
const PROTECTED: &str = "The file grows, and then the pte loses its write access: the next store \
    faults, and page_mkwrite maps its block.";
const PUT_BACK: &str = "kswapd redirties the page, and the flusher allocates its block.";
const SAMPLE: &str = "A sample. The file shrinks or grows, and what is promised gets to the disk.";
const SAMPLES: &str = "The samples of i_size differ, and each function is right for its own: what \
    truncation cuts off is cleaned or written, and then discarded.";
const UNLOCKED: &str = "page_mkwrite has looked at the shorter file and returned without the page \
    lock; the file grows; the pte becomes writable all the same, and the store to the second block \
    takes no fault.";

/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "grow", &[NO_BUG, STORE]).pinned(5).because(BUGS),
    Expectation::violates("old", "livelock", &[PROGRESS, STORE]).pinned(1).because(LIVELOCK),
    Expectation::violates("old", "fault", &[STORE]).pinned(12).because(UNLOCKED),
    Expectation::violates("old", "fault-flush", &[NO_BUG, STORE]).pinned(1068).because(BUGS),
    Expectation::passes("old", "fault-truncate").pinned(60).because(GIVES_UP),
    Expectation::violates("old", "down-up", &[NO_BUG, STORE]).pinned(26).because(BUGS),
    Expectation::passes("old", "shrink").pinned(6).because(SAMPLES),
    Expectation::violates("old", "unwritten-delalloc", &[PROGRESS, STORE]).pinned(1).because(LIVELOCK),
    Expectation::violates("old", "unwritten-down", &[NO_BUG, STORE]).pinned(1).because(LEFT_UNWRITTEN),
    Expectation::violates("old", "redirtied", &[FSYNC, NO_BUG, STORE]).pinned(487).because(MARKED_BUGS),
    Expectation::passes("old", "read-unwritten").pinned(1).because(FAULTS),
    Expectation::violates("old", "zero-range", &[NO_BUG, STORE]).pinned(1).because(BUGS),
    Expectation::violates("old", "handle", &[NO_BUG, STORE]).pinned(1).because(BUGS),
    Expectation::passes("old", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::violates("old", "reclaimed", &[FREED]).pinned(490).because(FREED_BUFFERS),
    Expectation::violates("old", "stress", &[NO_BUG, FSYNC, STORE, FREED]).because(BUGS),
    Expectation::passes("parent", "grow").pinned(8).because(PASSED_OVER),
    Expectation::passes("parent", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::violates("parent", "fault", &[STORE]).pinned(12).because(UNLOCKED),
    Expectation::violates("parent", "fault-flush", &[STORE]).pinned(1932).because(LOST),
    Expectation::passes("parent", "fault-truncate").pinned(60).because(GIVES_UP),
    Expectation::violates("parent", "down-up", &[STORE]).pinned(62).because(LOST),
    Expectation::passes("parent", "shrink").pinned(6).because(SAMPLES),
    Expectation::violates("parent", "unwritten-delalloc", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("parent", "unwritten-down", &[NO_BUG, STORE]).pinned(1).because(LEFT_UNWRITTEN),
    Expectation::violates("parent", "redirtied", &[NO_BUG, STORE]).pinned(1355).because(MARKED_BUGS),
    Expectation::passes("parent", "read-unwritten").pinned(1).because(FAULTS),
    Expectation::violates("parent", "zero-range", &[FSYNC, STORE]).pinned(1).because(ZEROED),
    Expectation::passes("parent", "handle").pinned(1).because(ANOTHER),
    Expectation::passes("parent", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::violates("parent", "reclaimed", &[FREED]).pinned(490).because(FREED_BUFFERS),
    Expectation::violates("parent", "stress", &[FREED]).because(FREED_BUFFERS),
    Expectation::passes("patched", "grow").pinned(8).because(PASSED_OVER),
    Expectation::passes("patched", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::violates("patched", "fault", &[STORE]).pinned(12).because(UNLOCKED),
    Expectation::violates("patched", "fault-flush", &[STORE]).pinned(1932).because(LOST),
    Expectation::passes("patched", "fault-truncate").pinned(60).because(GIVES_UP),
    Expectation::violates("patched", "down-up", &[STORE]).pinned(62).because(LOST),
    Expectation::passes("patched", "shrink").pinned(6).because(SAMPLES),
    Expectation::violates("patched", "unwritten-delalloc", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("patched", "unwritten-down", &[NO_BUG, STORE]).pinned(1).because(LEFT_UNWRITTEN),
    Expectation::violates("patched", "redirtied", &[FSYNC, STORE]).pinned(1361).because(MARKED),
    Expectation::passes("patched", "read-unwritten").pinned(1).because(FAULTS),
    Expectation::violates("patched", "zero-range", &[FSYNC, STORE]).pinned(1).because(ZEROED),
    Expectation::passes("patched", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("patched", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::violates("patched", "reclaimed", &[FREED]).pinned(490).because(FREED_BUFFERS),
    Expectation::violates("patched", "stress", &[FREED]).because(FREED_BUFFERS),
    Expectation::passes("fixed2011", "grow").pinned(8).because(PASSED_OVER),
    Expectation::passes("fixed2011", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::violates("fixed2011", "fault", &[STORE]).pinned(6).because(LOST),
    Expectation::violates("fixed2011", "fault-flush", &[STORE]).pinned(60).because(LOST),
    Expectation::passes("fixed2011", "fault-truncate").pinned(24).because(LOOKS_AGAIN),
    Expectation::violates("fixed2011", "down-up", &[STORE]).pinned(14).because(LOST),
    Expectation::passes("fixed2011", "shrink").pinned(6).because(SAMPLES),
    Expectation::violates("fixed2011", "unwritten-delalloc", &[STORE, FSYNC]).pinned(1).because(LOST),
    Expectation::violates("fixed2011", "unwritten-down", &[NO_BUG, STORE]).pinned(1).because(LEFT_UNWRITTEN),
    Expectation::passes("fixed2011", "redirtied").pinned(160).because(LOCKED),
    Expectation::violates("fixed2011", "read-unwritten", &[PROGRESS]).pinned(1).because(SKIPPED),
    Expectation::violates("fixed2011", "zero-range", &[FSYNC, STORE]).pinned(1).because(ZEROED),
    Expectation::passes("fixed2011", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("fixed2011", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("fixed2011", "reclaimed").pinned(34).because(KEPT_BUFFERS),
    Expectation::passes("fixed2011", "stress").because(SAMPLE),
    Expectation::passes("fixed", "grow").pinned(6).because(PASSED_OVER),
    Expectation::passes("fixed", "livelock").pinned(1).because(PASSED_OVER),
    Expectation::passes("fixed", "fault").pinned(21).because(LOCKED),
    Expectation::passes("fixed", "fault-flush").pinned(193).because(PROTECTED),
    Expectation::passes("fixed", "fault-truncate").pinned(24).because(LOOKS_AGAIN),
    Expectation::passes("fixed", "down-up").pinned(15).because(PROTECTED),
    Expectation::passes("fixed", "shrink").pinned(6).because(SAMPLES),
    Expectation::passes("fixed", "unwritten-delalloc").pinned(1).because(PROTECTED),
    Expectation::passes("fixed", "unwritten-down").pinned(1).because(CLEARED),
    Expectation::passes("fixed", "redirtied").pinned(389).because(LOCKED),
    Expectation::passes("fixed", "read-unwritten").pinned(1).because(FAULTS),
    Expectation::passes("fixed", "zero-range").pinned(1).because(ZEROED_PROTECTED),
    Expectation::passes("fixed", "handle").pinned(1).because(ANY_THREAD),
    Expectation::passes("fixed", "reclaim-delayed").pinned(6).because(PUT_BACK),
    Expectation::passes("fixed", "reclaimed").pinned(34).because(KEPT_BUFFERS),
    Expectation::passes("fixed", "stress").because(SAMPLE),
];
