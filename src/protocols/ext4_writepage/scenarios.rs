//! The scenarios, each with its configuration, and the cover points.

use super::{Config, Mapped, Mode, Op, Reclaim};
use crate::kernel::{BufferHead, Found};
use crate::spec::{Configured, CoverPoint, EngineSet, Scenario};

const ON_DISK: BufferHead = BufferHead::ON_DISK;
const DIRTY: BufferHead = BufferHead::DIRTY;
const HOLE: BufferHead = BufferHead::HOLE;
/// Preallocated on disk and dirty in the page: waits for its conversion.
const DIRTY_UNWRITTEN: BufferHead = BufferHead {
    unwritten: true,
    ..BufferHead::DIRTY
};

/// [`Config::BASE`] with data=journal, where the buffers of a dirty page are clean.
const JOURNALLED: Config = Config {
    mode: Mode::Journalled,
    buffers: &[ON_DISK, HOLE],
    ..Config::BASE
};

/// A file of two blocks, both stored to, in data=journal.
const WHOLE: Config = Config {
    disk: &[Found::Written, Found::Written],
    buffers: &[ON_DISK, ON_DISK],
    size: 2,
    stored: &[0, 1],
    ..JOURNALLED
};

/// A file of two blocks, both stored to.
const TWO_DIRTY: Config = Config {
    disk: &[Found::Written, Found::Written],
    buffers: &[DIRTY, DIRTY],
    size: 2,
    stored: &[0, 1],
    ..Config::BASE
};

/// A clean page of two blocks that is not mapped yet: a process stores to it, the flusher and kswapd
/// come.
const RECLAIMED: Config = Config {
    disk: &[Found::Written, Found::Written],
    buffers: &[ON_DISK, ON_DISK],
    size: 2,
    mapped: Mapped::No,
    stored: &[],
    processes: &[("process", &[Op::Store(0)])],
    flusher: Some(1),
    reclaim: Some(Reclaim::Kswapd),
    ..Config::BASE
};

/// Two pages, all but the last block stored to, and every thread at once.
const STRESS: Config = Config {
    disk: &[Found::Written, Found::Written, Found::Written, Found::Hole],
    buffers: &[DIRTY, DIRTY, DIRTY, BufferHead::DIRTY_HOLE],
    size: 3,
    stored: &[0, 1, 2],
    processes: &[
        ("grower", &[Op::Truncate(4), Op::Store(3), Op::Store(0)]),
        ("syncer", &[Op::Store(2), Op::Fsync]),
        ("shrinker", &[Op::Truncate(1)]),
    ],
    flusher: Some(2),
    reclaim: Some(Reclaim::Kswapd),
    ..Config::BASE
};

const GROW: &[(&str, &[Op])] = &[("process", &[Op::Truncate(2)])];
const GROW_STORE: &[(&str, &[Op])] = &[("process", &[Op::Truncate(2), Op::Store(1)])];
const GROW_STORE_SYNC: &[(&str, &[Op])] =
    &[("process", &[Op::Truncate(2), Op::Store(1), Op::Fsync])];
const MAPPER_TRUNCATER: &[(&str, &[Op])] = &[
    ("mapper", &[Op::Store(0), Op::Store(1)]),
    ("truncater", &[Op::Truncate(2)]),
];

