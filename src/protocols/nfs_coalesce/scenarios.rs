//! What each scenario is, and the marks.

use crate::spec::{EngineSet, Mark, Scenario};

/// The scenarios.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "signal",
        summary: "a written page and one in an RPC: an fsync, a signal for it, rpciod",
        shows: "N-B1: the signal comes between the passes, and the first page is nobody's",
        engines: EngineSet::All,
        marks: &[
            "sync-waits-for-request",
            "signal-ends-sync",
            "wait-not-interrupted",
        ],
    },
    Scenario {
        name: "error",
        summary: "a written page, one for whose request there is no memory, and one in an RPC: pdflush, rpciod",
        shows: "N-B2: an error in the first pass, and there is no second one",
        engines: EngineSet::All,
        marks: &["setup-without-memory"],
    },
    Scenario {
        name: "waiter",
        summary: "two pages without requests, and no memory for one of the second: pdflush twice, a store to the first page, truncation of it, rpciod",
        shows: "the deadlock: truncation holds the page lock and waits for writeback, pdflush waits for the page lock before it comes to its second pass",
        engines: EngineSet::All,
        marks: &["store-dirties-the-page", "writeback-waits-for-page"],
    },
    Scenario {
        name: "need-flush",
        summary: "a page that was written and then stored to, and one in an RPC: an fsync, rpciod",
        shows: "N-A1: a thread waits for the request that it has just put into its own descriptor",
        engines: EngineSet::All,
        marks: &["needs-flush", "sync-waits-for-request"],
    },
    Scenario {
        name: "interrupted-pass",
        summary: "a written page and a dirty one in a COMMIT: a flusher that waits for writeback, a signal for it, rpciod",
        shows: "N-B2 by a signal, in the first pass; and a dirty bit that is cleared for nothing",
        engines: EngineSet::All,
        marks: &[
            "flush-waits-for-request",
            "signal-before-wait",
            "signal-during-wait",
            "wait-not-interrupted",
        ],
    },
    Scenario {
        name: "interrupted-twice",
        summary: "two dirty pages in COMMITs: a flusher that waits for writeback, a signal for it, rpciod",
        shows: "the signal that has ended a wait for one page is pending at the wait for the next",
        engines: EngineSet::All,
        marks: &["signal-during-wait", "signal-still-pending"],
    },
    Scenario {
        name: "failed-page",
        summary: "a page that was stored to, with no memory for a request of it, and one in an RPC: pdflush, rpciod",
        shows: "a page whose writepage fails is clean, and its content is nowhere",
        engines: EngineSet::All,
        marks: &["setup-without-memory"],
    },
    Scenario {
        name: "ascending",
        summary: "two written pages: pdflush and a second flusher that waits for writeback, both from the first page, rpciod",
        shows: "two flushers in the same direction do not block one another",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page"],
    },
    Scenario {
        name: "wrap",
        summary: "two written pages: pdflush from the first, a flusher that waits for writeback from the second, rpciod",
        shows: "flushers that start at different pages: who finds nothing starts over, with nothing in hand",
        engines: EngineSet::All,
        marks: &["wraps"],
    },
    Scenario {
        name: "fsync",
        summary: "a written page: kswapd and an fsync, rpciod",
        shows: "the wait of an fsync for requests that are in somebody else's hands",
        engines: EngineSet::All,
        marks: &["sync-waits-for-request"],
    },
    Scenario {
        name: "wb-page",
        summary: "a written page: pdflush, invalidation of the page, rpciod",
        shows: "nfs_wb_page under the page lock against a flusher",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page"],
    },
    Scenario {
        name: "wb-pages",
        summary: "two written pages: pdflush, invalidation of the first page, rpciod",
        shows: "nfs_wb_page waits for every request up to the end of the file",
        engines: EngineSet::All,
        marks: &["sync-waits-for-request"],
    },
    Scenario {
        name: "reclaim",
        summary: "two written pages: kswapd writes the first, truncation of it, pdflush from the second page on, rpciod",
        shows: "nfs_writepage on its own against a flusher, and a waiter",
        engines: EngineSet::All,
        marks: &["written-before-truncation"],
    },
    Scenario {
        name: "store",
        summary: "a written page: pdflush, a store to it, rpciod",
        shows: "PG_NEED_FLUSH set at any point of the writeback",
        engines: EngineSet::All,
        marks: &["needs-flush"],
    },
    Scenario {
        name: "commit",
        summary: "a written page and one that awaits its COMMIT, and a server that needs one: an fsync, rpciod",
        shows: "COMMITs",
        engines: EngineSet::All,
        marks: &["commit"],
    },
    Scenario {
        name: "commit-dirty",
        summary: "a written page and a dirty one that awaits its COMMIT: pdflush, truncation of the first page, rpciod",
        shows: "a flusher that has to have a COMMIT done before it can go on",
        engines: EngineSet::All,
        marks: &["flush-meets-commit", "setup-finds-busy", "commit"],
    },
    Scenario {
        name: "commit-store",
        summary: "a written page, and a server that needs COMMITs: pdflush, a store to the page, rpciod",
        shows: "a store that comes to the page after it was sent: its request, which awaits a COMMIT, remembers it",
        engines: EngineSet::All,
        marks: &["needs-flush", "commit"],
    },
    Scenario {
        name: "interrupted-commit",
        summary: "a dirty page that awaits its COMMIT and one in an RPC: a flusher that waits for writeback, a signal for it, rpciod",
        shows: "a signal between the dirty bit and the COMMIT that has to come first",
        engines: EngineSet::All,
        marks: &["flush-meets-commit", "signal-ends-sync"],
    },
    Scenario {
        name: "three-pages",
        summary: "three written pages, two to an RPC: pdflush, truncation of the second page, rpciod",
        shows: "a descriptor that is full",
        engines: EngineSet::All,
        marks: &["rpc-is-full"],
    },
    Scenario {
        name: "three-wrap",
        summary: "three written pages, two to an RPC: pdflush from the first, flushers that wait for writeback from the second and from the third, rpciod",
        shows: "`wrap` with three flushers",
        engines: EngineSet::Sampled,
        marks: &["writeback-waits-for-page"],
    },
    Scenario {
        name: "no-memory",
        summary: "two written pages, one to an RPC: pdflush, with no memory for its first RPC; truncation of the second page, rpciod",
        shows: "a request that the descriptor refuses",
        engines: EngineSet::All,
        marks: &["descriptor-refuses"],
    },
    Scenario {
        name: "no-memory-needs-flush",
        summary: "a page that was written and then stored to: pdflush, with no memory for its first RPC; another store, rpciod",
        shows: "a request that was given up before it is extended to the whole page",
        engines: EngineSet::All,
        marks: &["needs-flush", "setup-extends"],
    },
    Scenario {
        name: "wrap-blind",
        summary: "one page without a request, and a writeback loop that no kernel has, which always wraps and leaves PG_writeback to the filesystem: pdflush, a store, rpciod",
        shows: "where \"Prevent deadlock!\" matters: writepage of a page that is in the caller's own descriptor",
        engines: EngineSet::All,
        marks: &["flush-waits-for-request"],
    },
    Scenario {
        name: "fsync-again",
        summary: "a page without a request and five in RPCs: two fsyncs in a row, a signal for them, a store to the first page, rpciod",
        shows: "the same deadlock by a signal: the second fsync holds the page lock and waits for what the first has left",
        engines: EngineSet::Sampled,
        marks: &[
            "signal-ends-sync",
            "wait-not-interrupted",
            "store-dirties-the-page",
        ],
    },
    Scenario {
        name: "crowd",
        summary: "three pages, two to an RPC, and a server that needs COMMITs: pdflush, an fsync with a signal, a flusher from the second page on, invalidation, kswapd, truncation, rpciod",
        shows: "the same protocols at a size that loom does not take",
        engines: EngineSet::Sampled,
        marks: &[
            "commit",
            "sync-waits-for-request",
            "writeback-waits-for-page",
        ],
    },
    Scenario {
        name: "crowd-stores",
        summary: "three pages, two to an RPC: pdflush, an fsync, a flusher from the second page on, invalidation, two stores, rpciod",
        shows: "N-A1 at a size that loom does not take",
        engines: EngineSet::Sampled,
        marks: &["needs-flush", "store-dirties-the-page"],
    },
];

