//! The clauses of the patch, of what was there before it, and of the fixes that came after it.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design};

/// P-C1.
pub const RETURN_LOCKED: Clause = Clause::new(
    "return-locked",
    "a converted filesystem's page_mkwrite returns with the page locked (VM_FAULT_LOCKED)",
    f::PAGE_MKWRITE,
)
.numbered("P-C1")
.needed_for(
    &["dirty-metadata", "metadata", "store"],
    "Writeback fits between page_mkwrite and the pte: it cleans the page, the filesystem drops \
     its metadata, and the pte becomes writable all the same.",
);

/// P-C2.
pub const LOCK_FOR_IT: Clause = Clause::new(
    "lock-for-it",
    "where page_mkwrite returns without VM_FAULT_LOCKED, do_wp_page locks the page itself",
    f::DO_WP_PAGE,
)
.numbered("P-C2")
.needed_for(
    &["dirty-mapping", "dirty-metadata", "nr-file-dirty"],
    "The page is unlocked until set_page_dirty, which dirties it when writeback has taken its metadata, \
     or truncation the page.",
);

/// P-C3a.
pub const RECHECK_IN_FAULT: Clause = Clause::new(
    "recheck-in-do-fault",
    "__do_fault looks at page->mapping again after it has locked the page",
    f::DO_FAULT,
)
.numbered("P-C3a")
.earlier(
    "56a76f8275c3",
    "fs: fix page_mkwrite error cases in core code and btrfs",
)
.needed_for(
    &["dirty-mapping", "mapping", "metadata"],
    "A filesystem that returns the page unlocked lets truncation take it in between: without a \
     look at the mapping under the new lock, a pte maps a page that has left its file.",
);

/// P-C3b.
pub const RECHECK_IN_WP: Clause = Clause::new(
    "recheck-in-do-wp-page",
    "do_wp_page does so too",
    f::DO_WP_PAGE,
)
.numbered("P-C3b")
.needed_for(
    &[],
    "Defensive: truncation takes the pte away before it clears the mapping, and pte-same fails then. In \
     __do_fault there is no pte yet.",
);

/// P-C15.
pub const PTE_SAME: Clause = Clause::new(
    "pte-same",
    "do_wp_page compares the pte with the one that faulted, once it has its lock again",
    f::DO_WP_PAGE,
)
.numbered("P-C15")
.earlier(
    "9637a5efd4fb",
    "[PATCH] add page_mkwrite() vm_operations method",
)
.needed_for(
    &[],
    "The page lock does its work: truncation unmaps the page again once it has locked it. Without \
     recheck-in-do-wp-page too, a pte maps a page that has left its file.",
);

/// P-C4.
pub const UNLOCK_WHERE_LOST: Clause = Clause::new(
    "unlock-where-pte-changed",
    "do_wp_page unlocks the page where the pte is no longer the one that faulted",
    f::DO_WP_PAGE,
)
.numbered("P-C4")
.needed_for(
    &["locks", "no-deadlock"],
    "The fault that finds its pte changed returns with the page locked, and the next thread \
     that locks it blocks forever.",
);

/// P-C6.
pub const HOLD_UNTIL_DIRTY: Clause = Clause::new(
    "hold-until-dirty",
    "the page stays locked until after set_page_dirty",
    f::DO_WP_PAGE,
)
.numbered("P-C6")
.needed_for(
    &["dirty-mapping", "dirty-metadata", "nr-file-dirty"],
    "With the page unlocked between the pte and set_page_dirty, writeback cleans it there, and \
     set_page_dirty dirties a page without metadata (P-B3); or truncation takes it there.",
);

/// P-C7.
pub const CALL_UNLOCKED: Clause = Clause::new(
    "call-unlocked",
    "page_mkwrite is called with the page unlocked, and takes the lock where it wants it",
    f::DO_WP_PAGE,
)
.numbered("P-C7")
.needed_for(
    &["locks", "no-deadlock"],
    "page_mkwrite starts a transaction; called under the page lock it waits for the commit, \
     which waits for a handle whose owner wants the page.",
);

