//! The thread that runs the completions of RPCs.

use super::NO_BUG;
use super::state::Client;
use crate::kernel::functions as f;
use crate::kernel::nfs::{NfsPage, Rpc};
use crate::model::{Halt, Task};

/// `rpciod`: completes each RPC as the server answers it.
pub(super) fn serve(task: &Task, client: &Client) -> Result<(), Halt> {
    let mut fails = client.config.write_fails;
    loop {
        let rpc = client.file.rpcs.next(task)?;
        if rpc.commit {
            commit_done(task, client, rpc)?;
        } else {
            writeback_done(task, client, rpc, std::mem::take(&mut fails))?;
        }
    }
}

/// `nfs_writeback_done_full`: `PageWriteback` goes before the request is unlocked. Where the WRITE has failed, the
/// open context has the error, and nothing dirties the pages.
fn writeback_done(task: &Task, client: &Client, rpc: Rpc, fails: bool) -> Result<(), Halt> {
    let _in = task.enter(f::NFS_WRITEBACK_DONE);
    if fails {
        task.cover("write-fails");
        client.file.rpcs.failed(task, rpc)?;
    }
    for page in rpc.pages() {
        let page = client.file.page(page);
        if client.config.unstable && !rpc.stable && !fails {
            let there = client.file.mark_request_commit(task, page)?;
            task.bug_on(NO_BUG, !there, GONE)?;
            page.end_page_writeback(task)?;
            let generation = client.file.clear_tag_writeback(task, page)?;
            unlock(task, client, page, generation, rpc)?;
        } else {
            page.end_page_writeback(task)?;
            remove(task, client, page, rpc)?;
        }
    }
    Ok(())
}

const GONE: &str = "the request of an RPC has gone from its page";

/// `nfs_commit_done`. The verifier matches: see the module's *Abstracts away*.
fn commit_done(task: &Task, client: &Client, rpc: Rpc) -> Result<(), Halt> {
    let _in = task.enter(f::NFS_COMMIT_DONE);
    for page in rpc.pages() {
        remove(task, client, client.file.page(page), rpc)?;
    }
    Ok(())
}

/// `nfs_inode_remove_request`, and the end of `nfs_clear_page_writeback`: a request that has left
/// its page has no tag to clear.
fn remove(task: &Task, client: &Client, page: &NfsPage, rpc: Rpc) -> Result<(), Halt> {
    let generation = client.file.remove_request(task, page)?;
    unlock(task, client, page, generation, rpc)
}

/// `nfs_unlock_request`. In a design that unlocks requests when it has queued them, the completion of a WRITE leaves
/// that to the thread that has them busy by then.
fn unlock(
    task: &Task,
    client: &Client,
    page: &NfsPage,
    generation: Option<u8>,
    rpc: Rpc,
) -> Result<(), Halt> {
    let Some(generation) = generation else {
        return Err(task.bug(NO_BUG, GONE));
    };
    if !rpc.commit && client.file.rpcs.unlocked_early() {
        return Ok(());
    }
    let busy = page.unlock_removed(task, generation, Some(rpc))?;
    task.bug_on(NO_BUG, !busy, "nfs_unlock_request: the request is not busy")
}
