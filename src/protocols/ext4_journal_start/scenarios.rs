//! The scenarios, each with its configuration, and the cover points.

use super::{Config, Flush};
use crate::kernel::BufferHead;
use crate::spec::{Configured, CoverPoint, EngineSet, Scenario};

const DELAYED: BufferHead = BufferHead::DELAYED;
const HOLE: BufferHead = BufferHead::HOLE;

/// One page, written once, found by itself.
const ONE: Flush = Flush {
    nr_to_write: 1,
    chunk: 1,
    pagevec: 1,
    start: 0,
};

/// Two pages in one call and one chunk, from the first on.
const WHOLE: Flush = Flush {
    nr_to_write: 2,
    chunk: 2,
    pagevec: 2,
    start: 0,
};

/// The scenarios.
pub const SCENARIOS: &[Configured<Config>] = &[
    Scenario::new(
        "write",
        "one page, dirty and delayed already: a writer rewrites it, the flusher writes it \
             back, a commit",
    )
    .showing("J-B1: flusher -> commit -> writer -> flusher")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "lock-page-waits",
        "writeback-waits-for-page",
    ])
    .with(Config {
        writers: &[0],
        flush: Some(ONE),
        ..Config::BASE
    }),
    Scenario::new(
        "fault",
        "one page of two blocks, one delayed and one a hole: a page fault fills the hole, \
             the flusher, a commit",
    )
    .showing("J-B1 with the fault in the writer's place")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "lock-page-waits",
        "fault-fills-a-hole",
        "second-allocation",
    ])
    .with(Config {
        pages: &[&[DELAYED, HOLE]],
        size: 2,
        faults: &[0],
        flush: Some(ONE),
        ..Config::BASE
    }),
    Scenario::new(
        "reclaim",
        "two delayed pages: a writer rewrites the first, kswapd reclaims it, a commit",
    )
    .showing("J-B3: reclaim -> commit -> writer -> reclaim, and i_disksize set to i_size")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "lock-page-waits",
        "writepage-redirties",
    ])
    .with(Config {
        pages: &[&[DELAYED], &[DELAYED]],
        size: 2,
        writers: &[0],
        reclaim: Some(0),
        ..Config::BASE
    }),
    Scenario::new(
        "chunks-commit",
        "two pages of two delayed blocks in fragmented free space: the flusher writes both back in \
             chunks of one, a commit",
    )
    .showing("the size on disk between two chunks")
    .covering(&["commit-waits-for-handle", "second-chunk"])
    .with(Config {
        pages: &[&[DELAYED, DELAYED], &[DELAYED, DELAYED]],
        size: 4,
        flush: Some(Flush {
            nr_to_write: 2,
            ..ONE
        }),
        ..Config::BASE
    }),
    Scenario::new(
        "two-flushers",
        "two delayed pages and the writeback loop of 2.6.29, which wraps: a flusher from the second \
             page on, another from the first",
    )
    .showing("J-A2: each wants the page that the other has locked in its extent")
    .covering(&["writeback-waits-for-page", "wraps"])
    .with(Config {
        pages: &[&[DELAYED], &[DELAYED]],
        size: 2,
        flush: Some(Flush { start: 1, ..WHOLE }),
        second_flush: Some(WHOLE),
        wraps: true,
        commits: 0,
        ..Config::BASE
    }),
    Scenario::new(
        "without-buffers",
        "a page that is on disk, and that was dirtied when reclaim had taken its buffers: kswapd \
             writes it",
    )
    .showing("page_buffers() of a page without buffers")
    .covering(&["page-without-buffers"])
    .with(Config {
        pages: &[&[BufferHead::ON_DISK]],
        reclaim: Some(0),
        without_buffers: Some(0),
        commits: 0,
        ..Config::BASE
    }),
    Scenario::new(
        "extend",
        "a block allocated beyond the end of an empty file: a writer makes the file cover \
             it, the flusher, a commit",
    )
    .showing("i_disksize advanced by write_end, without an allocation")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "write-end-advances-disksize",
    ])
    .with(Config {
        pages: &[&[BufferHead::ON_DISK]],
        size: 0,
        writers: &[0],
        flush: Some(ONE),
        ..Config::BASE
    }),
    Scenario::new(
        "write-fault",
        "one page of two blocks: writer, page fault, flusher and a commit, all at once",
    )
    .showing("J-B1 with two threads that can hold the handle")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "lock-page-waits",
        "fault-fills-a-hole",
    ])
    .with(Config {
        pages: &[&[DELAYED, HOLE]],
        size: 2,
        writers: &[0],
        faults: &[0],
        flush: Some(ONE),
        ..Config::BASE
    }),
    Scenario::new(
        "ordered",
        "data=ordered (61628a3f allows delayed allocation in writeback mode only; \
             cd1aac32923a adds this), one page of two delayed blocks, transactions of three \
             credits: the flusher, and a commit that writes the file's data",
    )
    .showing("J-B2: flusher -> commit -> flusher, and why the commit must not allocate")
    .covering(&[
        "start-waits-for-room",
        "writepage-redirties",
        "writeback-waits-for-page",
    ])
    .with(Config {
        pages: &[&[DELAYED, DELAYED]],
        size: 2,
        flush: Some(ONE),
        transaction: Some(3),
        used: 1,
        ordered: true,
        ..Config::BASE
    }),
    Scenario::new(
        "direct-reclaim",
        "a page that is not cached and a delayed one: a writer of the first reclaims the \
             second while it gets memory with its handle open, a commit",
    )
    .showing("writepage allocates with a handle whose credits were for something else")
    .covering(&["writepage-with-a-handle"])
    .with(Config {
        pages: &[&[HOLE], &[DELAYED]],
        size: 2,
        writers: &[0],
        direct_reclaim: Some(1),
        ..Config::BASE
    }),
    Scenario::new(
        "pagevec",
        "two delayed pages in fragmented free space, pagevecs of two pages and chunks of one: a writer rewrites the \
             second, the flusher writes both back, a commit",
    )
    .showing("write_cache_pages goes past nr_to_write to the end of its pagevec")
    .covering(&["second-chunk"])
    .with(Config {
        pages: &[&[DELAYED], &[DELAYED]],
        size: 2,
        writers: &[1],
        flush: Some(Flush {
            nr_to_write: 2,
            pagevec: 2,
            ..ONE
        }),
        ..Config::BASE
    }),
    Scenario::new(
        "no-memory",
        "one page that is not cached: a writer finds no memory for it, a commit",
    )
    .showing("write_begin returns with its handle open")
    .covering(&["write-without-memory"])
    .with(Config {
        pages: &[&[HOLE]],
        size: 0,
        writers: &[0],
        no_memory: true,
        ..Config::BASE
    }),
    Scenario::new(
        "truncate",
        "one delayed page: the flusher writes it back, the file is truncated to nothing, a \
             commit",
    )
    .showing("J-A4: writeback undoes what truncation has done to i_disksize")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "commit-of-an-orphan",
    ])
    .with(Config {
        flush: Some(ONE),
        truncate: Some(0),
        ..Config::BASE
    }),
    Scenario::new(
        "truncate-reclaim",
        "one dirty page that is on disk: kswapd writes it, and the file is truncated to \
             nothing",
    )
    .showing("writepage stores i_size, as it read it, to i_disksize after truncation is done")
    .covering(&["page-behind-the-end"])
    .with(Config {
        pages: &[&[BufferHead {
            dirty: true,
            ..BufferHead::ON_DISK
        }]],
        reclaim: Some(0),
        truncate: Some(0),
        commits: 0,
        ..Config::BASE
    }),
    Scenario::new(
        "fault-truncate",
        "one dirty page that is on disk: a page fault, and the file is truncated to nothing",
    )
    .showing("what i_alloc_sem keeps apart: page_mkwrite is between its look at i_size and its page")
    .covering(&["truncation-waits-for-fault"])
    .with(Config {
        pages: &[&[BufferHead::DIRTY]],
        faults: &[0],
        truncate: Some(0),
        commits: 0,
        ..Config::BASE
    }),
    Scenario::new(
        "umount",
        "a file without pages, the journal's own: jbd2_journal_destroy ends the journal's thread, and \
             then the last iput calls writepages",
    )
    .showing("writepages starts no handle where there is nothing to write")
    .covering(&["writepages-after-the-journal-thread"])
    .with(Config {
        pages: &[],
        size: 0,
        flush: Some(ONE),
        commits: 0,
        umount: true,
        ..Config::BASE
    }),
    Scenario::new(
        "cyclic",
        "two delayed pages: the flusher starts at the second, where an earlier round of \
             cyclic writeback ended; a commit",
    )
    .showing("the size on disk passes a block that is still delayed")
    .covering(&["commit-waits-for-handle"])
    .with(Config {
        pages: &[&[DELAYED], &[DELAYED]],
        size: 2,
        flush: Some(Flush { start: 1, ..ONE }),
        ..Config::BASE
    }),
    Scenario::new(
        "past-delayed",
        "a delayed page, and an allocated one beyond the end of the file: a writer makes the \
             file cover it, a commit",
    )
    .showing("the size on disk passes a block that is still delayed, by write_end")
    .covering(&["write-end-advances-disksize"])
    .with(Config {
        pages: &[&[DELAYED], &[BufferHead::ON_DISK]],
        size: 1,
        writers: &[1],
        ..Config::BASE
    }),
    Scenario::new(
        "stress",
        "three pages of two blocks: three writers, a page fault, the flusher, kswapd, two \
             commits",
    )
    .showing("the same protocols at a size that loom does not take")
    .run_by(EngineSet::Sampled)
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "lock-page-waits",
        "second-chunk",
        "writepage-redirties",
        "fault-fills-a-hole",
    ])
    .with(Config {
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
    }),
];

