//! The clauses of the patch and of the fixes that came after it, and the designs made of them.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design};

/// N-C1.
pub const OWN_DESCRIPTOR: Clause = Clause::new(
    "own-descriptor",
    "a request goes straight into a descriptor of its caller's, never onto a shared list",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-C1")
.needed_for(
    &[
        "data",
        "no-deadlock",
        "no-orphan",
        "no-orphan-at-end",
        "submitted-at-exit",
    ],
    "Requests go back to a list that only the second pass empties, and every exit before it \
     leaves them under writeback without an owner (N-B1, N-B2).",
);

/// N-C2.
pub const BUSY_UNTIL_DONE: Clause = Clause::new(
    "busy-until-done",
    "the request stays busy from where PG_writeback is set until the RPC is done",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-C2")
.needed_for(
    &[
        "busy-while-writeback",
        "data",
        "no-bug",
        "no-deadlock",
        "no-orphan-at-end",
        "unbounded",
    ],
    "A request that is unlocked while its page is under writeback is taken again: it is put \
     under writeback twice, and who waits for it to be unlocked does not wait at all and \
     loops forever.",
);

/// N-C3.
pub const ALWAYS_COMPLETE: Clause = Clause::new(
    "always-complete",
    "writepages starts the I/O of its descriptor whatever generic_writepages returned",
    f::NFS_WRITEPAGES,
)
.numbered("N-C3")
.needed_for(
    &[
        "data",
        "no-deadlock",
        "no-orphan",
        "no-orphan-at-end",
        "submitted-at-exit",
    ],
    "generic_writepages fails or is interrupted, and what the descriptor holds by then is never \
     sent (N-B2).",
);

/// N-C4.
pub const COMPLETE_AT_OUT: Clause = Clause::new(
    "complete-at-out",
    "a single page's own descriptor is completed on every way out",
    f::NFS_WRITEPAGE_LOCKED,
)
.numbered("N-C4")
.needed_for(
    &[
        "data",
        "no-deadlock",
        "no-orphan",
        "no-orphan-at-end",
        "no-self-wait",
        "submitted-at-exit",
    ],
    "The descriptor of a single page goes out of scope with its request in it; nfs_wb_page then \
     waits for that request.",
);

/// N-C5.
pub const FLUSH_BEFORE_WAIT: Clause = Clause::new(
    "flush-before-wait",
    "starts the I/O of the descriptor before it waits for a busy request (\"Prevent deadlock!\")",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-C5")
.needed_for(
    &["no-deadlock", "no-self-wait"],
    "A loop that wraps with requests in hand reaches one of its own and waits for it: only wrap-blind, \
     whose loop no kernel has.",
);

/// N-C6.
pub const FLUSH_BEFORE_COMMIT: Clause = Clause::new(
    "flush-before-commit",
    "starts the I/O of the descriptor before its caller waits for a COMMIT",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-C6")
.needed_for(
    &[],
    "nfs_wb_page waits for its own page and those after it, and what is in hand comes before.",
);

/// N-C7.
pub const SYNC_THROUGH_WRITEPAGES: Clause = Clause::new(
    "sync-through-writepages",
    "nfs_wb_all goes through nfs_writepages",
    f::NFS_WB_ALL,
)
.numbered("N-C7")
.needed_for(
    &["data", "no-bug"],
    "generic_writepages is called for many pages without a descriptor, and nfs_page_async_flush follows \
     the NULL.",
);

/// N-C12.
pub const NO_DIRTY_SCAN: Clause = Clause::new(
    "no-dirty-scan",
    "the wait after it no longer looks for requests on the dirty list",
    f::NFS_SYNC_MAPPING_WAIT,
)
.numbered("N-C12")
.needed_for(
    &[],
    "With own-descriptor the scan finds nothing. Without it, it is what starts the I/O of nfs_wb_all.",
);

/// N-C8.
pub const NEED_FLUSH_UNDER_LOCK: Clause = Clause::new(
    "need-flush-under-lock",
    "PG_NEED_FLUSH is read before req_lock is released",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-C8")
.needed_for(
    &[],
    "Read later, it can only be set where it was not, and then the page is flushed once more.",
);

/// N-C9.
pub const BUG_IF_WRITEBACK: Clause = Clause::new(
    "bug-if-writeback",
    "BUG() if PG_writeback is set already when a request has been locked",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-C9")
.needed_for(&[], "An assertion that busy-until-done makes true.");

/// N-C10.
pub const RETURN_PG_ERROR: Clause = Clause::new(
    "return-pg-error",
    "writepages returns the error of its descriptor",
    f::NFS_WRITEPAGES,
)
.numbered("N-C10")
.needed_for(
    &["error-told"],
    "The descriptor could not send what it had, and writepages returns 0: fsync tells its caller \
     that all is well.",
);

/// N-C11.
pub const STABLE_FOR_RECLAIM: Clause = Clause::new(
    "stable-for-reclaim",
    "of the writes of a single page, only those of reclaim ask for stable storage at once",
    f::NFS_WRITEPAGE_LOCKED,
)
.numbered("N-C11")
.needed_for(
    &[],
    "It saves reclaim a COMMIT, and no thread waits for either here.",
);

/// N-U1.
pub const COND_COMPLETE: Clause = Clause::new(
    "cond-complete",
    "starts the I/O of the descriptor before a page that does not follow its last, and before a \
     request for that page is looked for again",
    f::NFS_WRITEPAGE_LOCKED,
)
.numbered("N-U1")
.later("7fe7f8487ae7", "NFS: Avoid a deadlock situation on write")
.needed_for(
    &["no-deadlock", "no-self-wait"],
    "One thread has put a request into its descriptor and reaches it again, by PG_NEED_FLUSH or \
     by wrapping: it waits for itself, and nothing has been sent (N-A1).",
);

/// N-U2.
pub const UNDO_REFUSED: Clause = Clause::new(
    "undo-refused",
    "a request that the descriptor refuses is abandoned, and its error returned",
    f::NFS_PAGE_ASYNC_FLUSH,
)
.numbered("N-U2")
.later(
    "f8512ad0da16",
    "nfs: don't ignore return value from nfs_pageio_add_request",
)
.needed_for(
    &[
        "data",
        "no-deadlock",
        "no-orphan",
        "no-orphan-at-end",
        "submitted-at-exit",
    ],
    "A descriptor that cannot send what it has refuses the next request, which stays busy, under \
     writeback and in no list.",
);

/// N-U3.
pub const ONE_WRITEPAGES: Clause = Clause::new(
    "one-writepages",
    "one thread at a time is in nfs_writepages of an inode (NFS_INO_FLUSHING)",
    f::NFS_WRITEPAGES,
)
.numbered("N-U3")
.later(
    "72cb77f4a5ac",
    "NFS: Throttle page dirtying while we're flushing to disk",
)
.needed_for(
    &["no-deadlock"],
    "Two flushers that wrap wait for each other's page, in descriptors not sent (N-A4).",
);

/// Every clause.
pub(super) const ALL: &[Clause] = &[
    OWN_DESCRIPTOR,
    BUSY_UNTIL_DONE,
    ALWAYS_COMPLETE,
    COMPLETE_AT_OUT,
    FLUSH_BEFORE_WAIT,
    FLUSH_BEFORE_COMMIT,
    SYNC_THROUGH_WRITEPAGES,
    NO_DIRTY_SCAN,
    NEED_FLUSH_UNDER_LOCK,
    BUG_IF_WRITEBACK,
    RETURN_PG_ERROR,
    STABLE_FOR_RECLAIM,
    COND_COMPLETE,
    UNDO_REFUSED,
    ONE_WRITEPAGES,
];

const OLD: Design = Design::new(
    "old",
    "before c63c7b05: mark every page in one pass, start the I/O in another",
    &[],
);

const PATCHED: Design = OLD.extended(
    "patched",
    "c63c7b05: one pass, with a descriptor that belongs to its caller",
    &[
        OWN_DESCRIPTOR.name,
        BUSY_UNTIL_DONE.name,
        ALWAYS_COMPLETE.name,
        COMPLETE_AT_OUT.name,
        FLUSH_BEFORE_WAIT.name,
        FLUSH_BEFORE_COMMIT.name,
        SYNC_THROUGH_WRITEPAGES.name,
        NO_DIRTY_SCAN.name,
        NEED_FLUSH_UNDER_LOCK.name,
        BUG_IF_WRITEBACK.name,
        RETURN_PG_ERROR.name,
        STABLE_FOR_RECLAIM.name,
    ],
);

// 7fe7f8487ae7 takes N-C5 out again.
const FIXED: Design = PATCHED
    .extended(
        "fixed",
        "with the fixes that came later; 7fe7f8487ae7 has another clause for N-C5",
        &[COND_COMPLETE.name, UNDO_REFUSED.name, ONE_WRITEPAGES.name],
    )
    .without(&[FLUSH_BEFORE_WAIT.name]);

/// The designs.
pub(super) const DESIGNS: &[Design] = &[OLD, PATCHED, FIXED];
