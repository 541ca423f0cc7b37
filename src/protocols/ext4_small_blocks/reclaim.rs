//! Reclaim of the first page.

use super::config::{BLOCKS, Reclaim};
use super::state::Filesystem;
use super::{truncate, writepage};
use crate::kernel::reclaim::{PageChecks, reclaim_page};
use crate::kernel::{LockedPage, WritebackControl};
use crate::model::{Halt, Task};

/// Reclaim by kswapd, or by a thread with a handle.
pub(super) fn reclaim(task: &Task, fs: &Filesystem, who: Reclaim) -> Result<(), Halt> {
    if who == Reclaim::Kswapd {
        return shrink_page_list(task, fs, None);
    }
    let handle = fs.journal_start(task)?;
    let current = handle.as_ref().map_or(0, |handle| handle.tid);
    shrink_page_list(task, fs, Some(current))?;
    fs.journal_stop(task, handle)
}

/// Reclaim of one page. The page itself stays: a thread in writepage has a reference to it.
fn shrink_page_list(task: &Task, fs: &Filesystem, current: Option<u32>) -> Result<(), Halt> {
    let write = |page: LockedPage<'_>, _: &WritebackControl| {
        writepage::writepage(task, fs, page, current)?;
        Ok(())
    };
    reclaim_page(task, fs, 0, PageChecks::All, write, |page| {
        try_to_release_page(task, fs, &page)
    })
}

/// `try_to_release_page`: the journal drops what it has written, then the buffers are freed.
fn try_to_release_page(task: &Task, fs: &Filesystem, page: &LockedPage<'_>) -> Result<(), Halt> {
    if let Some(lists) = &fs.lists {
        for b in 0..BLOCKS {
            if lists.is_busy(task, b)? {
                return Ok(());
            }
        }
    }
    if truncate::free_buffers(task, fs, page)? {
        task.cover("reclaim-frees-buffers");
    }
    Ok(())
}
