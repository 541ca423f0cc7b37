//! What each design comes to in each scenario.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{DIRTY_METADATA, METADATA, STORE};
use crate::spec::Record;
use crate::spec::record::{fail, pass};

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
const TRUNCATED_ALONE: &str = "The windows are open, but nobody cleans the page in them. do_wp_page finds the \
    pte changed, and __do_fault the mapping gone: no pte maps the page afterwards.";
const NOT_SERIALISED: &str = "page_mkwrite attaches the metadata while an earlier write is under way, and the end of \
    that write drops it again, whatever is locked meanwhile.";
const NO_WRITER: &str = "Nobody cleans the page, so the open windows do no harm.";
const LOSER: &str = "The second fault finds the pte changed, and unlocks the page before it goes.";
const TRUNCATED: &str = "Truncation waits for the page lock, and takes the pte away with it; a fault \
    that comes later finds no page.";
const WAITS: &str = "do_wp_page sets the pte, and then waits until nobody has the page locked: its \
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

/// The records.
pub(super) const RECORDS: &[Record] = &[
    fail(
        "old",
        "read-only",
        Some(121),
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    pass("patched", "read-only", Some(7), ONE_SECTION),
    pass("mended", "read-only", Some(7), ONE_SECTION),
    fail(
        "old",
        "absent",
        Some(106),
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    pass("patched", "absent", Some(7), ONE_SECTION),
    pass("mended", "absent", Some(7), ONE_SECTION),
    fail("old", "lost-store", Some(18), &[STORE, METADATA], LOST),
    pass("patched", "lost-store", Some(8), ONE_SECTION),
    pass("mended", "lost-store", Some(8), ONE_SECTION),
    fail(
        "old",
        "lost-store-absent",
        Some(17),
        &[STORE, METADATA],
        LOST,
    ),
    pass("patched", "lost-store-absent", Some(8), ONE_SECTION),
    pass("mended", "lost-store-absent", Some(8), ONE_SECTION),
    pass("old", "read-only-truncate", Some(14), TRUNCATED_ALONE),
    pass("patched", "read-only-truncate", Some(11), TRUNCATED),
    pass("mended", "read-only-truncate", Some(11), TRUNCATED),
    pass("old", "absent-truncate", Some(18), TRUNCATED_ALONE),
    pass("patched", "absent-truncate", Some(14), TRUNCATED),
    pass("mended", "absent-truncate", Some(14), TRUNCATED),
    fail("old", "truncate-flush", Some(202), &[METADATA], BEFORE_PTE),
    pass("patched", "truncate-flush", Some(44), TRUNCATED),
    pass("mended", "truncate-flush", Some(44), TRUNCATED),
    fail(
        "old",
        "truncate-flush-absent",
        Some(194),
        &[METADATA],
        BEFORE_PTE,
    ),
    pass("patched", "truncate-flush-absent", Some(48), TRUNCATED),
    pass("mended", "truncate-flush-absent", Some(48), TRUNCATED),
    pass("old", "same-pte", Some(56), NO_WRITER),
    pass("patched", "same-pte", Some(20), LOSER),
    pass("mended", "same-pte", Some(20), LOSER),
    pass("old", "same-pte-absent", Some(188), NO_WRITER),
    pass("patched", "same-pte-absent", Some(52), LOSER),
    pass("mended", "same-pte-absent", Some(52), LOSER),
    pass("old", "two-ptes", Some(104), NO_WRITER),
    pass("patched", "two-ptes", Some(18), ONE_SECTION),
    pass("mended", "two-ptes", Some(18), ONE_SECTION),
    pass("old", "no-mkwrite", Some(10), WAITS),
    pass("patched", "no-mkwrite", Some(10), WAITS),
    pass("mended", "no-mkwrite", Some(10), WAITS),
    pass("old", "no-mkwrite-absent", Some(10), NO_METADATA),
    pass("patched", "no-mkwrite-absent", Some(4), NO_METADATA),
    pass("mended", "no-mkwrite-absent", Some(4), NO_METADATA),
    fail(
        "old",
        "unconverted",
        Some(121),
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    fail(
        "patched",
        "unconverted",
        Some(15),
        &[METADATA, STORE],
        STILL_OPEN,
    ),
    pass("mended", "unconverted", Some(7), CONVERTED_TOO),
    fail(
        "old",
        "unconverted-absent",
        Some(106),
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    fail(
        "patched",
        "unconverted-absent",
        Some(15),
        &[METADATA, STORE],
        STILL_OPEN,
    ),
    pass("mended", "unconverted-absent", Some(7), CONVERTED_TOO),
    fail(
        "old",
        "unconverted-lost-store",
        Some(18),
        &[STORE, METADATA],
        LOST,
    ),
    fail(
        "patched",
        "unconverted-lost-store",
        Some(10),
        &[STORE, METADATA],
        STILL_LOST,
    ),
    pass("mended", "unconverted-lost-store", Some(8), CONVERTED_TOO),
    pass("old", "unconverted-truncate", Some(14), TRUNCATED_ALONE),
    pass("patched", "unconverted-truncate", Some(12), TRUNCATED_ALONE),
    pass("mended", "unconverted-truncate", Some(11), TRUNCATED),
    pass(
        "old",
        "unconverted-truncate-absent",
        Some(18),
        TRUNCATED_ALONE,
    ),
    pass(
        "patched",
        "unconverted-truncate-absent",
        Some(15),
        TRUNCATED_ALONE,
    ),
    pass("mended", "unconverted-truncate-absent", Some(14), TRUNCATED),
    pass("old", "journal", Some(63), NO_LOCK),
    pass("patched", "journal", Some(45), AFTER_UNLOCK),
    pass("mended", "journal", Some(45), AFTER_UNLOCK),
    pass("old", "journal-absent", Some(65), NO_LOCK),
    pass("patched", "journal-absent", Some(49), AFTER_UNLOCK),
    pass("mended", "journal-absent", Some(49), AFTER_UNLOCK),
    fail("old", "journal-flush", Some(12), &[METADATA], BEFORE_PTE),
    fail("patched", "journal-flush", Some(5), &[METADATA], STILL_OPEN),
    pass("mended", "journal-flush", Some(3), CONVERTED_TOO),
    fail("old", "careless", Some(26), &[METADATA], NOT_SERIALISED),
    fail("patched", "careless", Some(5), &[METADATA], NOT_SERIALISED),
    fail("mended", "careless", Some(5), &[METADATA], NOT_SERIALISED),
    pass("old", "no-space-absent", Some(4), FAILS),
    pass("patched", "no-space-absent", Some(4), FAILS),
    pass("mended", "no-space-absent", Some(4), FAILS),
    pass("old", "throttled-absent", Some(47), UNTHROTTLED),
    pass("patched", "throttled-absent", Some(30), UNTHROTTLED),
    pass("mended", "throttled-absent", Some(30), UNTHROTTLED),
    pass("old", "no-space", Some(3), FAILS),
    pass("patched", "no-space", Some(3), FAILS),
    pass("mended", "no-space", Some(3), FAILS),
    pass("old", "wrapper", Some(1), ZERO),
    fail("patched", "wrapper", Some(1), &[STORE, METADATA], NILFS),
    pass("mended", "wrapper", Some(1), BOTH_LOCKED),
    pass("old", "throttled", Some(36), UNTHROTTLED),
    pass("patched", "throttled", Some(25), UNTHROTTLED),
    pass("mended", "throttled", Some(25), UNTHROTTLED),
    fail("old", "same-pte-flush", Some(9932), &[METADATA], BEFORE_PTE),
    pass("patched", "same-pte-flush", Some(224), ONE_SECTION),
    pass("mended", "same-pte-flush", Some(224), ONE_SECTION),
    fail(
        "old",
        "crowd",
        None,
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    pass("patched", "crowd", None, ONE_SECTION),
    pass("mended", "crowd", None, ONE_SECTION),
    fail("old", "journal-crowd", None, &[METADATA], WINDOWS),
    pass("patched", "journal-crowd", None, ONE_SECTION),
    pass("mended", "journal-crowd", None, ONE_SECTION),
];
