//! The commit of the transaction.

use super::state::File;
use crate::kernel::class::HANDLE;
use crate::kernel::functions as f;
use crate::model::{Halt, Task};

/// `jbd2_journal_commit_transaction`, once.
pub(super) fn commit(task: &Task, file: &File) -> Result<(), Halt> {
    let _in = task.enter(f::COMMIT_TRANSACTION);
    let mark = "commit-waits-for-handle";
    let commit = task.covering_waits(HANDLE, mark, || file.journal.lock_transaction(task))?;
    file.journal.flush(task, commit)
}
