//! The clauses that matter with data=journal, with what each is needed for, and the designs made of them.

use crate::protocols::ext4_small_blocks::{
    ACROSS_THE_GAP, AFTER_SIZE, DIRTY_TAIL, GENERIC_MKWRITE, HOLES, KEEP_DIRTY, LEN_ONCE, LIMIT,
    LOCK_KEPT, LOCKED_LOOK, LOCKED_MKWRITE, NO_BH_REFS, NOALLOC_HOLES, ONE_FUNCTION, PROTECT_TAIL,
    PUT_LATE, RECHECK_MAPPING, RECHECK_SIZE, REDIRTY, RELOCK, STILL_DIRTY, UNMAP_CLEARS_UNWRITTEN,
    WRITE_WITH_HANDLE,
};
use crate::spec::{Clause, Design};

/// Every clause.
pub(super) const ALL: &[Clause] = &[
    HOLES.needed_for(
        &[],
        "A store leaves the buffers of its page clean in data=journal, so a hole is no unfinished work \
         with the clause or without it; ext4-writepage shows what it is for.",
    ),
    REDIRTY.needed_for(
        &[],
        "No block is delayed or unwritten in data=journal; ext4-writepage shows what it is for.",
    ),
    NOALLOC_HOLES.needed_for(
        &[],
        "The patched function looks nothing up that may be a hole. Before it, the look-up hits \
         BUG_ON(create && ret == 0); the smallest sets have this clause or len-once.",
    ),
    LIMIT.needed_for(
        &[],
        "Earlier than both patches: the buffers past the end are clean here, as all are.",
    ),
    WRITE_WITH_HANDLE.needed_for(
        &[],
        "Without it a thread with a handle redirties the page, and another one writes it; with it, the thread files the \
         buffers in its own transaction.",
    ),
    ONE_FUNCTION.needed_for(
        &[],
        "Structure: functions that do the same become one.",
    ),
    LEN_ONCE.needed_for(
        &[],
        "i_size is read once, and nothing is looked up. With look-up-may-fail neither matters; the \
         smallest sets have one or the other.",
    ),
    LOCKED_LOOK.needed_for(
        &[],
        "locked-mkwrite and generic-mkwrite look under the page lock too; the smallest sets have one of \
         the three.",
    ),
    LOCKED_MKWRITE.needed_for(
        &[],
        "No exhausted scenario has a page fault against a truncation to more; ext4-writepage has.",
    ),
    GENERIC_MKWRITE.needed_for(
        &[],
        "The same: ext4-writepage shows what it is for.",
    ),
    UNMAP_CLEARS_UNWRITTEN.needed_for(
        &[],
        "No block is unwritten here; ext4-writepage shows what it is for.",
    ),
    PROTECT_TAIL.needed_for(
    &["fsync", "store"],
    "After the file has grown, a store through the old pte goes to a block that no thread \
     has allocated: no fault, no block, and writepage takes the hole for a hole (E-A1).",
    ),
    AFTER_SIZE.needed_for(
        &[],
        "Needed against a page fault between the two: see ext4-writepage.",
    ),
    DIRTY_TAIL.needed_for(
    &[],
    "page_mkwrite's page is dirty for as long as a pte of it is writable, so the dirty pte says \
     nothing that the dirty page does not.",
    ),
    RELOCK.needed_for(
    &["filed", "no-bug", "use-after-free"],
    "Truncation takes the page in the gap between unlock_page and the walk of its buffers: freed \
     blocks are filed to the transaction (bdf96838aea6).",
    ),
    RECHECK_MAPPING.needed_for(
    &[],
    "With still-dirty it is implied: truncation cleans the page that it takes. Without \
     still-dirty it is needed.",
    ),
    PUT_LATE.needed_for(
    &[],
    "The order in which references are put does not matter once there are none \
     (no-buffer-references); before that, it is what c915fb80eaa6 got wrong.",
    ),
    RECHECK_SIZE.needed_for(
        &[],
        "Needed where another thread commits in the gap what the fault has filed (gap-size, an \
         experiment of the suite): the stale length loses a store.",
    ),
    NO_BH_REFS.needed_for(
    &["use-after-free"],
    "References by a stale length do not keep the buffers: the walk touches freed ones.",
    ),
    KEEP_DIRTY.needed_for(
    &["fsync", "store"],
    "In the gap the page is clean, not under writeback and in no transaction: fsync returns \
     early, and reclaim strips its buffers.",
    ),
    STILL_DIRTY.needed_for(
        &["store"],
        "A fault in the gap makes the pte writable; this look write-protects it again. Without it \
         PageChecked is cleared all the same, and the next store takes no fault.",
    ),
];

/// Clauses of no design: what the functions must not do. For experiments.
pub(super) const REJECTED: &[Clause] = &[LOCK_KEPT, ACROSS_THE_GAP];

const OLD: Design = Design::new(
    "old",
    "before c364b22c9580 and 43ce1d23b433: ext4_journalled_writepage",
    &[LIMIT.name],
);

const PARENT: Design = OLD.extended(
    "parent",
    "c364b22c9580, the parent of 43ce1d23b433: ext4_journalled_writepage, which takes holes for holes",
    &[HOLES.name, NOALLOC_HOLES.name],
);

const PATCHED: Design = PARENT.extended(
    "patched",
    "43ce1d23b433: one ext4_writepage for all modes",
    &[
        REDIRTY.name,
        WRITE_WITH_HANDLE.name,
        ONE_FUNCTION.name,
        LEN_ONCE.name,
    ],
);

const FIXED_2015: Design = PATCHED.extended(
    "fixed2015",
    "with the fixes that upstream found necessary until 2015",
    &[
        LOCKED_LOOK.name,
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
pub(super) const DESIGNS: &[Design] = &[
    OLD,
    PARENT,
    PATCHED,
    FIXED_2015,
    FIXED_2021A,
    FIXED_2021,
    FIXED,
];
