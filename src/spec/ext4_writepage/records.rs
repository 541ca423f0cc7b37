//! What each design comes to in each scenario.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{FILED, FREED, FSYNC, NO_BUG, PROGRESS, STORE};
use crate::spec::{Record, Recorded};

const fn pass(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    sentence: &'static str,
) -> Record {
    Record::new(design, scenario, Recorded::Pass, loom_executions, sentence)
}

const fn fail(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    properties: &'static [&'static str],
    sentence: &'static str,
) -> Record {
    let cycles = &[];
    let verdict = Recorded::Violated { properties, cycles };
    Record::new(design, scenario, verdict, loom_executions, sentence)
}

const ANEW: &str = "The store to the first block faults, and page_mkwrite reserves the second block anew; the buffer remembers nothing.";
const ANY_THREAD: &str = "writepage allocates nothing, so that any thread may write the page.";
const BOTH_WALKS: &str = "Both walks are under the page lock, which the fault needs.";
const BUGS: &str = "The page is dirty as a whole, and its second block has no place: writepage takes that for a state that cannot be, and BUGs. What it was given stays clean and unwritten.";
const DISCARDED: &str = "Truncation discards the buffers while writepage waits for its handle, or between its two walks: a buffer is filed that is no longer of the file, or has lost its journal_head.";
const FAULTS: &str = "Every store faults first, and page_mkwrite finds its block a place.";
const INTO_THE_GAP: &str = "Truncation or a page fault comes into the gap.";
const IN_NO_TRANSACTION: &str = "The page is clean, not under writeback and in no transaction: fsync finds nothing to write and nothing to wait for, and commits without it.";
const KEPT_OUT: &str =
    "A sample: the page lock and what is looked at under it keep everybody out of the gap.";
const LEFT_UNWRITTEN: &str = "Truncation leaves the second buffer unwritten, though its block is gone; writepages allocates another, and finds that the number is not the buffer's.";
const LIVELOCK: &str = "writepages allocates the second block, and does not tell its buffer; writepage puts the page back; so it goes on, and the first block is never written.";
const LOCKED: &str = "page_mkwrite returns with the page locked: the pte becomes writable before the file can take write access away, or page_mkwrite sees the longer file.";
const LOCKED_AGAIN: &str =
    "The page is locked again, and has left the file or has nothing below its end.";
const LOOK_UP: &str = "The length is sampled again, the second block is looked up for writing, and the look-up takes a hole for a BUG.";
const LOST: &str = "The pte is still writable: the store takes no fault, and nobody finds its block a place. writepage passes over the hole and cleans the page.";
const PASSED_OVER: &str =
    "The hole is passed over, the first block is written, and the page is clean.";
const PROTECTED: &str = "The file grows, and then the pte loses its write access: the next store faults, and page_mkwrite finds its block a place.";
const PUT_BACK: &str = "kswapd puts the page back, and the flusher allocates its block.";
const REFERENCES: &str = "References keep the buffers across the gap.";
const SAMPLE: &str = "A sample. The file shrinks or grows, and what is promised gets to the disk.";
const SAMPLES: &str = "The samples of i_size differ, and each function is right for its own: what truncation cuts off is cleaned or written, and then discarded.";
const UNDER_THE_LOCK: &str = "The page is locked again, and left alone if it has left the file; the references go \
    while it is locked, or never.";
const STALE_LENGTH: &str = "i_size was nothing already when it was sampled: no buffer got a reference, truncation frees them, and the last walk follows them.";
const STAYS_DIRTY: &str = "The page stays dirty across the gap: fsync writes it itself.";
const UNLOCKED: &str = "page_mkwrite has looked at the shorter file and returned without the page lock; the file grows; the pte becomes writable all the same, and the store to the second block takes no fault.";