/// The scenarios.
pub const SCENARIOS: &[Configured<Config>] = &[
    Scenario::new(
        "grow",
        "a dirty page of two blocks, the second beyond EOF and a hole: the \
             process makes the file cover it, the flusher",
    )
    .showing(
        "an unmapped dirty block below i_size: what legal calls can lead to, and how \
             i_size changes between the samples of one writepage",
    )
    .covering(&["dirty-hole"])
    .with(Config {
        processes: GROW,
        flusher: Some(1),
        ..Config::BASE
    }),
    Scenario::new("grow-journalled", "the same with data=journal")
        .showing("the look-up of a hole, in data=journal")
        .covering(&["walk-past-a-hole"])
        .with(Config {
            processes: GROW,
            flusher: Some(1),
            ..JOURNALLED
        }),
    Scenario::new(
        "grow-delalloc",
        "the same with delayed allocation, and a flusher that has one page to write",
    )
    .showing("a flush that livelocks while it may write one page")
    .covering(&["dirty-hole"])
    .with(Config {
        mode: Mode::Delalloc,
        processes: GROW,
        flusher: Some(1),
        ..Config::BASE
    }),
    Scenario::new(
        "livelock",
        "delayed allocation, one process: stores, makes the file cover the second block, and \
             syncs it",
    )
    .showing("the livelock by itself: there is no other thread")
    .covering(&["dirty-hole"])
    .with(Config {
        mode: Mode::Delalloc,
        processes: &[("process", &[Op::Truncate(2), Op::Fsync])],
        ..Config::BASE
    }),
    Scenario::new(
        "store",
        "as `grow`, and then the process stores to the second block",
    )
    .showing("a store to a block that was beyond EOF when its page was made writable")
    .covering(&[
        "dirty-hole",
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "tail-protected",
    ])
    .with(Config {
        processes: GROW_STORE,
        flusher: Some(1),
        ..Config::BASE
    }),
    Scenario::new(
        "store-journalled",
        "data=journal, one process: stores, makes the file cover the second block, stores to \
             that, syncs",
    )
    .showing("the same in data=journal, without another thread")
    .covering(&["fault-prepares-blocks", "tail-protected"])
    .with(Config {
        processes: GROW_STORE_SYNC,
        ..JOURNALLED
    }),
    Scenario::new("store-delalloc", "the same with delayed allocation")
        .showing("the same with delayed allocation")
        .covering(&["fault-prepares-blocks", "tail-protected"])
        .with(Config {
            mode: Mode::Delalloc,
            processes: GROW_STORE_SYNC,
            ..Config::BASE
        }),
    Scenario::new(
        "fault",
        "a clean page: a process stores to both of its blocks, another makes the file cover \
             the second",
    )
    .showing("the window between the return of page_mkwrite and the page lock")
    .covering(&["fault-prepares-blocks", "tail-protected"])
    .with(Config {
        buffers: &[ON_DISK, HOLE],
        mapped: Mapped::ReadOnly,
        stored: &[],
        processes: MAPPER_TRUNCATER,
        ..Config::BASE
    }),
    Scenario::new(
        "fault-flush",
        "a dirty page whose pte is read-only: a process stores to its second block, another \
             makes the file cover it, the flusher",
    )
    .showing("fault, truncation and writepage at once; `grow`, `fault` and `hole` are its pairs")
    .covering(&[
        "dirty-hole",
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "tail-protected",
    ])
    .with(Config {
        mapped: Mapped::Protected,
        processes: &[
            ("mapper", &[Op::Store(1)]),
            ("truncater", &[Op::Truncate(2)]),
        ],
        flusher: Some(1),
        ..Config::BASE
    }),
    Scenario::new(
        "fault-truncate",
        "two clean pages: a process stores to the second, whose blocks are holes, another \
             cuts that page off",
    )
    .showing("a page fault against truncation of the page that it has prepared")
    .covering(&["fault-prepares-blocks", "truncated-in-the-fault"])
    .with(Config {
        disk: &[Found::Written, Found::Written, Found::Hole, Found::Hole],
        buffers: &[ON_DISK, ON_DISK, HOLE, HOLE],
        size: 3,
        mapped: Mapped::ReadOnly,
        stored: &[],
        processes: &[
            ("mapper", &[Op::Store(2)]),
            ("truncater", &[Op::Truncate(2)]),
        ],
        ..Config::BASE
    }),
    Scenario::new(
        "down-up",
        "a page of two dirty blocks: the process cuts the second off, makes the file cover \
             it again and stores to it, the flusher",
    )
    .showing("truncation leaves the ptes of the page that the end lies in")
    .covering(&[
        "dirty-hole",
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "tail-protected",
    ])
    .with(Config {
        processes: &[("process", &[Op::Truncate(1), Op::Truncate(2), Op::Store(1)])],
        flusher: Some(1),
        ..TWO_DIRTY
    }),
    Scenario::new(
        "shrink",
        "a page of two dirty blocks: the process cuts the second off, the flusher",
    )
    .showing("i_size falls between the samples of one writepage")
    .covering(&["writeback-waits-for-page"])
    .with(Config {
        processes: &[("process", &[Op::Truncate(1)])],
        flusher: Some(1),
        ..TWO_DIRTY
    }),
    Scenario::new(
        "unwritten",
        "as `store`, and the second block is preallocated",
    )
    .showing("an unwritten block instead of the hole")
    .covering(&[
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "tail-protected",
    ])
    .with(Config {
        disk: &[Found::Written, Found::Unwritten],
        processes: GROW_STORE,
        flusher: Some(1),
        ..Config::BASE
    }),
    Scenario::new(
        "unwritten-delalloc",
        "as `store-delalloc`, and the second block is preallocated",
    )
    .showing("the same with delayed allocation")
    .covering(&["fault-prepares-blocks", "tail-protected"])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Written, Found::Unwritten],
        processes: GROW_STORE_SYNC,
        ..Config::BASE
    }),
    Scenario::new(
        "unwritten-down-up",
        "delayed allocation, a page of two dirty blocks, the second unwritten; one process \
             cuts it off, makes the file cover it again, stores to the first, syncs",
    )
    .showing("BH_Unwritten of a buffer whose block is gone")
    .covering(&["fault-prepares-blocks", "tail-protected"])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Written, Found::Unwritten],
        buffers: &[DIRTY, DIRTY_UNWRITTEN],
        processes: &[(
            "process",
            &[Op::Truncate(1), Op::Truncate(2), Op::Store(0), Op::Fsync],
        )],
        ..TWO_DIRTY
    }),
    Scenario::new(
        "hole",
        "a page that is not mapped yet, its second block a hole inside the file: the process \
             stores to both, the flusher",
    )
    .showing("what page_mkwrite is there for")
    .covering(&["fault-prepares-blocks", "writeback-waits-for-page"])
    .with(Config {
        buffers: &[ON_DISK, HOLE],
        size: 2,
        mapped: Mapped::No,
        stored: &[],
        processes: &[("process", &[Op::Store(0), Op::Store(1)])],
        flusher: Some(1),
        ..Config::BASE
    }),
    Scenario::new(
        "handle",
        "a dirty page: a thread that has a handle for another file reclaims it",
    )
    .showing("writepage under a handle that is not its own")
    .covering(&["reclaim-under-a-handle"])
    .with(Config {
        buffers: &[DIRTY, HOLE],
        reclaim: Some(Reclaim::HandleOwner),
        ..Config::BASE
    }),
    Scenario::new(
        "reclaim-delayed",
        "delayed allocation, a dirty page with a delayed block: kswapd, the flusher",
    )
    .showing("writepage without a caller that allocates")
    .covering(&[
        "writepage-redirties",
        "writeback-waits-for-page",
        "reclaim-frees-buffers",
    ])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Hole, Found::Hole],
        buffers: &[BufferHead::DELAYED, BufferHead::DIRTY_HOLE],
        flusher: Some(1),
        reclaim: Some(Reclaim::Kswapd),
        ..Config::BASE
    }),
    Scenario::new(
        "delayed-row",
        "delayed allocation, a dirty page of two delayed blocks: kswapd, the flusher",
    )
    .showing("an extent of two blocks")
    .covering(&[
        "writepage-redirties",
        "writeback-waits-for-page",
        "reclaim-frees-buffers",
    ])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Hole, Found::Hole],
        buffers: &[BufferHead::DELAYED, BufferHead::DELAYED],
        size: 2,
        stored: &[0, 1],
        flusher: Some(1),
        reclaim: Some(Reclaim::Kswapd),
        ..Config::BASE
    }),
    Scenario::new(
        "reclaimed",
        "a clean page of two blocks that is not mapped yet: the process stores to the first, \
             the flusher, kswapd",
    )
    .showing(
        "a page fault against reclaim of the buffers that it looks at: a page can be dirty \
             and have none",
    )
    .covering(&[
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "reclaim-frees-buffers",
    ])
    .with(RECLAIMED),
    Scenario::new("reclaimed-delalloc", "the same with delayed allocation")
        .showing("the same where writepages collects a page without buffers as a whole")
        .covering(&[
            "fault-prepares-blocks",
            "writeback-waits-for-page",
            "reclaim-frees-buffers",
        ])
        .with(Config {
            mode: Mode::Delalloc,
            ..RECLAIMED
        }),
    Scenario::new(
        "journalled-truncate",
        "data=journal, a dirty page that no pte maps any more: the process cuts the file to \
             nothing, the flusher",
    )
    .showing("the gap without the page lock, against truncation")
    .covering(&["writeback-waits-for-page", "truncated-in-the-gap"])
    .with(Config {
        mapped: Mapped::Gone,
        processes: &[("process", &[Op::Truncate(0)])],
        flusher: Some(1),
        ..JOURNALLED
    }),
    Scenario::new(
        "journalled-commit",
        "the same, while a commit has still to let go of the page's buffer",
    )
    .showing("the gap against truncation of a buffer that is being committed")
    .covering(&["writeback-waits-for-page", "truncated-in-the-gap"])
    .with(Config {
        mapped: Mapped::Gone,
        filed: &[0],
        processes: &[("process", &[Op::Truncate(0)])],
        flusher: Some(1),
        committing: true,
        ..JOURNALLED
    }),
    Scenario::new(
        "journalled-reclaim",
        "data=journal, a dirty page of two blocks that no pte maps: the flusher, kswapd",
    )
    .showing("the gap against reclaim, which takes the buffers of a clean page")
    .covering(&["writeback-waits-for-page"])
    .with(Config {
        mapped: Mapped::Gone,
        flusher: Some(1),
        reclaim: Some(Reclaim::Kswapd),
        ..WHOLE
    }),
    Scenario::new(
        "journalled-fsync",
        "data=journal, a dirty page of two blocks: the process that stored to them syncs, \
             the flusher",
    )
    .showing("the gap against fsync: the page is clean, not under writeback, and in no transaction")
    .covering(&["writeback-waits-for-page", "commit-waits-for-handle"])
    .with(Config {
        mapped: Mapped::Gone,
        processes: &[("process", &[Op::Fsync])],
        flusher: Some(1),
        ..WHOLE
    }),
    Scenario::new(
        "journalled-fault",
        "data=journal, a dirty page whose pte is read-only, its second block a hole inside \
             the file: the process stores to that, the flusher",
    )
    .showing("the gap against a page fault that fills a hole")
    .covering(&["fault-prepares-blocks", "writeback-waits-for-page"])
    .with(Config {
        mapped: Mapped::Protected,
        size: 2,
        stored: &[],
        processes: &[("process", &[Op::Store(1)])],
        flusher: Some(1),
        ..JOURNALLED
    }),
    Scenario::new(
        "journalled-again",
        "data=journal, a dirty page: the process stores to it once more and syncs, the \
             flusher",
    )
    .showing("the gap against a store and the flush of fsync")
    .covering(&["writeback-waits-for-page", "commit-waits-for-handle"])
    .with(Config {
        processes: &[("process", &[Op::Store(0), Op::Fsync])],
        flusher: Some(1),
        ..JOURNALLED
    }),
    Scenario::new(
        "stress",
        "two pages: a process that makes the file longer and stores, one that stores and \
             syncs, one that makes it shorter, the flusher, kswapd",
    )
    .showing("the same protocols at a size that loom does not take")
    .run_by(EngineSet::Sampled)
    .covering(&[
        "dirty-hole",
        "page-behind-the-end",
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "reclaim-frees-buffers",
    ])
    .with(STRESS),
    Scenario::new(
        "stress-delalloc",
        "the same with delayed allocation, without the process that makes the file shorter",
    )
    .showing("the livelock and the lost store at a larger size")
    .run_by(EngineSet::Sampled)
    .covering(&[
        "dirty-hole",
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "tail-protected",
        "reclaim-frees-buffers",
    ])
    .with(Config {
        mode: Mode::Delalloc,
        processes: &[
            ("grower", &[Op::Truncate(4), Op::Store(3), Op::Store(0)]),
            ("syncer", &[Op::Store(2), Op::Fsync]),
        ],
        ..STRESS
    }),
    Scenario::new(
        "journalled-stress",
        "data=journal, one page: a process that grows the file, stores and syncs, one that \
             cuts it to nothing, the flusher, kswapd, a commit",
    )
    .showing("everything that can come into the gap, at once")
    .run_by(EngineSet::Sampled)
    .covering(&[
        "fault-prepares-blocks",
        "writeback-waits-for-page",
        "tail-protected",
        "start-waits-for-commit",
        "commit-waits-for-handle",
        "truncated-in-the-gap",
    ])
    .with(Config {
        filed: &[0],
        processes: &[
            ("process", &[Op::Truncate(2), Op::Store(1), Op::Fsync]),
            ("truncater", &[Op::Truncate(0)]),
        ],
        flusher: Some(1),
        reclaim: Some(Reclaim::Kswapd),
        commits: 1,
        ..JOURNALLED
    }),
];

