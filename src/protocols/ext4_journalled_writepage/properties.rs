//! The conditions that no execution of ext4-journalled-writepage may violate, each with where it is checked.

use crate::engine::NO_DEADLOCK;
use crate::protocols::ext4_small_blocks::{FILED, FREED, NO_ALLOCATION, RANK, of_both};
use crate::spec::{Property, Unviolated};

/// The properties.
pub(super) const PROPERTIES: &[Property] = &[
    of_both::NO_DEADLOCK,
    of_both::NO_BUG,
    of_both::NO_ALLOCATION,
    of_both::RANK,
    of_both::STORE,
    of_both::FSYNC,
    Property::new(
        FILED,
        "a buffer is filed to a transaction only while its block is in the file and its page in \
         the mapping",
        "where a buffer is filed or dirtied",
    ),
    Property::new(
        FREED,
        "writepage and page_mkwrite follow no buffer that was freed",
        "at every buffer that they look at without the page lock",
    ),
];

/// What no design violates.
pub(super) const UNVIOLATED: &[Unviolated] = &[
    Unviolated {
        property: NO_DEADLOCK,
        reason: "no clause is about it; a fix that sets PG_writeback across the gap violates it",
    },
    Unviolated {
        property: NO_ALLOCATION,
        reason: "no clause is about it; a fix that fills holes in writepage violates it in ext4-writepage",
    },
    Unviolated {
        property: RANK,
        reason: "no clause is about it; a fix that starts the handle under the page lock violates it",
    },
];
