//! The clauses of the patch and of the fixes that came after it, and the designs made of them.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design};

/// J-C1.
pub const HANDLE_FIRST: Clause = Clause::new(
    "handle-before-page-lock",
    "writepages starts the handle before it takes any page lock",
    f::EXT4_DA_WRITEPAGES,
)
.numbered("J-C1")
.needed_for(
    &["data", "no-bug", "no-deadlock"],
    "The rest of the patch allocates with the caller's handle and BUGs where there is none; with \
     the old order there is none, and a flusher that has died of the BUG requests no commit, for \
     which kjournald2 waits (J-B1 itself comes back where callers-handle goes too).",
);

/// J-C2.
pub const CALLERS_HANDLE: Clause = Clause::new(
    "callers-handle",
    "get_block allocates with its caller's handle and starts none of its own",
    f::EXT4_DA_GET_BLOCK_WRITE,
)
.numbered("J-C2")
.needed_for(
    &[],
    "Structure: a start with a handle open joins it. What it adds is the BUG_ON that \
     handle-before-page-lock makes true.",
);

/// J-C3.
pub const NO_START_IN_WRITEPAGE: Clause = Clause::new(
    "no-start-in-writepage",
    "writepage starts no handle under its page lock; it uses its thread's handle, if any",
    f::EXT4_DA_WRITEPAGE,
)
.numbered("J-C3")
.needed_for(
    &["no-deadlock", "rank"],
    "Reclaim has the page locked and starts a handle: it waits for the commit, the commit for a \
     writer's handle, the writer for the page (J-B3).",
);

/// J-C4.
pub const REDIRTY: Clause = Clause::new(
    "redirty",
    "writepage without a handle redirties a page that needs an allocation",
    f::EXT4_DA_WRITEPAGE,
)
.numbered("J-C4")
.needed_for(
    &["data", "no-bug"],
    "Reclaim reaches a delayed block without a handle, goes on to allocate it, and hits \
     BUG_ON(handle == NULL).",
);

/// J-C5.
pub const CHUNKS: Clause = Clause::new(
    "chunks",
    "each handle writes at most as many pages as its credits are for",
    f::EXT4_DA_WRITEPAGES,
)
.numbered("J-C5")
.needed_for(
    &["credits", "data", "unbounded"],
    "One handle for the whole range runs out of credits under the page locks, and with ordered \
     commits two starters ask each other for room, forever if the scheduler lets them.",
);

/// J-C6.
pub const UNLOCK_BEFORE_STOP: Clause = Clause::new(
    "unlock-before-stop",
    "all pages of a chunk are submitted and unlocked before its handle stops",
    f::EXT4_DA_WRITEPAGES,
)
.numbered("J-C6")
.needed_for(
    &[],
    "Structure, where all blocks of a page are mapped: it goes out without a handle too. A page without buffers calls \
     get_block, which BUGs; one with a hole goes to writepage, which redirties it.",
);

/// J-C7.
pub const NO_DISKSIZE_IN_WRITEPAGE: Clause = Clause::new(
    "no-disksize-in-writepage",
    "writepage no longer sets i_disksize to i_size, whatever is allocated",
    f::EXT4_DA_WRITEPAGE,
)
.numbered("J-C7")
.needed_for(
    &["disksize", "sizes"],
    "Between two chunks i_size covers a block that was never allocated; beside a truncation it undoes a \
     smaller one.",
);

/// J-C8.
pub const EARLY_RETURN: Clause = Clause::new(
    "early-return",
    "writepages of a file without pages starts no handle",
    f::EXT4_DA_WRITEPAGES,
)
.numbered("J-C8")
.needed_for(
    &["no-bug"],
    "The last iput of the journal's own inode comes when the journal's thread is gone: a handle begins a \
     transaction that no thread commits, and whose timer outlives the journal.",
);

/// J-C11.
pub const ALLOC_SEM: Clause = Clause::new(
    "alloc-sem",
    "page_mkwrite keeps truncation out by i_alloc_sem",
    f::EXT4_PAGE_MKWRITE,
)
.numbered("J-C11")
.earlier(
    "2e9ee8503555",
    "ext4: Use page_mkwrite vma_operations to get mmap write notification.",
)
.needed_for(
    &["sizes"],
    "A fault that has read the old size makes the truncated page anew, and the file as long again as it was.",
);

/// J-U1.
pub const ORDERED_COMMIT: Clause = Clause::new(
    "ordered-commit-writes-mapped",
    "the commit writes ordered data through writepage, not writepages, and writepage redirties \
     under WB_SYNC_ALL too",
    f::SUBMIT_INODE_DATA_BUFFERS,
)
.numbered("J-U1")
.later(
    "cd1aac32923a",
    "ext4: Add ordered mode support for delalloc",
)
.needed_for(
    &["no-deadlock"],
    "A commit that writes ordered data through writepages starts a handle in the transaction \
     that it commits, and waits for itself.",
);

/// J-U2.
pub const NO_ALLOCATION_IN_WRITEPAGE: Clause = Clause::new(
    "no-allocation-in-writepage",
    "writepage never allocates, whatever handle its thread happens to have",
    f::EXT4_DA_WRITEPAGE,
)
.numbered("J-U2")
.later(
    "f0e6c98593eb",
    "ext4: Handle page without buffers in ext4_*_writepage()",
)
.needed_for(
    &["credits", "data"],
    "Direct reclaim runs in a thread that has a handle, which has paid for one block; writepage \
     allocates on it and runs out of credits.",
);

