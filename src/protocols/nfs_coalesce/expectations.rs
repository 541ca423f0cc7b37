//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{
    BUSY_WHILE_WRITEBACK, DATA, ERROR_TOLD, NO_ORPHAN, NO_ORPHAN_AT_END, NO_SELF_WAIT,
    SUBMITTED_AT_EXIT,
};
use crate::engine::NO_DEADLOCK;
use crate::spec::{Expectation, OpenFailure, UNBOUNDED};

/// N-A1, by each thread that can flush.
const FSYNC_ITSELF: &str = "fsync (request N) -> fsync";
const PDFLUSH_ITSELF: &str = "pdflush (request N) -> pdflush";
const BOTH_SYNCS: &str = "sync1 (writeback of page N) -> sync2 (writeback of page N) -> sync1";

const LOST: &str = "A page whose writepage fails is clean, and no request has its content: the \
    mapping's error flag is all that is left of it.";
const INTERRUPTED: &str = "The page's dirty bit is gone when the signal ends the wait for its \
    request: it stays clean, and its content is nowhere. Everything else has been sent.";
const ONE_SIGNAL: &str = "One signal ends every wait to come: the dirty bit of each page whose \
    request is busy then has been cleared for nothing.";
const OTHERS: &str = "A call can return while another thread has taken what it marked off the \
    dirty list and not sent it yet; that thread will.";
const ALL_OF_THEM: &str = "A call can return while another thread has what it marked; and, where \
    it was interrupted, while no thread has.";
const SELF_WAIT: &str = "The page is queued and needs another request first: the thread waits for \
    the one that is in its own unsubmitted descriptor.";
const DIRECT: &str = "A request under writeback is in the descriptor of a thread that sends it \
    before it returns, and before it waits for a request.";
const COND: &str = "The descriptor is sent before a request for the same page is looked for again.";
const COMMITS: &str = "A thread that waits for a COMMIT has nothing unsent in hand.";

const FAILED: &str = "A page whose WRITE fails is clean, and the server has not its content: the open context has the \
    error, for the next fsync.";
const UNTOLD: &str = "The page is dirty again, and nfs_writepage_locked returns 0: what nfs_flush_mapping returns, or \
    the descriptor's error, is not looked at. No commit that ended that is established here.";
const OVERTAKEN: &str = "write(2) finds a request that needs a COMMIT, and nfs_wb_page sends the page again; each time \
    rpciod has cleared the tag of the new request and not unlocked it yet, so that nfs_scan_commit skips it. No clause \
    bounds the loop of nfs_writepage_setup; it ends as soon as rpciod is the faster one.";
const EXTENDS: &str =
    "write(2) waits for the request, and extends it or makes another; it dirties the page again.";
const BOTH_WRAP: &str = "Each flusher has put a page under writeback and not sent it, wraps or goes on to the other's, \
    locks it and waits for its writeback.";

