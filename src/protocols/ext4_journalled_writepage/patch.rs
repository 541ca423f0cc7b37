//! 43ce1d23b433, hunk by hunk, with data=journal.

use crate::protocols::ext4_small_blocks::patch::{
    DECLARATION, INODE, ONE_WRITEPAGE, TITLE, TRACE_POINT,
};
use crate::protocols::ext4_small_blocks::{LEN_ONCE, ONE_FUNCTION, WRITE_WITH_HANDLE};
use crate::spec::{Change, Hunk, Patch};

/// Why a change of other modes is in no clause here.
const OTHER_MODES: &str = "not of data=journal: see ext4-writepage";

/// The hunks of fs/ext4/inode.c.
pub(super) const PATCH: Patch = Patch::new(&[
    DECLARATION,
    TITLE,
    ONE_WRITEPAGE,
    TRACE_POINT,
    Hunk::new(
        INODE,
        [2596, 6, 2634, 15],
        &[
            Change::not_mirrored(
                "ext4_writepage",
                "a page that was dirtied through a mapping (PageChecked) goes to __ext4_journalled_writepage",
                "mirrored by the base body: ext4_journalled_writepage did the same",
            ),
            Change::mirrored(
                "ext4_writepage",
                "__ext4_journalled_writepage gets the length that ext4_writepage has computed",
                &[LEN_ONCE.name],
            ),
        ],
    ),
    Hunk::new(
        INODE,
        [3135, 112, 3182, 10],
        &[
            Change::not_mirrored(
                "ext4_normal_writepage",
                "removed, with __ext4_normal_writepage and what was said of it",
                OTHER_MODES,
            ),
            Change::mirrored(
                "__ext4_journalled_writepage",
                "gets the length from its caller",
                &[LEN_ONCE.name],
            ),
        ],
    ),
    Hunk::new(
        INODE,
        [3248, 16, 3193, 8],
        &[
            Change::mirrored(
                "__ext4_journalled_writepage",
                "reads no size of its own, and looks no block up",
                &[LEN_ONCE.name],
            ),
            Change::not_mirrored(
                "__ext4_journalled_writepage",
                "asserts that the page has buffers",
                "an assertion that cannot fail: ext4_writepage has found or made the buffers under the same page lock",
            ),
        ],
    ),
    Hunk::new(INODE, [3282, 67, 3219, 10], JOURNALLED_WRITEPAGE),
    Hunk::new(
        INODE,
        [3489, 7, 3369, 7],
        &[Change::not_mirrored(
            "ext4_ordered_aops",
            "writepage is ext4_writepage with data=ordered",
            OTHER_MODES,
        )],
    ),
    Hunk::new(
        INODE,
        [3504, 7, 3384, 7],
        &[Change::not_mirrored(
            "ext4_writeback_aops",
            "writepage is ext4_writepage with data=writeback",
            OTHER_MODES,
        )],
    ),
    Hunk::new(
        INODE,
        [3519, 7, 3399, 7],
        &[Change::mirrored(
            "ext4_journalled_aops",
            "writepage is ext4_writepage with data=journal",
            &[ONE_FUNCTION.name],
        )],
    ),
    Hunk::new(
        INODE,
        [3533, 7, 3413, 7],
        &[Change::not_mirrored(
            "ext4_da_aops",
            "writepage is ext4_writepage with delayed allocation",
            OTHER_MODES,
        )],
    ),
]);

/// The hunk that removes `ext4_journalled_writepage`.
const JOURNALLED_WRITEPAGE: &[Change] = &[
    Change::mirrored(
        "__ext4_journalled_writepage",
        "has no error path from before the page is unlocked, since nothing is looked up there",
        &[LEN_ONCE.name],
    ),
    Change::mirrored(
        "ext4_journalled_writepage",
        "removed: missing buffers are made as with delayed allocation",
        &[ONE_FUNCTION.name],
    ),
    Change::not_mirrored(
        "ext4_journalled_writepage",
        "the BUG_ON of a delayed or unwritten block is gone",
        "no such block exists in data=journal, so the body keeps the BUG in all designs; no-bug-on (E-C6) of \
         ext4-writepage is the clause",
    ),
    Change::mirrored(
        "ext4_journalled_writepage",
        "a thread that has a handle no longer redirties the page: it unlocks it, and joins the handle that it has",
        &[WRITE_WITH_HANDLE.name],
    ),
    Change::not_mirrored(
        "ext4_journalled_writepage",
        "no longer asserts that the page is locked",
        "an assertion: here a page cannot be written without its lock",
    ),
];
