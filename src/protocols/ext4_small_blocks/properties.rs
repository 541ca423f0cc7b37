//! The conditions that no execution may violate, by name; and those that both specs ask for.

use crate::spec::OpenFailure;

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

/// What the last design of either spec violates, and why.
pub(in crate::protocols) const OPEN: &[OpenFailure] = &[OpenFailure {
    property: FSYNC,
    within: "process2=store*",
    example: "page1=clean-hole,size=1,mapped=read-only,process1=store0+fsync,process2=store0",
    reason: "page_mkwrite finds every block mapped and dirties nothing, and the fault makes the pte writable before it \
             dirties the page: between the two, another thread of the process stores through the pte, and its fsync \
             finds no page that is tagged dirty. The next writeback writes the store. The page lock does not help, as \
             fsync locks tagged pages alone; no commit that changes this is known to us.",
}];

/// The properties of both specs, each with where it is checked.
pub(in crate::protocols) mod of_both {
    use crate::engine::NO_DEADLOCK as NO_CYCLE;
    use crate::spec::Property;

    /// [`crate::engine::NO_DEADLOCK`].
    pub(in crate::protocols) const NO_DEADLOCK: Property = Property::new(
        NO_CYCLE,
        "no set of threads waits for one another forever",
        "at every wait",
    );

    /// [`super::NO_BUG`].
    pub(in crate::protocols) const NO_BUG: Property = Property::new(
        super::NO_BUG,
        "no assertion fails, and no journal_head is missing, on a state that legal system calls \
         can reach",
        "at the BUG_ONs of writepage, writepages and of the journal",
    );

    /// [`super::NO_ALLOCATION`].
    pub(in crate::protocols) const NO_ALLOCATION: Property = Property::new(
        super::NO_ALLOCATION,
        "writepage allocates no block",
        "where a block is allocated",
    );

    /// [`super::RANK`].
    pub(in crate::protocols) const RANK: Property = Property::new(
        super::RANK,
        "no thread without a handle starts one under a page lock",
        "at every start",
    );

    /// [`super::STORE`].
    pub(in crate::protocols) const STORE: Property = Property::new(
        super::STORE,
        "a store to a block that the file covered is in its block on disk or part of a transaction, or \
         the page is dirty and tagged, the block is mapped, and nothing makes every flush put the page \
         back, so that the next one takes it there",
        "at the end",
    );

    /// [`super::FSYNC`].
    pub(in crate::protocols) const FSYNC: Property = Property::new(
        super::FSYNC,
        "when fsync returns, what the process stored before it is on disk or in a committed \
         transaction",
        "at the end of fsync",
    );
}
