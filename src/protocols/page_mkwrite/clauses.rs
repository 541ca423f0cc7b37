//! The clauses of the patch, of what was there before it, and of the fixes that came after it.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design, Origin};

/// P-C1.
pub const RETURN_LOCKED: Clause = Clause {
    id: "P-C1",
    name: "return-locked",
    summary: "a converted filesystem's page_mkwrite returns with the page locked (VM_FAULT_LOCKED)",
    function: f::PAGE_MKWRITE,
    origin: Origin::Patch,
};

/// P-C2.
pub const LOCK_FOR_IT: Clause = Clause {
    id: "P-C2",
    name: "lock-for-it",
    summary: "where page_mkwrite returns without VM_FAULT_LOCKED, do_wp_page locks the page itself",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C3a.
pub const RECHECK_IN_FAULT: Clause = Clause {
    id: "P-C3a",
    name: "recheck-in-do-fault",
    summary: "__do_fault looks at page->mapping again after it has locked the page",
    function: f::DO_FAULT,
    origin: Origin::Earlier {
        commit: "56a76f8275c3",
        subject: "fs: fix page_mkwrite error cases in core code and btrfs",
    },
};

/// P-C3b.
pub const RECHECK_IN_WP: Clause = Clause {
    id: "P-C3b",
    name: "recheck-in-do-wp-page",
    summary: "do_wp_page does so too",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C4.
pub const UNLOCK_WHERE_LOST: Clause = Clause {
    id: "P-C4",
    name: "unlock-where-pte-changed",
    summary: "do_wp_page unlocks the page where the pte is no longer the one that faulted",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C6.
pub const HOLD_UNTIL_DIRTY: Clause = Clause {
    id: "P-C6",
    name: "hold-until-dirty",
    summary: "the page stays locked until after set_page_dirty",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C7.
pub const CALL_UNLOCKED: Clause = Clause {
    id: "P-C7",
    name: "call-unlocked",
    summary: "page_mkwrite is called with the page unlocked, and takes the lock where it wants it",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C8.
pub const BALANCE_AFTER_UNLOCK: Clause = Clause {
    id: "P-C8",
    name: "balance-after-unlock",
    summary: "balance_dirty_pages comes after the page is unlocked",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C9.
pub const TIME_AFTER_UNLOCK: Clause = Clause {
    id: "P-C9",
    name: "time-after-unlock",
    summary: "file_update_time comes after the page is unlocked",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C10, its second half, which was there before.
pub const TEST_MAPPING: Clause = Clause {
    id: "P-C10b",
    name: "test-mapping",
    summary: "balance_dirty_pages is called only if the page has a mapping",
    function: f::SET_PAGE_DIRTY_BALANCE,
    origin: Origin::Earlier {
        commit: "edc79b2a46ed",
        subject: "mm: balance dirty pages",
    },
};

/// P-C10, its first half.
pub const MAPPING_BEFORE_UNLOCK: Clause = Clause {
    id: "P-C10a",
    name: "mapping-before-unlock",
    summary: "page->mapping is read for balance_dirty_pages while the page is locked",
    function: f::DO_WP_PAGE,
    origin: Origin::Patch,
};

/// P-C11.
pub const DIRTY_UNDER_LOCK: Clause = Clause {
    id: "P-C11",
    name: "dirty-under-lock",
    summary: "__do_fault calls set_page_dirty under the page lock without page_mkwrite, too",
    function: f::DO_FAULT,
    origin: Origin::Patch,
};

/// P-C12.
pub const UNLOCK_ON_ERROR: Clause = Clause {
    id: "P-C12",
    name: "unlock-on-error",
    summary: "page_mkwrite returns with the page unlocked where it fails",
    function: f::PAGE_MKWRITE,
    origin: Origin::Patch,
};

/// P-C14.
pub const WAIT_BEFORE_DIRTY: Clause = Clause {
    id: "P-C14",
    name: "wait-before-dirty",
    summary: "without page_mkwrite, do_wp_page waits for the page lock before set_page_dirty",
    function: f::DO_WP_PAGE,
    origin: Origin::Earlier {
        commit: "79352894b285",
        subject: "mm: fix clear_page_dirty_for_io vs fault race",
    },
};

/// P-U1.
pub const CONVERTED: Clause = Clause {
    id: "P-U1",
    name: "converted",
    summary: "the filesystem returns with the page locked as well; so did btrfs (50a9b214bc6c, \
              2009), fb_defio (d6d03f915851, 2010), ceph (4af6b2257ee0, 2010) and ext4 \
              (0e499890c1fd, 9ea7df534ed2, 2011)",
    function: f::PAGE_MKWRITE,
    origin: Origin::Later {
        commit: "7fdf52306766",
        subject: "NFS: Close page_mkwrite() races",
    },
};

/// P-U2.
pub const LOCKED_IS_SUCCESS: Clause = Clause {
    id: "P-U2",
    name: "locked-is-success",
    summary: "a filesystem that wraps block_page_mkwrite takes VM_FAULT_LOCKED for success",
    function: f::PAGE_MKWRITE,
    origin: Origin::Later {
        commit: "340945379431",
        subject: "the nilfs2 fix of 2011-03-27: mmap data lost since 2.6.30",
    },
};

/// Every clause.
pub const ALL: &[Clause] = &[
    RECHECK_IN_FAULT,
    WAIT_BEFORE_DIRTY,
    TEST_MAPPING,
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
];

/// The designs.
pub const DESIGNS: &[Design] = &[
    Design {
        name: "old",
        summary: "before b827e496: page_mkwrite, pte and set_page_dirty without one page lock",
        clauses: &[
            RECHECK_IN_FAULT.name,
            WAIT_BEFORE_DIRTY.name,
            TEST_MAPPING.name,
        ],
    },
    Design {
        name: "patched",
        summary: "b827e496: the page lock held from page_mkwrite to set_page_dirty",
        clauses: &[
            RECHECK_IN_FAULT.name,
            WAIT_BEFORE_DIRTY.name,
            TEST_MAPPING.name,
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
    },
    Design {
        name: "mended",
        summary: "b827e496 with the filesystems converted to it",
        clauses: &[
            RECHECK_IN_FAULT.name,
            WAIT_BEFORE_DIRTY.name,
            TEST_MAPPING.name,
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
            CONVERTED.name,
            LOCKED_IS_SUCCESS.name,
        ],
    },
];
