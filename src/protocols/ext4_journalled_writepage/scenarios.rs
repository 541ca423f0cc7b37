//! The scenarios, each with its configuration, and the cover points.

use crate::kernel::{BufferHead, Found};
use crate::protocols::ext4_small_blocks::{Config, Mapped, Mode, Op, Reclaim, cover_points};
use crate::spec::{Configured, CoverPoint, EngineSet, Scenario};

const ON_DISK: BufferHead = BufferHead::ON_DISK;
const HOLE: BufferHead = BufferHead::HOLE;

/// [`Config::BASE`] with data=journal, where the buffers of a dirty page are clean.
const JOURNALLED: Config = Config {
    mode: Mode::Journalled,
    buffers: &[ON_DISK, HOLE],
    ..Config::BASE
};

/// A file of two blocks, both stored to.
const WHOLE: Config = Config {
    disk: &[Found::Written, Found::Written],
    buffers: &[ON_DISK, ON_DISK],
    size: 2,
    stored: &[0, 1],
    ..JOURNALLED
};

/// The scenarios.
pub const SCENARIOS: &[Configured<Config>] = &[
    Scenario::new(
        "store",
        "one process: stores, makes the file cover the second block, stores to \
             that, syncs",
    )
    .showing("a store to a block that was beyond EOF when its page was made writable")
    .covering(&["fault-prepares-blocks", "tail-protected"])
    .with(Config {
        processes: &[("process", &[Op::Truncate(2), Op::Store(1), Op::Fsync])],
        ..JOURNALLED
    }),
    Scenario::new(
        "truncate",
        "a dirty page that no pte maps any more: the process cuts the file to \
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
        "commit",
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
        "reclaim",
        "a dirty page of two blocks that no pte maps: the flusher, kswapd",
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
        "fsync",
        "a dirty page of two blocks: the process that stored to them syncs, \
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
        "fault",
        "a dirty page whose pte is read-only, its second block a hole inside \
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
        "synced-store",
        "a dirty page that is mapped writable: a process syncs it, another stores to it once more",
    )
    .showing("the gap against a page fault whose store comes after the commit")
    .covering(&["store-faults"])
    .with(Config {
        processes: &[("syncer", &[Op::Fsync]), ("process", &[Op::Store(0)])],
        ..JOURNALLED
    }),
    Scenario::new(
        "hole-first",
        "a dirty page of two blocks, the first a hole inside the file: the process syncs",
    )
    .showing("the look-up of a hole, without another thread")
    .covering(&["walk-past-a-hole"])
    .with(Config {
        disk: &[Found::Hole, Found::Written],
        buffers: &[HOLE, ON_DISK],
        size: 2,
        mapped: Mapped::Gone,
        stored: &[1],
        processes: &[("process", &[Op::Fsync])],
        ..JOURNALLED
    }),
    Scenario::new(
        "reclaimed",
        "a clean page of two blocks: the process stores to the first, kswapd",
    )
    .showing("a page fault against reclaim of the buffers that it looks at")
    .covering(&["reclaim-frees-buffers"])
    .with(Config {
        mapped: Mapped::ReadOnly,
        stored: &[],
        processes: &[("process", &[Op::Store(0)])],
        reclaim: Some(Reclaim::Kswapd),
        ..WHOLE
    }),
    Scenario::new(
        "direct-reclaim",
        "a dirty page of two blocks, the first a hole: a thread that has a handle reclaims it, a process cuts \
             the file to one block",
    )
    .showing("the gap against truncation, by a thread that joins the handle that it has")
    .covering(&["reclaim-under-a-handle"])
    .with(Config {
        disk: &[Found::Hole, Found::Written],
        buffers: &[HOLE, ON_DISK],
        size: 2,
        mapped: Mapped::Gone,
        stored: &[1],
        processes: &[("process", &[Op::Truncate(1)])],
        reclaim: Some(Reclaim::HandleOwner),
        ..JOURNALLED
    }),
    Scenario::new(
        "stress",
        "one page: a process that grows the file, stores and syncs, one that \
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

/// The cover points.
pub(super) const COVER_POINTS: &[CoverPoint] = &[
    cover_points::WRITEPAGE_REDIRTIES,
    cover_points::PAGE_BEHIND_THE_END,
    cover_points::STORE_FAULTS,
    cover_points::FAULT_PREPARES_BLOCKS,
    cover_points::TRUNCATED_IN_THE_FAULT,
    cover_points::WRITEBACK_WAITS_FOR_PAGE,
    cover_points::TAIL_PROTECTED,
    cover_points::START_WAITS_FOR_COMMIT,
    cover_points::COMMIT_WAITS_FOR_HANDLE,
    cover_points::TRUNCATED_IN_THE_GAP,
    cover_points::WALK_PAST_A_HOLE,
    cover_points::SIZE_CHANGES_IN_THE_GAP,
    cover_points::RECLAIM_UNDER_A_HANDLE,
    cover_points::RECLAIM_FREES_BUFFERS,
];
