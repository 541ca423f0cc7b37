//! 43ce1d23b433, hunk by hunk, without data=journal.

use crate::protocols::ext4_small_blocks::patch::{
    DECLARATION, INODE, ONE_WRITEPAGE, TITLE, TRACE_POINT,
};
use crate::protocols::ext4_small_blocks::{NO_BUG_ON, ONE_FUNCTION, WRITE_WITH_HANDLE};
use crate::spec::{Change, Hunk, Patch};

/// Why a change of data=journal is in no clause here.
const JOURNALLED: &str = "data=journal: see ext4-journalled-writepage";

/// The hunks of fs/ext4/inode.c.
pub(super) const PATCH: Patch = Patch::new(&[
    DECLARATION,
    TITLE,
    ONE_WRITEPAGE,
    TRACE_POINT,
    Hunk::new(
        INODE,
        [2596, 6, 2634, 15],
        &[Change::not_mirrored(
            "ext4_writepage",
            "a page of data=journal that was dirtied through a mapping goes to __ext4_journalled_writepage",
            JOURNALLED,
        )],
    ),
    Hunk::new(INODE, [3135, 112, 3182, 10], NORMAL_WRITEPAGE),
    Hunk::new(
        INODE,
        [3248, 16, 3193, 8],
        &[Change::not_mirrored(
            "__ext4_journalled_writepage",
            "reads no size and prepares no blocks; asserts that the page has buffers",
            JOURNALLED,
        )],
    ),
    Hunk::new(
        INODE,
        [3282, 67, 3219, 10],
        &[Change::not_mirrored(
            "ext4_journalled_writepage",
            "removed, with an error path of __ext4_journalled_writepage",
            JOURNALLED,
        )],
    ),
    Hunk::new(
        INODE,
        [3489, 7, 3369, 7],
        &[Change::mirrored(
            "ext4_ordered_aops",
            "writepage is ext4_writepage with data=ordered",
            &[ONE_FUNCTION.name],
        )],
    ),
    Hunk::new(
        INODE,
        [3504, 7, 3384, 7],
        &[Change::mirrored(
            "ext4_writeback_aops",
            "writepage is ext4_writepage with data=writeback, which takes the same steps",
            &[ONE_FUNCTION.name],
        )],
    ),
    Hunk::new(
        INODE,
        [3519, 7, 3399, 7],
        &[Change::not_mirrored(
            "ext4_journalled_aops",
            "writepage is ext4_writepage with data=journal",
            JOURNALLED,
        )],
    ),
    Hunk::new(
        INODE,
        [3533, 7, 3413, 7],
        &[Change::mirrored(
            "ext4_da_aops",
            "writepage is ext4_writepage with delayed allocation",
            &[ONE_FUNCTION.name],
        )],
    ),
]);

/// The hunk that removes `ext4_normal_writepage`.
const NORMAL_WRITEPAGE: &[Change] = &[
    Change::not_mirrored(
        "__ext4_normal_writepage",
        "what was said of transactions, and of reclaim within writepage",
        "a comment",
    ),
    Change::not_mirrored(
        "__ext4_normal_writepage",
        "removed: it called block_write_full_page, or nobh_writepage on a file system mounted with nobh",
        "mirrored by the base body: every mode ends in block_write_full_page. Abstracted away: nobh",
    ),
    Change::mirrored(
        "ext4_normal_writepage",
        "removed, and with it the BUG_ON of a delayed or unwritten block",
        &[NO_BUG_ON.name],
    ),
    Change::mirrored(
        "ext4_normal_writepage",
        "a thread that has a handle no longer redirties the page",
        &[WRITE_WITH_HANDLE.name],
    ),
    Change::mirrored(
        "ext4_normal_writepage",
        "missing buffers are no longer left to block_write_full_page",
        &[ONE_FUNCTION.name],
    ),
    Change::not_mirrored(
        "ext4_normal_writepage",
        "no longer asserts that the page is locked",
        "an assertion: here a page cannot be written without its lock",
    ),
    Change::not_mirrored(
        "__ext4_journalled_writepage",
        "gets the length from its caller",
        JOURNALLED,
    ),
];
