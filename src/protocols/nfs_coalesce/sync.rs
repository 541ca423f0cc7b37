//! `nfs_wb_all` and `nfs_wb_page`: the wait for I/O and COMMITs, and the second pass of the old design.

use super::request::{Errors, wait_on_request};
use super::state::Client;
use super::writepages::{ALL, generic_writepages, range, writepage_locked, writepages};
use super::{NO_DIRTY_SCAN, SYNC_THROUGH_WRITEPAGES};
use crate::kernel::functions as f;
use crate::kernel::nfs::{Call, Item, List, NfsPage, Rpc};
use crate::kernel::{SyncMode, WritebackControl};
use crate::model::{Halt, Task};

/// `nfs_flush_mapping`: starts the I/O of every request on the dirty list in a range whose `PG_BUSY` no
/// thread holds.
pub(super) fn flush_mapping(
    task: &Task,
    client: &Client,
    call: &mut Call,
    range: (usize, usize),
    stable: bool,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_FLUSH_MAPPING);
    let mut section = client.file.req_lock(task, f::NFS_FLUSH_MAPPING)?;
    let (taken, skipped) = section.scan(task, List::Dirty, range, call.who)?;
    drop(section);
    if skipped.is_some() {
        task.cover("scan-skips-busy");
    }
    flush_list(task, client, call, &taken, stable)
}

/// `nfs_flush_list`: makes RPCs of requests that are busy, and cancels the I/O of what there is no memory for.
fn flush_list(
    task: &Task,
    client: &Client,
    call: &mut Call,
    taken: &[Item],
    stable: bool,
) -> Result<Errors<()>, Halt> {
    if taken.is_empty() {
        return Ok(Ok(()));
    }
    let _in = task.enter(f::NFS_FLUSH_LIST);
    let mut descriptor = client.descriptor(stable);
    let mut rest = taken.iter();
    for item in rest.by_ref() {
        if descriptor.is_full() {
            task.cover("rpc-is-full");
        }
        if !descriptor.add_request(task, &client.file, call, *item)? {
            task.cover("descriptor-refuses");
            call.give_up(task, &client.file, item.page)?;
            break;
        }
    }
    descriptor.complete(task, &client.file, call)?;
    for item in rest {
        call.give_up(task, &client.file, item.page)?;
    }
    Ok(descriptor.error.map_or(Ok(()), Err))
}

/// `nfs_sync_mapping_wait`, for the pages from the start of a range to the end of the file: waits for
/// every request that is locked for I/O; in the old design, starts the I/O of what is on the dirty list
/// in the range; then has COMMITs done, and waits for those; until nothing is left. The range of one
/// page is taken for one to the end of the file where the kernel counts pages (`npages` stays 0), and
/// `nfs_scan_dirty` does not.
fn sync_mapping_wait(
    task: &Task,
    client: &Client,
    call: &mut Call,
    dirty: (usize, usize),
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_SYNC_MAPPING_WAIT);
    let start = dirty.0;
    let mut section = client.file.req_lock(task, f::NFS_SYNC_MAPPING_WAIT)?;
    loop {
        // nfs_wait_on_requests_locked
        let (mut next, mut waited) = (start, false);
        while let Some((page, generation)) = section.locked_for_io(next) {
            drop(section);
            task.cover("sync-waits-for-request");
            let page = client.file.page(page);
            if let Err(error) = wait_on_request(task, call, page, generation, None)? {
                return Ok(Err(error));
            }
            (next, waited) = (page.index + 1, true);
            section = client.file.req_lock(task, f::NFS_WAIT_ON_REQUESTS)?;
        }
        if waited {
            continue;
        }
        if !client.has(&NO_DIRTY_SCAN) {
            let (taken, skipped) = section.scan(task, List::Dirty, dirty, call.who)?;
            if !taken.is_empty() {
                drop(section);
                if let Err(error) = flush_list(task, client, call, &taken, false)? {
                    return Ok(Err(error));
                }
                section = client.file.req_lock(task, f::NFS_SYNC_MAPPING_WAIT)?;
                continue;
            }
            if let Some((page, generation)) = skipped {
                task.cover("scan-skips-busy");
                drop(section);
                // The kernel tries again and again (wbc->pages_skipped); the thread that holds
                // PG_BUSY is not interrupted by that, nor is this.
                let page = client.file.page(page);
                page.wait_on_request(task, generation)?;
                section = client.file.req_lock(task, f::NFS_SYNC_MAPPING_WAIT)?;
                continue;
            }
        }
        // nfs_scan_commit: once there is something to commit, the whole file is.
        let (mut taken, _) = section.scan(task, List::Commit, (start, usize::MAX), call.who)?;
        if taken.is_empty() {
            return Ok(Ok(()));
        }
        taken.extend(section.scan(task, List::Commit, ALL, call.who)?.0);
        drop(section);
        commit_list(task, client, &taken)?;
        section = client.file.req_lock(task, f::NFS_SYNC_MAPPING_WAIT)?;
    }
}

/// `nfs_commit_list`: asks the server for one COMMIT.
fn commit_list(task: &Task, client: &Client, list: &[Item]) -> Result<(), Halt> {
    let _in = task.enter(f::NFS_COMMIT_LIST);
    task.cover("commit");
    let pages: Vec<usize> = list.iter().map(|item| item.page).collect();
    let rpc = Rpc::new(true, true, &pages);
    client.file.rpcs.execute(task, rpc, &[])
}

/// `nfs_wb_all`.
pub(super) fn wb_all(
    task: &Task,
    client: &Client,
    call: &mut Call,
    wbc: WritebackControl,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WB_ALL);
    let written = if client.has(&SYNC_THROUGH_WRITEPAGES) {
        writepages(task, client, call, wbc)?
    } else {
        generic_writepages(task, client, call, wbc, None)?
    };
    if written.is_err() {
        return Ok(written);
    }
    sync_mapping_wait(task, client, call, ALL)
}

/// `nfs_wb_page_priority`, called with the page locked.
pub(super) fn wb_page(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: &NfsPage,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WB_PAGE);
    let wbc = WritebackControl {
        index: page.index,
        for_writepages: false,
        ..WritebackControl::new(SyncMode::All)
    };
    if page.test_clear_dirty(task)? {
        let written = writepage_locked(task, client, call, wbc, page, None)?;
        if written.is_err() {
            return Ok(written);
        }
    }
    if !client.file.has_request(task, page, f::NFS_WB_PAGE)? {
        return Ok(Ok(()));
    }
    sync_mapping_wait(task, client, call, range(&wbc))
}
