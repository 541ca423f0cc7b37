//! `write(2)` of the page.

use super::state::File;
use crate::kernel::FileMapping;
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::functions as f;
use crate::model::{Halt, Task};

/// `write(2)` of the page: handle, page lock, metadata, content, dirty.
pub(super) fn write(task: &Task, file: &File) -> Result<(), Halt> {
    let handle = file.journal_start(task)?;
    let lock = || file.page().lock_by(task, f::GRAB_CACHE_PAGE);
    let page = task.covering_waits(PAGE_LOCK, "write-waits-for-page", lock)?;
    {
        let _metadata = file.metadata.lock(task, f::FILE_WRITE)?;
        page.page().set_private(task, f::FILE_WRITE, true)?;
    }
    file.metadata.store(task, f::COPY_FROM_USER)?;
    file.set_page_dirty(task, page.page())?;
    page.unlock_page();
    file.journal.stop(task, handle)
}