/// For an experiment alone.
pub const GAP_SIZE: Config = Config {
    mapped: Mapped::Protected,
    processes: &[(
        "process",
        &[Op::Truncate(2), Op::Store(1), Op::SyncOther, Op::Store(1)],
    )],
    flusher: Some(1),
    ..JOURNALLED
};

/// For an experiment alone.
pub const DELAYED_SECOND: Config = Config {
    mode: Mode::Delalloc,
    buffers: &[DIRTY, BufferHead::DELAYED],
    size: 2,
    stored: &[0, 1],
    reclaim: Some(Reclaim::Kswapd),
    ..Config::BASE
};

/// The cover points.
pub(super) const COVER_POINTS: &[CoverPoint] = &[
    CoverPoint::new(
        "dirty-hole",
        "writepage meets a dirty block below i_size that is a hole",
    ),
    CoverPoint::new(
        "writepage-redirties",
        "writepage puts a page with unfinished blocks back",
    ),
    CoverPoint::new(
        "page-behind-the-end",
        "writepage meets a page that lies beyond EOF",
    ),
    CoverPoint::new(
        "fault-prepares-blocks",
        "a page fault has to find places for blocks",
    ),
    CoverPoint::new(
        "truncated-in-the-fault",
        "the page has left the file when a page fault locks it again",
    ),
    CoverPoint::new(
        "writeback-waits-for-page",
        "write_cache_pages finds a page locked",
    ),
    CoverPoint::new(
        "tail-protected",
        "truncation to more takes a writable pte's write access away",
    ),
    CoverPoint::new(
        "start-waits-for-commit",
        "a thread starts a handle while the transaction is T_LOCKED",
    ),
    CoverPoint::new(
        "commit-waits-for-handle",
        "the transaction is T_LOCKED while a handle is open in it",
    ),
    CoverPoint::new(
        "truncated-in-the-gap",
        "data=journal: the page has left the file when it is locked again",
    ),
    CoverPoint::new(
        "size-changes-in-the-gap",
        "data=journal: i_size has changed when the page is locked again",
    ),
    CoverPoint::new(
        "walk-past-a-hole",
        "data=journal: a block below the end of the file has no buffer to file",
    ),
    CoverPoint::new(
        "reclaim-under-a-handle",
        "writepage is called by a thread that has a handle open",
    ),
    CoverPoint::new(
        "reclaim-frees-buffers",
        "reclaim takes the buffers of a page",
    ),
];
