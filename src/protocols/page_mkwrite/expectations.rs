//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{DIRTY_METADATA, METADATA, STORE};
use crate::spec::Expectation;

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
const NOT_SERIALISED: &str = "page_mkwrite attaches the metadata while an earlier write is under way, and the end of \
    that write drops it again, whatever is locked meanwhile.";
const NO_WRITER: &str = "No thread cleans the page, so the open windows do no harm.";
const LOSER: &str = "The second fault finds the pte changed, and unlocks the page before it goes.";
const TRUNCATED: &str = "Truncation waits for the page lock, and takes the pte away with it; a fault \
    that comes later finds no page.";
const WAITS: &str = "do_wp_page sets the pte, and then waits until no thread has the page locked: its \
    set_page_dirty comes after the flusher's TestClearPageDirty.";
const NO_METADATA: &str = "The filesystem gets what it needs in writepage: a page that is dirty once too \
    often costs nothing.";
const NO_LOCK: &str = "No fault starts a transaction with the page locked.";
const AFTER_UNLOCK: &str = "page_mkwrite starts its transaction before it locks the page, and the inode's \
    time is changed after the page is unlocked.";
const FAILS: &str = "page_mkwrite fails with the page unlocked; the pte stays read-only.";
const NILFS: &str = "The wrapper takes VM_FAULT_LOCKED for a failure and attaches nothing; the VM takes it \
    for success. fsync writes nothing.";
const ZERO: &str = "0 means success to the wrapper and to the VM.";
const BOTH_LOCKED: &str = "VM_FAULT_LOCKED means success to the wrapper and to the VM.";
const UNTHROTTLED: &str = "The thread writes its file back with no page locked.";

