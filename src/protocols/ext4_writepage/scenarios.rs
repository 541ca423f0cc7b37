//! The scenarios and their marks.

use crate::spec::{EngineSet, Mark, Scenario};

/// The scenarios.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "grow",
        summary: "a dirty page of two blocks, the second behind the end of the file and a hole: the process makes the file cover it, the flusher",
        shows: "a dirty block below i_size that has no place: what legal calls can come to, and how i_size changes between the samples of one writepage",
        engines: EngineSet::All,
        marks: &["dirty-hole"],
    },
    Scenario {
        name: "grow-journalled",
        summary: "the same with data=journal",
        shows: "the look-up of a hole, in data=journal",
        engines: EngineSet::All,
        marks: &["walk-past-a-hole"],
    },
    Scenario {
        name: "grow-delalloc",
        summary: "the same with delayed allocation, and a flusher that has one page to write",
        shows: "a flush that goes round for ever while it is let to write one page",
        engines: EngineSet::All,
        marks: &["dirty-hole"],
    },
    Scenario {
        name: "livelock",
        summary: "delayed allocation, one process: stores, makes the file cover the second block, and syncs it",
        shows: "the livelock by itself: nobody else is there",
        engines: EngineSet::All,
        marks: &["dirty-hole"],
    },
    Scenario {
        name: "store",
        summary: "as `grow`, and then the process stores to the second block",
        shows: "a store to a block that was behind the end when its page was made writable",
        engines: EngineSet::All,
        marks: &[
            "dirty-hole",
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "tail-protected",
        ],
    },
    Scenario {
        name: "store-journalled",
        summary: "data=journal, one process: stores, makes the file cover the second block, stores to that, syncs",
        shows: "the same in data=journal, with nobody else",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "tail-protected"],
    },
    Scenario {
        name: "store-delalloc",
        summary: "the same with delayed allocation",
        shows: "the same with delayed allocation",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "tail-protected"],
    },
    Scenario {
        name: "fault",
        summary: "a clean page: a process stores to both of its blocks, another makes the file cover the second",
        shows: "the window between the return of page_mkwrite and the page lock",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "tail-protected"],
    },
    Scenario {
        name: "fault-flush",
        summary: "a dirty page whose pte is read-only: a process stores to its second block, another makes the file cover it, the flusher",
        shows: "fault, truncation and writepage at once; `grow`, `fault` and `hole` are its pairs",
        engines: EngineSet::All,
        marks: &[
            "dirty-hole",
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "tail-protected",
        ],
    },
    Scenario {
        name: "fault-truncate",
        summary: "two clean pages: a process stores to the second, whose blocks are holes, another cuts that page off",
        shows: "a page fault against truncation of the page that it has prepared",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "truncated-in-the-fault"],
    },
    Scenario {
        name: "down-up",
        summary: "a page of two dirty blocks: the process cuts the second off, makes the file cover it again and stores to it, the flusher",
        shows: "truncation leaves the ptes of the page that the end lies in",
        engines: EngineSet::All,
        marks: &[
            "dirty-hole",
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "tail-protected",
        ],
    },
    Scenario {
        name: "shrink",
        summary: "a page of two dirty blocks: the process cuts the second off, the flusher",
        shows: "i_size falls between the samples of one writepage",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page"],
    },
    Scenario {
        name: "unwritten",
        summary: "as `store`, and the second block is preallocated",
        shows: "an unwritten block instead of the hole",
        engines: EngineSet::All,
        marks: &[
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "tail-protected",
        ],
    },
    Scenario {
        name: "unwritten-delalloc",
        summary: "as `store-delalloc`, and the second block is preallocated",
        shows: "the same with delayed allocation",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "tail-protected"],
    },
    Scenario {
        name: "unwritten-down-up",
        summary: "delayed allocation, a page of two dirty blocks, the second unwritten; one process cuts it off, makes the file cover it again, stores to the first, syncs",
        shows: "BH_Unwritten of a buffer whose block is gone",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "tail-protected"],
    },
    Scenario {
        name: "hole",
        summary: "a page that is not mapped yet, its second block a hole inside the file: the process stores to both, the flusher",
        shows: "what page_mkwrite is there for",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "writeback-waits-for-page"],
    },
    Scenario {
        name: "handle",
        summary: "a dirty page: a thread that has a handle for another file reclaims it",
        shows: "writepage under a handle that is not its own",
        engines: EngineSet::All,
        marks: &["reclaim-under-a-handle"],
    },
    Scenario {
        name: "reclaim-delayed",
        summary: "delayed allocation, a dirty page with a delayed block: kswapd, the flusher",
        shows: "writepage without a caller that allocates",
        engines: EngineSet::All,
        marks: &[
            "writepage-redirties",
            "writeback-waits-for-page",
            "reclaim-frees-buffers",
        ],
    },
    Scenario {
        name: "delayed-row",
        summary: "delayed allocation, a dirty page of two delayed blocks: kswapd, the flusher",
        shows: "an extent of two blocks",
        engines: EngineSet::All,
        marks: &[
            "writepage-redirties",
            "writeback-waits-for-page",
            "reclaim-frees-buffers",
        ],
    },
    Scenario {
        name: "reclaimed",
        summary: "a clean page of two blocks that is not mapped yet: the process stores to the first, the flusher, kswapd",
        shows: "a page fault against reclaim of the buffers that it looks at: a page can be dirty and have none",
        engines: EngineSet::All,
        marks: &[
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "reclaim-frees-buffers",
        ],
    },
    Scenario {
        name: "reclaimed-delalloc",
        summary: "the same with delayed allocation",
        shows: "the same where writepages collects a page without buffers as a whole",
        engines: EngineSet::All,
        marks: &[
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "reclaim-frees-buffers",
        ],
    },
    Scenario {
        name: "journalled-truncate",
        summary: "data=journal, a dirty page that nobody maps any more: the process cuts the file to nothing, the flusher",
        shows: "the gap without the page lock, against truncation",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page", "truncated-in-the-gap"],
    },
    Scenario {
        name: "journalled-commit",
        summary: "the same, while a commit has still to let go of the page's buffer",
        shows: "the gap against truncation of a buffer that is being committed",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page", "truncated-in-the-gap"],
    },
    Scenario {
        name: "journalled-reclaim",
        summary: "data=journal, a dirty page of two blocks that nobody maps: the flusher, kswapd",
        shows: "the gap against reclaim, which takes the buffers of a clean page",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page"],
    },
    Scenario {
        name: "journalled-fsync",
        summary: "data=journal, a dirty page of two blocks: the process that stored to them syncs, the flusher",
        shows: "the gap against fsync: the page is clean, not under writeback, and in no transaction",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page", "commit-waits-for-handle"],
    },
    Scenario {
        name: "journalled-fault",
        summary: "data=journal, a dirty page whose pte is read-only, its second block a hole inside the file: the process stores to that, the flusher",
        shows: "the gap against a page fault that fills a hole",
        engines: EngineSet::All,
        marks: &["fault-prepares-blocks", "writeback-waits-for-page"],
    },
    Scenario {
        name: "journalled-again",
        summary: "data=journal, a dirty page: the process stores to it once more and syncs, the flusher",
        shows: "the gap against a store and the flush of fsync",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page", "commit-waits-for-handle"],
    },
    Scenario {
        name: "crowd",
        summary: "two pages: a process that makes the file longer and stores, one that stores and syncs, one that makes it shorter, the flusher, kswapd",
        shows: "the same protocols at a size that loom does not take",
        engines: EngineSet::Sampled,
        marks: &[
            "dirty-hole",
            "page-behind-the-end",
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "reclaim-frees-buffers",
        ],
    },
    Scenario {
        name: "crowd-delalloc",
        summary: "the same with delayed allocation, without the process that makes the file shorter",
        shows: "the livelock and the lost store at a larger size",
        engines: EngineSet::Sampled,
        marks: &[
            "dirty-hole",
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "tail-protected",
            "reclaim-frees-buffers",
        ],
    },
    Scenario {
        name: "journalled-crowd",
        summary: "data=journal, one page: a process that grows the file, stores and syncs, one that cuts it to nothing, the flusher, kswapd, a commit",
        shows: "everything that can come into the gap, at once",
        engines: EngineSet::Sampled,
        marks: &[
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "tail-protected",
            "start-waits-for-commit",
            "commit-waits-for-handle",
            "truncated-in-the-gap",
        ],
    },
];