/// The records.
pub(super) const RECORDS: &[Record] = &[
    fail("old", "grow", Some(7), &[NO_BUG, STORE], BUGS),
    fail("old", "grow-journalled", Some(4), &[NO_BUG, STORE], LOOK_UP),
    fail("old", "grow-delalloc", Some(35), &[PROGRESS], LIVELOCK),
    fail("old", "livelock", Some(1), &[PROGRESS], LIVELOCK),
    fail("old", "store", Some(114), &[NO_BUG, STORE], BUGS),
    fail(
        "old",
        "store-journalled",
        Some(1),
        &[NO_BUG, STORE],
        LOOK_UP,
    ),
    fail(
        "old",
        "store-delalloc",
        Some(1),
        &[PROGRESS, STORE],
        LIVELOCK,
    ),
    fail("old", "fault", Some(19), &[STORE], UNLOCKED),
    fail("old", "fault-flush", None, &[NO_BUG, STORE], BUGS),
    fail("old", "down-up", Some(712), &[NO_BUG, STORE], BUGS),
    pass("old", "shrink", Some(34), SAMPLES),
    fail("old", "unwritten", Some(328), &[NO_BUG, STORE], BUGS),
    fail(
        "old",
        "unwritten-delalloc",
        Some(1),
        &[PROGRESS, STORE],
        LIVELOCK,
    ),
    fail(
        "old",
        "unwritten-down-up",
        Some(1),
        &[NO_BUG, STORE],
        LEFT_UNWRITTEN,
    ),
    pass("old", "hole", Some(257), FAULTS),
    pass(
        "old",
        "handle",
        Some(1),
        "A thread with a handle puts the page back: another one will write it.",
    ),
    pass("old", "reclaim-delayed", Some(15), PUT_BACK),
    fail(
        "old",
        "journalled-truncate",
        Some(634),
        &[FILED, NO_BUG, FREED],
        DISCARDED,
    ),
    fail(
        "old",
        "journalled-commit",
        Some(29_813),
        &[FILED, FREED, NO_BUG],
        DISCARDED,
    ),
    pass("old", "journalled-reclaim", Some(14), REFERENCES),
    fail(
        "old",
        "journalled-fsync",
        Some(2_384),
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    fail("old", "journalled-fault", Some(455), &[NO_BUG], LOOK_UP),
    fail("old", "journalled-again", None, &[FSYNC], IN_NO_TRANSACTION),
    fail("old", "crowd", None, &[NO_BUG, FSYNC, STORE], BUGS),
    fail("old", "crowd-delalloc", None, &[PROGRESS, STORE], LIVELOCK),
    fail(
        "old",
        "journalled-crowd",
        None,
        &[FILED, NO_BUG, FREED, FSYNC],
        INTO_THE_GAP,
    ),
    pass("patched", "grow", Some(15), PASSED_OVER),
    pass("patched", "grow-journalled", Some(3), PASSED_OVER),
    pass("patched", "grow-delalloc", Some(45), PASSED_OVER),
    pass("patched", "livelock", Some(1), PASSED_OVER),
    fail("patched", "store", Some(1_822), &[STORE], LOST),
    fail(
        "patched",
        "store-journalled",
        Some(1),
        &[STORE, FSYNC],
        LOST,
    ),
    fail("patched", "store-delalloc", Some(1), &[STORE, FSYNC], LOST),
    fail("patched", "fault", Some(19), &[STORE], UNLOCKED),
    fail("patched", "fault-flush", None, &[STORE], LOST),
    fail("patched", "down-up", Some(10_960), &[STORE], LOST),
    pass("patched", "shrink", Some(34), SAMPLES),
    fail("patched", "unwritten", Some(1_822), &[STORE], LOST),
    fail(
        "patched",
        "unwritten-delalloc",
        Some(1),
        &[STORE, FSYNC],
        LOST,
    ),
    fail(
        "patched",
        "unwritten-down-up",
        Some(1),
        &[NO_BUG, STORE],
        LEFT_UNWRITTEN,
    ),
    pass("patched", "hole", Some(257), FAULTS),
    pass("patched", "handle", Some(1), ANY_THREAD),
    pass("patched", "reclaim-delayed", Some(15), PUT_BACK),
    fail(
        "patched",
        "journalled-truncate",
        Some(608),
        &[FILED, NO_BUG, FREED],
        DISCARDED,
    ),
    fail(
        "patched",
        "journalled-commit",
        Some(29_181),
        &[FILED, FREED, NO_BUG],
        DISCARDED,
    ),
    pass("patched", "journalled-reclaim", Some(14), REFERENCES),
    fail(
        "patched",
        "journalled-fsync",
        Some(2_384),
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    fail(
        "patched",
        "journalled-fault",
        Some(92_558),
        &[NO_BUG],
        "Between the two walks a page fault maps the second block: the first walk has passed over it, and the second files a buffer without a journal_head.",
    ),
    fail(
        "patched",
        "journalled-again",
        None,
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("patched", "crowd", None, SAMPLE),
    fail("patched", "crowd-delalloc", None, &[STORE], LOST),
    fail(
        "patched",
        "journalled-crowd",
        None,
        &[FILED, NO_BUG, FREED, FSYNC],
        INTO_THE_GAP,
    ),
    pass("mended2015", "grow", Some(20), PASSED_OVER),
    pass("mended2015", "grow-journalled", Some(15), PASSED_OVER),
    pass("mended2015", "grow-delalloc", Some(60), PASSED_OVER),
    pass("mended2015", "livelock", Some(1), PASSED_OVER),
    pass("mended2015", "store", Some(166), PROTECTED),
    pass("mended2015", "store-journalled", Some(1), PROTECTED),
    pass("mended2015", "store-delalloc", Some(1), PROTECTED),
    pass("mended2015", "fault", Some(1_012), LOCKED),
    pass("mended2015", "fault-flush", None, PROTECTED),
    pass("mended2015", "down-up", Some(354), PROTECTED),
    pass("mended2015", "shrink", Some(34), SAMPLES),
    pass("mended2015", "unwritten", Some(166), PROTECTED),
    pass("mended2015", "unwritten-delalloc", Some(1), PROTECTED),
    pass("mended2015", "unwritten-down-up", Some(1), ANEW),
    pass("mended2015", "hole", Some(35), FAULTS),
    pass("mended2015", "handle", Some(1), ANY_THREAD),
    pass("mended2015", "reclaim-delayed", Some(15), PUT_BACK),
    pass(
        "mended2015",
        "journalled-truncate",
        Some(23),
        UNDER_THE_LOCK,
    ),
    pass("mended2015", "journalled-commit", Some(525), UNDER_THE_LOCK),
    pass("mended2015", "journalled-reclaim", Some(4), REFERENCES),
    fail(
        "mended2015",
        "journalled-fsync",
        Some(2_395),
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("mended2015", "journalled-fault", Some(231), BOTH_WALKS),
    fail(
        "mended2015",
        "journalled-again",
        None,
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("mended2015", "crowd", None, SAMPLE),
    pass("mended2015", "crowd-delalloc", None, PROTECTED),
    pass("mended2015", "journalled-crowd", None, UNDER_THE_LOCK),
    pass("mended2021a", "grow", Some(20), PASSED_OVER),
    pass("mended2021a", "grow-journalled", Some(15), PASSED_OVER),
    pass("mended2021a", "grow-delalloc", Some(60), PASSED_OVER),
    pass("mended2021a", "livelock", Some(1), PASSED_OVER),
    pass("mended2021a", "store", Some(166), PROTECTED),
    pass("mended2021a", "store-journalled", Some(1), PROTECTED),
    pass("mended2021a", "store-delalloc", Some(1), PROTECTED),
    pass("mended2021a", "fault", Some(1_012), LOCKED),
    pass("mended2021a", "fault-flush", None, PROTECTED),
    pass("mended2021a", "down-up", Some(354), PROTECTED),
    pass("mended2021a", "shrink", Some(34), SAMPLES),
    pass("mended2021a", "unwritten", Some(166), PROTECTED),
    pass("mended2021a", "unwritten-delalloc", Some(1), PROTECTED),
    pass("mended2021a", "unwritten-down-up", Some(1), ANEW),
    pass("mended2021a", "hole", Some(35), FAULTS),
    pass("mended2021a", "handle", Some(1), ANY_THREAD),
    pass("mended2021a", "reclaim-delayed", Some(15), PUT_BACK),
    fail(
        "mended2021a",
        "journalled-truncate",
        Some(135),
        &[FREED],
        STALE_LENGTH,
    ),
    fail(
        "mended2021a",
        "journalled-commit",
        Some(2_743),
        &[FREED],
        STALE_LENGTH,
    ),
    pass("mended2021a", "journalled-reclaim", Some(4), REFERENCES),
    fail(
        "mended2021a",
        "journalled-fsync",
        Some(2_395),
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("mended2021a", "journalled-fault", Some(535), BOTH_WALKS),
    fail(
        "mended2021a",
        "journalled-again",
        None,
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("mended2021a", "crowd", None, SAMPLE),
    pass("mended2021a", "crowd-delalloc", None, PROTECTED),
    fail(
        "mended2021a",
        "journalled-crowd",
        None,
        &[FREED],
        STALE_LENGTH,
    ),
    pass("mended2021", "grow", Some(20), PASSED_OVER),
    pass("mended2021", "grow-journalled", Some(16), PASSED_OVER),
    pass("mended2021", "grow-delalloc", Some(60), PASSED_OVER),
    pass("mended2021", "livelock", Some(1), PASSED_OVER),
    pass("mended2021", "store", Some(166), PROTECTED),
    pass("mended2021", "store-journalled", Some(1), PROTECTED),
    pass("mended2021", "store-delalloc", Some(1), PROTECTED),
    pass("mended2021", "fault", Some(1_012), LOCKED),
    pass("mended2021", "fault-flush", None, PROTECTED),
    pass("mended2021", "down-up", Some(354), PROTECTED),
    pass("mended2021", "shrink", Some(34), SAMPLES),
    pass("mended2021", "unwritten", Some(166), PROTECTED),
    pass("mended2021", "unwritten-delalloc", Some(1), PROTECTED),
    pass("mended2021", "unwritten-down-up", Some(1), ANEW),
    pass("mended2021", "hole", Some(35), FAULTS),
    pass("mended2021", "handle", Some(1), ANY_THREAD),
    pass("mended2021", "reclaim-delayed", Some(15), PUT_BACK),
    pass("mended2021", "journalled-truncate", Some(20), LOCKED_AGAIN),
    pass("mended2021", "journalled-commit", Some(256), LOCKED_AGAIN),
    fail(
        "mended2021",
        "journalled-reclaim",
        Some(4),
        &[NO_BUG, STORE],
        "The page is clean and unlocked, and nobody has a reference to its buffers: reclaim takes them, and page_buffers() BUGs.",
    ),
    fail(
        "mended2021",
        "journalled-fsync",
        Some(2_395),
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("mended2021", "journalled-fault", Some(231), BOTH_WALKS),
    fail(
        "mended2021",
        "journalled-again",
        None,
        &[FSYNC],
        IN_NO_TRANSACTION,
    ),
    pass("mended2021", "crowd", None, SAMPLE),
    pass("mended2021", "crowd-delalloc", None, PROTECTED),
    pass("mended2021", "journalled-crowd", None, KEPT_OUT),
    pass("mended", "grow", Some(20), PASSED_OVER),
    pass("mended", "grow-journalled", Some(17), PASSED_OVER),
    pass("mended", "grow-delalloc", Some(60), PASSED_OVER),
    pass("mended", "livelock", Some(1), PASSED_OVER),
    pass("mended", "store", Some(166), PROTECTED),
    pass("mended", "store-journalled", Some(1), PROTECTED),
    pass("mended", "store-delalloc", Some(1), PROTECTED),
    pass("mended", "fault", Some(1_012), LOCKED),
    pass("mended", "fault-flush", None, PROTECTED),
    pass("mended", "down-up", Some(354), PROTECTED),
    pass("mended", "shrink", Some(34), SAMPLES),
    pass("mended", "unwritten", Some(166), PROTECTED),
    pass("mended", "unwritten-delalloc", Some(1), PROTECTED),
    pass("mended", "unwritten-down-up", Some(1), ANEW),
    pass("mended", "hole", Some(35), FAULTS),
    pass("mended", "handle", Some(1), ANY_THREAD),
    pass("mended", "reclaim-delayed", Some(15), PUT_BACK),
    pass("mended", "journalled-truncate", Some(22), LOCKED_AGAIN),
    pass("mended", "journalled-commit", Some(337), LOCKED_AGAIN),
    pass(
        "mended",
        "journalled-reclaim",
        Some(90),
        "A dirty page keeps its buffers; and who finds it clean after the gap leaves it alone.",
    ),
    pass("mended", "journalled-fsync", Some(581), STAYS_DIRTY),
    pass("mended", "journalled-fault", Some(610), BOTH_WALKS),
    pass("mended", "journalled-again", None, STAYS_DIRTY),
    pass("mended", "crowd", None, SAMPLE),
    pass("mended", "crowd-delalloc", None, PROTECTED),
    pass("mended", "journalled-crowd", None, KEPT_OUT),
];