/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "read-only", &[METADATA, DIRTY_METADATA, STORE]).pinned(121).because(WINDOWS),
    Expectation::passes("patched", "read-only").pinned(7).because(ONE_SECTION),
    Expectation::passes("fixed", "read-only").pinned(7).because(ONE_SECTION),
    Expectation::violates("old", "absent", &[METADATA, DIRTY_METADATA, STORE]).pinned(106).because(WINDOWS),
    Expectation::passes("patched", "absent").pinned(7).because(ONE_SECTION),
    Expectation::passes("fixed", "absent").pinned(7).because(ONE_SECTION),
    Expectation::violates("old", "lost-store", &[STORE, METADATA]).pinned(18).because(LOST),
    Expectation::passes("patched", "lost-store").pinned(8).because(ONE_SECTION),
    Expectation::passes("fixed", "lost-store").pinned(8).because(ONE_SECTION),
    Expectation::violates("old", "lost-store-absent", &[STORE, METADATA]).pinned(17).because(LOST),
    Expectation::passes("patched", "lost-store-absent").pinned(8).because(ONE_SECTION),
    Expectation::passes("fixed", "lost-store-absent").pinned(8).because(ONE_SECTION),
    Expectation::passes("old", "read-only-truncate").pinned(14).because(TRUNCATED_ALONE),
    Expectation::passes("patched", "read-only-truncate").pinned(11).because(TRUNCATED),
    Expectation::passes("fixed", "read-only-truncate").pinned(11).because(TRUNCATED),
    Expectation::passes("old", "absent-truncate").pinned(18).because(TRUNCATED_ALONE),
    Expectation::passes("patched", "absent-truncate").pinned(14).because(TRUNCATED),
    Expectation::passes("fixed", "absent-truncate").pinned(14).because(TRUNCATED),
    Expectation::violates("old", "truncate-flush", &[METADATA]).pinned(202).because(BEFORE_PTE),
    Expectation::passes("patched", "truncate-flush").pinned(44).because(TRUNCATED),
    Expectation::passes("fixed", "truncate-flush").pinned(44).because(TRUNCATED),
    Expectation::violates("old", "truncate-flush-absent", &[METADATA]).pinned(194).because(BEFORE_PTE),
    Expectation::passes("patched", "truncate-flush-absent").pinned(48).because(TRUNCATED),
    Expectation::passes("fixed", "truncate-flush-absent").pinned(48).because(TRUNCATED),
    Expectation::passes("old", "same-pte").pinned(56).because(NO_WRITER),
    Expectation::passes("patched", "same-pte").pinned(20).because(LOSER),
    Expectation::passes("fixed", "same-pte").pinned(20).because(LOSER),
    Expectation::passes("old", "same-pte-absent").pinned(188).because(NO_WRITER),
    Expectation::passes("patched", "same-pte-absent").pinned(52).because(LOSER),
    Expectation::passes("fixed", "same-pte-absent").pinned(52).because(LOSER),
    Expectation::passes("old", "two-ptes").pinned(104).because(NO_WRITER),
    Expectation::passes("patched", "two-ptes").pinned(18).because(ONE_SECTION),
    Expectation::passes("fixed", "two-ptes").pinned(18).because(ONE_SECTION),
    Expectation::passes("old", "no-mkwrite").pinned(10).because(WAITS),
    Expectation::passes("patched", "no-mkwrite").pinned(10).because(WAITS),
    Expectation::passes("fixed", "no-mkwrite").pinned(10).because(WAITS),
    Expectation::passes("old", "no-mkwrite-absent").pinned(10).because(NO_METADATA),
    Expectation::passes("patched", "no-mkwrite-absent").pinned(4).because(NO_METADATA),
    Expectation::passes("fixed", "no-mkwrite-absent").pinned(4).because(NO_METADATA),
    Expectation::violates("old", "unconverted", &[METADATA, DIRTY_METADATA, STORE]).pinned(121).because(WINDOWS),
    Expectation::violates("patched", "unconverted", &[METADATA, STORE]).pinned(15).because(STILL_OPEN),
    Expectation::passes("fixed", "unconverted").pinned(7).because(CONVERTED_TOO),
    Expectation::violates("old", "unconverted-absent", &[METADATA, DIRTY_METADATA, STORE]).pinned(106).because(WINDOWS),
    Expectation::violates("patched", "unconverted-absent", &[METADATA, STORE]).pinned(15).because(STILL_OPEN),
    Expectation::passes("fixed", "unconverted-absent").pinned(7).because(CONVERTED_TOO),
    Expectation::violates("old", "unconverted-lost-store", &[STORE, METADATA]).pinned(18).because(LOST),
    Expectation::violates("patched", "unconverted-lost-store", &[STORE, METADATA]).pinned(10).because(STILL_LOST),
    Expectation::passes("fixed", "unconverted-lost-store").pinned(8).because(CONVERTED_TOO),
    Expectation::passes("old", "unconverted-truncate").pinned(14).because(TRUNCATED_ALONE),
    Expectation::passes("patched", "unconverted-truncate").pinned(12).because(TRUNCATED_ALONE),
    Expectation::passes("fixed", "unconverted-truncate").pinned(11).because(TRUNCATED),
    Expectation::passes("old", "unconverted-truncate-absent").pinned(18).because(TRUNCATED_ALONE),
    Expectation::passes("patched", "unconverted-truncate-absent").pinned(15).because(TRUNCATED_ALONE),
    Expectation::passes("fixed", "unconverted-truncate-absent").pinned(14).because(TRUNCATED),
    Expectation::passes("old", "journal").pinned(63).because(NO_LOCK),
    Expectation::passes("patched", "journal").pinned(45).because(AFTER_UNLOCK),
    Expectation::passes("fixed", "journal").pinned(45).because(AFTER_UNLOCK),
    Expectation::passes("old", "journal-absent").pinned(65).because(NO_LOCK),
    Expectation::passes("patched", "journal-absent").pinned(49).because(AFTER_UNLOCK),
    Expectation::passes("fixed", "journal-absent").pinned(49).because(AFTER_UNLOCK),
    Expectation::violates("old", "journal-flush", &[METADATA]).pinned(12).because(BEFORE_PTE),
    Expectation::violates("patched", "journal-flush", &[METADATA]).pinned(5).because(STILL_OPEN),
    Expectation::passes("fixed", "journal-flush").pinned(3).because(CONVERTED_TOO),
    Expectation::violates("old", "careless", &[METADATA]).pinned(26).because(NOT_SERIALISED),
    Expectation::violates("patched", "careless", &[METADATA]).pinned(5).because(NOT_SERIALISED),
    Expectation::violates("fixed", "careless", &[METADATA]).pinned(5).because(NOT_SERIALISED),
    Expectation::passes("old", "no-space-absent").pinned(4).because(FAILS),
    Expectation::passes("patched", "no-space-absent").pinned(4).because(FAILS),
    Expectation::passes("fixed", "no-space-absent").pinned(4).because(FAILS),
    Expectation::passes("old", "throttled-absent").pinned(47).because(UNTHROTTLED),
    Expectation::passes("patched", "throttled-absent").pinned(30).because(UNTHROTTLED),
    Expectation::passes("fixed", "throttled-absent").pinned(30).because(UNTHROTTLED),
    Expectation::passes("old", "no-space").pinned(3).because(FAILS),
    Expectation::passes("patched", "no-space").pinned(3).because(FAILS),
    Expectation::passes("fixed", "no-space").pinned(3).because(FAILS),
    Expectation::passes("old", "wrapper").pinned(1).because(ZERO),
    Expectation::violates("patched", "wrapper", &[STORE, METADATA]).pinned(1).because(NILFS),
    Expectation::passes("fixed", "wrapper").pinned(1).because(BOTH_LOCKED),
    Expectation::passes("old", "throttled").pinned(36).because(UNTHROTTLED),
    Expectation::passes("patched", "throttled").pinned(25).because(UNTHROTTLED),
    Expectation::passes("fixed", "throttled").pinned(25).because(UNTHROTTLED),
    Expectation::violates("old", "same-pte-flush", &[METADATA]).pinned(9932).because(BEFORE_PTE),
    Expectation::passes("patched", "same-pte-flush").pinned(224).because(ONE_SECTION),
    Expectation::passes("fixed", "same-pte-flush").pinned(224).because(ONE_SECTION),
    Expectation::violates("old", "stress", &[METADATA, DIRTY_METADATA, STORE]).because(WINDOWS),
    Expectation::passes("patched", "stress").because(ONE_SECTION),
    Expectation::passes("fixed", "stress").because(ONE_SECTION),
    Expectation::violates("old", "journal-stress", &[METADATA]).because(WINDOWS),
    Expectation::passes("patched", "journal-stress").because(ONE_SECTION),
    Expectation::passes("fixed", "journal-stress").because(ONE_SECTION),
];
