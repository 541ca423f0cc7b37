//! The clauses of the patch and of the fixes that came after it, and the designs made of them.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design, Origin};

/// N-C1.
pub const OWN_DESCRIPTOR: Clause = Clause {
    id: "N-C1",
    name: "own-descriptor",
    summary: "a request goes straight into a descriptor of its caller's, never onto a shared list",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Patch,
};

/// N-C2.
pub const BUSY_UNTIL_DONE: Clause = Clause {
    id: "N-C2",
    name: "busy-until-done",
    summary: "the request stays busy from where PG_writeback is set until the RPC is done",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Patch,
};

/// N-C3.
pub const ALWAYS_COMPLETE: Clause = Clause {
    id: "N-C3",
    name: "always-complete",
    summary: "writepages starts the I/O of its descriptor whatever generic_writepages returned",
    function: f::NFS_WRITEPAGES,
    origin: Origin::Patch,
};

/// N-C4.
pub const COMPLETE_AT_OUT: Clause = Clause {
    id: "N-C4",
    name: "complete-at-out",
    summary: "a single page's own descriptor is completed on every way out",
    function: f::NFS_WRITEPAGE_LOCKED,
    origin: Origin::Patch,
};

/// N-C5.
pub const FLUSH_BEFORE_WAIT: Clause = Clause {
    id: "N-C5",
    name: "flush-before-wait",
    summary: "starts the I/O of the descriptor before it waits for a busy request (\"Prevent \
              deadlock!\")",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Patch,
};

/// N-C6.
pub const FLUSH_BEFORE_COMMIT: Clause = Clause {
    id: "N-C6",
    name: "flush-before-commit",
    summary: "starts the I/O of the descriptor before its caller waits for a COMMIT",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Patch,
};

/// N-C7.
pub const SYNC_THROUGH_WRITEPAGES: Clause = Clause {
    id: "N-C7",
    name: "sync-through-writepages",
    summary: "nfs_wb_all goes through nfs_writepages, and the wait after it starts no I/O",
    function: f::NFS_WB_ALL,
    origin: Origin::Patch,
};

/// N-C8.
pub const NEED_FLUSH_UNDER_LOCK: Clause = Clause {
    id: "N-C8",
    name: "need-flush-under-lock",
    summary: "PG_NEED_FLUSH is read before req_lock is given up",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Patch,
};

/// N-C9.
pub const BUG_IF_WRITEBACK: Clause = Clause {
    id: "N-C9",
    name: "bug-if-writeback",
    summary: "BUG() if PG_writeback is set already when a request has been locked",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Patch,
};

/// N-C10.
pub const RETURN_PG_ERROR: Clause = Clause {
    id: "N-C10",
    name: "return-pg-error",
    summary: "writepages returns the error of its descriptor",
    function: f::NFS_WRITEPAGES,
    origin: Origin::Patch,
};

/// N-C11.
pub const STABLE_FOR_RECLAIM: Clause = Clause {
    id: "N-C11",
    name: "stable-for-reclaim",
    summary: "of the writes of a single page, only those of reclaim ask for stable storage at once",
    function: f::NFS_WRITEPAGE_LOCKED,
    origin: Origin::Patch,
};

/// N-U1.
pub const COND_COMPLETE: Clause = Clause {
    id: "N-U1",
    name: "cond-complete",
    summary: "starts the I/O of the descriptor before a page that does not follow its last, and \
              before a request for that page is looked for again",
    function: f::NFS_WRITEPAGE_LOCKED,
    origin: Origin::Later {
        commit: "7fe7f8487ae7",
        subject: "NFS: Avoid a deadlock situation on write",
    },
};

/// N-U2.
pub const UNDO_REFUSED: Clause = Clause {
    id: "N-U2",
    name: "undo-refused",
    summary: "a request that the descriptor refuses is given up, and its error returned",
    function: f::NFS_PAGE_ASYNC_FLUSH,
    origin: Origin::Later {
        commit: "be8a177250b2",
        subject: "fs/nfs/write.c as of this commit: nfs_page_async_flush looks at what \
                  nfs_pageio_add_request returns",
    },
};

/// Every clause.
pub(super) const ALL: &[Clause] = &[
    OWN_DESCRIPTOR,
    BUSY_UNTIL_DONE,
    ALWAYS_COMPLETE,
    COMPLETE_AT_OUT,
    FLUSH_BEFORE_WAIT,
    FLUSH_BEFORE_COMMIT,
    SYNC_THROUGH_WRITEPAGES,
    NEED_FLUSH_UNDER_LOCK,
    BUG_IF_WRITEBACK,
    RETURN_PG_ERROR,
    STABLE_FOR_RECLAIM,
    COND_COMPLETE,
    UNDO_REFUSED,
];

/// The designs.
pub(super) const DESIGNS: &[Design] = &[
    Design {
        name: "old",
        summary: "before c63c7b05: mark every page in one pass, start the I/O in another",
        clauses: &[],
    },
    Design {
        name: "patched",
        summary: "c63c7b05: one pass, with a descriptor that belongs to its caller",
        clauses: &[
            OWN_DESCRIPTOR.name,
            BUSY_UNTIL_DONE.name,
            ALWAYS_COMPLETE.name,
            COMPLETE_AT_OUT.name,
            FLUSH_BEFORE_WAIT.name,
            FLUSH_BEFORE_COMMIT.name,
            SYNC_THROUGH_WRITEPAGES.name,
            NEED_FLUSH_UNDER_LOCK.name,
            BUG_IF_WRITEBACK.name,
            RETURN_PG_ERROR.name,
            STABLE_FOR_RECLAIM.name,
        ],
    },
    // 7fe7f8487ae7 takes N-C5 out again.
    Design {
        name: "mended",
        summary: "with the fixes that came later; 7fe7f8487ae7 has another clause for N-C5",
        clauses: &[
            OWN_DESCRIPTOR.name,
            BUSY_UNTIL_DONE.name,
            ALWAYS_COMPLETE.name,
            COMPLETE_AT_OUT.name,
            FLUSH_BEFORE_COMMIT.name,
            SYNC_THROUGH_WRITEPAGES.name,
            NEED_FLUSH_UNDER_LOCK.name,
            BUG_IF_WRITEBACK.name,
            RETURN_PG_ERROR.name,
            STABLE_FOR_RECLAIM.name,
            COND_COMPLETE.name,
            UNDO_REFUSED.name,
        ],
    },
];
