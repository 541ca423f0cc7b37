//! The points that executions reach, each once: what the encoding names, with what has happened then.

use crate::spec::CoverPoint;

/// `dirty-hole`.
pub(in crate::protocols) const DIRTY_HOLE: CoverPoint = CoverPoint::new(
    "dirty-hole",
    "writepage meets a dirty block below i_size that is a hole",
);

/// `writepage-redirties`.
pub(in crate::protocols) const WRITEPAGE_REDIRTIES: CoverPoint = CoverPoint::new(
    "writepage-redirties",
    "writepage puts a page with unfinished blocks back",
);

/// `page-behind-the-end`.
pub(in crate::protocols) const PAGE_BEHIND_THE_END: CoverPoint = CoverPoint::new(
    "page-behind-the-end",
    "writepage meets a page that lies beyond EOF",
);

/// `size-falls-in-writepage`.
pub(in crate::protocols) const SIZE_FALLS_IN_WRITEPAGE: CoverPoint = CoverPoint::new(
    "size-falls-in-writepage",
    "i_size falls between two of the samples that one writepage takes",
);

/// `zeroed-protected`.
pub(in crate::protocols) const ZEROED_PROTECTED: CoverPoint = CoverPoint::new(
    "zeroed-protected",
    "zero-range takes a writable pte's write access away",
);

/// `store-faults`.
pub(in crate::protocols) const STORE_FAULTS: CoverPoint =
    CoverPoint::new("store-faults", "a store finds its pte without write access");

/// `fault-prepares-blocks`.
pub(in crate::protocols) const FAULT_PREPARES_BLOCKS: CoverPoint = CoverPoint::new(
    "fault-prepares-blocks",
    "a page fault has to find places for blocks",
);

/// `truncated-in-the-fault`.
pub(in crate::protocols) const TRUNCATED_IN_THE_FAULT: CoverPoint = CoverPoint::new(
    "truncated-in-the-fault",
    "the page has left the file when a page fault locks it again",
);

/// `writeback-waits-for-page`.
pub(in crate::protocols) const WRITEBACK_WAITS_FOR_PAGE: CoverPoint = CoverPoint::new(
    "writeback-waits-for-page",
    "write_cache_pages finds a page locked",
);

/// `tail-protected`.
pub(in crate::protocols) const TAIL_PROTECTED: CoverPoint = CoverPoint::new(
    "tail-protected",
    "truncation to more takes a writable pte's write access away",
);

/// `start-waits-for-commit`.
pub(in crate::protocols) const START_WAITS_FOR_COMMIT: CoverPoint = CoverPoint::new(
    "start-waits-for-commit",
    "a thread starts a handle while the transaction is T_LOCKED",
);

/// `commit-waits-for-handle`.
pub(in crate::protocols) const COMMIT_WAITS_FOR_HANDLE: CoverPoint = CoverPoint::new(
    "commit-waits-for-handle",
    "the transaction is T_LOCKED while a handle is open in it",
);

/// `truncated-in-the-gap`.
pub(in crate::protocols) const TRUNCATED_IN_THE_GAP: CoverPoint = CoverPoint::new(
    "truncated-in-the-gap",
    "data=journal: the page has left the file when it is locked again",
);

/// `size-changes-in-the-gap`.
pub(in crate::protocols) const SIZE_CHANGES_IN_THE_GAP: CoverPoint = CoverPoint::new(
    "size-changes-in-the-gap",
    "data=journal: i_size has changed when the page is locked again",
);

/// `walk-past-a-hole`.
pub(in crate::protocols) const WALK_PAST_A_HOLE: CoverPoint = CoverPoint::new(
    "walk-past-a-hole",
    "data=journal: a block below the end of the file has no buffer to file",
);

/// `reclaim-under-a-handle`.
pub(in crate::protocols) const RECLAIM_UNDER_A_HANDLE: CoverPoint = CoverPoint::new(
    "reclaim-under-a-handle",
    "writepage is called by a thread that has a handle open",
);

/// `reclaim-frees-buffers`.
pub(in crate::protocols) const RECLAIM_FREES_BUFFERS: CoverPoint = CoverPoint::new(
    "reclaim-frees-buffers",
    "reclaim takes the buffers of a page",
);
