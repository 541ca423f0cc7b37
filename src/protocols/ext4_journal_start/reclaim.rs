//! Reclaim, which calls writepage with nothing but a page lock.

use super::state::Filesystem;
use super::writepage::da_writepage;
use crate::kernel::reclaim::{PageChecks, reclaim_page};
use crate::kernel::{Handle, LockedPage, WritebackControl};
use crate::model::{Halt, Task};

/// Reclaim by `kswapd`, which has no handle.
pub(super) fn kswapd(task: &Task, fs: &Filesystem, page: usize) -> Result<(), Halt> {
    shrink_page_list(task, fs, page, None)?;
    Filesystem::leave_kernel(task);
    Ok(())
}

/// Reclaim of one page, with the handle that the thread has.
pub(super) fn shrink_page_list(
    task: &Task,
    fs: &Filesystem,
    page: usize,
    mut handle: Option<&mut Handle<'_>>,
) -> Result<(), Halt> {
    let write = |page: LockedPage<'_>, wbc: &WritebackControl| {
        if handle.is_some() {
            task.cover("writepage-with-a-handle");
        }
        da_writepage(task, fs, page, handle.as_deref_mut(), wbc.sync_mode)
    };
    let release = |page: LockedPage<'_>| {
        page.unlock_page();
        Ok(())
    };
    reclaim_page(task, fs, page, PageChecks::DirtyOnly, write, release)
}
