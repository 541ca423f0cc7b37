//! The threads.

use super::client::{Client, Role, Sync, Thread};
use super::flush::{WritebackControl, no_self_wait, wait_on_writeback, writepage, writepages};
use super::sync::{wb_all, wb_page};
use crate::engine::{Halt, Task};
use crate::kernel::functions as f;
use crate::kernel::nfs::Call;

/// Runs a thread of a scenario.
pub(super) fn run(task: &Task, client: &Client, thread: &Thread) -> Result<(), Halt> {
    let mut call = Call::new(thread.name, thread.interruptible, thread.short_of_memory);
    let wbc = |sync, start| WritebackControl {
        sync,
        start,
        for_writepages: true,
        for_reclaim: false,
    };
    match thread.role {
        Role::Flusher { rounds, start } => {
            for round in 0..rounds {
                let _in = task.enter(f::SYNC_SINGLE_INODE);
                let start = if round == 0 { start } else { 0 };
                // What it returns goes to the superblock's error state, and to no property.
                let _ = writepages(task, client, &mut call, wbc(Sync::None, start))?;
                client.leave(task, &mut call, f::NFS_WRITEPAGES)?;
            }
            Ok(())
        }
        Role::Sync { start } => {
            let _ = writepages(task, client, &mut call, wbc(Sync::All, start))?;
            client.leave(task, &mut call, f::NFS_WRITEPAGES)
        }
        Role::Fsync { rounds } => {
            for _ in 0..rounds {
                let _in = task.enter(f::NFS_FSYNC);
                let _ = wb_all(task, client, &mut call, wbc(Sync::All, 0))?;
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

/// `shrink_page_list` and `pageout` of one page, by kswapd. It only tries the page lock; a try that fails
/// is the execution in which it does not run.
fn reclaim(task: &Task, client: &Client, call: &mut Call, page: usize) -> Result<(), Halt> {
    let _in = task.enter(f::SHRINK_PAGE_LIST);
    let locked = client.file.page(page).lock_page(task)?;
    let page = locked.page;
    if !page.clear_dirty_for_io(task)? {
        locked.unlock_page();
        return Ok(());
    }
    let wbc = WritebackControl {
        sync: Sync::None,
        start: 0,
        for_writepages: false,
        for_reclaim: true,
    };
    let _ = writepage(task, client, call, wbc, locked, None)?;
    client.leave(task, call, f::NFS_WRITEPAGE)
}
