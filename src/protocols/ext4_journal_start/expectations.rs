//! What each design must do in each scenario: the verdict, the violated properties, and the cycle of a deadlock.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{CREDITS, DATA, DISKSIZE, HANDLES, NO_BUG, RANK, SIZES, TRUNCATION};
use crate::engine::NO_DEADLOCK;
use crate::spec::{Expectation, OpenFailure};

/// J-B1 with this writer.
macro_rules! flusher_commit {
    ($writer:literal) => {
        concat!(
            "flusher (commit of TN) -> kjournald2 (handle of TN) -> ",
            $writer,
            " (page N lock) -> flusher"
        )
    };
}
/// J-B1 with the page fault.
const FLUSHER_COMMIT_FAULT: &str = "fault (page N lock) -> flusher (commit of TN) -> kjournald2 \
    (handle of TN) -> fault";
/// J-B3 with this writer.
macro_rules! reclaim_commit {
    ($writer:literal) => {
        concat!(
            "kjournald2 (handle of TN) -> ",
            $writer,
            " (page N lock) -> reclaim (commit of TN) -> kjournald2"
        )
    };
}
/// J-B3 with the flusher in between: it waits for the page that reclaim holds.
macro_rules! flusher_reclaim_commit {
    ($writer:literal) => {
        concat!(
            "flusher (page N lock) -> reclaim (commit of TN) -> kjournald2 (handle of TN) -> ",
            $writer,
            " (page N lock) -> flusher"
        )
    };
}
/// The same with the page fault.
const FLUSHER_RECLAIM_COMMIT_FAULT: &str = "fault (page N lock) -> flusher (page N lock) -> \
    reclaim (commit of TN) -> kjournald2 (handle of TN) -> fault";
/// J-B2.
const FLUSHER_COMMIT: &str = "flusher (commit of TN) -> kjournald2 (page N lock) -> flusher";
/// The commit waits for the next commit.
const COMMIT_ITSELF: &str = "kjournald2 (commit of TN) -> kjournald2";
/// The commit waits for a handle that no thread will stop.
const COMMIT_FORGOTTEN: &str = "kjournald2 (handle of TN) -> writer";

/// J-A2.
const FLUSHERS: &str = "flusher (page N lock) -> flusher2 (page N lock) -> flusher";

const INVERSION: &str = "The flusher holds the page lock and waits for the commit; the commit \
    waits for the writer's handle; the writer waits for the page lock.";
const ANY_INVERSION: &str = "The thread that writes a page back holds its lock and waits for the \
    commit; the commit waits for a handle; the handle's owner waits for that page.";
const CREDIT: &str = "The handle runs out of credits under the page lock: J_ASSERT fires, and the \
    page stays clean and unwritten.";
const FORGOTTEN: &str = "write_begin returns -ENOMEM and forgets its handle; the commit waits for \
    it forever.";
const ONE_ORDER: &str = "Every thread starts the handle before it takes a page lock: a thread that \
    waits for the commit holds no page.";
const UNDONE: &str = "Writeback compares with i_size, which truncation has not lowered yet, and \
    then with i_disksize, which it has: the old size goes back, and to the journal.";
const NOT_UNDONE: &str = "Truncation lowers both sizes in one critical section, writeback compares \
    with both in one, and the inode is logged in one.";
const AFTER_TRUNCATION: &str = "writepage has read i_size, truncation is done, and then writepage \
    stores what it has read to i_disksize.";
const NO_BLIND_STORE: &str = "writepage leaves i_disksize alone.";
const ZEROES: &str = "A later block is on disk first and takes i_disksize past one that is still \
    delayed: after a crash that block reads as zeroes. ext4 accepts this; no fix is on record.";
const REDIRTIED: &str = "Reclaim puts a page that needs an allocation back instead of starting a \
    handle under its lock.";

const TRUNCATION_WAITS: &str = "page_mkwrite has i_alloc_sem from before its look at i_size until the block is prepared: \
    truncation comes before or after.";
const NO_HANDLE_YET: &str = "A handle is started for the first page that is found, and there is \
    none.";
const NOTHING_TO_WRITE: &str = "Without a page in the mapping, writepages returns before it starts \
    a handle.";

const BOTH_WRAP: &str = "The flusher from the second page wraps with that page locked, and the other one has the first \
    and goes on to the second.";
