//! The clauses of the patches and of the fixes that came after them, and the designs made of them.

use crate::kernel::functions as f;
use crate::spec::{Clause, Origin};

/// E-C1.
pub const HOLES: Clause = Clause {
    id: "E-C1",
    name: "hole-is-no-work",
    summary: "writepage takes a dirty block without a place for a hole, not for unfinished work",
    function: f::EXT4_WRITEPAGE,
    origin: Origin::Patch,
};

/// E-C2.
pub const REDIRTY: Clause = Clause {
    id: "E-C2",
    name: "redirty-delayed",
    summary: "the common writepage still redirties a page with a delayed or unwritten block",
    function: f::EXT4_WRITEPAGE,
    origin: Origin::Patch,
};

/// E-C3.
pub const NOALLOC_HOLES: Clause = Clause {
    id: "E-C3",
    name: "look-up-may-fail",
    summary: "the look-up for writepage accepts a hole",
    function: f::NOALLOC_GET_BLOCK_WRITE,
    origin: Origin::Patch,
};

/// E-C4.
pub const COLLECT: Clause = Clause {
    id: "E-C4",
    name: "collect-delayed",
    summary: "writepages collects delayed and unwritten blocks, and no holes",
    function: f::MPAGE_DA_WRITEPAGE,
    origin: Origin::Patch,
};

/// E-C5.
pub const LIMIT: Clause = Clause {
    id: "E-C5",
    name: "up-to-len",
    summary: "writepage looks at no block behind the end of the file",
    function: f::EXT4_WRITEPAGE,
    origin: Origin::Later {
        commit: "b767e78a179e",
        subject: "ext4: Don't look at buffer_heads outside i_size.",
    },
};

/// E-C6.
pub const NO_BUG_ON: Clause = Clause {
    id: "E-C6",
    name: "no-bug-on",
    summary: "without delayed allocation, too, unfinished work is redirtied, and no BUG",
    function: f::EXT4_WRITEPAGE,
    origin: Origin::Patch,
};

/// E-C7.
pub const WRITE_WITH_HANDLE: Clause = Clause {
    id: "E-C7",
    name: "write-with-a-handle",
    summary: "without delayed allocation, too, a thread that has a handle writes the page",
    function: f::EXT4_WRITEPAGE,
    origin: Origin::Patch,
};

/// E-C8.
pub const ONE_FUNCTION: Clause = Clause {
    id: "E-C8",
    name: "one-function",
    summary: "one writepage for all modes, which makes missing buffers as that of delayed allocation did",
    function: f::EXT4_WRITEPAGE,
    origin: Origin::Patch,
};

/// E-C9.
pub const LEN_ONCE: Clause = Clause {
    id: "E-C9",
    name: "len-once",
    summary: "data=journal: the length is the caller's, and nothing is looked up any more",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Patch,
};

/// E-U1.
pub const LOCKED_MKWRITE: Clause = Clause {
    id: "E-U1",
    name: "locked-mkwrite",
    summary: "page_mkwrite looks at the blocks under the page lock and returns with it",
    function: f::EXT4_PAGE_MKWRITE,
    origin: Origin::Later {
        commit: "0e499890c1fd",
        subject: "ext4: wait for writeback to complete while making pages writable",
    },
};

/// E-U2.
pub const GENERIC_MKWRITE: Clause = Clause {
    id: "E-U2",
    name: "generic-mkwrite",
    summary: "page_mkwrite relies on the page lock alone, and no longer on i_alloc_sem",
    function: f::EXT4_PAGE_MKWRITE,
    origin: Origin::Later {
        commit: "9ea7df534ed2",
        subject: "ext4: Rewrite ext4_page_mkwrite() to use generic helpers",
    },
};

/// E-U3.
pub const UNMAP_CLEARS_UNWRITTEN: Clause = Clause {
    id: "E-U3",
    name: "unmap-clears-unwritten",
    summary: "a truncated buffer is no longer unwritten",
    function: f::JOURNAL_UNMAP_BUFFER,
    origin: Origin::Later {
        commit: "15291164b22a",
        subject: "jbd2: clear BH_Delay & BH_Unwritten in journal_unmap_buffer",
    },
};

/// E-U4.
pub const PROTECT_TAIL: Clause = Clause {
    id: "E-U4",
    name: "protect-tail",
    summary: "truncation to more locks the page that the old end lies in and write-protects it",
    function: f::PAGECACHE_ISIZE_EXTENDED,
    origin: Origin::Later {
        commit: "90a8020278c1",
        subject: "vfs: fix data corruption when blocksize < pagesize for mmaped data",
    },
};

/// E-U5.
pub const AFTER_SIZE: Clause = Clause {
    id: "E-U5",
    name: "protect-after-size",
    summary: "it does so after it has changed i_size",
    function: f::PAGECACHE_ISIZE_EXTENDED,
    origin: Origin::Later {
        commit: "90a8020278c1",
        subject: "vfs: fix data corruption when blocksize < pagesize for mmaped data",
    },
};

