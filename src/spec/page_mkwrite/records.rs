//! What each design comes to in each scenario.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{DIRTY_METADATA, METADATA, STORE};
use crate::spec::{Record, Recorded};

const fn pass(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    sentence: &'static str,
) -> Record {
    Record {
        design,
        scenario,
        verdict: Recorded::Pass,
        loom_executions,
        sentence,
    }
}

const fn fail(
    design: &'static str,
    scenario: &'static str,
    loom_executions: Option<u64>,
    properties: &'static [&'static str],
    sentence: &'static str,
) -> Record {
    Record {
        design,
        scenario,
        verdict: Recorded::Violated {
            properties,
            cycles: &[],
        },
        loom_executions,
        sentence,
    }
}

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
const HIDDEN: &str = "The windows are open, but whatever they leave behind goes with the page; \
    pte_same and the look at page->mapping keep a pte from mapping it.";
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
        Some(6_591),
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    pass("patched", "read-only", Some(103), ONE_SECTION),
    pass("mended", "read-only", Some(103), ONE_SECTION),
    fail(
        "old",
        "absent",
        Some(6_059),
        &[METADATA, DIRTY_METADATA, STORE],
        WINDOWS,
    ),
    pass("patched", "absent", Some(103), ONE_SECTION),
    pass("mended", "absent", Some(103), ONE_SECTION),
    fail("old", "lost-store", Some(177), &[STORE, METADATA], LOST),
    pass("patched", "lost-store", Some(44), ONE_SECTION),
    pass("mended", "lost-store", Some(44), ONE_SECTION),
    fail(
        "old",
        "lost-store-absent",
        Some(172),
        &[STORE, METADATA],
        LOST,
    ),
    pass("patched", "lost-store-absent", Some(44), ONE_SECTION),
    pass("mended", "lost-store-absent", Some(44), ONE_SECTION),
    pass("old", "read-only-truncate", Some(40_440), HIDDEN),
    pass("patched", "read-only-truncate", Some(1_765), TRUNCATED),
    pass("mended", "read-only-truncate", Some(1_765), TRUNCATED),
    pass("old", "absent-truncate", Some(43_063), HIDDEN),
    pass("patched", "absent-truncate", Some(1_789), TRUNCATED),
    pass("mended", "absent-truncate", Some(1_789), TRUNCATED),
    pass("old", "same-pte", Some(374), NO_WRITER),
    pass("patched", "same-pte", Some(44), LOSER),
    pass("mended", "same-pte", Some(44), LOSER),
    pass("old", "same-pte-absent", Some(890), NO_WRITER),
    pass("patched", "same-pte-absent", Some(114), LOSER),
    pass("mended", "same-pte-absent", Some(114), LOSER),
    pass("old", "two-ptes", Some(240), NO_WRITER),
    pass("patched", "two-ptes", Some(18), ONE_SECTION),
    pass("mended", "two-ptes", Some(18), ONE_SECTION),
    pass("old", "no-mkwrite", Some(62), WAITS),
    pass("patched", "no-mkwrite", Some(62), WAITS),
    pass("mended", "no-mkwrite", Some(62), WAITS),
    pass("old", "no-mkwrite-absent", Some(81), NO_METADATA),
    pass("patched", "no-mkwrite-absent", Some(25), NO_METADATA),
    pass("mended", "no-mkwrite-absent", Some(25), NO_METADATA),
    fail(
        "old",
        "unconverted",
        Some(6_591),
        &[METADATA, DIRTY_METADATA, STORE],
        BEFORE_PTE,
    ),
    fail(
        "patched",
        "unconverted",
        Some(224),
        &[METADATA, STORE],
        STILL_OPEN,
    ),
    pass("mended", "unconverted", Some(103), CONVERTED_TOO),
    fail(
        "old",
        "unconverted-absent",
        Some(77),
        &[METADATA],
        BEFORE_PTE,
    ),
    fail(
        "patched",
        "unconverted-absent",
        Some(20),
        &[METADATA],
        STILL_OPEN,
    ),
    pass("mended", "unconverted-absent", Some(13), CONVERTED_TOO),
    fail(
        "old",
        "unconverted-lost-store",
        Some(177),
        &[STORE, METADATA],
        LOST,
    ),
    fail(
        "patched",
        "unconverted-lost-store",
        Some(59),
        &[STORE, METADATA],
        STILL_LOST,
    ),
    pass("mended", "unconverted-lost-store", Some(44), CONVERTED_TOO),
    pass("old", "unconverted-truncate", Some(142), HIDDEN),
    pass("patched", "unconverted-truncate", Some(90), HIDDEN),
    pass("mended", "unconverted-truncate", Some(33), TRUNCATED),
    pass("old", "unconverted-truncate-absent", Some(147), HIDDEN),
    pass("patched", "unconverted-truncate-absent", Some(92), HIDDEN),
    pass("mended", "unconverted-truncate-absent", Some(35), TRUNCATED),
    pass("old", "journal", Some(500), NO_LOCK),
    pass("patched", "journal", Some(268), AFTER_UNLOCK),
    pass("mended", "journal", Some(268), AFTER_UNLOCK),
    pass("old", "journal-absent", Some(1_012), NO_LOCK),
    pass("patched", "journal-absent", Some(436), AFTER_UNLOCK),
    pass("mended", "journal-absent", Some(436), AFTER_UNLOCK),
    pass("old", "no-space", Some(7), FAILS),
    pass("patched", "no-space", Some(7), FAILS),
    pass("mended", "no-space", Some(7), FAILS),
    pass("old", "wrapper", Some(1), ZERO),
    fail("patched", "wrapper", Some(1), &[STORE, METADATA], NILFS),
    pass("mended", "wrapper", Some(1), BOTH_LOCKED),
    pass("old", "throttled", Some(571), UNTHROTTLED),
    pass("patched", "throttled", Some(197), UNTHROTTLED),
    pass("mended", "throttled", Some(197), UNTHROTTLED),
    fail("old", "same-pte-flush", None, &[METADATA], BEFORE_PTE),
    pass("patched", "same-pte-flush", None, ONE_SECTION),
    pass("mended", "same-pte-flush", None, ONE_SECTION),
    fail("old", "crowd", None, &[METADATA, STORE], WINDOWS),
    pass("patched", "crowd", None, ONE_SECTION),
    pass("mended", "crowd", None, ONE_SECTION),
    pass("old", "journal-crowd", None, HIDDEN),
    pass("patched", "journal-crowd", None, AFTER_UNLOCK),
    pass("mended", "journal-crowd", None, AFTER_UNLOCK),
];
