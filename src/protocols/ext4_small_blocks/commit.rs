//! The commit of a transaction, by `kjournald2` or by `fsync`.

use super::config::BLOCKS;
use super::state::{Filesystem, KJOURNALD2};
use crate::kernel::class::HANDLE;
use crate::kernel::functions as f;
use crate::model::{Halt, Task, Wait};

/// `kjournald2`: commits when its timer says so.
pub(super) fn kjournald2(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let _in = task.enter(f::KJOURNALD2);
    if let (true, Some(lists)) = (fs.config.committing, &fs.lists) {
        let _in = task.enter(f::COMMIT_TRANSACTION);
        lists.end_commit(task, 0)?;
        if let Some(committed) = &fs.committed {
            task.step(committed, f::COMMIT_TRANSACTION, |over| *over = true)?;
        }
    }
    for _ in 0..fs.config.commits {
        commit_transaction(task, fs)?;
    }
    Ok(())
}

/// `jbd2_journal_commit_transaction`: `T_LOCKED`, every handle stopped, `T_FLUSH`, the buffers'
/// content to the journal.
///
/// Where `fsync` forces a commit, the thread that waits for it runs it.
pub(super) fn commit_transaction(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let Some(journal) = &fs.journal else {
        return Ok(());
    };
    let _one = task.acquire(&fs.committer, f::KJOURNALD2)?;
    if let Some(committed) = &fs.committed {
        let wait = Wait::on("commit of T0").woken_by(KJOURNALD2);
        task.step_when(committed, f::KJOURNALD2, &wait, |over| *over, |_| ())?;
    }
    let _in = task.enter(f::COMMIT_TRANSACTION);
    let mark = "commit-waits-for-handle";
    let commit = task.covering_waits(HANDLE, mark, || journal.lock_transaction(task))?;
    let tid = commit.tid;
    let Some(lists) = &fs.lists else {
        return journal.flush(task, commit);
    };
    lists.start_commit(task, tid)?;
    journal.flush(task, commit)?;
    for (index, content) in fs.content.iter().enumerate() {
        let mut committed = 0_u32;
        for b in 0..BLOCKS {
            let ours = lists.is_committed(task, index * BLOCKS + b, tid)?;
            committed |= u32::from(ours) << b;
        }
        if committed != 0 {
            task.step(content, f::COMMIT_TRANSACTION, move |content| {
                for b in (0..BLOCKS).filter(|b| committed >> b & 1 == 1) {
                    content.on_disk[b] = content.cached[b];
                }
            })?;
        }
    }
    lists.end_commit(task, tid)
}