/// J-U3.
pub const STOP_ON_ERROR: Clause = Clause::new(
    "stop-on-error",
    "write_begin stops its handle when there is no memory for a page",
    f::EXT4_DA_WRITE_BEGIN,
)
.numbered("J-U3")
.later(
    "d5a0d4f732af",
    "fs/ext4/inode.c as of this commit: ext4_da_write_begin stops its handle without a page",
)
.needed_for(
    &["handles", "no-deadlock"],
    "write_begin finds no memory for its page, returns, and forgets its handle: the commit waits \
     for it forever.",
);

/// J-U4.
pub const EXACT_CHUNKS: Clause = Clause::new(
    "exact-chunks",
    "write_cache_pages stops at nr_to_write pages, also inside a pagevec",
    f::WRITE_CACHE_PAGES,
)
.numbered("J-U4")
.later(
    "546a19242240",
    "writeback: write_cache_pages doesn't terminate at nr_to_write <= 0",
)
.needed_for(
    &["credits", "data"],
    "A pagevec goes on past nr_to_write, and the chunk's handle has not paid for the pages after \
     it.",
);

/// J-U5.
pub const SIZES_TOGETHER: Clause = Clause::new(
    "sizes-together",
    "truncation sets i_size and i_disksize under one i_data_sem, and writeback bounds i_disksize \
     by i_size under it",
    f::EXT4_SETATTR,
)
.numbered("J-U5")
.later(
    "90e775b71ac4",
    "ext4: fix lost truncate due to race with writeback",
)
.needed_for(
    &["truncation"],
    "Writeback clamps its size against i_size before truncation lowers it, and against \
     i_disksize after: what truncation has logged is undone.",
);

/// J-U6.
pub const RAW_LOCK: Clause = Clause::new(
    "raw-inode-lock",
    "the inode is copied to its buffer in one piece, under i_raw_lock",
    f::EXT4_MARK_INODE_DIRTY,
)
.numbered("J-U6")
.later(
    "after 90e775b71ac4",
    "fs/ext4/inode.c of later kernels, ext4_do_update_inode; the commit is not established",
)
.needed_for(
    &["truncation"],
    "ext4_mark_inode_dirty copies the inode in two steps, and a slower copy of the old size \
     overtakes truncation's.",
);

/// J-U7.
pub const WRAP_OUTSIDE: Clause = Clause::new(
    "wrap-outside",
    "cyclic writeback starts again at the first page in ext4_da_writepages, when all pages are \
     submitted, and not in write_cache_pages",
    f::EXT4_DA_WRITEPAGES,
)
.numbered("J-U7")
.later(
    "2acf2c261b82",
    "ext4: Implement range_cyclic in ext4_da_writepages instead of write_cache_pages",
)
.needed_for(
    &["no-deadlock"],
    "The loop of 2.6.29 wraps with pages locked: two flushers wait for each other's (J-A2).",
);

/// J-U8.
pub const BUFFERS_FIRST: Clause = Clause::new(
    "buffers-first",
    "writepage makes the buffers of a page that has none before it looks at them",
    f::EXT4_DA_WRITEPAGE,
)
.numbered("J-U8")
.later(
    "f0e6c98593eb",
    "ext4: Handle page without buffers in ext4_*_writepage()",
)
.needed_for(
    &["data", "no-bug"],
    "Reclaim has taken the buffers of a clean page, and a store has dirtied it.",
);

/// Every clause.
pub const ALL: &[Clause] = &[
    ALLOC_SEM,
    HANDLE_FIRST,
    CALLERS_HANDLE,
    NO_START_IN_WRITEPAGE,
    REDIRTY,
    CHUNKS,
    UNLOCK_BEFORE_STOP,
    NO_DISKSIZE_IN_WRITEPAGE,
    EARLY_RETURN,
    ORDERED_COMMIT,
    NO_ALLOCATION_IN_WRITEPAGE,
    STOP_ON_ERROR,
    EXACT_CHUNKS,
    SIZES_TOGETHER,
    RAW_LOCK,
    WRAP_OUTSIDE,
    BUFFERS_FIRST,
];

const OLD: Design = Design::new(
    "old",
    "before 61628a3f: page lock, then transaction start",
    &[ALLOC_SEM.name],
);

const PATCHED: Design = OLD.extended(
    "patched",
    "61628a3f: transaction start, then page lock, in chunks",
    &[
        HANDLE_FIRST.name,
        CALLERS_HANDLE.name,
        NO_START_IN_WRITEPAGE.name,
        REDIRTY.name,
        CHUNKS.name,
        UNLOCK_BEFORE_STOP.name,
        NO_DISKSIZE_IN_WRITEPAGE.name,
        EARLY_RETURN.name,
    ],
);

const FIXED: Design = PATCHED.extended(
    "fixed",
    "61628a3f with the fixes that upstream found necessary later",
    &[
        ORDERED_COMMIT.name,
        NO_ALLOCATION_IN_WRITEPAGE.name,
        STOP_ON_ERROR.name,
        EXACT_CHUNKS.name,
        SIZES_TOGETHER.name,
        RAW_LOCK.name,
        WRAP_OUTSIDE.name,
        BUFFERS_FIRST.name,
    ],
);

/// The designs.
pub(super) const DESIGNS: &[Design] = &[OLD, PATCHED, FIXED];
