//! The scenarios, each with its configuration, and the cover points.

use crate::kernel::{BufferHead, Found};
use crate::protocols::ext4_small_blocks::{Config, Mapped, Mode, Op, Reclaim, cover_points};
use crate::spec::{Configured, CoverPoint, EngineSet, Scenario};

const ON_DISK: BufferHead = BufferHead::ON_DISK;
const DIRTY: BufferHead = BufferHead::DIRTY;
const HOLE: BufferHead = BufferHead::HOLE;
/// Preallocated on disk and dirty in the page: waits for its conversion.
const DIRTY_UNWRITTEN: BufferHead = BufferHead {
    unwritten: true,
    ..BufferHead::DIRTY
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

/// Two pages, all but the last block stored to, and all threads at once.
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
    .covering(&["writeback-waits-for-page", "size-falls-in-writepage"])
    .with(Config {
        processes: &[("process", &[Op::Truncate(1)])],
        flusher: Some(1),
        ..TWO_DIRTY
    }),
    Scenario::new(
        "unwritten-delalloc",
        "delayed allocation, a page whose second block is preallocated, one process: stores, makes the file cover the \
             second block, stores to that, syncs",
    )
    .showing("an unwritten block, with delayed allocation")
    .covering(&["fault-prepares-blocks", "tail-protected"])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Written, Found::Unwritten],
        processes: GROW_STORE_SYNC,
        ..Config::BASE
    }),
    Scenario::new(
        "unwritten-down",
        "delayed allocation, a page of two dirty blocks, the second unwritten; one process cuts it off, makes \
             the file cover it again, and syncs",
    )
    .showing("BH_Unwritten of a buffer whose block is gone; a store would map the block anew")
    .covering(&["tail-protected", "dirty-hole"])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Written, Found::Unwritten],
        buffers: &[DIRTY, DIRTY_UNWRITTEN],
        processes: &[("process", &[Op::Truncate(1), Op::Truncate(2), Op::Fsync])],
        ..TWO_DIRTY
    }),
    Scenario::new(
        "redirtied",
        "a dirty page whose pte is read-only, its second block preallocated beyond EOF: a process stores \
             to the first and syncs, another makes the file cover the second and syncs",
    )
    .showing(
        "a page that is dirtied while the file grows, after a writepage has found its second block \
             unwritten: what the patch of the title changes",
    )
    .covering(&["store-faults", "writeback-waits-for-page"])
    .with(Config {
        disk: &[Found::Written, Found::Unwritten],
        mapped: Mapped::Protected,
        processes: &[
            ("mapper", &[Op::Store(0), Op::Fsync]),
            ("truncater", &[Op::Truncate(2), Op::Fsync]),
        ],
        ..Config::BASE
    }),
    Scenario::new(
        "read-unwritten",
        "delayed allocation, a page of two blocks, the first dirtied by write(2), the second preallocated \
             and read: the process syncs, and stores to the second",
    )
    .showing("a clean unwritten buffer in a dirty page")
    .covering(&["fault-prepares-blocks"])
    .with(Config {
        mode: Mode::Delalloc,
        disk: &[Found::Written, Found::Unwritten],
        buffers: &[DIRTY, BufferHead::READ_UNWRITTEN],
        size: 2,
        mapped: Mapped::Protected,
        processes: &[("process", &[Op::Fsync, Op::Store(1)])],
        ..Config::BASE
    }),
    Scenario::new(
        "zero-range",
        "a page of two dirty blocks: the process zeroes the second, stores to it and syncs",
    )
    .showing("zero-range leaves the pte of the page that its block lies in")
    .covering(&["fault-prepares-blocks", "zeroed-protected"])
    .with(Config {
        processes: &[("process", &[Op::Zero(1), Op::Store(1), Op::Fsync])],
        ..TWO_DIRTY
    }),
    Scenario::new(
        "handle",
        "a dirty page, its second block a hole inside the file: a thread that has a handle for another \
             file reclaims it",
    )
    .showing("writepage under a handle that is not its own")
    .covering(&["reclaim-under-a-handle"])
    .with(Config {
        size: 2,
        mapped: Mapped::Protected,
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
];

/// The cover points.
pub(super) const COVER_POINTS: &[CoverPoint] = &[
    cover_points::DIRTY_HOLE,
    cover_points::WRITEPAGE_REDIRTIES,
    cover_points::PAGE_BEHIND_THE_END,
    cover_points::SIZE_FALLS_IN_WRITEPAGE,
    cover_points::ZEROED_PROTECTED,
    cover_points::STORE_FAULTS,
    cover_points::FAULT_PREPARES_BLOCKS,
    cover_points::TRUNCATED_IN_THE_FAULT,
    cover_points::WRITEBACK_WAITS_FOR_PAGE,
    cover_points::TAIL_PROTECTED,
    cover_points::RECLAIM_UNDER_A_HANDLE,
    cover_points::RECLAIM_FREES_BUFFERS,
];
