//! What each design comes to in each scenario.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{BUSY_WHILE_WRITEBACK, DATA, NO_ORPHAN, NO_SELF_WAIT, SUBMITTED_AT_EXIT};
use crate::engine::NO_DEADLOCK;
use crate::spec::Record;
use crate::spec::record::{fail_by, pass};

/// N-A1, by each thread that can flush.
const FSYNC_ITSELF: &str = "fsync (request N) -> fsync";
const PDFLUSH_ITSELF: &str = "pdflush (request N) -> pdflush";
const INVALIDATE_ITSELF: &str = "invalidate (request N) -> invalidate";
const SYNC_ITSELF: &str = "sync (request N) -> sync";

const LOST: &str = "A page whose writepage fails is clean, and no request has its content: the \
    mapping's error flag is all that is left of it.";
const INTERRUPTED: &str = "The page's dirty bit is gone when the signal ends the wait for its \
    request: it stays clean, and its content is nowhere. Everything else has been sent.";
const ONE_SIGNAL: &str = "One signal ends every wait to come: the dirty bit of each page whose request is \
    busy then has been cleared for nothing.";
const BEFORE_COMMIT: &str = "The page needs its COMMIT first. nfs_wb_page waits for the page after it before \
    it sends one, and the signal ends that wait: the page is clean, and its content nowhere.";
const OTHERS: &str = "A call can return while another thread has taken what it marked off the dirty \
    list and not sent it yet; that thread will.";
const OWN_PAGE: &str = "nfs_wb_page starts the I/O of its own page, and of no other.";
const ALL_OF_THEM: &str = "A call can return while another thread has what it marked; and, where it was \
    interrupted, while nobody has.";
const SELF_WAIT: &str = "The page is queued and needs another request first: the thread waits for the \
    one that is in its own unsubmitted descriptor.";
const DIRECT: &str = "A request under writeback is in the descriptor of a thread that sends it before \
    it returns, and before it waits for a request.";
const COND: &str = "The descriptor is sent before a request for the same page is looked for again.";
const COMMITS: &str = "Whoever waits for a COMMIT has nothing unsent in hand.";

