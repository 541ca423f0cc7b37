//! What each clause is needed for: in the patched design, or in the last one for what came later.

use crate::spec::Need;

/// A row for each clause, in the order of the clauses.
pub(super) const NEEDS: &[Need] = &[
    Need::new(
        "up-to-len",
        &[],
        "Earlier than the patch, and subsumed by it here: once a hole is no work and a look- \
         up may fail, blocks past the end are holes among others. In the old design grow \
         fails wherever a page reaches past the end.",
    ),
    Need::new(
        "hole-is-no-work",
        &["progress"],
        "A hole counts as unfinished work: writepage redirties the page, writeback finds it \
         dirty again, and nothing is ever done about it (the livelock).",
    ),
    Need::new(
        "redirty-delayed",
        &["store"],
        "Reclaim comes to a page with a delayed block and has no handle: writepage writes \
         what it can, clears the dirty bit, and the delayed block is never written.",
    ),
    Need::new(
        "look-up-may-fail",
        &["no-bug", "store"],
        "__block_write_full_page asks for a block of every dirty buffer; the look-up of a \
         hole returns an error or hits BUG_ON(!buffer_mapped), and the other blocks of the \
         page are not written.",
    ),
    Need::new(
        "collect-delayed",
        &[],
        "Consistency: mpage's collector passes over the same holes as writepage. Without it a \
         hole is collected, looked up and left alone, since the look-up may fail. Alone, in \
         the old design, it makes grow-delalloc hit the BUG.",
    ),
    Need::new(
        "no-bug-on",
        &[],
        "An assertion goes away that hole-is-no-work makes true: what it asserted is not \
         reached in the patched design in any scenario (asked in none).",
    ),
    Need::new(
        "write-with-a-handle",
        &[],
        "The old data=writeback and data=ordered functions redirty where there is a handle; \
         writing at once is sooner, and nobody waits for either.",
    ),
    Need::new(
        "one-function",
        &[],
        "Structure: three functions that do the same become one. Once redirty-delayed and \
         hole-is-no-work hold in it, nothing breaks in three either; alone it is what spoils \
         a set that suffices, for it takes over no redirtying of its own.",
    ),
    Need::new(
        "len-once",
        &[],
        "i_size is read once instead of twice in the journalled path; no scenario truncates \
         between the two reads in the patched design so that it matters before the gap (E-A2) \
         does.",
    ),
    Need::new(
        "locked-mkwrite",
        &[],
        "Superseded by generic-mkwrite, which returns the page locked by itself; the two are \
         alternatives in the smallest sets below.",
    ),
    Need::new(
        "generic-mkwrite",
        &[],
        "Superseded the other way round: with locked-mkwrite and i_alloc_sem the same is \
         kept. Without either, protect-tail's new fault races with the end of the first (see \
         the suite's experiments).",
    ),
    Need::new(
        "unmap-clears-unwritten",
        &[],
        "With the tail write-protected the next store faults, and page_mkwrite makes the \
         block anew; without protect-tail it is needed (unwritten-down-up).",
    ),
    Need::new(
        "protect-tail",
        &["fsync", "store"],
        "After the file has grown, a store through the old pte goes to a block that nobody \
         has allocated: no fault, no block, and writepage takes the hole for a hole (E-A1).",
    ),
    Need::new(
        "protect-after-size",
        &["store"],
        "Protected before i_size has grown, the page faults in between, and page_mkwrite \
         prepares only the old range.",
    ),
    Need::new(
        "protect-and-dirty",
        &[],
        "page_mkwrite's page is dirty for as long as a pte of it is writable, so the dirty \
         pte says nothing that the dirty page does not.",
    ),
    Need::new(
        "relock",
        &["filed", "no-bug", "use-after-free"],
        "Truncation takes the page in the gap between unlock_page and the walk of its \
         buffers: freed blocks are filed to the transaction (bdf96838aea6).",
    ),
    Need::new(
        "recheck-mapping",
        &[],
        "With still-dirty it is implied: truncation cleans the page that it takes. Without \
         still-dirty it is needed, and the smallest sets below have one or the other.",
    ),
    Need::new(
        "put-after-unlock",
        &[],
        "The order in which references are put does not matter once there are none (no- \
         buffer-references); before that, it is what c915fb80eaa6 got wrong.",
    ),
    Need::new(
        "recheck-size",
        &[],
        "Somebody has to commit in the gap what the fault has filed: that scenario (gap-size) \
         is shown by PCT only, where the stale length loses a store; it is not among the \
         scenarios that are exhausted here.",
    ),
    Need::new(
        "no-buffer-references",
        &["use-after-free"],
        "References by a stale length do not keep the buffers: the walk touches freed ones.",
    ),
    Need::new(
        "keep-dirty",
        &["fsync", "store"],
        "In the gap the page is clean, not under writeback and in no transaction: fsync \
         returns early, and reclaim strips its buffers.",
    ),
    Need::new(
        "still-dirty",
        &[],
        "With recheck-mapping nothing breaks without it: a page in the file that somebody \
         else has cleaned is written a second time. The smallest sets below have one or the \
         other.",
    ),
];
