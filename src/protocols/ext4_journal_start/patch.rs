//! 61628a3f3a37, hunk by hunk.

use super::{
    CALLERS_HANDLE, CHUNKS, EARLY_RETURN, HANDLE_FIRST, NO_DISKSIZE_IN_WRITEPAGE,
    NO_START_IN_WRITEPAGE, REDIRTY, UNLOCK_BEFORE_STOP,
};
use crate::spec::{Change, Hunk, Patch};

const EXTENTS: &str = "fs/ext4/extents.c";
const INODE: &str = "fs/ext4/inode.c";

/// Why the bound on `i_disksize` in the functions that look up blocks is in no clause.
const EXTEND_DISKSIZE: &str = "abstracted away: callers that have i_disksize extended. ext4_da_get_block_write does \
    not ask for it; it has the same bound of its own, which the patch leaves alone and the base body mirrors";

/// The hunks of fs/ext4/extents.c and fs/ext4/inode.c.
pub(super) const PATCH: Patch = Patch::new(&[
    Hunk::new(
        EXTENTS,
        [2565, 6, 2565, 7],
        &[Change::not_mirrored(
            "ext4_ext_get_blocks",
            "a size among the local variables",
            "a declaration",
        )],
    ),
    Hunk::new(
        EXTENTS,
        [2755, 8, 2756, 13],
        &[Change::not_mirrored(
            "ext4_ext_get_blocks",
            "i_disksize is extended to the end of the allocation, at most to i_size, and no longer to i_size",
            EXTEND_DISKSIZE,
        )],
    ),
    Hunk::new(
        INODE,
        [847, 6, 847, 7],
        &[Change::not_mirrored(
            "ext4_get_blocks_handle",
            "a size among the local variables",
            "a declaration",
        )],
    ),
    Hunk::new(
        INODE,
        [922, 8, 923, 13],
        &[Change::not_mirrored(
            "ext4_get_blocks_handle",
            "the same bound on i_disksize in a file without extents",
            EXTEND_DISKSIZE,
        )],
    ),
    Hunk::new(
        INODE,
        [1683, 13, 1689, 11],
        &[Change::not_mirrored(
            "mpage_put_bnr_to_bhs",
            "an empty line and braces",
            "layout only",
        )],
    ),
    Hunk::new(
        INODE,
        [1764, 10, 1768, 10],
        &[Change::not_mirrored(
            "mpage_da_map_blocks",
            "indents the end of the loop",
            "layout only",
        )],
    ),
    Hunk::new(
        INODE,
        [1993, 18, 1997, 14],
        &[
            Change::mirrored(
                "ext4_da_get_block_write",
                "starts no handle, takes that of its thread, and BUGs where there is none",
                &[CALLERS_HANDLE.name],
            ),
            Change::not_mirrored(
                "ext4_da_get_block_write",
                "asserts that its caller asks for an allocation",
                "an assertion: every modelled caller does",
            ),
        ],
    ),
    Hunk::new(INODE, [2029, 65, 2029, 157], WRITEBACK),
    Hunk::new(
        INODE,
        [2137, 11, 2229, 6],
        &[Change::not_mirrored(
            "ext4_bh_unmapped_or_delay",
            "defined before ext4_da_writepage now",
            "moved",
        )],
    ),
]);

/// The hunk of `ext4_da_get_block_write`, `ext4_da_writepage` and `ext4_da_writepages`.
const WRITEBACK: &[Change] = &[
    Change::mirrored(
        "ext4_da_get_block_write",
        "logs i_disksize with its thread's handle, and stops none",
        &[CALLERS_HANDLE.name],
    ),
    Change::not_mirrored(
        "ext4_da_get_block_write",
        "returns the error of ext4_mark_inode_dirty",
        "abstracted away: errors of the journal",
    ),
    Change::not_mirrored("ext4_bh_unmapped_or_delay", "defined here now", "moved"),
    Change::mirrored(
        "ext4_da_writepage",
        "starts and stops no handle; with a handle of its thread it goes on, where it redirtied the page",
        &[NO_START_IN_WRITEPAGE.name],
    ),
    Change::mirrored(
        "ext4_da_writepage",
        "without a handle, a page with an unmapped or delayed block below i_size is redirtied",
        &[REDIRTY.name],
    ),
    Change::mirrored(
        "ext4_da_writepage",
        "asserts that the page has buffers, and that no caller of one that is redirtied waits for the data (later \
         fixes: buffers-first, J-U8, and ordered-commit-writes-mapped, J-U1)",
        &[NO_START_IN_WRITEPAGE.name, REDIRTY.name],
    ),
    Change::mirrored(
        "ext4_da_writepage",
        "allocates by ext4_da_get_block_write and no longer by ext4_get_block",
        &[NO_START_IN_WRITEPAGE.name],
    ),
    Change::not_mirrored(
        "ext4_da_writepage",
        "so does a file system mounted with nobh, which calls nobh_writepage",
        "abstracted away: nobh",
    ),
    Change::mirrored(
        "ext4_da_writepage",
        "does not set i_disksize to i_size",
        &[NO_DISKSIZE_IN_WRITEPAGE.name],
    ),
    Change::not_mirrored(
        "",
        "the pages of a chunk and the credits of its handle, as constants",
        "abstracted away: the numbers. A scenario says how many pages a chunk has, and its credits pay for each of \
         their blocks, which is more than the patch's estimate for a fragmented file",
    ),
    Change::mirrored(
        "ext4_da_writepages",
        "returns at once where the file has no pages",
        &[EARLY_RETURN.name],
    ),
    Change::mirrored(
        "ext4_da_writepages",
        "starts a handle, and then has pages locked and written",
        &[HANDLE_FIRST.name],
    ),
    Change::mirrored(
        "ext4_da_writepages",
        "writes with one handle as many pages as its credits are for, and goes on with another",
        &[CHUNKS.name],
    ),
    Change::mirrored(
        "ext4_da_writepages",
        "stops the handle after mpage_da_writepages has submitted and unlocked its pages",
        &[UNLOCK_BEFORE_STOP.name],
    ),
    Change::not_mirrored(
        "ext4_da_writepages",
        "sets range_cont, so that a chunk goes on where the one before has ended, and range_start back unless it was 0",
        "abstracted away: range_start and range_cont. The loop of the model keeps its index from chunk to chunk, and no \
         caller reads its wbc again; what such a caller would find is not shown",
    ),
    Change::not_mirrored(
        "ext4_da_writepages",
        "ends the loop where a start or mpage_da_writepages fails, and ignores what a stop returns",
        "abstracted away: errors of the journal and of writeback",
    ),
];