/// The records.
pub(super) const RECORDS: &[Record] = &[
    fail_by(
        "old",
        "signal",
        Some(423),
        &[NO_ORPHAN, SUBMITTED_AT_EXIT, DATA],
        &[],
        "The first pass puts the page under writeback and on a shared list; the signal ends the wait that comes before the second pass, and nobody has the page.",
    ),
    fail_by(
        "old",
        "error",
        Some(12),
        &[NO_ORPHAN, SUBMITTED_AT_EXIT, DATA],
        &[],
        "The first page is marked, the second fails, and nfs_writepages returns before its second pass.",
    ),
    fail_by(
        "old",
        "waiter",
        Some(135),
        &[NO_DEADLOCK, NO_ORPHAN, SUBMITTED_AT_EXIT],
        &[],
        "The page is nobody's and dirty again: truncation holds its lock and waits for writeback, and pdflush waits for the lock before it comes to the pass that would start the I/O.",
    ),
    fail_by(
        "old",
        "need-flush",
        Some(300),
        &[BUSY_WHILE_WRITEBACK],
        &[],
        "No deadlock: the request is unlocked again by the time that it is looked for, under writeback, and nfs_wb_page starts its I/O.",
    ),
    fail_by(
        "old",
        "interrupted-pass",
        Some(121),
        &[NO_ORPHAN, SUBMITTED_AT_EXIT, DATA],
        &[],
        "The signal ends the first pass in the middle: the page before it is nobody's, and the page itself is clean for nothing.",
    ),
    fail_by(
        "old",
        "interrupted-twice",
        Some(8863),
        &[DATA, NO_ORPHAN, SUBMITTED_AT_EXIT],
        &[],
        "Both pages are clean for nothing. Where the signal comes between them, the first one is nobody's instead, as in `interrupted-pass`.",
    ),
    fail_by("old", "failed-page", Some(8), &[DATA], &[], LOST),
    fail_by(
        "old",
        "ascending",
        Some(806),
        &[SUBMITTED_AT_EXIT],
        &[],
        OTHERS,
    ),
    fail_by("old", "wrap", Some(339), &[SUBMITTED_AT_EXIT], &[], OTHERS),
    fail_by("old", "fsync", Some(145), &[SUBMITTED_AT_EXIT], &[], OTHERS),
    pass(
        "old",
        "wb-page",
        Some(80),
        "Nobody holds what another one waits for: nfs_wb_page starts what is on the dirty list itself.",
    ),
    pass("old", "wb-pages", Some(446), OWN_PAGE),
    fail_by(
        "old",
        "reclaim",
        Some(186),
        &[SUBMITTED_AT_EXIT],
        &[],
        OTHERS,
    ),
    fail_by(
        "old",
        "store",
        Some(23),
        &[BUSY_WHILE_WRITEBACK],
        &[],
        "As in `need-flush`, where the store comes first.",
    ),
    pass("old", "commit", Some(63), COMMITS),
    pass("old", "commit-dirty", Some(32), COMMITS),
    fail_by(
        "old",
        "commit-store",
        Some(138),
        &[BUSY_WHILE_WRITEBACK],
        &[],
        "As in `store`. A store that comes later is remembered until the COMMIT.",
    ),
    fail_by(
        "old",
        "interrupted-commit",
        Some(228),
        &[DATA],
        &[],
        BEFORE_COMMIT,
    ),
    pass(
        "old",
        "three-pages",
        Some(8),
        "One thread that fails nowhere comes to its second pass.",
    ),
    fail_by("old", "three-wrap", None, &[SUBMITTED_AT_EXIT], &[], OTHERS),
    pass(
        "old",
        "no-memory",
        Some(6),
        "nfs_flush_list gives up every request that it could not send.",
    ),
    fail_by(
        "old",
        "no-memory-needs-flush",
        Some(7),
        &[BUSY_WHILE_WRITEBACK],
        &[],
        "As in `need-flush`; nfs_wb_page has no memory for the RPC and gives the request up, and the error ends the writeback with its page dirty.",
    ),
    fail_by(
        "old",
        "wrap-blind",
        Some(35),
        &[BUSY_WHILE_WRITEBACK],
        &[],
        "The page is marked twice; the second time it is under writeback already.",
    ),
    fail_by(
        "old",
        "fsync-again",
        None,
        &[NO_ORPHAN, SUBMITTED_AT_EXIT, NO_DEADLOCK],
        &[],
        "The signal leaves the page in nobody's hands, and dirty again; the second fsync locks it and waits for its writeback.",
    ),
    fail_by(
        "old",
        "crowd",
        None,
        &[SUBMITTED_AT_EXIT, NO_ORPHAN, NO_DEADLOCK, DATA],
        &[],
        ALL_OF_THEM,
    ),
    fail_by(
        "old",
        "crowd-stores",
        None,
        &[BUSY_WHILE_WRITEBACK, SUBMITTED_AT_EXIT],
        &[],
        OTHERS,
    ),
    pass("patched", "signal", Some(190), DIRECT),
    pass("patched", "error", Some(11), DIRECT),
    pass("patched", "waiter", Some(1220), DIRECT),
    fail_by(
        "patched",
        "need-flush",
        Some(6),
        &[NO_DEADLOCK, NO_SELF_WAIT],
        &[FSYNC_ITSELF],
        SELF_WAIT,
    ),
    fail_by(
        "patched",
        "interrupted-pass",
        Some(234),
        &[DATA],
        &[],
        INTERRUPTED,
    ),
    fail_by(
        "patched",
        "interrupted-twice",
        Some(9778),
        &[DATA],
        &[],
        ONE_SIGNAL,
    ),
    fail_by("patched", "failed-page", Some(8), &[DATA], &[], LOST),
    pass("patched", "ascending", Some(168), DIRECT),
    pass("patched", "wrap", Some(63), DIRECT),
    pass("patched", "fsync", Some(27), DIRECT),
    pass("patched", "wb-page", Some(32), DIRECT),
    pass("patched", "wb-pages", Some(160), DIRECT),
    pass("patched", "reclaim", Some(30), DIRECT),
    fail_by(
        "patched",
        "store",
        Some(7),
        &[NO_DEADLOCK, NO_SELF_WAIT],
        &[PDFLUSH_ITSELF],
        SELF_WAIT,
    ),
    pass("patched", "commit", Some(63), COMMITS),
    pass(
        "patched",
        "commit-dirty",
        Some(136),
        "The descriptor is sent before its owner waits for the COMMIT.",
    ),
    fail_by(
        "patched",
        "commit-store",
        Some(10),
        &[NO_DEADLOCK, NO_SELF_WAIT],
        &[PDFLUSH_ITSELF],
        SELF_WAIT,
    ),
    fail_by(
        "patched",
        "interrupted-commit",
        Some(172),
        &[DATA],
        &[],
        BEFORE_COMMIT,
    ),
    pass("patched", "three-pages", Some(8), DIRECT),
    pass("patched", "three-wrap", None, DIRECT),
    fail_by(
        "patched",
        "no-memory",
        Some(3),
        &[NO_ORPHAN, SUBMITTED_AT_EXIT, NO_DEADLOCK, DATA],
        &[],
        "The descriptor fails to send what it holds and refuses the next request; what it returns is not looked at, and the request stays busy, under writeback, and in no list.",
    ),
    fail_by(
        "patched",
        "no-memory-needs-flush",
        Some(3),
        &[NO_DEADLOCK, NO_SELF_WAIT],
        &[PDFLUSH_ITSELF],
        SELF_WAIT,
    ),
    pass(
        "patched",
        "wrap-blind",
        Some(15),
        "The descriptor is sent before its owner waits for a request that is in it: the one scenario that needs that clause.",
    ),
    pass("patched", "fsync-again", None, DIRECT),
    pass("patched", "crowd", None, DIRECT),
    fail_by(
        "patched",
        "crowd-stores",
        None,
        &[NO_DEADLOCK, NO_SELF_WAIT],
        &[FSYNC_ITSELF, PDFLUSH_ITSELF, INVALIDATE_ITSELF, SYNC_ITSELF],
        SELF_WAIT,
    ),
    pass("mended", "signal", Some(190), DIRECT),
    pass("mended", "error", Some(11), DIRECT),
    pass("mended", "waiter", Some(1220), DIRECT),
    pass("mended", "need-flush", Some(113), COND),
    fail_by(
        "mended",
        "interrupted-pass",
        Some(69),
        &[DATA],
        &[],
        INTERRUPTED,
    ),
    fail_by(
        "mended",
        "interrupted-twice",
        Some(3781),
        &[DATA],
        &[],
        ONE_SIGNAL,
    ),
    fail_by("mended", "failed-page", Some(8), &[DATA], &[], LOST),
    pass("mended", "ascending", Some(168), DIRECT),
    pass("mended", "wrap", Some(63), DIRECT),
    pass("mended", "fsync", Some(27), DIRECT),
    pass("mended", "wb-page", Some(32), DIRECT),
    pass("mended", "wb-pages", Some(160), DIRECT),
    pass("mended", "reclaim", Some(30), DIRECT),
    pass("mended", "store", Some(12), COND),
    pass("mended", "commit", Some(63), COMMITS),
    pass(
        "mended",
        "commit-dirty",
        Some(136),
        "The descriptor is sent before its owner waits for the COMMIT.",
    ),
    pass(
        "mended",
        "commit-store",
        Some(51),
        "As in `store`. A store that comes later is remembered until the COMMIT, which dirties the page.",
    ),
    fail_by(
        "mended",
        "interrupted-commit",
        Some(172),
        &[DATA],
        &[],
        BEFORE_COMMIT,
    ),
    pass("mended", "three-pages", Some(8), DIRECT),
    pass("mended", "three-wrap", None, DIRECT),
    pass(
        "mended",
        "no-memory",
        Some(3),
        "A request that the descriptor refuses is given up: its page is dirty again and no longer under writeback.",
    ),
    pass(
        "mended",
        "no-memory-needs-flush",
        Some(10),
        "The descriptor is sent before the request is looked for again, and there is no memory: the request is free by then, is extended to the whole page, and goes into the next RPC.",
    ),
    pass(
        "mended",
        "wrap-blind",
        Some(27),
        "The page does not follow the last in the descriptor, which is therefore sent before the page's request is looked for.",
    ),
    pass("mended", "fsync-again", None, DIRECT),
    pass("mended", "crowd", None, DIRECT),
    pass("mended", "crowd-stores", None, COND),
];
