//! A page's request: waiting for it, making it, extending it.

use super::state::Client;
use super::sync::wb_page;
use super::writepages::{no_self_wait, not_under_writeback, unlock};
use crate::kernel::functions as f;
use crate::kernel::nfs::{Call, Claim, Errno, NfsPage};
use crate::model::{Halt, Task};

/// What a function of the kernel returns that may fail.
pub(super) type Errors<T> = Result<T, Errno>;

/// `nfs_wait_on_request`: until the request is not busy. A signal ends the wait, at any point of it,
/// on a mount with `intr`; it stays pending.
pub(super) fn wait_on_request(
    task: &Task,
    call: &mut Call,
    page: &NfsPage,
    generation: u8,
    signalled: Option<bool>,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WAIT_ON_REQUEST);
    no_self_wait(task, call, page);
    if call.signalled {
        task.cover("signal-still-pending");
        // Pending since an earlier wait. The bit is looked at first, all the same.
        return Ok(if page.is_busy(task, generation)? {
            Err(Errno::Interrupted)
        } else {
            Ok(())
        });
    }
    if !call.interruptible {
        page.wait_on_request(task, generation)?;
        return Ok(Ok(()));
    }
    if (page.wait_on_request_interruptible(task, generation)?).by_signal() {
        call.signalled = true;
        // A thread whose attempt to take the request has failed knows which came first; the look
        // without a lock, with which the kernel begins the wait, is one with the wait.
        task.cover(match signalled {
            Some(true) => "signal-before-wait",
            Some(false) => "signal-during-wait",
            None => "signal-ends-sync",
        });
        return Ok(Err(Errno::Interrupted));
    }
    task.cover("wait-not-interrupted");
    Ok(Ok(()))
}

/// `nfs_writepage_setup` for the whole page: leaves the page with a request that covers it.
pub(super) fn writepage_setup(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: &NfsPage,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WRITEPAGE_SETUP);
    loop {
        match update_request(task, client, call, page)? {
            Err(error) => return Ok(Err(error)),
            Ok(true) => {
                unlock(task, client, page)?;
                return Ok(Ok(()));
            }
            Ok(false) => {
                task.cover("setup-finds-busy");
                if let Err(error) = wb_page(task, client, call, page)? {
                    return Ok(Err(error));
                }
            }
        }
    }
}

/// `nfs_update_request` for the whole page: its request, busy and covering the page; `false` where the
/// kernel returns `-EBUSY`.
fn update_request(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: &NfsPage,
) -> Result<Errors<bool>, Halt> {
    let _in = task.enter(f::NFS_UPDATE_REQUEST);
    loop {
        let file = &client.file;
        match file.claim(task, page, f::NFS_UPDATE_REQUEST, call.who)? {
            // The page is locked: no other thread adds a request before this thread does.
            Claim::None => {
                let memory = file.add_request(task, page, call.who)?;
                if memory {
                    return Ok(Ok(true));
                }
                task.cover("setup-without-memory");
                return Ok(Err(Errno::NoMemory));
            }
            Claim::Busy(waited) => {
                task.cover("setup-waits-for-request");
                let seen = Some(waited.signalled);
                if let Err(error) = wait_on_request(task, call, page, waited.generation, seen)? {
                    return Ok(Err(error));
                }
            }
            Claim::NeedCommit => {
                unlock(task, client, page)?;
                return Ok(Ok(false));
            }
            Claim::Taken => break,
        }
    }
    // nfs_dirty_request
    if page.is_writeback(task, f::NFS_DIRTY_REQUEST)? {
        not_under_writeback(task, page, true);
        unlock(task, client, page)?;
        return Ok(Ok(false));
    }
    task.cover("setup-extends");
    page.extend_request(task)?;
    Ok(Ok(true))
}
