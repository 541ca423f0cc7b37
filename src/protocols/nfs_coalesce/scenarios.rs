//! The scenarios, each with its configuration, and the cover points.

use super::config::{
    COMMITTING_DIRTY, IN_FLIGHT, NEEDS_FLUSH, NO_MEMORY, NO_MEMORY_STORED, STORED, TO_COMMIT,
    TO_COMMIT_DIRTY, WRITTEN,
};
use super::{Config, Loop, Role, Thread};
use crate::spec::{Configured, CoverPoint, EngineSet, Scenario};

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

/// Two written pages, an RPC that holds them both, a server that needs no COMMIT, and no thread yet.
pub const BASE: Config = Config {
    pages: &[WRITTEN, WRITTEN],
    threads: &[],
    writeback: Loop::Of2007,
    unstable: false,
    write_fails: false,
    wsize: 2,
};

/// The scenarios.
pub const SCENARIOS: &[Configured<Config>] = &[
    Scenario::new(
        "signal",
        "a written page and one in an RPC: an fsync, a signal for it, rpciod",
    )
    .showing("N-B1: the signal comes between the passes, and the first page has no owner")
    .covering(&[
        "sync-waits-for-request",
        "signal-ends-sync",
        "wait-not-interrupted",
    ])
    .with(Config {
        pages: &[WRITTEN, IN_FLIGHT],
        threads: &[INTERRUPTIBLE_FSYNC, SIGNAL],
        ..BASE
    }),
    Scenario::new(
        "error",
        "a written page, one for whose request there is no memory, and one in an RPC: \
             pdflush, rpciod",
    )
    .showing("N-B2: an error in the first pass, and there is no second one")
    .covering(&["setup-without-memory"])
    .with(Config {
        pages: &[WRITTEN, NO_MEMORY, IN_FLIGHT],
        threads: &[PDFLUSH],
        ..BASE
    }),
    Scenario::new(
        "waiter",
        "two pages without requests, and no memory for one of the second: pdflush twice, a \
             store to the first page, truncation of it, rpciod",
    )
    .showing(
        "the deadlock: truncation holds the page lock and waits for writeback, pdflush waits \
             for the page lock before it reaches its second pass",
    )
    .covering(&["store-dirties-the-page", "writeback-waits-for-page"])
    .with(Config {
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
    }),
    Scenario::new(
        "need-flush",
        "a page that was written and then stored to, and one in an RPC: an fsync, rpciod",
    )
    .showing("N-A1: a thread waits for the request that it has just put into its own descriptor")
    .covering(&["needs-flush", "sync-waits-for-request"])
    .with(Config {
        pages: &[NEEDS_FLUSH, IN_FLIGHT],
        threads: &[FSYNC],
        ..BASE
    }),
    Scenario::new(
        "interrupted-pass",
        "a written page and a dirty one in a COMMIT: a flusher that waits for writeback, a \
             signal for it, rpciod",
    )
    .showing("N-B2 by a signal, in the first pass; and a dirty bit that is cleared for nothing")
    .covering(&[
        "flush-waits-for-request",
        "signal-before-wait",
        "signal-during-wait",
        "wait-not-interrupted",
    ])
    .with(Config {
        pages: &[WRITTEN, COMMITTING_DIRTY],
        threads: &[INTERRUPTIBLE_SYNC, thread("signal", Role::Signal(&[1]))],
        ..BASE
    }),
    Scenario::new(
        "interrupted-twice",
        "two dirty pages in COMMITs: a flusher that waits for writeback, a signal for it, \
             rpciod",
    )
    .showing("the signal that has ended a wait for one page is pending at the wait for the next")
    .covering(&["signal-during-wait", "signal-still-pending"])
    .with(Config {
        pages: &[COMMITTING_DIRTY, COMMITTING_DIRTY],
        threads: &[INTERRUPTIBLE_SYNC, SIGNAL],
        ..BASE
    }),
    Scenario::new(
        "failed-page",
        "a page that was stored to, with no memory for a request of it, and one in an RPC: \
             pdflush, rpciod",
    )
    .showing("a page whose writepage fails is clean, and its content is nowhere")
    .covering(&["setup-without-memory"])
    .with(Config {
        pages: &[NO_MEMORY_STORED, IN_FLIGHT],
        threads: &[PDFLUSH],
        ..BASE
    }),
    Scenario::new(
        "failed-write",
        "a written page, and a server that fails the WRITE: pdflush, rpciod",
    )
    .showing("a page whose WRITE fails is clean; the open context has the error")
    .covering(&["write-fails"])
    .with(Config {
        pages: &[WRITTEN],
        threads: &[PDFLUSH],
        write_fails: true,
        ..BASE
    }),
    Scenario::new(
        "unsent",
        "a written page: invalidation of it, with no memory for its RPC; rpciod",
    )
    .showing("nfs_writepage_locked of a single page does not return the error of its descriptor")
    .covering(&["single-page-unsent"])
    .with(Config {
        pages: &[WRITTEN],
        threads: &[Thread {
            short_of_memory: true,
            ..thread("invalidate", Role::Invalidate(0))
        }],
        ..BASE
    }),
    Scenario::new("write", "a written page: pdflush, write(2) of it, rpciod")
        .showing("write(2) of a page whose request is busy for its I/O")
        .covering(&["setup-waits-for-request", "setup-extends"])
        .with(Config {
            pages: &[WRITTEN],
            threads: &[PDFLUSH, thread("write", Role::Write(0))],
            ..BASE
        }),
    Scenario::new(
        "wrap-wait",
        "two written pages, and the writeback loop of January 2009, which always wraps and waits for \
             writeback: two flushers that wait, from the first page and from the second, rpciod",
    )
    .showing("N-A4: each has the other's page in a descriptor that it has not sent")
    .covering(&["wraps"])
    .with(Config {
        threads: &[
            thread("sync1", Role::Sync { start: 0 }),
            thread("sync2", Role::Sync { start: 1 }),
        ],
        writeback: Loop::Of2009,
        ..BASE
    }),
    Scenario::new("fsync", "a written page: kswapd and an fsync, rpciod")
        .showing("the wait of an fsync for requests that another thread owns")
        .covering(&["sync-waits-for-request"])
        .with(Config {
            pages: &[WRITTEN],
            threads: &[thread("kswapd", Role::Reclaim(0)), FSYNC],
            ..BASE
        }),
    Scenario::new(
        "wb-page",
        "a written page: pdflush, invalidation of the page, rpciod",
    )
    .showing("nfs_wb_page under the page lock against a flusher")
    .covering(&["writeback-waits-for-page"])
    .with(Config {
        pages: &[WRITTEN],
        threads: &[PDFLUSH, thread("invalidate", Role::Invalidate(0))],
        ..BASE
    }),
    Scenario::new(
        "reclaim",
        "two written pages: kswapd writes the first, truncation of it, pdflush from the \
             second page on, rpciod",
    )
    .showing("nfs_writepage on its own against a flusher, and a waiter")
    .covering(&["written-before-truncation"])
    .with(Config {
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
    }),
    Scenario::new("store", "a written page: pdflush, a store to it, rpciod")
        .showing("PG_NEED_FLUSH set at any point of the writeback")
        .covering(&["needs-flush"])
        .with(Config {
            pages: &[WRITTEN],
            threads: &[PDFLUSH, thread("store", Role::Store(0))],
            ..BASE
        }),
    Scenario::new(
        "commit",
        "a written page and one that awaits its COMMIT, and a server that needs one: an \
             fsync, rpciod",
    )
    .showing("COMMITs")
    .covering(&["commit"])
    .with(Config {
        pages: &[WRITTEN, TO_COMMIT],
        threads: &[FSYNC],
        unstable: true,
        ..BASE
    }),
    Scenario::new(
        "commit-dirty",
        "a written page and a dirty one that awaits its COMMIT: pdflush, truncation of the \
             first page, rpciod",
    )
    .showing("a flusher that has to have a COMMIT done before it can go on")
    .covering(&["flush-meets-commit", "setup-finds-busy", "commit"])
    .with(Config {
        pages: &[WRITTEN, TO_COMMIT_DIRTY],
        threads: &[PDFLUSH, thread("truncate", Role::Truncate(0))],
        ..BASE
    }),
    Scenario::new(
        "three-pages",
        "three written pages, two to an RPC: pdflush, truncation of the second page, rpciod",
    )
    .showing("a descriptor that is full")
    .covering(&["rpc-is-full"])
    .with(Config {
        pages: &[WRITTEN, WRITTEN, WRITTEN],
        threads: &[PDFLUSH, thread("truncate", Role::Truncate(1))],
        ..BASE
    }),
    Scenario::new(
        "no-memory",
        "two written pages, one to an RPC: pdflush, with no memory for its first RPC; \
             truncation of the second page, rpciod",
    )
    .showing("a request that the descriptor refuses")
    .covering(&["descriptor-refuses"])
    .with(Config {
        threads: &[
            Thread {
                short_of_memory: true,
                ..PDFLUSH
            },
            thread("truncate", Role::Truncate(1)),
        ],
        wsize: 1,
        ..BASE
    }),
    Scenario::new(
        "no-memory-needs-flush",
        "a page that was written and then stored to: pdflush, with no memory for its first \
             RPC; another store, rpciod",
    )
    .showing("a request that was abandoned before it is extended to the whole page")
    .covering(&["needs-flush", "setup-extends"])
    .with(Config {
        pages: &[NEEDS_FLUSH],
        threads: &[
            Thread {
                short_of_memory: true,
                ..PDFLUSH
            },
            thread("store", Role::Store(0)),
        ],
        ..BASE
    }),
    Scenario::new(
        "wrap-blind",
        "one page without a request, and a writeback loop that no kernel has, which always \
             wraps and leaves PG_writeback to the filesystem: pdflush, a store, rpciod",
    )
    .showing(
        "where \"Prevent deadlock!\" matters: writepage of a page that is in the caller's \
             own descriptor",
    )
    .covering(&["flush-waits-for-request"])
    .with(Config {
        pages: &[STORED],
        threads: &[PDFLUSH, thread("store", Role::Store(0))],
        writeback: Loop::Blind,
        ..BASE
    }),
    Scenario::new(
        "fsync-again",
        "a page without a request and five in RPCs: two fsyncs in a row, a signal for them, \
             a store to the first page, rpciod",
    )
    .showing(
        "the same deadlock by a signal: the second fsync holds the page lock and waits for \
             what the first has left",
    )
    .run_by(EngineSet::Sampled)
    .covering(&[
        "signal-ends-sync",
        "wait-not-interrupted",
        "store-dirties-the-page",
    ])
    .with(Config {
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
    }),
    Scenario::new(
        "stress",
        "three pages, two to an RPC, and a server that needs COMMITs: pdflush, an fsync with \
             a signal, a flusher from the second page on, invalidation, kswapd, truncation, \
             rpciod",
    )
    .showing("the same protocols at a size that loom does not take")
    .run_by(EngineSet::Sampled)
    .covering(&[
        "commit",
        "sync-waits-for-request",
        "writeback-waits-for-page",
    ])
    .with(Config {
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
    }),
];

