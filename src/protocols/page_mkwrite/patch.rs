//! b827e496c893, hunk by hunk.

use super::{
    BALANCE_AFTER_UNLOCK, CALL_UNLOCKED, DIRTY_UNDER_LOCK, HOLD_UNTIL_DIRTY, LOCK_FOR_IT,
    MAPPING_BEFORE_UNLOCK, RECHECK_IN_FAULT, RECHECK_IN_WP, RETURN_LOCKED, TEST_MAPPING,
    TIME_AFTER_UNLOCK, UNLOCK_ON_ERROR, UNLOCK_WHERE_LOST, WAIT_BEFORE_DIRTY,
};
use crate::spec::{Change, Hunk, Patch, WithoutHunk};

const MEMORY: &str = "mm/memory.c";

/// Why references to pages are in no clause.
const REFERENCES: &str = "abstracted away: references to pages. No page of a model is freed";

/// The hunks of mm/memory.c.
pub(super) const PATCH: Patch = Patch::new(&[
    Hunk::new(
        MEMORY,
        [1971, 6, 1971, 15],
        &[
            Change::mirrored(
                "do_wp_page",
                "locks the page where page_mkwrite has not",
                &[LOCK_FOR_IT.name],
            ),
            Change::mirrored(
                "do_wp_page",
                "under that lock, a page without a mapping is unlocked, and the fault tried again",
                &[RECHECK_IN_WP.name],
            ),
            Change::mirrored(
                "do_wp_page",
                "takes a page that page_mkwrite has locked, and asserts that it is",
                &[RETURN_LOCKED.name],
            ),
        ],
    ),
    Hunk::new(
        MEMORY,
        [1980, 9, 1989, 11],
        &[
            Change::mirrored(
                "do_wp_page",
                "unlocks the page where the pte is no longer the one that faulted",
                &[UNLOCK_WHERE_LOST.name],
            ),
            Change::not_mirrored(
                "do_wp_page",
                "keeps its reference to the page until that is dirty",
                REFERENCES,
            ),
        ],
    ),
    Hunk::new(
        MEMORY,
        [2094, 9, 2105, 6],
        &[Change::mirrored(
            "do_wp_page",
            "file_update_time is no longer called before set_page_dirty",
            &[TIME_AFTER_UNLOCK.name],
        )],
    ),
    Hunk::new(MEMORY, [2105, 16, 2113, 41], WP_PAGE_DIRTY),
    Hunk::new(MEMORY, [2664, 27, 2697, 22], FAULT_CALL),
    Hunk::new(MEMORY, [2736, 19, 2764, 35], FAULT_DIRTY),
])
.without_hunk(&[
    WithoutHunk {
        clause: CALL_UNLOCKED.name,
        reason: "kept, not changed: both callers called page_mkwrite with the page unlocked before. The commit \
                 message says why they do not hold the lock over the call",
    },
    WithoutHunk {
        clause: UNLOCK_ON_ERROR.name,
        reason: "the filesystem's half of the contract: in block_page_mkwrite of fs/buffer.c, which is not listed. \
                 Here the error paths take the page for unlocked, as before",
    },
])
.not_listing(
    "the hunks of fs/buffer.c, where block_page_mkwrite returns with the page locked (return-locked, \
     unlock-on-error), and of Documentation/filesystems/Locking",
);

/// The end of `do_wp_page`.
const WP_PAGE_DIRTY: &[Change] = &[
    Change::mirrored(
        "do_wp_page",
        "waits for the page lock before set_page_dirty only where no page_mkwrite was called",
        &[WAIT_BEFORE_DIRTY.name],
    ),
    Change::mirrored(
        "do_wp_page",
        "dirties the page that page_mkwrite was called for, and then unlocks it",
        &[HOLD_UNTIL_DIRTY.name],
    ),
    Change::mirrored(
        "do_wp_page",
        "reads page->mapping while the page is locked, and tests it",
        &[MAPPING_BEFORE_UNLOCK.name, TEST_MAPPING.name],
    ),
    Change::mirrored(
        "do_wp_page",
        "balance_dirty_pages comes after the page is unlocked",
        &[BALANCE_AFTER_UNLOCK.name],
    ),
    Change::mirrored(
        "do_wp_page",
        "file_update_time comes last",
        &[TIME_AFTER_UNLOCK.name],
    ),
    Change::not_mirrored(
        "do_wp_page",
        "drops the reference that was kept for the page lock",
        REFERENCES,
    ),
    Change::not_mirrored(
        "do_wp_page",
        "without memory, unlocks the page that page_mkwrite was called for",
        "abstracted away: failed allocations of memory. Memory is for a copy of the page, and the page that \
         page_mkwrite was called for is reused",
    ),
];

/// `__do_fault` around `->page_mkwrite`.
const FAULT_CALL: &[Change] = &[
    Change::not_mirrored(
        "__do_fault",
        "sets the flags of the fault and adds none to those that there are",
        "abstracted away: flags of the fault. The modelled page_mkwrite reads none",
    ),
    Change::not_mirrored(
        "__do_fault",
        "where page_mkwrite fails, drops the page without touching its lock",
        "mirrored by the base body: such a fault ended with the page unlocked before",
    ),
    Change::not_mirrored(
        "__do_fault",
        "locks the page where page_mkwrite has not",
        "mirrored by the base body: it locked the page after every call before",
    ),
    Change::mirrored(
        "__do_fault",
        "under that lock, a page without a mapping is unlocked, and the fault tried again, as before",
        &[RECHECK_IN_FAULT.name],
    ),
    Change::mirrored(
        "__do_fault",
        "takes a page that page_mkwrite has locked, and asserts that it is",
        &[RETURN_LOCKED.name],
    ),
];

/// The end of `__do_fault`.
const FAULT_DIRTY: &[Change] = &[
    Change::mirrored(
        "__do_fault",
        "with page_mkwrite, set_page_dirty comes before the page is unlocked",
        &[HOLD_UNTIL_DIRTY.name],
    ),
    Change::mirrored(
        "__do_fault",
        "without page_mkwrite, set_page_dirty comes before the page is unlocked too",
        &[DIRTY_UNDER_LOCK.name],
    ),
    Change::mirrored(
        "__do_fault",
        "reads page->mapping while the page is locked, and tests it",
        &[MAPPING_BEFORE_UNLOCK.name, TEST_MAPPING.name],
    ),
    Change::mirrored(
        "__do_fault",
        "balance_dirty_pages comes after the page is unlocked",
        &[BALANCE_AFTER_UNLOCK.name],
    ),
    Change::not_mirrored(
        "__do_fault",
        "balances only if set_page_dirty has dirtied the page, or page_mkwrite was called",
        "abstracted away: set_page_dirty_balance did the same before. A scenario says whether a thread is throttled, \
         whatever set_page_dirty has returned",
    ),
    Change::mirrored(
        "__do_fault",
        "file_update_time comes last",
        &[TIME_AFTER_UNLOCK.name],
    ),
    Change::not_mirrored(
        "__do_fault",
        "a page that was not dirtied is unlocked and dropped as before; a new label drops one after a failure",
        REFERENCES,
    ),
];
