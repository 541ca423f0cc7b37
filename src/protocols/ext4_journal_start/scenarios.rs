//! The scenarios and marks, in words.

use crate::spec::{EngineSet, Mark, Scenario};

/// The scenarios.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "write",
        summary: "one page, dirty and delayed already: a writer rewrites it, the flusher writes it \
                  back, a commit",
        shows: "J-B1: flusher -> commit -> writer -> flusher",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "writeback-waits-for-page",
        ],
    },
    Scenario {
        name: "fault",
        summary: "one page of two blocks, one delayed and one a hole: a page fault fills the hole, \
                  the flusher, a commit",
        shows: "J-B1 with the fault in the writer's place",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "fault-fills-a-hole",
            "second-allocation",
        ],
    },
    Scenario {
        name: "reclaim",
        summary: "two delayed pages: a writer rewrites the first, kswapd reclaims it, a commit",
        shows: "J-B3: reclaim -> commit -> writer -> reclaim, and i_disksize set to i_size",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "writepage-redirties",
        ],
    },
    Scenario {
        name: "chunks",
        summary: "two delayed pages in fragmented free space: a writer rewrites the second, the \
                  flusher writes both back, a commit",
        shows: "the handle stopped and started between chunks, and several allocations",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "second-chunk",
        ],
    },
    Scenario {
        name: "extend",
        summary: "a block allocated beyond the end of an empty file: a writer makes the file cover \
                  it, the flusher, a commit",
        shows: "i_disksize advanced by write_end, without an allocation",
        engines: EngineSet::All,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "flush-reclaim",
        summary: "one delayed page: writer, flusher, kswapd and a commit, all at once",
        shows: "both cycles in one model of four threads",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "writepage-redirties",
        ],
    },
    Scenario {
        name: "write-fault",
        summary: "one page of two blocks: writer, page fault, flusher and a commit, all at once",
        shows: "J-B1 with two threads that can hold the handle",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "fault-fills-a-hole",
        ],
    },
    Scenario {
        name: "ordered",
        summary: "data=ordered (61628a3f allows delayed allocation in writeback mode only; \
                  cd1aac32923a adds this), one page of two delayed blocks, transactions of three credits: the \
                  flusher, and a commit that writes the file's data",
        shows: "J-B2: flusher -> commit -> flusher, and why the commit must not allocate",
        engines: EngineSet::All,
        marks: &[
            "start-waits-for-room",
            "writepage-redirties",
            "writeback-waits-for-page",
        ],
    },
    Scenario {
        name: "direct-reclaim",
        summary: "a page that is not cached and a delayed one: a writer of the first reclaims the \
                  second while it gets memory with its handle open, a commit",
        shows: "writepage allocates with a handle whose credits were for something else",
        engines: EngineSet::All,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "pagevec",
        summary: "as `chunks`, with pagevecs of two pages and chunks of one",
        shows: "write_cache_pages goes past nr_to_write to the end of its pagevec",
        engines: EngineSet::All,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "no-memory",
        summary: "one page that is not cached: a writer finds no memory for it, a commit",
        shows: "write_begin returns with its handle open",
        engines: EngineSet::All,
        marks: &["start-waits-for-commit"],
    },
    Scenario {
        name: "truncate",
        summary: "one delayed page: the flusher writes it back, the file is truncated to nothing, a \
                  commit",
        shows: "J-A4: writeback undoes what truncation has done to i_disksize",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "commit-of-an-orphan",
        ],
    },
    Scenario {
        name: "truncate-reclaim",
        summary: "one dirty page that is on disk: kswapd writes it, and the file is truncated to \
                  nothing",
        shows: "writepage stores i_size, as it read it, to i_disksize after truncation is done",
        engines: EngineSet::All,
        marks: &["page-behind-the-end"],
    },
    Scenario {
        name: "umount",
        summary: "a file without pages, the journal's own: the last iput, in jbd2_journal_destroy, calls \
                  writepages",
        shows: "writepages starts no handle where there is nothing to write",
        engines: EngineSet::All,
        marks: &["writepages-of-nothing"],
    },
    Scenario {
        name: "cyclic",
        summary: "two delayed pages: the flusher starts at the second, where an earlier round of \
                  cyclic writeback ended; a commit",
        shows: "the size on disk passes a block that is still delayed",
        engines: EngineSet::All,
        marks: &["commit-waits-for-handle"],
    },
    Scenario {
        name: "past-delayed",
        summary: "a delayed page, and an allocated one beyond the end of the file: a writer makes \
                  the file cover it, a commit",
        shows: "the same, by write_end",
        engines: EngineSet::All,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "crowd",
        summary: "three pages of two blocks: three writers, a page fault, the flusher, kswapd, two \
                  commits",
        shows: "the same protocols at a size that loom does not take",
        engines: EngineSet::Sampled,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "lock-page-waits",
            "second-chunk",
            "writepage-redirties",
            "fault-fills-a-hole",
        ],
    },
    Scenario {
        name: "ordered-crowd",
        summary: "data=ordered, three pages, transactions of four credits: two writers, one of \
                  which appends, the flusher, and commits on demand",
        shows: "full transactions and ordered data at a larger size",
        engines: EngineSet::Sampled,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "start-waits-for-room",
            "second-chunk",
            "writepage-redirties",
        ],
    },
];

/// The marks.
pub(super) const MARKS: &[Mark] = &[
    Mark {
        name: "commit-waits-for-handle",
        summary: "the transaction is T_LOCKED while a handle is open in it",
    },
    Mark {
        name: "start-waits-for-commit",
        summary: "somebody starts a handle while the transaction is T_LOCKED",
    },
    Mark {
        name: "start-waits-for-room",
        summary: "somebody starts a handle that the running transaction has no room for",
    },
    Mark {
        name: "commit-of-an-orphan",
        summary: "a commit falls between the two transactions of a truncation",
    },
    Mark {
        name: "page-behind-the-end",
        summary: "a truncation shrinks the file while writepage has the page",
    },
    Mark {
        name: "lock-page-waits",
        summary: "write_begin finds its page locked",
    },
    Mark {
        name: "writeback-waits-for-page",
        summary: "write_cache_pages finds a page locked",
    },
    Mark {
        name: "second-chunk",
        summary: "writepages writes a second chunk with a second handle",
    },
    Mark {
        name: "writepages-of-nothing",
        summary: "writepages returns, and its file has no pages",
    },
    Mark {
        name: "second-allocation",
        summary: "an extent takes more than one allocation",
    },
    Mark {
        name: "writepage-redirties",
        summary: "writepage meets a page that needs an allocation and redirties it",
    },
    Mark {
        name: "fault-fills-a-hole",
        summary: "the page fault finds an unmapped block and has to prepare it",
    },
];