/// One line for each design in each scenario.
#[rustfmt::skip]
pub(super) const EXPECTATIONS: &[Expectation] = &[
    Expectation::violates("old", "write", &[NO_DEADLOCK, RANK]).by(&[flusher_commit!("writer")]).pinned(9)
        .because(INVERSION),
    Expectation::violates("old", "fault", &[NO_DEADLOCK, RANK]).by(&[FLUSHER_COMMIT_FAULT]).pinned(59)
        .because("The flusher holds the page lock and waits for the commit; the commit waits for the handle of the \
            page fault; the fault waits for the page lock."),
    Expectation::violates("old", "reclaim", &[NO_DEADLOCK, RANK, DISKSIZE]).by(&[reclaim_commit!("writer")]).pinned(41)
        .because("Reclaim holds the page lock and waits for the commit; the commit waits for the writer's handle; the \
            writer waits for the page lock."),
    Expectation::passes("old", "extend").pinned(6).because("The flusher has nothing to allocate and starts no handle."),
    Expectation::violates("old", "write-fault", &[NO_DEADLOCK, RANK])
        .by(&[FLUSHER_COMMIT_FAULT, flusher_commit!("writer")]).pinned(1025)
        .because("The flusher holds the page lock and waits for the commit, which waits for the handle of the writer \
            or of the fault, which waits for the page lock."),
    Expectation::violates("old", "ordered", &[NO_DEADLOCK, RANK]).by(&[COMMIT_ITSELF, FLUSHER_COMMIT]).pinned(6)
        .because("A full transaction waits for the next commit under the page lock, and the commit wants that page, or \
            is itself the one that waits."),
    Expectation::passes("old", "direct-reclaim").pinned(2)
        .because("writepage redirties whenever its thread has a handle."),
    Expectation::violates("old", "pagevec", &[NO_DEADLOCK, RANK]).by(&[flusher_commit!("writer")]).pinned(16)
        .because(INVERSION),
    Expectation::violates("old", "no-memory", &[HANDLES, NO_DEADLOCK]).by(&[COMMIT_FORGOTTEN]).pinned(2)
        .because(FORGOTTEN),
    Expectation::violates("old", "truncate", &[TRUNCATION, RANK]).pinned(1188).because(UNDONE),
    Expectation::violates("old", "truncate-reclaim", &[RANK, SIZES]).pinned(919).because(AFTER_TRUNCATION),
    Expectation::passes("old", "fault-truncate").pinned(6).because(TRUNCATION_WAITS),
    Expectation::passes("old", "umount").pinned(1).because(NO_HANDLE_YET),
    Expectation::violates("old", "cyclic", &[DISKSIZE, RANK]).pinned(2).because(ZEROES),
    Expectation::violates("old", "past-delayed", &[DISKSIZE]).pinned(2).because(ZEROES),
    Expectation::violates("old", "stress", &[NO_DEADLOCK, RANK, DISKSIZE])
        .by(&[flusher_commit!("writer1"), flusher_commit!("writer2"), flusher_commit!("writer3"),
            FLUSHER_COMMIT_FAULT, reclaim_commit!("writer2"), flusher_reclaim_commit!("writer1"),
            flusher_reclaim_commit!("writer3"), FLUSHER_RECLAIM_COMMIT_FAULT])
        .because(ANY_INVERSION),
    Expectation::violates("old", "chunks-commit", &[RANK]).pinned(7).because("The flusher starts handles with the page locked."),
    Expectation::violates("old", "two-flushers", &[NO_DEADLOCK, RANK]).by(&[FLUSHERS]).pinned(16).because(BOTH_WRAP),
    Expectation::violates("old", "without-buffers", &[RANK]).pinned(1)
        .because("block_write_full_page makes the page's buffers; the handle is started before, under the page lock."),
    Expectation::passes("patched", "chunks-commit").pinned(3).because(NO_BLIND_STORE),
    Expectation::violates("patched", "two-flushers", &[NO_DEADLOCK]).by(&[FLUSHERS]).pinned(32).because(BOTH_WRAP),
    Expectation::violates("patched", "without-buffers", &[NO_BUG, DATA]).pinned(1)
        .because("writepage looks at the buffers of a page that has none."),
    Expectation::passes("fixed", "chunks-commit").pinned(3).because(NO_BLIND_STORE),
    Expectation::passes("fixed", "two-flushers").pinned(54)
        .because("The flusher from the second page starts again when its pages are unlocked."),
    Expectation::passes("fixed", "without-buffers").pinned(1).because("writepage looks the page's block up first."),
    Expectation::passes("patched", "write").pinned(10).because(ONE_ORDER),
    Expectation::passes("patched", "fault").pinned(52).because(ONE_ORDER),
    Expectation::passes("patched", "reclaim").pinned(4).because(REDIRTIED),
    Expectation::passes("patched", "extend").pinned(14).because(ONE_ORDER),
    Expectation::passes("patched", "write-fault").pinned(877).because(ONE_ORDER),
    Expectation::violates("patched", "ordered", &[NO_DEADLOCK]).by(&[COMMIT_ITSELF]).pinned(88)
        .because("The commit writes ordered data through writepages, which starts a handle: once the new transaction \
            is full, the commit waits for itself."),
    Expectation::violates("patched", "direct-reclaim", &[CREDITS, DATA]).pinned(2).because(CREDIT),
    Expectation::violates("patched", "pagevec", &[CREDITS, DATA]).pinned(10).because(CREDIT),
    Expectation::violates("patched", "no-memory", &[HANDLES, NO_DEADLOCK]).by(&[COMMIT_FORGOTTEN]).pinned(2)
        .because(FORGOTTEN),
    Expectation::violates("patched", "truncate", &[TRUNCATION]).pinned(1196).because(UNDONE),
    Expectation::passes("patched", "truncate-reclaim").pinned(4).because(NO_BLIND_STORE),
    Expectation::passes("patched", "fault-truncate").pinned(6).because(TRUNCATION_WAITS),
    Expectation::passes("patched", "umount").pinned(1).because(NOTHING_TO_WRITE),
    Expectation::violates("patched", "cyclic", &[DISKSIZE]).pinned(2).because(ZEROES),
    Expectation::violates("patched", "past-delayed", &[DISKSIZE]).pinned(2).because(ZEROES),
    Expectation::passes("patched", "stress").because(ONE_ORDER),
    Expectation::passes("fixed", "write").pinned(10).because(ONE_ORDER),
    Expectation::passes("fixed", "fault").pinned(52).because(ONE_ORDER),
    Expectation::passes("fixed", "reclaim").pinned(4).because(REDIRTIED),
    Expectation::passes("fixed", "extend").pinned(14).because(ONE_ORDER),
    Expectation::passes("fixed", "write-fault").pinned(937).because(ONE_ORDER),
    Expectation::passes("fixed", "ordered").pinned(59)
        .because("The commit takes page locks and no handle; a writepage that would have to allocate redirties."),
    Expectation::passes("fixed", "direct-reclaim").pinned(2)
        .because("writepage redirties what it would have to allocate, whatever handle its thread has."),
    Expectation::passes("fixed", "pagevec").pinned(50)
        .because("A chunk ends where its credits end, also inside a pagevec."),
    Expectation::passes("fixed", "no-memory").pinned(2).because("write_begin stops its handle on the way out."),
    Expectation::passes("fixed", "truncate").pinned(61).because(NOT_UNDONE),
    Expectation::passes("fixed", "truncate-reclaim").pinned(4).because(NO_BLIND_STORE),
    Expectation::passes("fixed", "fault-truncate").pinned(6).because(TRUNCATION_WAITS),
    Expectation::passes("fixed", "umount").pinned(1).because(NOTHING_TO_WRITE),
    Expectation::violates("fixed", "cyclic", &[DISKSIZE]).pinned(2).because(ZEROES),
    Expectation::violates("fixed", "past-delayed", &[DISKSIZE]).pinned(2).because(ZEROES),
    Expectation::passes("fixed", "stress").because(ONE_ORDER),
];

