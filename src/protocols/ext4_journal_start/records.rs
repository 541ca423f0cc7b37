//! What each design comes to in each scenario.
//!
//! The execution counts are loom's, to the end of each search. `pagelock check` prints them.

use super::{CREDITS, DATA, DISKSIZE, HANDLES, RANK, SIZES, TRUNCATION};
use crate::engine::NO_DEADLOCK;
use crate::spec::Record;
use crate::spec::record::{fail_by, pass};

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
const FLUSHER_COMMIT_FAULT: &str =
    "fault (page N lock) -> flusher (commit of TN) -> kjournald2 (handle of TN) -> fault";
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
/// The commit waits for a handle that nobody will stop.
const COMMIT_FORGOTTEN: &str = "kjournald2 (handle of TN) -> writer";

const INVERSION: &str = "The flusher holds the page lock and waits for the commit; the commit waits \
    for the writer's handle; the writer waits for the page lock.";
const ANY_INVERSION: &str = "Whoever writes a page back holds its lock and waits for the commit; the \
    commit waits for a handle; the handle's owner waits for that page.";
const CREDIT: &str = "The handle runs out of credits under the page lock: J_ASSERT fires, and the \
    page stays clean and unwritten.";
const FORGOTTEN: &str = "write_begin returns -ENOMEM and forgets its handle; the commit waits for \
    it for ever.";
const ONE_ORDER: &str = "Everybody starts the handle before taking a page lock: whoever waits for \
    the commit holds no page.";
const UNDONE: &str = "Writeback compares with i_size, which truncation has not lowered yet, and then with \
    i_disksize, which it has: the old size goes back, and to the journal.";
const NOT_UNDONE: &str = "Truncation lowers both sizes in one critical section, writeback compares with \
    both in one, and the inode is logged in one.";
const AFTER_TRUNCATION: &str = "writepage has read i_size, truncation is done, and then writepage stores \
    what it has read to i_disksize.";
const NO_BLIND_STORE: &str = "writepage leaves i_disksize alone.";
const ZEROES: &str = "A later block is on disk first and takes i_disksize past one that is still \
    delayed: after a crash that block reads as zeroes. ext4 accepts this; no fix is on record.";
const REDIRTIED: &str = "Reclaim puts a page that needs an allocation back instead of starting a \
    handle under its lock.";

const NO_HANDLE_YET: &str =
    "A handle is started for the first page that is found, and there is none.";
const NOTHING_TO_WRITE: &str =
    "Without a page in the mapping, writepages returns before it starts a handle.";

