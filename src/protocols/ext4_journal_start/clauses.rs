//! The clauses of the patch and of the fixes that came after it, and the designs made of them.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design, Origin};

/// J-C1.
pub const HANDLE_FIRST: Clause = Clause {
    id: "J-C1",
    name: "handle-before-page-lock",
    summary: "writepages starts the handle before it takes any page lock",
    function: f::EXT4_DA_WRITEPAGES,
    origin: Origin::Patch,
};

/// J-C2.
pub const CALLERS_HANDLE: Clause = Clause {
    id: "J-C2",
    name: "callers-handle",
    summary: "get_block allocates with its caller's handle and starts none of its own",
    function: f::EXT4_DA_GET_BLOCK_WRITE,
    origin: Origin::Patch,
};

/// J-C3.
pub const NO_START_IN_WRITEPAGE: Clause = Clause {
    id: "J-C3",
    name: "no-start-in-writepage",
    summary: "writepage starts no handle under its page lock; it uses its thread's handle, if any",
    function: f::EXT4_DA_WRITEPAGE,
    origin: Origin::Patch,
};

/// J-C4.
pub const REDIRTY: Clause = Clause {
    id: "J-C4",
    name: "redirty",
    summary: "writepage without a handle redirties a page that needs an allocation",
    function: f::EXT4_DA_WRITEPAGE,
    origin: Origin::Patch,
};

/// J-C5.
pub const CHUNKS: Clause = Clause {
    id: "J-C5",
    name: "chunks",
    summary: "each handle writes at most as many pages as its credits are for",
    function: f::EXT4_DA_WRITEPAGES,
    origin: Origin::Patch,
};

/// J-C6.
pub const UNLOCK_BEFORE_STOP: Clause = Clause {
    id: "J-C6",
    name: "unlock-before-stop",
    summary: "all pages of a chunk are submitted and unlocked before its handle stops",
    function: f::EXT4_DA_WRITEPAGES,
    origin: Origin::Patch,
};

/// J-C7.
pub const BOUNDED_DISKSIZE: Clause = Clause {
    id: "J-C7",
    name: "bounded-disksize",
    summary: "writepage no longer sets i_disksize to i_size, whatever is allocated",
    function: f::EXT4_DA_WRITEPAGE,
    origin: Origin::Patch,
};

/// J-C8.
pub const EARLY_RETURN: Clause = Clause {
    id: "J-C8",
    name: "early-return",
    summary: "writepages of a file without pages starts no handle",
    function: f::EXT4_DA_WRITEPAGES,
    origin: Origin::Patch,
};

/// J-U1.
pub const ORDERED_COMMIT: Clause = Clause {
    id: "J-U1",
    name: "ordered-commit-writes-mapped",
    summary: "the commit writes ordered data through writepage, not writepages, and writepage \
              redirties under WB_SYNC_ALL too",
    function: f::SUBMIT_INODE_DATA_BUFFERS,
    origin: Origin::Later {
        commit: "cd1aac32923a",
        subject: "ext4: Add ordered mode support for delalloc",
    },
};

/// J-U2.
pub const NO_ALLOCATION_IN_WRITEPAGE: Clause = Clause {
    id: "J-U2",
    name: "no-allocation-in-writepage",
    summary: "writepage never allocates, whatever handle its thread happens to have",
    function: f::EXT4_DA_WRITEPAGE,
    origin: Origin::Later {
        commit: "f0e6c98593eb",
        subject: "ext4: Handle page without buffers in ext4_*_writepage()",
    },
};

/// J-U3.
pub const STOP_ON_ERROR: Clause = Clause {
    id: "J-U3",
    name: "stop-on-error",
    summary: "write_begin stops its handle when there is no memory for a page",
    function: f::EXT4_DA_WRITE_BEGIN,
    origin: Origin::Later {
        commit: "d5a0d4f732af",
        subject: "fs/ext4/inode.c as of this commit: ext4_da_write_begin stops its handle without a page",
    },
};

/// J-U4.
pub const EXACT_CHUNKS: Clause = Clause {
    id: "J-U4",
    name: "exact-chunks",
    summary: "write_cache_pages stops at nr_to_write pages, also inside a pagevec",
    function: f::WRITE_CACHE_PAGES,
    origin: Origin::Later {
        commit: "546a19242240",
        subject: "writeback: write_cache_pages doesn't terminate at nr_to_write <= 0",
    },
};

/// J-U5.
pub const SIZES_TOGETHER: Clause = Clause {
    id: "J-U5",
    name: "sizes-together",
    summary: "truncation sets i_size and i_disksize under one i_data_sem, and writeback bounds \
              i_disksize by i_size under it",
    function: f::EXT4_SETATTR,
    origin: Origin::Later {
        commit: "90e775b71ac4",
        subject: "ext4: fix lost truncate due to race with writeback",
    },
};

/// J-U6.
pub const RAW_LOCK: Clause = Clause {
    id: "J-U6",
    name: "raw-inode-lock",
    summary: "the inode is copied to its buffer in one piece, under i_raw_lock",
    function: f::EXT4_MARK_INODE_DIRTY,
    origin: Origin::Later {
        commit: "after 90e775b71ac4",
        subject: "fs/ext4/inode.c of later kernels, ext4_do_update_inode; the commit is not established",
    },
};

/// Every clause.
pub const ALL: &[Clause] = &[
    HANDLE_FIRST,
    CALLERS_HANDLE,
    NO_START_IN_WRITEPAGE,
    REDIRTY,
    CHUNKS,
    UNLOCK_BEFORE_STOP,
    BOUNDED_DISKSIZE,
    EARLY_RETURN,
    ORDERED_COMMIT,
    NO_ALLOCATION_IN_WRITEPAGE,
    STOP_ON_ERROR,
    EXACT_CHUNKS,
    SIZES_TOGETHER,
    RAW_LOCK,
];

/// The designs.
pub const DESIGNS: &[Design] = &[
    Design {
        name: "old",
        summary: "before 61628a3f: page lock, then transaction start",
        clauses: &[],
    },
    Design {
        name: "patched",
        summary: "61628a3f: transaction start, then page lock, in chunks",
        clauses: &[
            HANDLE_FIRST.name,
            CALLERS_HANDLE.name,
            NO_START_IN_WRITEPAGE.name,
            REDIRTY.name,
            CHUNKS.name,
            UNLOCK_BEFORE_STOP.name,
            BOUNDED_DISKSIZE.name,
            EARLY_RETURN.name,
        ],
    },
    Design {
        name: "mended",
        summary: "61628a3f with the fixes that upstream found necessary later",
        clauses: &[
            HANDLE_FIRST.name,
            CALLERS_HANDLE.name,
            NO_START_IN_WRITEPAGE.name,
            REDIRTY.name,
            CHUNKS.name,
            UNLOCK_BEFORE_STOP.name,
            BOUNDED_DISKSIZE.name,
            EARLY_RETURN.name,
            ORDERED_COMMIT.name,
            NO_ALLOCATION_IN_WRITEPAGE.name,
            STOP_ON_ERROR.name,
            EXACT_CHUNKS.name,
            SIZES_TOGETHER.name,
            RAW_LOCK.name,
        ],
    },
];
