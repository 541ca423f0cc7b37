//! The configuration of each scenario.

use super::{Config, Mapped, Mode, Op, Reclaim};
use crate::kernel::{BufferHead, Found};

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

/// Two pages, all but the last block stored to, and everybody at once.
const CROWD: Config = Config {
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

/// The configuration of each scenario, by name, and of two experiments.
pub const CONFIGS: &[(&str, Config)] = &[
    (
        "grow",
        Config {
            processes: GROW,
            flusher: Some(1),
            ..Config::BASE
        },
    ),
    (
        "grow-journalled",
        Config {
            processes: GROW,
            flusher: Some(1),
            ..JOURNALLED
        },
    ),
    (
        "grow-delalloc",
        Config {
            mode: Mode::Delalloc,
            processes: GROW,
            flusher: Some(1),
            ..Config::BASE
        },
    ),
    (
        "livelock",
        Config {
            mode: Mode::Delalloc,
            processes: &[("process", &[Op::Truncate(2), Op::Fsync])],
            ..Config::BASE
        },
    ),
    (
        "store",
        Config {
            processes: GROW_STORE,
            flusher: Some(1),
            ..Config::BASE
        },
    ),
    (
        "store-journalled",
        Config {
            processes: GROW_STORE_SYNC,
            ..JOURNALLED
        },
    ),
    (
        "store-delalloc",
        Config {
            mode: Mode::Delalloc,
            processes: GROW_STORE_SYNC,
            ..Config::BASE
        },
    ),
    (
        "fault",
        Config {
            buffers: &[ON_DISK, HOLE],
            mapped: Mapped::ReadOnly,
            stored: &[],
            processes: MAPPER_TRUNCATER,
            ..Config::BASE
        },
    ),
    (
        "fault-flush",
        Config {
            mapped: Mapped::Protected,
            processes: &[
                ("mapper", &[Op::Store(1)]),
                ("truncater", &[Op::Truncate(2)]),
            ],
            flusher: Some(1),
            ..Config::BASE
        },
    ),
    (
        "fault-truncate",
        Config {
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
        },
    ),
    (
        "down-up",
        Config {
            processes: &[("process", &[Op::Truncate(1), Op::Truncate(2), Op::Store(1)])],
            flusher: Some(1),
            ..TWO_DIRTY
        },
    ),
    (
        "shrink",
        Config {
            processes: &[("process", &[Op::Truncate(1)])],
            flusher: Some(1),
            ..TWO_DIRTY
        },
    ),
    (
        "unwritten",
        Config {
            disk: &[Found::Written, Found::Unwritten],
            processes: GROW_STORE,
            flusher: Some(1),
            ..Config::BASE
        },
    ),
    (
        "unwritten-delalloc",
        Config {
            mode: Mode::Delalloc,
            disk: &[Found::Written, Found::Unwritten],
            processes: GROW_STORE_SYNC,
            ..Config::BASE
        },
    ),
    (
        "unwritten-down-up",
        Config {
            mode: Mode::Delalloc,
            disk: &[Found::Written, Found::Unwritten],
            buffers: &[DIRTY, DIRTY_UNWRITTEN],
            processes: &[(
                "process",
                &[Op::Truncate(1), Op::Truncate(2), Op::Store(0), Op::Fsync],
            )],
            ..TWO_DIRTY
        },
    ),
    (
        "hole",
        Config {
            buffers: &[ON_DISK, HOLE],
            size: 2,
            mapped: Mapped::No,
            stored: &[],
            processes: &[("process", &[Op::Store(0), Op::Store(1)])],
            flusher: Some(1),
            ..Config::BASE
        },
    ),
    (
        "handle",
        Config {
            buffers: &[DIRTY, HOLE],
            reclaim: Some(Reclaim::HandleOwner),
            ..Config::BASE
        },
    ),
    (
        "reclaim-delayed",
        Config {
            mode: Mode::Delalloc,
            disk: &[Found::Hole, Found::Hole],
            buffers: &[BufferHead::DELAYED, BufferHead::DIRTY_HOLE],
            flusher: Some(1),
            reclaim: Some(Reclaim::Kswapd),
            ..Config::BASE
        },
    ),
    (
        "delayed-row",
        Config {
            mode: Mode::Delalloc,
            disk: &[Found::Hole, Found::Hole],
            buffers: &[BufferHead::DELAYED, BufferHead::DELAYED],
            size: 2,
            stored: &[0, 1],
            flusher: Some(1),
            reclaim: Some(Reclaim::Kswapd),
            ..Config::BASE
        },
    ),
    ("reclaimed", RECLAIMED),
    (
        "reclaimed-delalloc",
        Config {
            mode: Mode::Delalloc,
            ..RECLAIMED
        },
    ),
    (
        "journalled-truncate",
        Config {
            mapped: Mapped::Gone,
            processes: &[("process", &[Op::Truncate(0)])],
            flusher: Some(1),
            ..JOURNALLED
        },
    ),
    (
        "journalled-commit",
        Config {
            mapped: Mapped::Gone,
            filed: &[0],
            processes: &[("process", &[Op::Truncate(0)])],
            flusher: Some(1),
            committing: true,
            ..JOURNALLED
        },
    ),
    (
        "journalled-reclaim",
        Config {
            mapped: Mapped::Gone,
            flusher: Some(1),
            reclaim: Some(Reclaim::Kswapd),
            ..WHOLE
        },
    ),
    (
        "journalled-fsync",
        Config {
            mapped: Mapped::Gone,
            processes: &[("process", &[Op::Fsync])],
            flusher: Some(1),
            ..WHOLE
        },
    ),
    (
        "journalled-fault",
        Config {
            mapped: Mapped::Protected,
            size: 2,
            stored: &[],
            processes: &[("process", &[Op::Store(1)])],
            flusher: Some(1),
            ..JOURNALLED
        },
    ),
    (
        "journalled-again",
        Config {
            processes: &[("process", &[Op::Store(0), Op::Fsync])],
            flusher: Some(1),
            ..JOURNALLED
        },
    ),
    // For an experiment alone: PCT, with the depth of the other scenarios, misses what the patched
    // design does wrong here.
    (
        "gap-size",
        Config {
            mapped: Mapped::Protected,
            processes: &[(
                "process",
                &[Op::Truncate(2), Op::Store(1), Op::SyncOther, Op::Store(1)],
            )],
            flusher: Some(1),
            ..JOURNALLED
        },
    ),
    // For an experiment alone: the delayed block is the second.
    (
        "delayed-second",
        Config {
            mode: Mode::Delalloc,
            buffers: &[DIRTY, BufferHead::DELAYED],
            size: 2,
            stored: &[0, 1],
            reclaim: Some(Reclaim::Kswapd),
            ..Config::BASE
        },
    ),
    ("crowd", CROWD),
    (
        "crowd-delalloc",
        Config {
            mode: Mode::Delalloc,
            processes: &[
                ("grower", &[Op::Truncate(4), Op::Store(3), Op::Store(0)]),
                ("syncer", &[Op::Store(2), Op::Fsync]),
            ],
            ..CROWD
        },
    ),
    (
        "journalled-crowd",
        Config {
            filed: &[0],
            processes: &[
                ("process", &[Op::Truncate(2), Op::Store(1), Op::Fsync]),
                ("truncater", &[Op::Truncate(0)]),
            ],
            flusher: Some(1),
            reclaim: Some(Reclaim::Kswapd),
            commits: 1,
            ..JOURNALLED
        },
    ),
];