/// For an experiment alone: an fsync that the signal interrupts, and another beside it.
pub const TWO_FSYNCS: Config = Config {
    pages: &[WRITTEN, IN_FLIGHT],
    threads: &[
        INTERRUPTIBLE_FSYNC,
        thread("fsync2", Role::Fsync { rounds: 1 }),
        SIGNAL,
    ],
    ..BASE
};

/// The cover points.
pub(super) const COVER_POINTS: &[CoverPoint] = &[
    CoverPoint::new(
        "wraps",
        "a flusher finds nothing up to the end of the file, and starts over",
    ),
    CoverPoint::new(
        "writeback-waits-for-page",
        "a flusher finds a page locked, or another thread in nfs_writepages",
    ),
    CoverPoint::new(
        "flush-waits-for-request",
        "a flusher finds the request of its locked page busy",
    ),
    CoverPoint::new(
        "waits-with-requests-in-hand",
        "it waits for it while its own descriptor is not empty",
    ),
    CoverPoint::new(
        "flush-meets-commit",
        "a flusher finds a request that awaits its COMMIT",
    ),
    CoverPoint::new(
        "setup-without-memory",
        "there is no memory for a page's request",
    ),
    CoverPoint::new(
        "rpc-is-full",
        "a request is added to a descriptor that has as many as an RPC takes",
    ),
    CoverPoint::new(
        "written-before-truncation",
        "truncation reaches a page that has been written",
    ),
    CoverPoint::new("write-fails", "the server fails a WRITE"),
    CoverPoint::new(
        "single-page-unsent",
        "there is no memory for the RPC of a page that is written on its own",
    ),
    CoverPoint::new(
        "setup-waits-for-request",
        "nfs_update_request waits for a request",
    ),
    CoverPoint::new("setup-finds-busy", "nfs_update_request returns -EBUSY"),
    CoverPoint::new(
        "setup-extends",
        "nfs_update_request extends a request to the whole page",
    ),
    CoverPoint::new("needs-flush", "a flusher finds PG_NEED_FLUSH"),
    CoverPoint::new(
        "store-dirties-the-page",
        "a store dirties a page that has no request",
    ),
    CoverPoint::new(
        "sync-waits-for-request",
        "nfs_sync_mapping_wait waits for a request",
    ),
    CoverPoint::new(
        "scan-skips-busy",
        "the scan of the dirty list meets a busy request",
    ),
    CoverPoint::new(
        "descriptor-refuses",
        "a descriptor in error refuses a request",
    ),
    CoverPoint::new("commit", "a COMMIT is sent"),
    CoverPoint::new(
        "signal-before-wait",
        "the signal is pending when the wait for a request begins",
    ),
    CoverPoint::new(
        "signal-during-wait",
        "the signal ends the wait of a flusher for a request",
    ),
    CoverPoint::new(
        "signal-ends-sync",
        "the signal ends the wait of nfs_sync_mapping_wait for a request",
    ),
    CoverPoint::new(
        "signal-still-pending",
        "a signal that has ended one wait for a request is pending at the next",
    ),
    CoverPoint::new(
        "wait-not-interrupted",
        "the thread that the signal is for has waited for a request to the end",
    ),
];
