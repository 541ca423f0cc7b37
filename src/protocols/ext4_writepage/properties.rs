//! The conditions that no execution of ext4-writepage may violate, each with where it is checked.

use crate::engine::NO_DEADLOCK;
use crate::protocols::ext4_small_blocks::{FREED, NO_ALLOCATION, PROGRESS, RANK, of_both};
use crate::spec::{Property, Unviolated};

/// The properties.
pub(super) const PROPERTIES: &[Property] = &[
    of_both::NO_DEADLOCK,
    of_both::NO_BUG,
    Property::new(
        PROGRESS,
        "a flush of a file that no other thread is working on ends: each round of \
         writepages maps some block or leaves some page clean",
        "at the end of each round",
    ),
    of_both::NO_ALLOCATION,
    of_both::RANK,
    of_both::STORE,
    of_both::FSYNC,
    Property::new(
        FREED,
        "page_mkwrite follows no buffer that was freed",
        "at every buffer that it looks at without the page lock",
    ),
];

/// What no design violates.
pub(super) const UNVIOLATED: &[Unviolated] = &[
    Unviolated {
        property: NO_DEADLOCK,
        reason: "no clause is about it: every design acquires its locks in one order",
    },
    Unviolated {
        property: NO_ALLOCATION,
        reason: "no clause is about it; a fix that fills holes in writepage violates it",
    },
    Unviolated {
        property: RANK,
        reason: "no clause is about it; a fix that fills holes in writepage violates it",
    },
];
