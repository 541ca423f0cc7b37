//! The conditions that no execution of ext4-journal-start may violate, each with where it is checked.

use crate::engine::NO_DEADLOCK;
use crate::spec::Property;

/// The rank property.
pub const RANK: &str = "rank";

/// The credits property.
pub const CREDITS: &str = "credits";

/// The crash property.
pub const DISKSIZE: &str = "disksize";

/// The property of truncation.
pub const TRUNCATION: &str = "truncation";

/// The property of the two sizes.
pub const SIZES: &str = "sizes";

/// The data property.
pub const DATA: &str = "data";

/// The balance property.
pub const HANDLES: &str = "handles";

/// The assertion property.
pub const NO_BUG: &str = "no-bug";

/// The properties.
pub(super) const PROPERTIES: &[Property] = &[
    Property::new(
        NO_DEADLOCK,
        "no set of threads waits for one another forever",
        "at every wait",
    ),
    Property::new(
        RANK,
        "no thread without a handle starts one while it has a page lock or i_data_sem",
        "at every start",
    ),
    Property::new(
        CREDITS,
        "no handle dirties more metadata than it has credits for, or asks for more than a \
         transaction holds",
        "at every start and every dirtied buffer",
    ),
    Property::new(
        DISKSIZE,
        "after a crash that follows any commit, the size on disk covers no block with content that was \
         never allocated",
        "at every commit",
    ),
    Property::new(
        TRUNCATION,
        "a crash that follows any commit leaves an inode that is being truncated on the orphan \
         list with the size that it is truncated to, or less",
        "at every commit",
    ),
    Property::new(
        SIZES,
        "at rest the size that goes to disk is that of the file, or less while a block is delayed",
        "at the end",
    ),
    Property::new(
        DATA,
        "the content of every page is on disk, or the page is dirty and tagged so that the next \
         flush finds it",
        "at the end",
    ),
    Property::new(
        HANDLES,
        "every handle that was started is stopped before its thread leaves the kernel",
        "where a handle goes away, and at every exit from the kernel",
    ),
    Property::new(
        NO_BUG,
        "get_block always has a handle, writepage need not redirty under WB_SYNC_ALL (the two BUG_ONs that \
         the patch adds), page_buffers() finds buffers, and no journal is freed with a running transaction",
        "at these BUG_ONs, and where the journal is freed",
    ),
];
