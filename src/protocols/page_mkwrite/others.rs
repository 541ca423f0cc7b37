//! Truncation, a writer, and the commit of its transaction.

use super::file::File;
use crate::engine::{Halt, Task};
use crate::kernel::FileMapping;
use crate::kernel::class::{HANDLE, PAGE_LOCK};
use crate::kernel::functions as f;
use crate::kernel::truncation::unmap_and_truncate;

/// `notify_change` to nothing. `i_mutex` and `i_alloc_sem`, which no other thread takes here, are left
/// out.
pub(super) fn truncate(task: &Task, file: &File) -> Result<(), Halt> {
    file.size.write(task, f::I_SIZE_WRITE, 0)?;
    unmap_and_truncate(task, file, 0)
}

/// `write(2)` of the page: handle, page lock, metadata, content, dirty.
pub(super) fn write(task: &Task, file: &File) -> Result<(), Halt> {
    let handle = file.journal_start(task)?;
    let lock = || file.page().lock_by(task, f::GRAB_CACHE_PAGE);
    let page = task.marking_waits(PAGE_LOCK, "write-waits-for-page", lock)?;
    {
        let _metadata = file.metadata.lock(task, f::FILE_WRITE)?;
        file.metadata.set_attached(task, f::FILE_WRITE, true)?;
    }
    file.metadata.store(task, f::COPY_FROM_USER)?;
    file.set_page_dirty(task, page.page())?;
    page.unlock_page();
    file.journal.stop(task, handle)
}

/// `jbd2_journal_commit_transaction`, once.
pub(super) fn commit(task: &Task, file: &File) -> Result<(), Halt> {
    let _in = task.enter(f::COMMIT_TRANSACTION);
    let mark = "commit-waits-for-handle";
    let commit = task.marking_waits(HANDLE, mark, || file.journal.lock_transaction(task))?;
    file.journal.flush(task, commit)
}
