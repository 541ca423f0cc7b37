//! The pages and threads of each scenario.

use super::starts::{
    COMMITTING_DIRTY, IN_FLIGHT, NEEDS_FLUSH, NO_MEMORY, NO_MEMORY_STORED, STORED, TO_COMMIT,
    TO_COMMIT_DIRTY, WRITTEN,
};
use super::{Config, Loop, Role, Thread};

const fn thread(name: &'static str, role: Role) -> Thread {
    Thread {
        name,
        role,
        interruptible: false,
        short_of_memory: false,
    }
}

const PDFLUSH: Thread = thread(
    "pdflush",
    Role::Flusher {
        rounds: 1,
        start: 0,
    },
);
const FSYNC: Thread = thread("fsync", Role::Fsync { rounds: 1 });
/// The interruptible thread may wait for the requests of the first two pages.
const SIGNAL: Thread = thread("signal", Role::Signal(&[0, 1]));
const INTERRUPTIBLE_FSYNC: Thread = Thread {
    interruptible: true,
    ..FSYNC
};

const INTERRUPTIBLE_SYNC: Thread = Thread {
    interruptible: true,
    ..thread("sync", Role::Sync { start: 0 })
};

/// Two written pages, an RPC that holds them both, a server that needs no COMMIT, and nobody yet.
pub const BASE: Config = Config {
    pages: &[WRITTEN, WRITTEN],
    threads: &[],
    writeback: Loop::Of2007,
    unstable: false,
    wsize: 2,
};