/// P-C8.
pub const BALANCE_AFTER_UNLOCK: Clause = Clause::new(
    "balance-after-unlock",
    "balance_dirty_pages comes after the page is unlocked",
    f::DO_WP_PAGE,
)
.numbered("P-C8")
.needed_for(
    &["locks", "no-deadlock"],
    "balance_dirty_pages waits for writeback, which waits for the page that the throttled thread \
     has locked.",
);

/// P-C9.
pub const TIME_AFTER_UNLOCK: Clause = Clause::new(
    "time-after-unlock",
    "file_update_time comes after the page is unlocked",
    f::DO_WP_PAGE,
)
.numbered("P-C9")
.needed_for(
    &["locks", "no-deadlock"],
    "file_update_time starts a transaction, which ranks above the page lock.",
);

/// P-C10, its second half, which was there before.
pub const TEST_MAPPING: Clause = Clause::new(
    "test-mapping",
    "balance_dirty_pages is called only if the page has a mapping",
    f::SET_PAGE_DIRTY_BALANCE,
)
.numbered("P-C10b")
.earlier("edc79b2a46ed", "mm: balance dirty pages")
.needed_for(
    &[],
    "Defensive with mapping-before-unlock. Without both, truncation clears the mapping before it is \
     followed. The patch names drivers whose pages have none.",
);

/// P-C10, its first half.
pub const MAPPING_BEFORE_UNLOCK: Clause = Clause::new(
    "mapping-before-unlock",
    "page->mapping is read for balance_dirty_pages while the page is locked",
    f::DO_WP_PAGE,
)
.numbered("P-C10a")
.needed_for(
    &[],
    "With test-mapping nothing breaks: a thread that finds the mapping gone is not throttled.",
);

/// P-C11.
pub const DIRTY_UNDER_LOCK: Clause = Clause::new(
    "dirty-under-lock",
    "__do_fault calls set_page_dirty under the page lock without page_mkwrite, too",
    f::DO_FAULT,
)
.numbered("P-C11")
.needed_for(
    &["dirty-mapping", "nr-file-dirty"],
    "Truncation takes the page between TestSetPageDirty and the count; wait-before-dirty is in \
     do_wp_page only.",
);

/// P-C12.
pub const UNLOCK_ON_ERROR: Clause = Clause::new(
    "unlock-on-error",
    "page_mkwrite returns with the page unlocked where it fails",
    f::PAGE_MKWRITE,
)
.numbered("P-C12")
.needed_for(
    &["locks", "no-deadlock"],
    "block_page_mkwrite fails with the page locked, its caller takes that for an error and \
     returns, and the lock is never released.",
);

/// P-C14.
pub const WAIT_BEFORE_DIRTY: Clause = Clause::new(
    "wait-before-dirty",
    "without page_mkwrite, do_wp_page waits for the page lock before set_page_dirty",
    f::DO_WP_PAGE,
)
.numbered("P-C14")
.earlier(
    "79352894b285",
    "mm: fix clear_page_dirty_for_io vs fault race",
)
.needed_for(
    &["store"],
    "The pte is installed outside the page lock: writeback comes between page_mkclean and \
     TestClearPageDirty, set_page_dirty changes nothing, and the dirty bit goes with the store.",
);

/// P-U1.
pub const CONVERTED: Clause = Clause::new(
    "converted",
    "the filesystem returns with the page locked as well; so did btrfs (50a9b214bc6c, 2009), \
     fb_defio (d6d03f915851, 2010), ceph (4af6b2257ee0, 2010) and ext4 (0e499890c1fd, \
     9ea7df534ed2, 2011)",
    f::PAGE_MKWRITE,
)
.numbered("P-U1")
.later("7fdf52306766", "NFS: Close page_mkwrite() races")
.needed_for(
    &["metadata", "store"],
    "The patch changes the contract; a filesystem that is not converted still returns the page \
     unlocked, and has the race of the old design between its own unlock and the VM's lock.",
);

