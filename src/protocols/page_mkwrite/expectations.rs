//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{DIRTY_MAPPING, DIRTY_METADATA, METADATA, NR_FILE_DIRTY, STABLE, STORE};
use crate::spec::{Expectation, OpenFailure};

const WINDOWS: &str = "The flusher cleans and writes the page between page_mkwrite and the pte, or \
    between the pte and set_page_dirty: the page is mapped writable, or dirty, without metadata.";
const BEFORE_PTE: &str = "The flusher cleans and writes the page between page_mkwrite and the pte: \
    the pte becomes writable, and the metadata is gone.";
const LOST: &str = "The flusher writes the page between page_mkwrite and the pte; the store follows; \
    fsync finds no metadata to write the page by, and cleans it.";
const STILL_OPEN: &str = "The filesystem unlocks the page before it returns: until the VM has locked it \
    again, the flusher can clean and write it.";
const STILL_LOST: &str = "The filesystem unlocks the page before it returns, and the flusher writes it \
    then; the store follows, and fsync finds no metadata to write it by.";
const ONE_SECTION: &str = "The page stays locked from page_mkwrite to set_page_dirty: the flusher comes \
    before all of it or after.";
const CONVERTED_TOO: &str = "The filesystem leaves the page locked too: the flusher comes before all of \
    it or after.";
const TRUNCATED_ALONE: &str = "The windows are open, but no thread cleans the page in them. do_wp_page finds the \
    pte changed, and __do_fault the mapping gone: no pte maps the page afterwards.";
const GONE: &str = "Truncation takes the page between the pte and set_page_dirty, which dirties a page that has left its \
    file: without metadata, and counted down where it was never counted.";
const NOT_SERIALISED: &str = "page_mkwrite attaches the metadata while an earlier write is under way, and the end of \
    that write drops it again, whatever is locked meanwhile.";
const NO_WRITER: &str = "No thread cleans the page, so the open windows do no harm.";
const LOSER: &str = "The second fault finds the pte changed, and unlocks the page before it goes.";
const TRUNCATED: &str = "Truncation waits for the page lock, and takes the pte away with it; a fault \
    that comes later finds no page.";
const WAITS: &str = "do_wp_page sets the pte, and then waits until no thread has the page locked: its \
    set_page_dirty comes after the flusher's TestClearPageDirty.";
const NO_LOCK: &str = "No fault starts a transaction with the page locked.";
const AFTER_UNLOCK: &str = "page_mkwrite starts its transaction before it locks the page, and the inode's \
    time is changed after the page is unlocked.";
const FAILS: &str = "page_mkwrite fails with the page unlocked; the pte stays read-only.";
const NILFS: &str = "The wrapper takes VM_FAULT_LOCKED for a failure and attaches nothing; the VM takes it \
    for success. fsync writes nothing.";
const ZERO: &str = "0 means success to the wrapper and to the VM.";
const BOTH_LOCKED: &str = "VM_FAULT_LOCKED means success to the wrapper and to the VM.";
const UNTHROTTLED: &str = "The thread writes its file back with no page locked.";

const COUNTED: &str = "Truncation comes between TestSetPageDirty and the count: it counts the page down, and the \
    thread finds no mapping and does not count it up.";
const LATE: &str = "set_page_dirty under the page lock, of a page that truncation has taken before: it is dirty, and \
    not counted. Upstream does so to this day; no thread writes the page, which is freed so.";
const TORN: &str = "The page is under writeback and unlocked: page_mkwrite goes through, and the store changes what \
    the device reads.";
const STABLE_NOW: &str =
    "page_mkwrite waits for the write under the page lock, and no other can begin before the pte.";
const PINNED: &str = "The flusher cleans the pte and writes the page, and the filesystem drops its metadata; the \
    device needs no pte, and the driver dirties the page. Open upstream: ext4 drops such a dirty bit with a warning \
    (cc5095747edf, 2022).";

const PINNED_LATE: &str = "Truncation takes the page while the driver holds its reference, and set_page_dirty_lock dirties \
    what has left its file. The page is freed so, when the driver lets go of it.";
const PINNED_TORN: &str = "The device writes to the page while the flusher's write of it is under way: neither the page \
    lock nor a pte stands between them. Open upstream for pages of files.";