/// What the last design violates in the space: in each of these `i_disksize` passes a delayed block. No commit that
/// changed that is established here.
pub(super) const OPEN: &[OpenFailure] = &[
    OpenFailure {
        property: DISKSIZE,
        within: "truncate=1",
        example: "page1=delayed-delayed,size=2,truncate=1,commits=1",
        reason: "ext4_setattr stores the new size to i_disksize, whatever is allocated below it: after a crash a block that \
            was delayed reads as zeroes.",
    },
    OpenFailure {
        property: DISKSIZE,
        within: "page2=on-disk",
        example: "page1=delayed,page2=on-disk,size=1,writer1=page2,commits=1",
        reason: "ext4_da_write_end stores the new size to i_disksize where the last page's own blocks are allocated, \
            whatever the pages before it are: after a crash a block that was delayed reads as zeroes.",
    },
    OpenFailure {
        property: DISKSIZE,
        within: "flush=1-from-page2",
        example: "page1=delayed,page2=delayed,size=2,flush=1-from-page2,commits=1",
        reason: FROM_PAGE2,
    },
    OpenFailure {
        property: DISKSIZE,
        within: "flush=2-from-page2",
        example: "page1=delayed,page2=delayed,size=2,flush=2-from-page2,commits=1",
        reason: FROM_PAGE2,
    },
];

const FROM_PAGE2: &str = "Cyclic writeback goes on where it ended, and ext4_da_get_block_write advances i_disksize to the \
    end of what it allocates, whatever is delayed before it: after a crash that reads as zeroes.";