/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "signal", &[NO_ORPHAN, SUBMITTED_AT_EXIT]).pinned(423)
        .because("The first pass puts the page under writeback and on a shared list; the signal ends the wait that \
            comes before the second pass, and no thread owns the page."),
    Expectation::violates("old", "error", &[NO_ORPHAN, SUBMITTED_AT_EXIT]).pinned(12)
        .because("The first page is marked, the second fails, and nfs_writepages returns before its second pass."),
    Expectation::violates("old", "waiter", &[NO_DEADLOCK, NO_ORPHAN, SUBMITTED_AT_EXIT]).pinned(1397)
        .because("The page has no owner and is dirty again: truncation holds its lock and waits for writeback, and \
            pdflush waits for the lock before it reaches the pass that would start the I/O."),
    Expectation::violates("old", "need-flush", &[BUSY_WHILE_WRITEBACK]).pinned(300)
        .because("No deadlock: the request is unlocked again by the time that it is looked for, under writeback, and \
            nfs_wb_page starts its I/O."),
    Expectation::violates("old", "interrupted-pass", &[NO_ORPHAN, SUBMITTED_AT_EXIT, DATA]).pinned(121)
        .because("The signal ends the first pass in the middle: the page before it has no owner, and the page itself \
            is clean for nothing."),
    Expectation::violates("old", "interrupted-twice", &[DATA, NO_ORPHAN, SUBMITTED_AT_EXIT]).pinned(8863)
        .because("Both pages are clean for nothing. Where the signal comes between them, the first one has no owner \
            instead, as in `interrupted-pass`."),
    Expectation::violates("old", "failed-page", &[DATA]).pinned(8).because(LOST),
    Expectation::violates("old", "fsync", &[SUBMITTED_AT_EXIT]).pinned(145).because(OTHERS),
    Expectation::passes("old", "wb-page").pinned(204)
        .because("No thread holds what another one waits for: nfs_wb_page starts what is on the dirty list itself."),
    Expectation::violates("old", "reclaim", &[SUBMITTED_AT_EXIT]).pinned(2073).because(OTHERS),
    Expectation::violates("old", "store", &[BUSY_WHILE_WRITEBACK]).pinned(83)
        .because("As in `need-flush`, where the store comes first."),
    Expectation::passes("old", "commit").pinned(63).because(COMMITS),
    Expectation::passes("old", "commit-dirty").pinned(176).because(COMMITS),
    Expectation::passes("old", "three-pages").pinned(88)
        .because("One thread that fails nowhere reaches its second pass."),
    Expectation::passes("old", "no-memory").pinned(6)
        .because("nfs_flush_list abandons every request that it could not send."),
    Expectation::violates("old", "no-memory-needs-flush", &[BUSY_WHILE_WRITEBACK]).pinned(7)
        .because("As in `need-flush`; nfs_wb_page has no memory for the RPC and abandons the request, and the error \
            ends the writeback with its page dirty."),
    Expectation::violates("old", "wrap-blind", &[BUSY_WHILE_WRITEBACK]).pinned(121)
        .because("The page is marked twice; the second time it is under writeback already."),
    Expectation::violates("old", "fsync-again", &[NO_ORPHAN, SUBMITTED_AT_EXIT, NO_DEADLOCK])
        .because("The signal leaves the page without an owner, and dirty again; the second fsync locks it and waits \
            for its writeback."),
    Expectation::violates("old", "stress", &[SUBMITTED_AT_EXIT, NO_ORPHAN, NO_DEADLOCK, DATA]).because(ALL_OF_THEM),
    Expectation::violates("old", "failed-write", &[DATA]).pinned(2).because(FAILED),
    Expectation::violates("old", "unsent", &[ERROR_TOLD]).pinned(1).because(UNTOLD),
    Expectation::violates("old", "write", &[BUSY_WHILE_WRITEBACK, NO_ORPHAN, SUBMITTED_AT_EXIT]).pinned(1018)
        .because("write(2) takes the request while its page is under writeback. The scan of pdflush skips it then, and \
            pdflush returns; nfs_wb_page starts the I/O."),
    Expectation::violates("old", "wrap-wait", &[NO_DEADLOCK, SUBMITTED_AT_EXIT]).pinned(812).because(BOTH_WRAP),
    Expectation::violates("patched", "failed-write", &[DATA]).pinned(1).because(FAILED),
    Expectation::violates("patched", "unsent", &[ERROR_TOLD]).pinned(1).because(UNTOLD),
    Expectation::passes("patched", "write").pinned(19).because(EXTENDS),
    Expectation::violates("patched", "wrap-wait", &[NO_DEADLOCK]).by(&[BOTH_SYNCS]).pinned(211).because(BOTH_WRAP),
    Expectation::violates("fixed", "failed-write", &[DATA]).pinned(1).because(FAILED),
    Expectation::violates("fixed", "unsent", &[ERROR_TOLD]).pinned(1).because(UNTOLD),
    Expectation::passes("fixed", "write").pinned(19).because(EXTENDS),
    Expectation::passes("fixed", "wrap-wait").pinned(15)
        .because("One flusher is in nfs_writepages at a time, and has sent what it had when the other begins."),
    Expectation::passes("patched", "signal").pinned(190).because(DIRECT),
    Expectation::passes("patched", "error").pinned(11).because(DIRECT),
    Expectation::passes("patched", "waiter").pinned(1220).because(DIRECT),
    Expectation::violates("patched", "need-flush", &[NO_DEADLOCK, NO_SELF_WAIT]).by(&[FSYNC_ITSELF]).pinned(6)
        .because(SELF_WAIT),
    Expectation::violates("patched", "interrupted-pass", &[DATA]).pinned(234).because(INTERRUPTED),
    Expectation::violates("patched", "interrupted-twice", &[DATA]).pinned(9778).because(ONE_SIGNAL),
    Expectation::violates("patched", "failed-page", &[DATA]).pinned(8).because(LOST),
    Expectation::passes("patched", "fsync").pinned(27).because(DIRECT),
    Expectation::passes("patched", "wb-page").pinned(32).because(DIRECT),
    Expectation::passes("patched", "reclaim").pinned(30).because(DIRECT),
    Expectation::violates("patched", "store", &[NO_DEADLOCK, NO_SELF_WAIT]).by(&[PDFLUSH_ITSELF]).pinned(7)
        .because(SELF_WAIT),
    Expectation::passes("patched", "commit").pinned(63).because(COMMITS),
    Expectation::passes("patched", "commit-dirty").pinned(136)
        .because("The descriptor is sent before its owner waits for the COMMIT."),
    Expectation::passes("patched", "three-pages").pinned(8).because(DIRECT),
    Expectation::violates("patched", "no-memory",
        &[NO_ORPHAN, NO_ORPHAN_AT_END, SUBMITTED_AT_EXIT, NO_DEADLOCK, DATA]).pinned(3)
        .because("The descriptor fails to send what it holds and refuses the next request; what it returns is not \
            looked at, and the request stays busy, under writeback, and in no list."),
    Expectation::violates("patched", "no-memory-needs-flush", &[NO_DEADLOCK, NO_SELF_WAIT])
        .by(&[PDFLUSH_ITSELF]).pinned(3)
        .because(SELF_WAIT),
    Expectation::passes("patched", "wrap-blind").pinned(15)
        .because("The descriptor is sent before its owner waits for a request that is in it: the one scenario that \
            needs that clause."),
    Expectation::passes("patched", "fsync-again").because(DIRECT),
    Expectation::passes("patched", "stress").because(DIRECT),
    Expectation::passes("fixed", "signal").pinned(190).because(DIRECT),
    Expectation::passes("fixed", "error").pinned(11).because(DIRECT),
    Expectation::passes("fixed", "waiter").pinned(1220).because(DIRECT),
    Expectation::passes("fixed", "need-flush").pinned(113).because(COND),
    Expectation::violates("fixed", "interrupted-pass", &[DATA]).pinned(69).because(INTERRUPTED),
    Expectation::violates("fixed", "interrupted-twice", &[DATA]).pinned(3781).because(ONE_SIGNAL),
    Expectation::violates("fixed", "failed-page", &[DATA]).pinned(8).because(LOST),
    Expectation::passes("fixed", "fsync").pinned(27).because(DIRECT),
    Expectation::passes("fixed", "wb-page").pinned(32).because(DIRECT),
    Expectation::passes("fixed", "reclaim").pinned(30).because(DIRECT),
    Expectation::passes("fixed", "store").pinned(12).because(COND),
    Expectation::passes("fixed", "commit").pinned(63).because(COMMITS),
    Expectation::passes("fixed", "commit-dirty").pinned(136)
        .because("The descriptor is sent before its owner waits for the COMMIT."),
    Expectation::passes("fixed", "three-pages").pinned(8).because(DIRECT),
    Expectation::passes("fixed", "no-memory").pinned(3)
        .because("a request that the descriptor refuses is abandoned: its page is dirty again and no longer under \
            writeback."),
    Expectation::passes("fixed", "no-memory-needs-flush").pinned(10)
        .because("The descriptor is sent before the request is looked for again, and there is no memory: the request \
            is free by then, is extended to the whole page, and goes into the next RPC."),
    Expectation::passes("fixed", "wrap-blind").pinned(27)
        .because("The page does not follow the last in the descriptor, which is therefore sent before the page's \
            request is looked for."),
    Expectation::passes("fixed", "fsync-again").because(DIRECT),
    Expectation::passes("fixed", "stress").because(DIRECT),
];