/// The marks.
pub(super) const MARKS: &[Mark] = &[
    Mark {
        name: "wraps",
        summary: "a flusher finds nothing up to the end of the file, and starts over",
    },
    Mark {
        name: "writeback-waits-for-page",
        summary: "a flusher finds a page locked",
    },
    Mark {
        name: "flush-waits-for-request",
        summary: "a flusher finds the request of its locked page busy",
    },
    Mark {
        name: "waits-with-requests-in-hand",
        summary: "it waits for it while its own descriptor is not empty",
    },
    Mark {
        name: "flush-meets-commit",
        summary: "a flusher finds a request that awaits its COMMIT",
    },
    Mark {
        name: "setup-without-memory",
        summary: "there is no memory for a page's request",
    },
    Mark {
        name: "rpc-is-full",
        summary: "a request comes to a descriptor that has as many as an RPC takes",
    },
    Mark {
        name: "written-before-truncation",
        summary: "truncation comes to a page that has been written",
    },
    Mark {
        name: "setup-finds-busy",
        summary: "nfs_update_request returns -EBUSY",
    },
    Mark {
        name: "setup-extends",
        summary: "nfs_update_request extends a request to the whole page",
    },
    Mark {
        name: "needs-flush",
        summary: "a flusher finds PG_NEED_FLUSH",
    },
    Mark {
        name: "store-dirties-the-page",
        summary: "a store dirties a page that has no request",
    },
    Mark {
        name: "sync-waits-for-request",
        summary: "nfs_sync_mapping_wait waits for a request",
    },
    Mark {
        name: "scan-skips-busy",
        summary: "the scan of the dirty list meets a busy request",
    },
    Mark {
        name: "descriptor-refuses",
        summary: "a descriptor in error refuses a request",
    },
    Mark {
        name: "commit",
        summary: "a COMMIT is sent",
    },
    Mark {
        name: "signal-before-wait",
        summary: "the signal is pending when the wait for a request begins",
    },
    Mark {
        name: "signal-during-wait",
        summary: "the signal ends the wait of a flusher for a request",
    },
    Mark {
        name: "signal-ends-sync",
        summary: "the signal ends the wait of nfs_sync_mapping_wait for a request",
    },
    Mark {
        name: "signal-still-pending",
        summary: "a signal that has ended one wait for a request is pending at the next",
    },
    Mark {
        name: "wait-not-interrupted",
        summary: "the thread that the signal is for has waited for a request to the end",
    },
];
