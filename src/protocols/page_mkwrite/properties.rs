//! The conditions that no execution of page-mkwrite may violate, each with where it is checked.

use crate::engine::NO_DEADLOCK;
use crate::spec::{Property, Unviolated};

/// The first half of P-I1.
pub const METADATA: &str = "metadata";

/// The second half of P-I1.
pub const DIRTY_METADATA: &str = "dirty-metadata";

/// P-I2.
pub const STORE: &str = "store";

/// P-I3.
pub const MAPPING: &str = "mapping";

/// P-I3 of the dirty bit.
pub const DIRTY_MAPPING: &str = "dirty-mapping";

/// What the VM's throttling counts.
pub const NR_FILE_DIRTY: &str = "nr-file-dirty";

/// Stable pages.
pub const STABLE: &str = "stable";

/// P-I4.
pub const LOCKS: &str = "locks";

/// What P-C10 is about: `page->mapping` is NULL once the page has left its file.
pub const NO_NULL_MAPPING: &str = "no-null-mapping";

/// The properties.
pub(super) const PROPERTIES: &[Property] = &[
    Property::new(
        NO_DEADLOCK,
        "no set of threads waits for one another forever",
        "at every wait",
    ),
    Property::new(
        METADATA,
        "a page that a pte maps writable has its filesystem's metadata (P-I1)",
        "where a pte becomes writable, where a store goes through, where writepage needs it, and \
         at the end",
    ),
    Property::new(
        DIRTY_METADATA,
        "a dirty page has its filesystem's metadata, also where no pte maps it writable (P-I1)",
        "where a fault or a driver dirties the page, where writepage needs it, and at the end",
    ),
    Property::new(
        STORE,
        "the content of a page is on disk, or the page is dirty and tagged so that the next \
         flush finds it (P-I2)",
        "at the end",
    ),
    Property::new(
        MAPPING,
        "no pte maps a page that is no longer of the file (P-I3)",
        "at the end",
    ),
    Property::new(
        DIRTY_MAPPING,
        "a page that is no longer of the file is not dirty",
        "at the end",
    ),
    Property::new(
        NR_FILE_DIRTY,
        "NR_FILE_DIRTY is the number of dirty pages that have a mapping",
        "at the end, in scenarios with truncation",
    ),
    Property::new(
        STABLE,
        "a page does not change while it is under writeback",
        "at a store, where the filesystem does not keep its metadata locked until the write is done",
    ),
    Property::new(
        LOCKS,
        "the page lock is released before the thread leaves the kernel, and no thread \
         starts a transaction or is throttled under it (P-I4)",
        "at each of these",
    ),
    Property::new(
        NO_NULL_MAPPING,
        "no thread follows a page->mapping that truncation has cleared",
        "where balance_dirty_pages does",
    ),
];

/// What no design violates.
pub(super) const UNVIOLATED: &[Unviolated] = &[Unviolated {
    property: NO_NULL_MAPPING,
    reason: "either of test-mapping and mapping-before-unlock keeps it; every design has one of them, \
                 and without both `throttled` violates it",
}];