/// The marks.
pub(super) const MARKS: &[Mark] = &[
    Mark {
        name: "dirty-hole",
        summary: "writepage meets a dirty block below i_size that is a hole",
    },
    Mark {
        name: "writepage-redirties",
        summary: "writepage puts a page with unfinished blocks back",
    },
    Mark {
        name: "page-behind-the-end",
        summary: "writepage meets a page that lies behind the end of the file",
    },
    Mark {
        name: "fault-prepares-blocks",
        summary: "a page fault has to find places for blocks",
    },
    Mark {
        name: "truncated-in-the-fault",
        summary: "the page has left the file when a page fault locks it again",
    },
    Mark {
        name: "writeback-waits-for-page",
        summary: "write_cache_pages finds a page locked",
    },
    Mark {
        name: "tail-protected",
        summary: "truncation to more takes a writable pte's write access away",
    },
    Mark {
        name: "start-waits-for-commit",
        summary: "somebody starts a handle while the transaction is T_LOCKED",
    },
    Mark {
        name: "commit-waits-for-handle",
        summary: "the transaction is T_LOCKED while a handle is open in it",
    },
    Mark {
        name: "truncated-in-the-gap",
        summary: "data=journal: the page has left the file when it is locked again",
    },
    Mark {
        name: "size-changes-in-the-gap",
        summary: "data=journal: i_size has changed when the page is locked again",
    },
    Mark {
        name: "walk-past-a-hole",
        summary: "data=journal: a block below the end of the file has no buffer to file",
    },
    Mark {
        name: "reclaim-under-a-handle",
        summary: "writepage is called by a thread that has a handle open",
    },
    Mark {
        name: "reclaim-frees-buffers",
        summary: "reclaim takes the buffers of a page",
    },
];