const fn open(
    property: &'static str,
    within: &'static str,
    example: &'static str,
    reason: &'static str,
) -> OpenFailure {
    OpenFailure {
        property,
        within,
        example,
        reason,
    }
}

/// What the last design violates in the space.
pub(super) const OPEN: &[OpenFailure] = &[
    open(
        DATA,
        "page1=no-memory",
        "page1=no-memory,thread1=sync,thread2=store-page1",
        LOST,
    ),
    open(
        DATA,
        "page1=no-memory-stored",
        "page1=no-memory-stored,thread1=sync",
        LOST,
    ),
    open(
        DATA,
        "page2=no-memory-stored",
        "page1=clean,page2=no-memory-stored,thread1=sync",
        LOST,
    ),
    open(
        DATA,
        "first=signalled",
        "page1=to-commit-dirty,thread1=sync,first=signalled",
        INTERRUPTED,
    ),
    open(
        DATA,
        "answer=error",
        "page1=stored,thread1=sync,answer=error",
        FAILED,
    ),
    open(
        ERROR_TOLD,
        "first=short-of-memory",
        "page1=stored,thread1=reclaim-page1,first=short-of-memory",
        UNTOLD,
    ),
    // Larger than the deep bound, which has no memory for what goes with it.
    open(
        UNBOUNDED,
        "server=unstable",
        "page1=needs-flush,thread1=flusher,thread2=write-page1,server=unstable",
        OVERTAKEN,
    ),
];