/// The cover points.
pub(super) const COVER_POINTS: &[CoverPoint] = &[
    CoverPoint::new(
        "commit-waits-for-handle",
        "the transaction is T_LOCKED while a handle is open in it",
    ),
    CoverPoint::new(
        "start-waits-for-commit",
        "a thread starts a handle while the transaction is T_LOCKED",
    ),
    CoverPoint::new(
        "start-waits-for-room",
        "a thread starts a handle that the running transaction has no room for",
    ),
    CoverPoint::new(
        "commit-of-an-orphan",
        "a commit falls between the two transactions of a truncation",
    ),
    CoverPoint::new(
        "page-behind-the-end",
        "a truncation shrinks the file while writepage has the page",
    ),
    CoverPoint::new(
        "truncation-waits-for-fault",
        "a truncation finds i_alloc_sem taken by a page fault",
    ),
    CoverPoint::new("lock-page-waits", "write_begin finds its page locked"),
    CoverPoint::new(
        "writeback-waits-for-page",
        "write_cache_pages finds a page locked",
    ),
    CoverPoint::new(
        "second-chunk",
        "writepages writes a second chunk with a second handle",
    ),
    CoverPoint::new(
        "writepages-after-the-journal-thread",
        "writepages returns, and the journal's thread is gone",
    ),
    CoverPoint::new("wraps", "cyclic writeback starts again at the first page"),
    CoverPoint::new(
        "page-without-buffers",
        "writepage makes the buffers of a page that has none",
    ),
    CoverPoint::new(
        "writepage-with-a-handle",
        "reclaim reaches writepage in a thread that has a handle",
    ),
    CoverPoint::new(
        "write-without-memory",
        "write_begin has its handle, and finds no memory for the page",
    ),
    CoverPoint::new(
        "write-end-advances-disksize",
        "write_end sets i_disksize, without an allocation",
    ),
    CoverPoint::new(
        "second-allocation",
        "an extent takes more than one allocation",
    ),
    CoverPoint::new(
        "writepage-redirties",
        "writepage meets a page that needs an allocation and redirties it",
    ),
    CoverPoint::new(
        "fault-fills-a-hole",
        "the page fault finds an unmapped block and has to prepare it",
    ),
];
