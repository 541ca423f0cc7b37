//! The conditions that no execution of ext4-writepage may violate, each with where it is checked.

use crate::engine::NO_DEADLOCK;
use crate::spec::{Property, Unviolated};

/// The assertion property (E-I1).
pub const NO_BUG: &str = "no-bug";

/// The progress property (E-I2).
pub const PROGRESS: &str = "progress";

/// The allocation property (E-I3).
pub const NO_ALLOCATION: &str = "no-allocation";

/// The rank property (E-I3).
pub const RANK: &str = "rank";

/// The store property (E-I4).
pub const STORE: &str = "store";

/// The fsync property.
pub const FSYNC: &str = "fsync";

/// The filing property (E-I5).
pub const FILED: &str = "filed";

/// The freed-memory property.
pub const FREED: &str = "use-after-free";

/// The properties.
pub(super) const PROPERTIES: &[Property] = &[
    Property::new(
        NO_DEADLOCK,
        "no set of threads waits for one another forever",
        "at every wait",
    ),
    Property::new(
        NO_BUG,
        "no assertion fails, and no journal_head is missing, on a state that legal system calls \
         can reach",
        "at the BUG_ONs of writepage, writepages and of the journal",
    ),
    Property::new(
        PROGRESS,
        "a flush of a file that no other thread is working on ends: each round of \
         writepages maps some block or leaves some page clean",
        "at the end of each round",
    ),
    Property::new(
        NO_ALLOCATION,
        "writepage allocates no block",
        "where a block is allocated",
    ),
    Property::new(
        RANK,
        "no thread without a handle starts one under a page lock",
        "at every start",
    ),
    Property::new(
        STORE,
        "a store to a block that the file covered is on disk or part of a transaction, or the \
         page is dirty and tagged and the block is mapped, so that the next flush takes it \
         there",
        "at the end",
    ),
    Property::new(
        FSYNC,
        "when fsync returns, what the process stored before it is on disk or in a committed \
         transaction",
        "at the end of fsync",
    ),
    Property::new(
        FILED,
        "a buffer is filed to a transaction only while its block is in the file and its page in \
         the mapping",
        "where a buffer is filed or dirtied",
    ),
    Property::new(
        FREED,
        "writepage follows no buffer that was freed",
        "at every buffer that it looks at without the page lock",
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
        reason: "no clause is about it; a fix that fills holes in writepage violates it",
    },
    Unviolated {
        property: RANK,
        reason: "no clause is about it; a fix that starts the handle under the page lock, or fills \
                     holes in writepage, violates it",
    },
];
