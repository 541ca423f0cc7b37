//! What each thread of a scenario does: pdflush, `fsync`, invalidation, reclaim, truncation, stores, a signal.

use super::client::{Client, Role, Thread};
use super::flush::{Pages, no_self_wait, wait_on_writeback, writepages};
use super::sync::{wb_all, wb_page};
use crate::engine::{Halt, Task};
use crate::kernel::functions as f;
use crate::kernel::nfs::Call;
use crate::kernel::reclaim::{PageChecks, shrink_page_list};
use crate::kernel::{SyncMode, WritebackControl};

/// Runs a thread of a scenario.
pub(super) fn run(task: &Task, client: &Client, thread: &Thread) -> Result<(), Halt> {
    let mut call = Call::new(thread.name, thread.interruptible, thread.short_of_memory);
    let wbc = |sync_mode, index| WritebackControl {
        index,
        ..WritebackControl::new(sync_mode)
    };
    match thread.role {
        Role::Flusher { rounds, start } => {
            for round in 0..rounds {
                let _in = task.enter(f::SYNC_SINGLE_INODE);
                let start = if round == 0 { start } else { 0 };
                // What it returns goes to the superblock's error state, and to no property.
                let _ = writepages(task, client, &mut call, wbc(SyncMode::None, start))?;
                client.leave(task, &mut call, f::NFS_WRITEPAGES)?;
            }
            Ok(())
        }
        Role::Sync { start } => {
            let _ = writepages(task, client, &mut call, wbc(SyncMode::All, start))?;
            client.leave(task, &mut call, f::NFS_WRITEPAGES)
        }
        Role::Fsync { rounds } => {
            for _ in 0..rounds {
                let _in = task.enter(f::NFS_FSYNC);
                let _ = wb_all(task, client, &mut call, wbc(SyncMode::All, 0))?;
                client.leave(task, &mut call, f::NFS_WB_ALL)?;
                // A signal that was seen is delivered on the way out; there is only one.
                call.interruptible &= !std::mem::take(&mut call.signalled);
            }
            Ok(())
        }
        Role::Invalidate(page) => invalidate(task, client, &mut call, page),
        Role::Reclaim(page) => reclaim(task, client, &mut call, page),
        Role::Truncate(page) => {
            let _in = task.enter(f::TRUNCATE_INODE_PAGES);
            let locked = client.file.page(page).lock_page(task)?;
            no_self_wait(task, &call, locked.page);
            if !locked.page.wait_on_page_writeback_to_truncate(task)? {
                task.reach("written-before-truncation");
            }
            locked.unlock_page();
            Ok(())
        }
        Role::Store(index) | Role::Touch(index) => {
            let _in = task.enter(f::DO_WP_PAGE);
            let page = client.file.page(index);
            if thread.role == Role::Store(index) {
                client.file.rpcs.store(task, index)?;
            }
            if !client.file.nfs_set_page_dirty(task, page)? {
                task.reach("store-dirties-the-page");
            }
            Ok(())
        }
        Role::Signal(pages) => {
            for page in pages {
                client.file.page(*page).signal(task)?;
            }
            Ok(())
        }
    }
}

/// `invalidate_inode_pages2` of one page, which launders it with `nfs_wb_page`.
fn invalidate(task: &Task, client: &Client, call: &mut Call, page: usize) -> Result<(), Halt> {
    let _in = task.enter(f::INVALIDATE_INODE_PAGES2);
    let locked = client.file.page(page).lock_page(task)?;
    wait_on_writeback(task, call, locked.page)?;
    let _ = wb_page(task, client, call, locked.page)?;
    client.leave(task, call, f::NFS_WB_PAGE)?;
    locked.unlock_page();
    Ok(())
}

/// Reclaim of one page, by kswapd.
fn reclaim(task: &Task, client: &Client, call: &mut Call, page: usize) -> Result<(), Halt> {
    let page = client.file.page(page);
    let pgio = None;
    let mut pages = Pages { client, call, pgio };
    shrink_page_list(task, &mut pages, page, PageChecks::OneStep, |page| {
        page.unlock_page();
        Ok(())
    })?;
    client.leave(task, call, f::NFS_WRITEPAGE)
}