/// The records.
pub(super) const RECORDS: &[Record] = &[
    fail_by(
        "old",
        "write",
        Some(9),
        &[NO_DEADLOCK, RANK],
        &[flusher_commit!("writer")],
        INVERSION,
    ),
    fail_by(
        "old",
        "fault",
        Some(26),
        &[NO_DEADLOCK, RANK],
        &[FLUSHER_COMMIT_FAULT],
        "The flusher holds the page lock and waits for the commit; the commit waits for the \
         handle of the page fault; the fault waits for the page lock.",
    ),
    fail_by(
        "old",
        "reclaim",
        Some(41),
        &[NO_DEADLOCK, RANK, DISKSIZE],
        &[reclaim_commit!("writer")],
        "Reclaim holds the page lock and waits for the commit; the commit waits for the writer's \
         handle; the writer waits for the page lock.",
    ),
    fail_by(
        "old",
        "chunks",
        Some(16),
        &[NO_DEADLOCK, RANK],
        &[flusher_commit!("writer")],
        INVERSION,
    ),
    pass(
        "old",
        "extend",
        Some(6),
        "The flusher has nothing to allocate and starts no handle.",
    ),
    fail_by(
        "old",
        "flush-reclaim",
        Some(208),
        &[NO_DEADLOCK, RANK],
        &[flusher_commit!("writer"), reclaim_commit!("writer")],
        "Whoever writes the page back, the flusher or reclaim, holds its lock and waits for the \
         commit, which waits for the writer, which waits for the page lock.",
    ),
    fail_by(
        "old",
        "write-fault",
        Some(371),
        &[NO_DEADLOCK, RANK],
        &[FLUSHER_COMMIT_FAULT, flusher_commit!("writer")],
        "The flusher holds the page lock and waits for the commit, which waits for the handle of \
         the writer or of the fault, which waits for the page lock.",
    ),
    fail_by(
        "old",
        "ordered",
        Some(6),
        &[NO_DEADLOCK, RANK],
        &[COMMIT_ITSELF, FLUSHER_COMMIT],
        "A full transaction waits for the next commit under the page lock, and the commit wants \
         that page, or is itself the one that waits.",
    ),
    pass(
        "old",
        "direct-reclaim",
        Some(2),
        "writepage redirties whenever its thread has a handle.",
    ),
    fail_by(
        "old",
        "pagevec",
        Some(16),
        &[NO_DEADLOCK, RANK],
        &[flusher_commit!("writer")],
        INVERSION,
    ),
    fail_by(
        "old",
        "no-memory",
        Some(2),
        &[HANDLES, NO_DEADLOCK],
        &[COMMIT_FORGOTTEN],
        FORGOTTEN,
    ),
    fail_by(
        "old",
        "truncate",
        Some(372),
        &[TRUNCATION, RANK],
        &[],
        UNDONE,
    ),
    fail_by(
        "old",
        "truncate-reclaim",
        Some(223),
        &[RANK, SIZES],
        &[],
        AFTER_TRUNCATION,
    ),
    pass("old", "umount", Some(1), NO_HANDLE_YET),
    fail_by("old", "cyclic", Some(2), &[DISKSIZE, RANK], &[], ZEROES),
    fail_by("old", "past-delayed", Some(2), &[DISKSIZE], &[], ZEROES),
    fail_by(
        "old",
        "crowd",
        None,
        &[NO_DEADLOCK, RANK, DISKSIZE],
        &[
            flusher_commit!("writer1"),
            flusher_commit!("writer2"),
            flusher_commit!("writer3"),
            FLUSHER_COMMIT_FAULT,
            reclaim_commit!("writer2"),
            flusher_reclaim_commit!("writer1"),
            flusher_reclaim_commit!("writer3"),
            FLUSHER_RECLAIM_COMMIT_FAULT,
        ],
        ANY_INVERSION,
    ),
    fail_by(
        "old",
        "ordered-crowd",
        None,
        &[NO_DEADLOCK, RANK],
        &[flusher_commit!("writer2"), FLUSHER_COMMIT, COMMIT_ITSELF],
        ANY_INVERSION,
    ),
    pass("patched", "write", Some(10), ONE_ORDER),
    pass("patched", "fault", Some(22), ONE_ORDER),
    pass("patched", "reclaim", Some(4), REDIRTIED),
    pass(
        "patched",
        "chunks",
        Some(56),
        "Between chunks the flusher holds neither a page lock nor a handle, and each handle has \
         the credits for its chunk.",
    ),
    pass("patched", "extend", Some(14), ONE_ORDER),
    pass("patched", "flush-reclaim", Some(44), REDIRTIED),
    pass("patched", "write-fault", Some(268), ONE_ORDER),
    fail_by(
        "patched",
        "ordered",
        Some(88),
        &[NO_DEADLOCK],
        &[COMMIT_ITSELF],
        "The commit writes ordered data through writepages, which starts a handle: once the new \
         transaction is full, the commit waits for itself.",
    ),
    fail_by(
        "patched",
        "direct-reclaim",
        Some(2),
        &[CREDITS, DATA],
        &[],
        CREDIT,
    ),
    fail_by(
        "patched",
        "pagevec",
        Some(10),
        &[CREDITS, DATA],
        &[],
        CREDIT,
    ),
    fail_by(
        "patched",
        "no-memory",
        Some(2),
        &[HANDLES, NO_DEADLOCK],
        &[COMMIT_FORGOTTEN],
        FORGOTTEN,
    ),
    fail_by("patched", "truncate", Some(380), &[TRUNCATION], &[], UNDONE),
    pass("patched", "truncate-reclaim", Some(4), NO_BLIND_STORE),
    pass("patched", "umount", Some(1), NOTHING_TO_WRITE),
    fail_by("patched", "cyclic", Some(2), &[DISKSIZE], &[], ZEROES),
    fail_by("patched", "past-delayed", Some(2), &[DISKSIZE], &[], ZEROES),
    pass("patched", "crowd", None, ONE_ORDER),
    fail_by(
        "patched",
        "ordered-crowd",
        None,
        &[NO_DEADLOCK],
        &[COMMIT_ITSELF],
        "The commit writes ordered data through writepages, which starts a handle: once the new \
         transaction is full, the commit waits for itself.",
    ),
    pass("mended", "write", Some(10), ONE_ORDER),
    pass("mended", "fault", Some(22), ONE_ORDER),
    pass("mended", "reclaim", Some(4), REDIRTIED),
    pass(
        "mended",
        "chunks",
        Some(50),
        "Between chunks the flusher holds neither a page lock nor a handle, and each handle has \
         the credits for its chunk.",
    ),
    pass("mended", "extend", Some(14), ONE_ORDER),
    pass("mended", "flush-reclaim", Some(44), REDIRTIED),
    pass("mended", "write-fault", Some(273), ONE_ORDER),
    pass(
        "mended",
        "ordered",
        Some(59),
        "The commit takes page locks and no handle; a writepage that would have to allocate \
         redirties.",
    ),
    pass(
        "mended",
        "direct-reclaim",
        Some(2),
        "writepage redirties what it would have to allocate, whatever handle its thread has.",
    ),
    pass(
        "mended",
        "pagevec",
        Some(50),
        "A chunk ends where its credits end, also inside a pagevec.",
    ),
    pass(
        "mended",
        "no-memory",
        Some(2),
        "write_begin stops its handle on the way out.",
    ),
    pass("mended", "truncate", Some(61), NOT_UNDONE),
    pass("mended", "truncate-reclaim", Some(4), NO_BLIND_STORE),
    pass("mended", "umount", Some(1), NOTHING_TO_WRITE),
    fail_by("mended", "cyclic", Some(2), &[DISKSIZE], &[], ZEROES),
    fail_by("mended", "past-delayed", Some(2), &[DISKSIZE], &[], ZEROES),
    pass("mended", "crowd", None, ONE_ORDER),
    pass("mended", "ordered-crowd", None, ONE_ORDER),
];