/// The configuration of each scenario, by name.
pub const MODES: &[(&str, Config)] = &[
    (
        "signal",
        Config {
            pages: &[WRITTEN, IN_FLIGHT],
            threads: &[INTERRUPTIBLE_FSYNC, SIGNAL],
            ..BASE
        },
    ),
    (
        "error",
        Config {
            pages: &[WRITTEN, NO_MEMORY, IN_FLIGHT],
            threads: &[PDFLUSH],
            ..BASE
        },
    ),
    (
        "waiter",
        Config {
            pages: &[STORED, NO_MEMORY],
            threads: &[
                thread(
                    "pdflush",
                    Role::Flusher {
                        rounds: 2,
                        start: 0,
                    },
                ),
                thread("store", Role::Touch(0)),
                thread("truncate", Role::Truncate(0)),
            ],
            ..BASE
        },
    ),
    (
        "need-flush",
        Config {
            pages: &[NEEDS_FLUSH, IN_FLIGHT],
            threads: &[FSYNC],
            ..BASE
        },
    ),
    (
        "interrupted-pass",
        Config {
            pages: &[WRITTEN, COMMITTING_DIRTY],
            threads: &[
                INTERRUPTIBLE_SYNC,
                // When it comes to the first page, nobody has had that request.
                thread("signal", Role::Signal(&[1])),
            ],
            ..BASE
        },
    ),
    (
        "interrupted-twice",
        Config {
            pages: &[COMMITTING_DIRTY, COMMITTING_DIRTY],
            threads: &[INTERRUPTIBLE_SYNC, SIGNAL],
            ..BASE
        },
    ),
    (
        "failed-page",
        Config {
            pages: &[NO_MEMORY_STORED, IN_FLIGHT],
            threads: &[PDFLUSH],
            ..BASE
        },
    ),
    (
        "ascending",
        Config {
            threads: &[PDFLUSH, thread("sync", Role::Sync { start: 0 })],
            ..BASE
        },
    ),
    (
        "wrap",
        Config {
            threads: &[PDFLUSH, thread("sync", Role::Sync { start: 1 })],
            ..BASE
        },
    ),
    (
        "fsync",
        Config {
            pages: &[WRITTEN],
            threads: &[thread("kswapd", Role::Reclaim(0)), FSYNC],
            ..BASE
        },
    ),
    (
        "wb-page",
        Config {
            pages: &[WRITTEN],
            threads: &[PDFLUSH, thread("invalidate", Role::Invalidate(0))],
            ..BASE
        },
    ),
    (
        "wb-pages",
        Config {
            threads: &[PDFLUSH, thread("invalidate", Role::Invalidate(0))],
            ..BASE
        },
    ),
    (
        "reclaim",
        Config {
            threads: &[
                thread("kswapd", Role::Reclaim(0)),
                thread("truncate", Role::Truncate(0)),
                thread(
                    "pdflush",
                    Role::Flusher {
                        rounds: 1,
                        start: 1,
                    },
                ),
            ],
            ..BASE
        },
    ),
    (
        "store",
        Config {
            pages: &[WRITTEN],
            threads: &[PDFLUSH, thread("store", Role::Store(0))],
            ..BASE
        },
    ),
    (
        "commit",
        Config {
            pages: &[WRITTEN, TO_COMMIT],
            threads: &[FSYNC],
            unstable: true,
            ..BASE
        },
    ),
    (
        "commit-dirty",
        Config {
            pages: &[WRITTEN, TO_COMMIT_DIRTY],
            threads: &[PDFLUSH, thread("truncate", Role::Truncate(0))],
            ..BASE
        },
    ),
    (
        "commit-store",
        Config {
            pages: &[WRITTEN],
            threads: &[PDFLUSH, thread("store", Role::Store(0))],
            unstable: true,
            ..BASE
        },
    ),
    (
        "interrupted-commit",
        Config {
            pages: &[TO_COMMIT_DIRTY, IN_FLIGHT],
            threads: &[INTERRUPTIBLE_SYNC, thread("signal", Role::Signal(&[1]))],
            ..BASE
        },
    ),
    (
        "three-pages",
        Config {
            pages: &[WRITTEN, WRITTEN, WRITTEN],
            threads: &[PDFLUSH, thread("truncate", Role::Truncate(1))],
            ..BASE
        },
    ),
    (
        "three-wrap",
        Config {
            pages: &[WRITTEN, WRITTEN, WRITTEN],
            threads: &[
                PDFLUSH,
                thread("sync1", Role::Sync { start: 1 }),
                thread("sync2", Role::Sync { start: 2 }),
            ],
            ..BASE
        },
    ),
    (
        "no-memory",
        Config {
            threads: &[
                Thread {
                    short_of_memory: true,
                    ..PDFLUSH
                },
                thread("truncate", Role::Truncate(1)),
            ],
            wsize: 1,
            ..BASE
        },
    ),
    (
        "no-memory-needs-flush",
        Config {
            pages: &[NEEDS_FLUSH],
            threads: &[
                Thread {
                    short_of_memory: true,
                    ..PDFLUSH
                },
                thread("store", Role::Store(0)),
            ],
            ..BASE
        },
    ),
    (
        "wrap-blind",
        Config {
            pages: &[STORED],
            threads: &[PDFLUSH, thread("store", Role::Store(0))],
            writeback: Loop::Blind,
            ..BASE
        },
    ),
    (
        "fsync-again",
        Config {
            pages: &[
                STORED, IN_FLIGHT, IN_FLIGHT, IN_FLIGHT, IN_FLIGHT, IN_FLIGHT,
            ],
            threads: &[
                Thread {
                    interruptible: true,
                    ..thread("fsync", Role::Fsync { rounds: 2 })
                },
                thread("signal", Role::Signal(&[5, 4, 3, 2, 1, 0])),
                thread("store", Role::Touch(0)),
            ],
            ..BASE
        },
    ),
    (
        "crowd",
        Config {
            pages: &[WRITTEN, WRITTEN, TO_COMMIT],
            threads: &[
                PDFLUSH,
                INTERRUPTIBLE_FSYNC,
                thread("signal", Role::Signal(&[0, 1, 2])),
                thread("sync", Role::Sync { start: 1 }),
                thread("invalidate", Role::Invalidate(1)),
                thread("kswapd", Role::Reclaim(0)),
                thread("truncate", Role::Truncate(0)),
            ],
            unstable: true,
            ..BASE
        },
    ),
    (
        "crowd-stores",
        Config {
            pages: &[WRITTEN, NEEDS_FLUSH, STORED],
            threads: &[
                PDFLUSH,
                FSYNC,
                thread("sync", Role::Sync { start: 1 }),
                thread("invalidate", Role::Invalidate(1)),
                thread("store1", Role::Store(0)),
                thread("store2", Role::Store(2)),
            ],
            ..BASE
        },
    ),
    // For an experiment alone: the page has a request from the start to the end.
    (
        "store-alone",
        Config {
            pages: &[WRITTEN],
            threads: &[thread("store", Role::Store(0))],
            ..BASE
        },
    ),
];
