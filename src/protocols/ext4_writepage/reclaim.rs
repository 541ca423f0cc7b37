//! Reclaim of the first page.

use super::config::Reclaim;
use super::filesystem::{BLOCKS, Filesystem};
use super::flush::WritebackControl;
use super::{truncate, writepage};
use crate::engine::{Halt, Task};
use crate::kernel::cleaning::clear_page_dirty_for_io;
use crate::kernel::functions as f;
use crate::kernel::{FileMapping as _, PteState};

/// Reclaim by kswapd, or by a thread with a handle.
pub(super) fn reclaim(task: &Task, fs: &Filesystem, who: Reclaim) -> Result<(), Halt> {
    if who == Reclaim::Kswapd {
        return shrink_page_list(task, fs, false);
    }
    let handle = fs.journal_start(task)?;
    shrink_page_list(task, fs, true)?;
    fs.journal_stop(task, handle)
}

/// `shrink_page_list` and `pageout` (mm/vmscan.c) of one page.
///
/// The kernel only tries the lock: a failed try is the execution in which this does not run. The
/// page itself stays: whoever is in writepage has a reference to it.
fn shrink_page_list(task: &Task, fs: &Filesystem, has_handle: bool) -> Result<(), Halt> {
    let _in = task.enter(f::SHRINK_PAGE_LIST);
    let page = fs.mapping.page(0);
    let locked = page.lock_page(task)?;
    if !page.has_mapping(task, f::SHRINK_PAGE_LIST)?
        || page.is_writeback(task, f::SHRINK_PAGE_LIST)?
    {
        locked.unlock_page();
        return Ok(());
    }
    for pte in fs.ptes(0) {
        let mut guard = pte.lock(task, f::TRY_TO_UNMAP)?;
        let was: PteState = guard.update(std::mem::take);
        if was.dirty {
            fs.set_page_dirty(task, page)?;
        }
    }
    if page.is_dirty(task, f::SHRINK_PAGE_LIST)? {
        let _in = task.enter(f::PAGEOUT);
        if clear_page_dirty_for_io(task, fs, &locked)? {
            let wbc = WritebackControl::of_reclaim(has_handle);
            writepage::writepage(task, fs, locked, &wbc)?;
        } else {
            locked.unlock_page();
        }
        return Ok(());
    }
    // try_to_release_page: the journal lets go of what it has written, then the buffers go.
    if let Some(lists) = &fs.lists {
        for b in 0..BLOCKS {
            if lists.is_busy(task, b)? {
                locked.unlock_page();
                return Ok(());
            }
        }
    }
    if truncate::free_buffers(task, fs, &locked)? {
        task.reach("reclaim-frees-buffers");
    }
    locked.unlock_page();
    Ok(())
}
