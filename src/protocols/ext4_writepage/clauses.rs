//! The clauses that matter without data=journal, with what each is needed for, and the designs made of them.

use crate::protocols::ext4_small_blocks::{
    AFTER_SIZE, ALLOCATE, COLLECT, DIRTY_TAIL, GENERIC_MKWRITE, HOLES, LIMIT, LOCKED_LOOK,
    LOCKED_MKWRITE, NO_BUG_ON, NOALLOC_HOLES, ONE_FUNCTION, PROTECT_TAIL, PROTECT_ZEROED, REDIRTY,
    SKIP_DIRTY_ONLY, SUBMIT_ITSELF, UNMAP_CLEARS_UNWRITTEN, WRITE_WITH_HANDLE,
};
use crate::spec::{Clause, Design};

/// Every clause.
pub(super) const ALL: &[Clause] = &[
    HOLES.needed_for(
    &["progress", "store"],
    "A hole counts as unfinished work: writepage redirties the page, writeback finds it dirty \
     again, and nothing is ever done about it (the livelock).",
    ),
    REDIRTY.needed_for(
    &["store"],
    "Reclaim reaches a page with a delayed block and has no handle: writepage writes what it \
     can, clears the dirty bit, and the delayed block is never written.",
    ),
    NOALLOC_HOLES.needed_for(
        &["no-bug", "store"],
        "__block_write_full_page asks for a block of every dirty buffer; the look-up of a hole hits \
         BUG_ON(create && ret == 0), and the other blocks of the page are not written.",
    ),
    COLLECT.needed_for(
        &[],
        "Consistency with writepage. Without it a block is allocated for a hole, which no property sees; \
         alone, in the old design, it makes livelock hit the BUG.",
    ),
    LIMIT.needed_for(
        &[],
        "Subsumed here: once a hole is no work and a look-up may fail, blocks past the end are holes \
         among others.",
    ),
    NO_BUG_ON.needed_for(
        &["no-bug"],
        "hole-is-no-work makes true what the assertion says of holes; a block that writepage itself has \
         found to be unwritten still contradicts it (redirtied).",
    ),
    WRITE_WITH_HANDLE.needed_for(
        &[],
        "Without it a thread with a handle redirties the page; writing at once is sooner, and no thread \
         waits for either.",
    ),
    ONE_FUNCTION.needed_for(
        &[],
        "Structure: functions that do the same become one. Alone it spoils a set that suffices, for it \
         takes over no redirtying of its own.",
    ),
    LOCKED_LOOK.needed_for(
        &[],
        "locked-mkwrite and generic-mkwrite look under the page lock too.",
    ),
    SUBMIT_ITSELF.needed_for(
        &[],
        "Structure: what writepage would do, in fewer steps; with a test of its own for unfinished blocks.",
    ),
    SKIP_DIRTY_ONLY.needed_for(
        &["progress"],
        "Corrects the test of submit-by-itself: a page with a clean unwritten block is skipped in every \
         round (E-A6).",
    ),
    PROTECT_ZEROED.needed_for(
        &["fsync", "store"],
        "Zero-range takes a block's buffer and leaves the pte: the next store takes no fault, and no \
         thread maps its block (E-A1b).",
    ),
    LOCKED_MKWRITE.needed_for(
    &[],
    "Superseded by generic-mkwrite, which returns the page locked by itself; the two are \
     alternatives in the smallest sets below.",
    ),
    GENERIC_MKWRITE.needed_for(
        &[],
        "Superseded the other way round: with locked-mkwrite and i_alloc_sem the same is kept. Without \
         either, protect-tail's new fault races with the end of the first.",
    ),
    UNMAP_CLEARS_UNWRITTEN.needed_for(
        &["no-bug", "store"],
        "A buffer that truncation leaves unwritten is collected with a number that is no longer its own. A \
         store in between would fault, since protect-tail, and page_mkwrite would make it anew.",
    ),
    PROTECT_TAIL.needed_for(
    &["fsync", "store"],
    "After the file has grown, a store through the old pte goes to a block that no thread \
     has allocated: no fault, no block, and writepage takes the hole for a hole (E-A1).",
    ),
    AFTER_SIZE.needed_for(
    &["store"],
    "Protected before i_size has grown, the page faults in between, and page_mkwrite prepares \
     only the old range.",
    ),
    DIRTY_TAIL.needed_for(
    &[],
    "page_mkwrite's page is dirty for as long as a pte of it is writable, so the dirty pte says \
     nothing that the dirty page does not.",
    ),
];

/// Clauses of no design: what the functions must not do. For experiments.
pub(super) const REJECTED: &[Clause] = &[ALLOCATE];

const OLD: Design = Design::new(
    "old",
    "before c364b22c9580 and 43ce1d23b433: three functions",
    &[LIMIT.name],
);

const PARENT: Design = OLD.extended(
    "parent",
    "c364b22c9580, the parent of 43ce1d23b433: three functions, which take holes for holes",
    &[HOLES.name, NOALLOC_HOLES.name, COLLECT.name],
);

const PATCHED: Design = PARENT.extended(
    "patched",
    "43ce1d23b433: one ext4_writepage for all modes",
    &[
        REDIRTY.name,
        NO_BUG_ON.name,
        WRITE_WITH_HANDLE.name,
        ONE_FUNCTION.name,
    ],
);

const FIXED_2011: Design = PATCHED.extended(
    "fixed2011",
    "with the changes until the middle of 2011, one of which made a new error",
    &[
        LOCKED_LOOK.name,
        SUBMIT_ITSELF.name,
        LOCKED_MKWRITE.name,
        GENERIC_MKWRITE.name,
    ],
);

const FIXED: Design = FIXED_2011.extended(
    "fixed",
    "with the fixes that upstream found necessary until 2025",
    &[
        SKIP_DIRTY_ONLY.name,
        UNMAP_CLEARS_UNWRITTEN.name,
        PROTECT_TAIL.name,
        AFTER_SIZE.name,
        DIRTY_TAIL.name,
        PROTECT_ZEROED.name,
    ],
);

/// The designs.
pub(super) const DESIGNS: &[Design] = &[OLD, PARENT, PATCHED, FIXED_2011, FIXED];