/// E-U6.
pub const DIRTY_TAIL: Clause = Clause {
    id: "E-U6",
    name: "protect-and-dirty",
    summary: "and dirties the page, if a pte was changed",
    function: f::PAGECACHE_ISIZE_EXTENDED,
    origin: Origin::Later {
        commit: "90a8020278c1",
        subject: "vfs: fix data corruption when blocksize < pagesize for mmaped data",
    },
};

/// E-U7.
pub const RELOCK: Clause = Clause {
    id: "E-U7",
    name: "relock",
    summary: "data=journal: locks the page again once the handle is there",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "bdf96838aea6",
        subject: "ext4: fix race between truncate and __ext4_journalled_writepage()",
    },
};

/// E-U8.
pub const RECHECK_MAPPING: Clause = Clause {
    id: "E-U8",
    name: "recheck-mapping",
    summary: "and leaves a page alone that has left the file",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "bdf96838aea6",
        subject: "ext4: fix race between truncate and __ext4_journalled_writepage()",
    },
};

/// E-U13.
pub const PUT_LATE: Clause = Clause {
    id: "E-U13",
    name: "put-after-unlock",
    summary: "puts its references to buffers after it has unlocked the page, also to one that has left \
              the file",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "c915fb80eaa6",
        subject: "ext4: fix bh ref count on error paths",
    },
};

/// E-U9.
pub const RECHECK_SIZE: Clause = Clause {
    id: "E-U9",
    name: "recheck-size",
    summary: "and takes its length from i_size as it is then",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "5c48a7df9149",
        subject: "ext4: fix an use-after-free issue about data=journal writeback mode",
    },
};

/// E-U10.
pub const NO_BH_REFS: Clause = Clause {
    id: "E-U10",
    name: "no-buffer-references",
    summary: "and keeps no references to buffers across the gap",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "5c48a7df9149",
        subject: "ext4: fix an use-after-free issue about data=journal writeback mode",
    },
};

/// E-U11.
pub const KEEP_DIRTY: Clause = Clause {
    id: "E-U11",
    name: "keep-dirty",
    summary: "data=journal: redirties the page before it unlocks it, and clears PageChecked after it has locked it again",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "17ec3d08a787",
        subject: "ext4: Fix crash in __ext4_journalled_writepage() (2023-01, posted for stable kernels)",
    },
};

/// E-U12.
pub const STILL_DIRTY: Clause = Clause {
    id: "E-U12",
    name: "still-dirty",
    summary: "and leaves a page alone that is no longer dirty, or begins at the end of the file",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "17ec3d08a787",
        subject: "ext4: Fix crash in __ext4_journalled_writepage() (2023-01, posted for stable kernels)",
    },
};

/// E-R1.
pub const ALLOCATE: Clause = Clause {
    id: "E-R1",
    name: "allocate-in-writepage",
    summary: "writepage fills the holes that it meets",
    function: f::BLOCK_WRITE_FULL_PAGE_INNER,
    origin: Origin::Later {
        commit: "never merged",
        subject: "what a fix must not do",
    },
};

/// E-R2.
pub const LOCK_KEPT: Clause = Clause {
    id: "E-R2",
    name: "lock-kept",
    summary: "data=journal: the handle is started under the page lock, as before cf108bca465d",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "never merged",
        subject: "what a fix must not do",
    },
};

/// E-R3.
pub const ACROSS_THE_GAP: Clause = Clause {
    id: "E-R3",
    name: "writeback-across-the-gap",
    summary: "data=journal: PageWriteback is set before the page is unlocked, and cleared at the end",
    function: f::EXT4_JOURNALLED_WRITEPAGE_INNER,
    origin: Origin::Later {
        commit: "never merged",
        subject: "what a fix must not do",
    },
};

/// Every clause.
pub const ALL: &[Clause] = &[
    HOLES,
    REDIRTY,
    NOALLOC_HOLES,
    COLLECT,
    LIMIT,
    NO_BUG_ON,
    WRITE_WITH_HANDLE,
    ONE_FUNCTION,
    LEN_ONCE,
    LOCKED_MKWRITE,
    GENERIC_MKWRITE,
    UNMAP_CLEARS_UNWRITTEN,
    PROTECT_TAIL,
    AFTER_SIZE,
    DIRTY_TAIL,
    RELOCK,
    RECHECK_MAPPING,
    PUT_LATE,
    RECHECK_SIZE,
    NO_BH_REFS,
    KEEP_DIRTY,
    STILL_DIRTY,
];

/// Clauses of no design: what the functions must not do. For experiments.
pub const REJECTED: &[Clause] = &[ALLOCATE, LOCK_KEPT, ACROSS_THE_GAP];