/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "read-only", &[METADATA, DIRTY_METADATA]).pinned(30).because(WINDOWS),
    Expectation::passes("patched", "read-only").pinned(4).because(ONE_SECTION),
    Expectation::passes("fixed", "read-only").pinned(4).because(ONE_SECTION),
    Expectation::violates("old", "absent", &[METADATA, DIRTY_METADATA]).pinned(17).because(WINDOWS),
    Expectation::passes("patched", "absent").pinned(4).because(ONE_SECTION),
    Expectation::passes("fixed", "absent").pinned(4).because(ONE_SECTION),
    Expectation::violates("old", "lost-store", &[STORE, METADATA, DIRTY_METADATA]).pinned(55).because(LOST),
    Expectation::passes("patched", "lost-store").pinned(15).because(ONE_SECTION),
    Expectation::passes("fixed", "lost-store").pinned(15).because(ONE_SECTION),
    Expectation::violates("old", "read-only-truncate", &[DIRTY_MAPPING, DIRTY_METADATA, NR_FILE_DIRTY]).pinned(18).because(GONE),
    Expectation::passes("patched", "read-only-truncate").pinned(11).because(TRUNCATED),
    Expectation::passes("fixed", "read-only-truncate").pinned(11).because(TRUNCATED),
    Expectation::violates("old", "absent-truncate", &[DIRTY_MAPPING, DIRTY_METADATA, NR_FILE_DIRTY]).pinned(26).because(GONE),
    Expectation::passes("patched", "absent-truncate").pinned(14).because(TRUNCATED),
    Expectation::passes("fixed", "absent-truncate").pinned(14).because(TRUNCATED),
    Expectation::violates("old", "truncate-flush", &[METADATA, DIRTY_MAPPING, DIRTY_METADATA, NR_FILE_DIRTY]).pinned(870).because(BEFORE_PTE),
    Expectation::passes("patched", "truncate-flush").pinned(57).because(TRUNCATED),
    Expectation::passes("fixed", "truncate-flush").pinned(57).because(TRUNCATED),
    Expectation::passes("old", "same-pte").pinned(122).because(NO_WRITER),
    Expectation::passes("patched", "same-pte").pinned(26).because(LOSER),
    Expectation::passes("fixed", "same-pte").pinned(26).because(LOSER),
    Expectation::passes("old", "no-mkwrite").pinned(20).because(WAITS),
    Expectation::passes("patched", "no-mkwrite").pinned(20).because(WAITS),
    Expectation::passes("fixed", "no-mkwrite").pinned(8).because(WAITS),
    Expectation::violates("old", "no-mkwrite-truncate", &[NR_FILE_DIRTY, DIRTY_MAPPING]).pinned(17).because(COUNTED),
    Expectation::violates("patched", "no-mkwrite-truncate", &[NR_FILE_DIRTY, DIRTY_MAPPING]).pinned(17).because(COUNTED),
    Expectation::violates("fixed", "no-mkwrite-truncate", &[DIRTY_MAPPING]).pinned(8).because(LATE),
    Expectation::violates("old", "no-mkwrite-truncate-absent", &[NR_FILE_DIRTY, DIRTY_MAPPING]).pinned(31).because(COUNTED),
    Expectation::passes("patched", "no-mkwrite-truncate-absent").pinned(12).because(TRUNCATED),
    Expectation::passes("fixed", "no-mkwrite-truncate-absent").pinned(12).because(TRUNCATED),
    Expectation::violates("old", "stable", &[STABLE]).pinned(38).because(TORN),
    Expectation::violates("patched", "stable", &[STABLE]).pinned(10).because(TORN),
    Expectation::passes("fixed", "stable").pinned(7).because(STABLE_NOW),
    Expectation::violates("old", "pinned", &[DIRTY_METADATA, METADATA]).pinned(36).because(PINNED),
    Expectation::violates("patched", "pinned", &[DIRTY_METADATA]).pinned(7).because(PINNED),
    Expectation::violates("fixed", "pinned", &[DIRTY_METADATA]).pinned(7).because(PINNED),
    Expectation::violates("old", "unconverted", &[METADATA, DIRTY_METADATA]).pinned(30).because(WINDOWS),
    Expectation::violates("patched", "unconverted", &[METADATA]).pinned(8).because(STILL_OPEN),
    Expectation::passes("fixed", "unconverted").pinned(4).because(CONVERTED_TOO),
    Expectation::violates("old", "unconverted-lost-store", &[STORE, METADATA, DIRTY_METADATA]).pinned(55).because(LOST),
    Expectation::violates("patched", "unconverted-lost-store", &[STORE, METADATA]).pinned(22).because(STILL_LOST),
    Expectation::passes("fixed", "unconverted-lost-store").pinned(15).because(CONVERTED_TOO),
    Expectation::violates("old", "unconverted-truncate", &[DIRTY_MAPPING, DIRTY_METADATA, NR_FILE_DIRTY]).pinned(18).because(GONE),
    Expectation::passes("patched", "unconverted-truncate").pinned(12).because(TRUNCATED_ALONE),
    Expectation::passes("fixed", "unconverted-truncate").pinned(11).because(TRUNCATED),
    Expectation::violates("old", "unconverted-truncate-absent", &[DIRTY_MAPPING, DIRTY_METADATA, NR_FILE_DIRTY]).pinned(26).because(GONE),
    Expectation::passes("patched", "unconverted-truncate-absent").pinned(15).because(TRUNCATED_ALONE),
    Expectation::passes("fixed", "unconverted-truncate-absent").pinned(14).because(TRUNCATED),
    Expectation::passes("old", "journal").pinned(113).because(NO_LOCK),
    Expectation::passes("patched", "journal").pinned(54).because(AFTER_UNLOCK),
    Expectation::passes("fixed", "journal").pinned(54).because(AFTER_UNLOCK),
    Expectation::violates("old", "careless", &[METADATA, DIRTY_METADATA, STABLE]).pinned(97).because(NOT_SERIALISED),
    Expectation::violates("patched", "careless", &[METADATA, DIRTY_METADATA, STABLE]).pinned(12).because(NOT_SERIALISED),
    Expectation::violates("fixed", "careless", &[METADATA, DIRTY_METADATA]).pinned(11).because(NOT_SERIALISED),
    Expectation::passes("old", "no-space").pinned(3).because(FAILS),
    Expectation::passes("patched", "no-space").pinned(3).because(FAILS),
    Expectation::passes("fixed", "no-space").pinned(3).because(FAILS),
    Expectation::passes("old", "wrapper").pinned(1).because(ZERO),
    Expectation::violates("patched", "wrapper", &[STORE, METADATA]).pinned(1).because(NILFS),
    Expectation::passes("fixed", "wrapper").pinned(1).because(BOTH_LOCKED),
    Expectation::violates("old", "throttled", &[DIRTY_MAPPING, DIRTY_METADATA, NR_FILE_DIRTY]).pinned(53).because(GONE),
    Expectation::passes("patched", "throttled").pinned(27).because(UNTHROTTLED),
    Expectation::passes("fixed", "throttled").pinned(27).because(UNTHROTTLED),
    Expectation::violates("old", "stress", &[METADATA, DIRTY_METADATA, STORE]).because(WINDOWS),
    Expectation::passes("patched", "stress").because(ONE_SECTION),
    Expectation::passes("fixed", "stress").because(ONE_SECTION),
];

/// What the last design violates in the space.
pub(super) const OPEN: &[OpenFailure] = &[
    OpenFailure {
        property: DIRTY_MAPPING,
        within: "filesystem=none",
        example: "filesystem=none,fault1=pte1,truncate=yes",
        reason: LATE,
    },
    OpenFailure {
        property: DIRTY_METADATA,
        within: "pinned=yes",
        example: "fault1=pte1,pinned=yes,fsync=yes",
        reason: PINNED,
    },
    OpenFailure {
        property: DIRTY_MAPPING,
        within: "pinned=yes,truncate=yes",
        example: "fault1=pte1,pinned=yes,truncate=yes",
        reason: PINNED_LATE,
    },
    OpenFailure {
        property: STABLE,
        within: "pinned=yes,filesystem=allocated",
        example: "filesystem=allocated,fault1=pte1,pinned=yes,fsync=yes",
        reason: PINNED_TORN,
    },
];
