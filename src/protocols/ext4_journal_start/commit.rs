//! `kjournald2`, the thread that commits transactions.

use super::config::Flush;
use super::state::Filesystem;
use super::writepage::da_writepage;
use super::writepages::{da_writepages, write_cache_pages};
use super::{DISKSIZE, ORDERED_COMMIT, TRUNCATION};
use crate::kernel::class::HANDLE;
use crate::kernel::functions as f;
use crate::kernel::{SyncMode, WritebackControl};
use crate::model::{Halt, Task};

/// `kjournald2`: commits when its timer expires, and then whenever a thread requests it.
pub(super) fn kjournald2(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let _in = task.enter(f::KJOURNALD2);
    for _ in 0..fs.config.commits {
        commit_transaction(task, fs)?;
    }
    // No thread requests a commit where no transaction can fill up.
    if fs.config.transaction.is_some() {
        while fs.journal.wait_for_request(task)? {
            commit_transaction(task, fs)?;
        }
    }
    Ok(())
}

/// `jbd2_journal_commit_transaction`: `T_LOCKED`, wait for every handle, `T_FLUSH`, ordered data,
/// done. A crash may follow.
fn commit_transaction(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let _in = task.enter(f::COMMIT_TRANSACTION);
    let mark = "commit-waits-for-handle";
    let commit = task.covering_waits(HANDLE, mark, || fs.journal.lock_transaction(task))?;
    let tid = commit.tid;
    // No handle is open and none can start: this is the inode that the transaction commits.
    let raw = fs.inode.raw(task, f::COMMIT_TRANSACTION)?;
    let missing = fs.first_unallocated(task, raw)?;
    fs.journal.flush(task, commit)?;
    let target = fs.config.truncate.unwrap_or(usize::MAX);
    task.check(TRUNCATION, !raw.orphan || raw.size <= target, || {
        format!(
            "after the commit of T{tid} recovery would truncate the file to {} blocks, and not \
             to {target}",
            raw.size
        )
    });
    if raw.orphan {
        task.cover("commit-of-an-orphan");
    }
    if fs.config.ordered {
        submit_inode_data_buffers(task, fs)?;
    }
    task.check(DISKSIZE, missing.is_none(), || {
        let block = missing.unwrap_or_default();
        format!(
            "after the commit of T{tid} the file on disk has {} blocks, and block {block} was \
             never allocated",
            raw.size
        )
    });
    Ok(())
}

/// `journal_submit_inode_data_buffers`: writes the dirty pages of the inodes on the transaction's
/// list. This file's inode is on the list of every transaction.
fn submit_inode_data_buffers(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let _in = task.enter(f::SUBMIT_INODE_DATA_BUFFERS);
    let pages = i32::try_from(fs.mapping.pages().len()).unwrap_or(i32::MAX);
    if !fs.has(&ORDERED_COMMIT) {
        let how = Flush {
            nr_to_write: pages * 2,
            chunk: 1,
            pagevec: 1,
            start: 0,
        };
        return da_writepages(task, fs, how, SyncMode::All);
    }
    let mut wbc = WritebackControl {
        nr_to_write: pages * 2,
        ..WritebackControl::new(SyncMode::All)
    };
    write_cache_pages(task, fs, &mut wbc, 1, |page, wbc| {
        da_writepage(task, fs, page, None, wbc.sync_mode)?;
        Ok(Ok(()))
    })
}
