//! Threads, sizes and marks.

use super::{Config, Flush};
use crate::kernel::BufferHead;
use crate::spec::{EngineSet, Mark, Scenario};

const DELAYED: BufferHead = BufferHead::DELAYED;
const HOLE: BufferHead = BufferHead::HOLE;

/// One page, written once, found by itself.
const ONE: Flush = Flush {
    nr_to_write: 1,
    chunk: 1,
    pagevec: 1,
    start: 0,
};

/// The configuration of each scenario, by name.
pub const MODES: &[(&str, Config)] = &[
    (
        "write",
        Config {
            writers: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "fault",
        Config {
            pages: &[&[DELAYED, HOLE]],
            size: 2,
            faults: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "reclaim",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            writers: &[0],
            reclaim: Some(0),
            ..Config::BASE
        },
    ),
    (
        "chunks",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            writers: &[1],
            flush: Some(Flush {
                nr_to_write: 2,
                ..ONE
            }),
            ..Config::BASE
        },
    ),
    (
        "extend",
        Config {
            pages: &[&[BufferHead::ON_DISK]],
            size: 0,
            writers: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "flush-reclaim",
        Config {
            writers: &[0],
            flush: Some(ONE),
            reclaim: Some(0),
            ..Config::BASE
        },
    ),
    (
        "write-fault",
        Config {
            pages: &[&[DELAYED, HOLE]],
            size: 2,
            writers: &[0],
            faults: &[0],
            flush: Some(ONE),
            ..Config::BASE
        },
    ),
    (
        "ordered",
        Config {
            pages: &[&[DELAYED, DELAYED]],
            size: 2,
            flush: Some(ONE),
            transaction: Some(3),
            used: 1,
            ordered: true,
            ..Config::BASE
        },
    ),
    (
        "direct-reclaim",
        Config {
            pages: &[&[HOLE], &[DELAYED]],
            size: 2,
            writers: &[0],
            direct_reclaim: Some(1),
            ..Config::BASE
        },
    ),
    (
        "pagevec",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            writers: &[1],
            flush: Some(Flush {
                nr_to_write: 2,
                pagevec: 2,
                ..ONE
            }),
            ..Config::BASE
        },
    ),
    (
        "no-memory",
        Config {
            pages: &[&[HOLE]],
            size: 0,
            writers: &[0],
            no_memory: true,
            ..Config::BASE
        },
    ),
    (
        "cyclic",
        Config {
            pages: &[&[DELAYED], &[DELAYED]],
            size: 2,
            flush: Some(Flush { start: 1, ..ONE }),
            ..Config::BASE
        },
    ),
    (
        "past-delayed",
        Config {
            pages: &[&[DELAYED], &[BufferHead::ON_DISK]],
            size: 1,
            writers: &[1],
            ..Config::BASE
        },
    ),
    (
        "crowd",
        Config {
            pages: &[&[DELAYED, HOLE], &[DELAYED, DELAYED], &[DELAYED, DELAYED]],
            size: 6,
            writers: &[1, 2, 0],
            faults: &[0],
            flush: Some(Flush {
                nr_to_write: 3,
                ..ONE
            }),
            reclaim: Some(2),
            commits: 2,
            ..Config::BASE
        },
    ),
    (
        "ordered-crowd",
        Config {
            pages: &[&[DELAYED], &[DELAYED], &[HOLE]],
            size: 2,
            writers: &[2, 0],
            flush: Some(Flush {
                nr_to_write: 3,
                ..ONE
            }),
            transaction: Some(4),
            ordered: true,
            commits: 2,
            ..Config::BASE
        },
    ),
];

/// The scenarios.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "write",
        summary: "one page, dirty and delayed already: a writer rewrites it, the flusher writes it \
                  back, a commit",
        shows: "J-B1: flusher -> commit -> writer -> flusher",
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "flush-reclaim",
        summary: "one delayed page: writer, flusher, kswapd and a commit, all at once",
        shows: "both cycles in one model of four threads",
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
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
        engines: EngineSet::Both,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "pagevec",
        summary: "as `chunks`, with pagevecs of two pages and chunks of one",
        shows: "write_cache_pages goes past nr_to_write to the end of its pagevec",
        engines: EngineSet::Both,
        marks: &["commit-waits-for-handle", "start-waits-for-commit"],
    },
    Scenario {
        name: "no-memory",
        summary: "one page that is not cached: a writer finds no memory for it, a commit",
        shows: "write_begin returns with its handle open",
        engines: EngineSet::Both,
        marks: &["start-waits-for-commit"],
    },
    Scenario {
        name: "cyclic",
        summary: "two delayed pages: the flusher starts at the second, where an earlier round of \
                  cyclic writeback ended; a commit",
        shows: "the size on disk passes a block that is still delayed",
        engines: EngineSet::Both,
        marks: &[],
    },
    Scenario {
        name: "past-delayed",
        summary: "a delayed page, and an allocated one beyond the end of the file: a writer makes \
                  the file cover it, a commit",
        shows: "the same, by write_end",
        engines: EngineSet::Both,
        marks: &[],
    },
    Scenario {
        name: "crowd",
        summary: "three pages of two blocks: three writers, a page fault, the flusher, kswapd, two \
                  commits",
        shows: "the same protocols at a size that loom does not take",
        engines: EngineSet::ShuttleOnly,
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
        engines: EngineSet::ShuttleOnly,
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
