//! The clauses of the patches and of the fixes that came after them, each once. What a clause is needed for is said by
//! the spec that lists it.

use crate::kernel::functions as f;
use crate::spec::Clause;

/// E-C1.
pub const HOLES: Clause = Clause::new(
    "hole-is-no-work",
    "writepage takes an unmapped dirty block for a hole, not for unfinished work",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C1")
.earlier(
    "c364b22c9580",
    "ext4: Fix mmap/truncate race when blocksize < pagesize && delayed allocation",
);

/// E-C2.
pub const REDIRTY: Clause = Clause::new(
    "redirty-delayed",
    "the common writepage still redirties a page with a delayed or unwritten block",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C2");

/// E-C3.
pub const NOALLOC_HOLES: Clause = Clause::new(
    "look-up-may-fail",
    "the look-up for writepage accepts a hole",
    f::NOALLOC_GET_BLOCK_WRITE,
)
.numbered("E-C3")
.earlier(
    "c364b22c9580",
    "ext4: Fix mmap/truncate race when blocksize < pagesize && delayed allocation",
);

/// E-C4.
pub const COLLECT: Clause = Clause::new(
    "collect-delayed",
    "writepages collects delayed and unwritten blocks, and no holes",
    f::MPAGE_DA_WRITEPAGE,
)
.numbered("E-C4")
.earlier(
    "c364b22c9580",
    "ext4: Fix mmap/truncate race when blocksize < pagesize && delayed allocation",
);

/// E-C5.
pub const LIMIT: Clause = Clause::new(
    "up-to-len",
    "writepage looks at no block beyond EOF",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C5")
.earlier(
    "b767e78a179e",
    "ext4: Don't look at buffer_heads outside i_size.",
);

/// E-C6.
pub const NO_BUG_ON: Clause = Clause::new(
    "no-bug-on",
    "without delayed allocation, too, unfinished work is redirtied, and no BUG",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C6");

/// E-C7.
pub const WRITE_WITH_HANDLE: Clause = Clause::new(
    "write-with-a-handle",
    "without delayed allocation, too, a thread that has a handle writes the page",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C7");

/// E-C8.
pub const ONE_FUNCTION: Clause = Clause::new(
    "one-function",
    "one writepage for all modes, which makes missing buffers as that of delayed allocation did",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C8");

/// E-C9.
pub const LEN_ONCE: Clause = Clause::new(
    "len-once",
    "data=journal: the length is the caller's, and nothing is looked up any more",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-C9");

/// E-U1.
pub const LOCKED_MKWRITE: Clause = Clause::new(
    "locked-mkwrite",
    "page_mkwrite looks at the blocks under the page lock and returns with it",
    f::EXT4_PAGE_MKWRITE,
)
.numbered("E-U1")
.later(
    "0e499890c1fd",
    "ext4: wait for writeback to complete while making pages writable",
);

/// E-U14.
pub const LOCKED_LOOK: Clause = Clause::new(
    "locked-look",
    "page_mkwrite looks at the buffers under the page lock",
    f::EXT4_PAGE_MKWRITE,
)
.numbered("E-U14")
.later(
    "a827eaffff07",
    "ext4: Take page lock before looking at attached buffer_heads flags",
);

/// E-U15.
pub const SUBMIT_ITSELF: Clause = Clause::new(
    "submit-by-itself",
    "writepages submits a page without writepage, unless one of its blocks is delayed or unwritten",
    f::MPAGE_DA_SUBMIT_IO,
)
.numbered("E-U15")
.later(
    "bd2d0210cf22",
    "ext4: use bio layer instead of buffer layer in mpage_da_submit_io",
);

/// E-U16.
pub const SKIP_DIRTY_ONLY: Clause = Clause::new(
    "skip-dirty-only",
    "and a block that is clean does not count",
    f::MPAGE_DA_SUBMIT_IO,
)
.numbered("E-U16")
.later(
    "13a79a4741d3",
    "ext4: let mpage_submit_io works well when blocksize < pagesize",
);

/// E-U17.
pub const PROTECT_ZEROED: Clause = Clause::new(
    "protect-zeroed",
    "zero-range write-protects the page that its blocks lie in, before it takes them",
    f::EXT4_ZERO_RANGE,
)
.numbered("E-U17")
.later(
    "17207d0bb209",
    "ext4: remove writable userspace mappings before truncating page cache",
);

/// E-U2.
pub const GENERIC_MKWRITE: Clause = Clause::new(
    "generic-mkwrite",
    "page_mkwrite relies on the page lock alone, and no longer on i_alloc_sem",
    f::EXT4_PAGE_MKWRITE,
)
.numbered("E-U2")
.later(
    "9ea7df534ed2",
    "ext4: Rewrite ext4_page_mkwrite() to use generic helpers",
);

/// E-U3.
pub const UNMAP_CLEARS_UNWRITTEN: Clause = Clause::new(
    "unmap-clears-unwritten",
    "a truncated buffer is no longer unwritten",
    f::JOURNAL_UNMAP_BUFFER,
)
.numbered("E-U3")
.later(
    "15291164b22a",
    "jbd2: clear BH_Delay & BH_Unwritten in journal_unmap_buffer",
);

/// E-U4.
pub const PROTECT_TAIL: Clause = Clause::new(
    "protect-tail",
    "truncation to more locks the page that the old end lies in and write-protects it",
    f::PAGECACHE_ISIZE_EXTENDED,
)
.numbered("E-U4")
.later(
    "90a8020278c1",
    "vfs: fix data corruption when blocksize < pagesize for mmaped data",
);

/// E-U5.
pub const AFTER_SIZE: Clause = Clause::new(
    "protect-after-size",
    "it does so after it has changed i_size",
    f::PAGECACHE_ISIZE_EXTENDED,
)
.numbered("E-U5")
.later(
    "90a8020278c1",
    "vfs: fix data corruption when blocksize < pagesize for mmaped data",
);

/// E-U6.
pub const DIRTY_TAIL: Clause = Clause::new(
    "protect-and-dirty",
    "and dirties the page, if a pte was changed",
    f::PAGECACHE_ISIZE_EXTENDED,
)
.numbered("E-U6")
.later(
    "90a8020278c1",
    "vfs: fix data corruption when blocksize < pagesize for mmaped data",
);

/// E-U7.
pub const RELOCK: Clause = Clause::new(
    "relock",
    "data=journal: locks the page again once the handle is there",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U7")
.later(
    "bdf96838aea6",
    "ext4: fix race between truncate and __ext4_journalled_writepage()",
);

/// E-U8.
pub const RECHECK_MAPPING: Clause = Clause::new(
    "recheck-mapping",
    "and leaves a page alone that has left the file",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U8")
.later(
    "bdf96838aea6",
    "ext4: fix race between truncate and __ext4_journalled_writepage()",
);

/// E-U13.
pub const PUT_LATE: Clause = Clause::new(
    "put-after-unlock",
    "puts its references to buffers after it has unlocked the page, also to one that has left \
     the file",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U13")
.later("c915fb80eaa6", "ext4: fix bh ref count on error paths");

/// E-U9.
pub const RECHECK_SIZE: Clause = Clause::new(
    "recheck-size",
    "and takes its length from i_size as it is then",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U9")
.later(
    "5c48a7df9149",
    "ext4: fix an use-after-free issue about data=journal writeback mode",
);

/// E-U10.
pub const NO_BH_REFS: Clause = Clause::new(
    "no-buffer-references",
    "and keeps no references to buffers across the gap",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U10")
.later(
    "5c48a7df9149",
    "ext4: fix an use-after-free issue about data=journal writeback mode",
);

/// E-U11.
pub const KEEP_DIRTY: Clause = Clause::new(
    "keep-dirty",
    "data=journal: redirties the page before it unlocks it, and clears PageChecked after it has \
     locked it again",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U11")
.later(
    "17ec3d08a787",
    "ext4: Fix crash in __ext4_journalled_writepage() (2023-01, posted for stable kernels)",
);

/// E-U12.
pub const STILL_DIRTY: Clause = Clause::new(
    "still-dirty",
    "and leaves a page alone that is no longer dirty, or begins at the end of the file",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U12")
.later(
    "17ec3d08a787",
    "ext4: Fix crash in __ext4_journalled_writepage() (2023-01, posted for stable kernels)",
);

/// E-R1.
pub const ALLOCATE: Clause = Clause::new(
    "allocate-in-writepage",
    "writepage fills the holes that it meets",
    f::BLOCK_WRITE_FULL_PAGE_INNER,
)
.numbered("E-R1")
.later("never merged", "what a fix must not do");

/// E-R2.
pub const LOCK_KEPT: Clause = Clause::new(
    "lock-kept",
    "data=journal: the handle is started under the page lock, as before cf108bca465d",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-R2")
.later("never merged", "what a fix must not do");

/// E-R3.
pub const ACROSS_THE_GAP: Clause = Clause::new(
    "writeback-across-the-gap",
    "data=journal: PageWriteback is set before the page is unlocked, and cleared at the end",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-R3")
.later("never merged", "what a fix must not do");
