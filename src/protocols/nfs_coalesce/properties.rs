//! The conditions that no execution of nfs-coalesce may violate, each with where it is checked.

use crate::engine::NO_DEADLOCK;
use crate::spec::Property;

/// N-I1.
pub const NO_ORPHAN: &str = "no-orphan";

/// N-L1.
pub const NO_ORPHAN_AT_END: &str = "no-orphan-at-end";

/// N-I2.
pub const SUBMITTED_AT_EXIT: &str = "submitted-at-exit";

/// N-I3.
pub const BUSY_WHILE_WRITEBACK: &str = "busy-while-writeback";

/// N-I4.
pub const NO_SELF_WAIT: &str = "no-self-wait";

/// N-I5.
pub const DATA: &str = "data";

/// N-C10 as a property.
pub const ERROR_TOLD: &str = "error-told";

/// The assertions.
pub const NO_BUG: &str = "no-bug";

/// The properties.
pub(super) const PROPERTIES: &[Property] = &[
    Property::new(
        NO_DEADLOCK,
        "no set of threads waits for one another forever",
        "at every wait",
    ),
    Property::new(
        NO_ORPHAN,
        "N-I1: a page under writeback has its request in an RPC, or in the hands of a thread \
         that has not returned",
        "at every return of an entry point",
    ),
    Property::new(
        NO_ORPHAN_AT_END,
        "N-L1: a page under writeback has its request in an RPC, or on the dirty list of an inode that \
         pdflush will write",
        "at the end",
    ),
    Property::new(
        SUBMITTED_AT_EXIT,
        "N-I2: whatever a call has put under writeback has been submitted or abandoned when \
         it returns",
        "at every return of an entry point",
    ),
    Property::new(
        BUSY_WHILE_WRITEBACK,
        "N-I3: a thread that has a request locked, other than for its I/O, finds its page not under \
         writeback",
        "wherever a thread that has locked a request looks at PG_writeback; and, where \
                      requests are to stay busy, wherever one unlocks it",
    ),
    Property::new(
        NO_SELF_WAIT,
        "N-I4: no thread waits for a request in its own unsubmitted descriptor",
        "at every wait for a request or for writeback",
    ),
    Property::new(
        DATA,
        "N-I5: where a page's dirty bit was cleared, its content is on the server, or the bit is set \
         again, or will be when a COMMIT is done, or its request is on such a dirty list",
        "at the end",
    ),
    Property::new(
        ERROR_TOLD,
        "writeback does not return 0 when something that it took on could not be sent",
        "at every return of nfs_writepages, and of nfs_writepage_locked for a single page",
    ),
    Property::new(
        NO_BUG,
        "a page that is put under writeback was not, and a request that is unlocked or removed \
         is busy: the modelled BUG_ONs",
        "at these BUG_ONs",
    ),
];