/// P-U2.
pub const LOCKED_IS_SUCCESS: Clause = Clause::new(
    "locked-is-success",
    "a filesystem that wraps block_page_mkwrite takes VM_FAULT_LOCKED for success",
    f::PAGE_MKWRITE,
)
.numbered("P-U2")
.later(
    "340945379431",
    "the nilfs2 fix of 2011-03-27: mmap data lost since 2.6.30",
)
.needed_for(
    &["metadata", "store"],
    "A wrapper that takes VM_FAULT_LOCKED for a failure returns before its own work is done, and \
     the store goes to a page without metadata.",
);

/// P-U3.
pub const LOCK_TO_DIRTY: Clause = Clause::new(
    "lock-to-dirty",
    "without page_mkwrite, do_wp_page locks the page around set_page_dirty; wait-before-dirty goes",
    f::DO_WP_PAGE,
)
.numbered("P-U3")
.later(
    "2d6d7f982846",
    "mm: protect set_page_dirty() from ongoing truncation",
)
.needed_for(
    &["nr-file-dirty", "store"],
    "Truncation comes between TestSetPageDirty and the count (P-A2); with no wait either, writeback \
     clears the dirty bit after the store.",
);

/// P-U4.
pub const WAIT_FOR_WRITEBACK: Clause = Clause::new(
    "wait-for-writeback",
    "page_mkwrite waits for PG_writeback under the page lock; so did block_page_mkwrite \
     (d76ee18a8551) and cifs (ca83ce3d5b9a)",
    f::PAGE_MKWRITE,
)
.numbered("P-U4")
.later(
    "0e499890c1fd",
    "ext4: wait for writeback to complete while making pages writable",
)
.needed_for(
    &["stable"],
    "The page is under writeback and unlocked, and a store changes what the device reads (P-A3).",
);

/// Every clause.
pub const ALL: &[Clause] = &[
    RECHECK_IN_FAULT,
    WAIT_BEFORE_DIRTY,
    TEST_MAPPING,
    PTE_SAME,
    RETURN_LOCKED,
    LOCK_FOR_IT,
    RECHECK_IN_WP,
    UNLOCK_WHERE_LOST,
    HOLD_UNTIL_DIRTY,
    CALL_UNLOCKED,
    BALANCE_AFTER_UNLOCK,
    TIME_AFTER_UNLOCK,
    MAPPING_BEFORE_UNLOCK,
    DIRTY_UNDER_LOCK,
    UNLOCK_ON_ERROR,
    CONVERTED,
    LOCKED_IS_SUCCESS,
    LOCK_TO_DIRTY,
    WAIT_FOR_WRITEBACK,
];

const OLD: Design = Design::new(
    "old",
    "before b827e496: page_mkwrite, pte and set_page_dirty without one page lock",
    &[
        RECHECK_IN_FAULT.name,
        WAIT_BEFORE_DIRTY.name,
        TEST_MAPPING.name,
        PTE_SAME.name,
    ],
);

const PATCHED: Design = OLD.extended(
    "patched",
    "b827e496: the page lock held from page_mkwrite to set_page_dirty",
    &[
        RETURN_LOCKED.name,
        LOCK_FOR_IT.name,
        RECHECK_IN_WP.name,
        UNLOCK_WHERE_LOST.name,
        HOLD_UNTIL_DIRTY.name,
        CALL_UNLOCKED.name,
        BALANCE_AFTER_UNLOCK.name,
        TIME_AFTER_UNLOCK.name,
        MAPPING_BEFORE_UNLOCK.name,
        DIRTY_UNDER_LOCK.name,
        UNLOCK_ON_ERROR.name,
    ],
);

// 2d6d7f982846 takes P-C14 out again.
const FIXED: Design = PATCHED
    .extended(
        "fixed",
        "b827e496 with the filesystems converted to it, and with the fixes that came later",
        &[
            CONVERTED.name,
            LOCKED_IS_SUCCESS.name,
            LOCK_TO_DIRTY.name,
            WAIT_FOR_WRITEBACK.name,
        ],
    )
    .without(&[WAIT_BEFORE_DIRTY.name]);

/// The designs.
pub(super) const DESIGNS: &[Design] = &[OLD, PATCHED, FIXED];
