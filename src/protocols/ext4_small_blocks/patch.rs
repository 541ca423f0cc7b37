//! 43ce1d23b433: the hunks that the two specs mirror alike.

use super::{ONE_FUNCTION, REDIRTY};
use crate::spec::{Change, Hunk};

/// The file of every hunk.
pub(in crate::protocols) const INODE: &str = "fs/ext4/inode.c";

/// Declares the function that is used before its definition.
pub(in crate::protocols) const DECLARATION: Hunk = Hunk::new(
    INODE,
    [47, 6, 47, 10],
    &[Change::not_mirrored(
        "",
        "declares __ext4_journalled_writepage",
        "a declaration",
    )],
);

/// The new name, in a comment.
pub(in crate::protocols) const TITLE: Hunk = Hunk::new(
    INODE,
    [2392, 7, 2396, 7],
    &[Change::not_mirrored(
        "__mpage_da_writepage",
        "the new name of writepage",
        "a comment",
    )],
);

/// One `ext4_writepage` for all modes.
pub(in crate::protocols) const ONE_WRITEPAGE: Hunk = Hunk::new(
    INODE,
    [2519, 13, 2523, 47],
    &[
        Change::not_mirrored(
            "ext4_writepage",
            "says what writepage relies on",
            "a comment. That a store beyond the old end of the file faults again is not so: protect-tail (E-U4) is \
             the later fix",
        ),
        Change::mirrored(
            "ext4_writepage",
            "ext4_da_writepage becomes the function of all modes, under this name",
            &[ONE_FUNCTION.name],
        ),
        Change::mirrored(
            "ext4_writepage",
            "so all modes redirty a page with a delayed or unwritten block, as ext4_da_writepage did",
            &[REDIRTY.name],
        ),
    ],
);

/// The name of its trace point.
pub(in crate::protocols) const TRACE_POINT: Hunk = Hunk::new(
    INODE,
    [2534, 7, 2572, 7],
    &[Change::not_mirrored(
        "ext4_writepage",
        "the new name of the trace point",
        "renames only",
    )],
);
