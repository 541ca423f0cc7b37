//! The clauses of the patches and of the fixes that came after them, and the designs made of them.

use crate::kernel::functions as f;
use crate::spec::{Clause, Design};

/// E-C1.
pub const HOLES: Clause = Clause::new(
    "hole-is-no-work",
    "writepage takes an unmapped dirty block for a hole, not for unfinished work",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C1")
.needed_for(
    &["progress"],
    "A hole counts as unfinished work: writepage redirties the page, writeback finds it dirty \
     again, and nothing is ever done about it (the livelock).",
);

/// E-C2.
pub const REDIRTY: Clause = Clause::new(
    "redirty-delayed",
    "the common writepage still redirties a page with a delayed or unwritten block",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C2")
.needed_for(
    &["store"],
    "Reclaim reaches a page with a delayed block and has no handle: writepage writes what it \
     can, clears the dirty bit, and the delayed block is never written.",
);

/// E-C3.
pub const NOALLOC_HOLES: Clause = Clause::new(
    "look-up-may-fail",
    "the look-up for writepage accepts a hole",
    f::NOALLOC_GET_BLOCK_WRITE,
)
.numbered("E-C3")
.needed_for(
    &["no-bug", "store"],
    "__block_write_full_page asks for a block of every dirty buffer; the look-up of a hole \
     returns an error or hits BUG_ON(!buffer_mapped), and the other blocks of the page are not \
     written.",
);

/// E-C4.
pub const COLLECT: Clause = Clause::new(
    "collect-delayed",
    "writepages collects delayed and unwritten blocks, and no holes",
    f::MPAGE_DA_WRITEPAGE,
)
.numbered("E-C4")
.needed_for(
    &[],
    "Consistency: mpage's collector passes over the same holes as writepage. Without it a hole \
     is collected, looked up and left alone, since the look-up may fail. Alone, in the old \
     design, it makes grow-delalloc hit the BUG.",
);

/// E-C5.
pub const LIMIT: Clause = Clause::new(
    "up-to-len",
    "writepage looks at no block beyond EOF",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C5")
.later(
    "b767e78a179e",
    "ext4: Don't look at buffer_heads outside i_size.",
)
.needed_for(
    &[],
    "Earlier than the patch, and subsumed by it here: once a hole is no work and a look-up may \
     fail, blocks past the end are holes among others. In the old design grow fails wherever a \
     page reaches past the end.",
);

/// E-C6.
pub const NO_BUG_ON: Clause = Clause::new(
    "no-bug-on",
    "without delayed allocation, too, unfinished work is redirtied, and no BUG",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C6")
.needed_for(
    &[],
    "An assertion goes away that hole-is-no-work makes true: what it asserted is not reached in \
     the patched design in any scenario.",
);

/// E-C7.
pub const WRITE_WITH_HANDLE: Clause = Clause::new(
    "write-with-a-handle",
    "without delayed allocation, too, a thread that has a handle writes the page",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C7")
.needed_for(
    &[],
    "The old data=writeback and data=ordered functions redirty where there is a handle; writing \
     at once is sooner, and no thread waits for either.",
);

/// E-C8.
pub const ONE_FUNCTION: Clause = Clause::new(
    "one-function",
    "one writepage for all modes, which makes missing buffers as that of delayed allocation did",
    f::EXT4_WRITEPAGE,
)
.numbered("E-C8")
.needed_for(
    &[],
    "Structure: three functions that do the same become one. Once redirty-delayed and \
     hole-is-no-work hold in it, nothing breaks in three either; alone it is what spoils a set \
     that suffices, for it takes over no redirtying of its own.",
);

/// E-C9.
pub const LEN_ONCE: Clause = Clause::new(
    "len-once",
    "data=journal: the length is the caller's, and nothing is looked up any more",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-C9")
.needed_for(
    &[],
    "i_size is read once instead of twice in the journalled path; no scenario truncates between \
     the two reads in the patched design so that it matters before the gap (E-A2) does.",
);

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
)
.needed_for(
    &[],
    "Superseded by generic-mkwrite, which returns the page locked by itself; the two are \
     alternatives in the smallest sets below.",
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
)
.needed_for(
    &[],
    "Superseded the other way round: with locked-mkwrite and i_alloc_sem the same is kept. \
     Without either, protect-tail's new fault races with the end of the first (see the suite's \
     experiments).",
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
)
.needed_for(
    &[],
    "With the tail write-protected the next store faults, and page_mkwrite makes the block anew; \
     without protect-tail it is needed (unwritten-down-up).",
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
)
.needed_for(
    &["fsync", "store"],
    "After the file has grown, a store through the old pte goes to a block that no thread \
     has allocated: no fault, no block, and writepage takes the hole for a hole (E-A1).",
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
)
.needed_for(
    &["store"],
    "Protected before i_size has grown, the page faults in between, and page_mkwrite prepares \
     only the old range.",
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
)
.needed_for(
    &[],
    "page_mkwrite's page is dirty for as long as a pte of it is writable, so the dirty pte says \
     nothing that the dirty page does not.",
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
)
.needed_for(
    &["filed", "no-bug", "use-after-free"],
    "Truncation takes the page in the gap between unlock_page and the walk of its buffers: freed \
     blocks are filed to the transaction (bdf96838aea6).",
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
)
.needed_for(
    &[],
    "With still-dirty it is implied: truncation cleans the page that it takes. Without \
     still-dirty it is needed, and the smallest sets below have one or the other.",
);

/// E-U13.
pub const PUT_LATE: Clause = Clause::new(
    "put-after-unlock",
    "puts its references to buffers after it has unlocked the page, also to one that has left \
     the file",
    f::EXT4_JOURNALLED_WRITEPAGE_INNER,
)
.numbered("E-U13")
.later("c915fb80eaa6", "ext4: fix bh ref count on error paths")
.needed_for(
    &[],
    "The order in which references are put does not matter once there are none \
     (no-buffer-references); before that, it is what c915fb80eaa6 got wrong.",
);

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
)
.needed_for(
    &[],
    "Another thread has to commit in the gap what the fault has filed: that scenario (gap-size) is \
     shown by PCT only, where the stale length loses a store; it is not among the scenarios that \
     are exhausted here.",
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
)
.needed_for(
    &["use-after-free"],
    "References by a stale length do not keep the buffers: the walk touches freed ones.",
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
)
.needed_for(
    &["fsync", "store"],
    "In the gap the page is clean, not under writeback and in no transaction: fsync returns \
     early, and reclaim strips its buffers.",
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
)
.needed_for(
    &[],
    "With recheck-mapping nothing breaks without it: a page in the file that another thread \
     has cleaned is written a second time. The smallest sets below have one or the other.",
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

const OLD: Design = Design::new(
    "old",
    "before c364b22c9580 and 43ce1d23b433: three functions",
    &[LIMIT.name],
);

const PATCHED: Design = OLD.extended(
    "patched",
    "43ce1d23b433: one ext4_writepage, which takes holes for holes",
    &[
        HOLES.name,
        REDIRTY.name,
        NOALLOC_HOLES.name,
        COLLECT.name,
        NO_BUG_ON.name,
        WRITE_WITH_HANDLE.name,
        ONE_FUNCTION.name,
        LEN_ONCE.name,
    ],
);

const FIXED_2015: Design = PATCHED.extended(
    "fixed2015",
    "with the fixes that upstream found necessary until 2015",
    &[
        LOCKED_MKWRITE.name,
        GENERIC_MKWRITE.name,
        UNMAP_CLEARS_UNWRITTEN.name,
        PROTECT_TAIL.name,
        AFTER_SIZE.name,
        DIRTY_TAIL.name,
        RELOCK.name,
        RECHECK_MAPPING.name,
    ],
);

const FIXED_2021A: Design = FIXED_2015.extended(
    "fixed2021a",
    "and with that of March 2021, which puts references to buffers too late",
    &[PUT_LATE.name],
);

const FIXED_2021: Design = FIXED_2021A.extended(
    "fixed2021",
    "and with that of December 2021 for data=journal",
    &[RECHECK_SIZE.name, NO_BH_REFS.name],
);

const FIXED: Design = FIXED_2021.extended(
    "fixed",
    "and with that of 2023",
    &[KEEP_DIRTY.name, STILL_DIRTY.name],
);

/// The designs.
pub(super) const DESIGNS: &[Design] = &[OLD, PATCHED, FIXED_2015, FIXED_2021A, FIXED_2021, FIXED];
