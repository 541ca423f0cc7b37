//! Writeback of the file: a pass that marks pages and one that starts the I/O (old); one pass (patched).

use super::config::Loop;
use super::request::{Errors, wait_on_request, writepage_setup};
use super::state::Client;
use super::sync::flush_mapping;
use super::{
    ALWAYS_COMPLETE, BUG_IF_WRITEBACK, BUSY_UNTIL_DONE, BUSY_WHILE_WRITEBACK, COMPLETE_AT_OUT,
    COND_COMPLETE, ERROR_TOLD, FLUSH_BEFORE_COMMIT, FLUSH_BEFORE_WAIT, NEED_FLUSH_UNDER_LOCK,
    NO_BUG, NO_SELF_WAIT, ONE_WRITEPAGES, OWN_DESCRIPTOR, RETURN_PG_ERROR, STABLE_FOR_RECLAIM,
    UNDO_REFUSED,
};
use crate::kernel::functions as f;
use crate::kernel::nfs::{Call, Claim, Descriptor, Errno, Flush, Item, LockedNfsPage, NfsPage};
use crate::kernel::writeback::{DirtyPages, OnWriteback, Wraps, write_pages};
use crate::kernel::{WritebackControl, WritebackLoop};
use crate::model::{Function, Halt, Task};

/// The range of the whole file: its first page, and the one after its last.
pub(super) const ALL: (usize, usize) = (0, usize::MAX);

/// `range_start` and `range_end` of a caller that writes one page: reclaim asks for the whole file
/// all the same.
pub(super) fn range(wbc: &WritebackControl) -> (usize, usize) {
    if wbc.for_reclaim {
        ALL
    } else {
        (wbc.index, wbc.index + 1)
    }
}

/// `nfs_writepages`.
pub(super) fn writepages(
    task: &Task,
    client: &Client,
    call: &mut Call,
    wbc: WritebackControl,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WRITEPAGES);
    if !client.has(&OWN_DESCRIPTOR) {
        let result = generic_writepages(task, client, call, wbc, None)?;
        if result.is_err() {
            return Ok(result);
        }
        return flush_mapping(task, client, call, ALL, false);
    }
    let _flushing = if client.has(&ONE_WRITEPAGES) {
        Some(client.flushing(task)?)
    } else {
        None
    };
    let mut pgio = client.descriptor(false);
    let result = generic_writepages(task, client, call, wbc, Some(&mut pgio))?;
    if result.is_ok() || client.has(&ALWAYS_COMPLETE) {
        pgio.complete(task, &client.file, call)?;
    }
    let returned = match pgio.error {
        Some(error) if result.is_ok() && client.has(&RETURN_PG_ERROR) => Err(error),
        _ => result,
    };
    task.check(
        ERROR_TOLD,
        returned.is_err() || pgio.error.is_none(),
        || "nfs_writepages returns 0, and its descriptor could not send what it had".to_string(),
    );
    Ok(returned)
}

/// `generic_writepages` of 2.6.21, that of another kernel, or a loop that no kernel has.
pub(super) fn generic_writepages(
    task: &Task,
    client: &Client,
    call: &mut Call,
    mut wbc: WritebackControl,
    pgio: Option<&mut Descriptor>,
) -> Result<Errors<()>, Halt> {
    let rules = match client.config.writeback {
        Loop::Of2007 => WritebackLoop::V2_6_21,
        Loop::Of2009 => WritebackLoop {
            wraps: Wraps::UnlessFromStart,
            ..WritebackLoop::V2_6_26
        },
        Loop::Blind => WritebackLoop {
            writeback: OnWriteback::Ignore,
            wraps: Wraps::Always,
            ..WritebackLoop::V2_6_21
        },
    };
    let mut pages = Pages { client, call, pgio };
    write_pages(task, &mut pages, &mut wbc, rules)
}

/// The pages of the file in a call, as the loop and reclaim see them.
pub(super) struct Pages<'c, 'd> {
    pub(super) client: &'c Client,
    pub(super) call: &'d mut Call,
    pub(super) pgio: Option<&'d mut Descriptor>,
}

impl<'c> DirtyPages for Pages<'c, '_> {
    type Page = &'c NfsPage;
    type Locked = LockedNfsPage<'c>;
    type Error = Errno;

    fn index(&self, page: &'c NfsPage) -> usize {
        page.index
    }

    fn find_get_pages_tag(
        &mut self,
        task: &Task,
        index: usize,
        _most: usize,
    ) -> Result<Vec<&'c NfsPage>, Halt> {
        let mut pages = Vec::new();
        for page in self.client.file.pages().iter().skip(index) {
            if page.is_tagged(task)? {
                pages.push(page);
            }
        }
        Ok(pages)
    }

    fn lock_page(&mut self, task: &Task, page: &'c NfsPage) -> Result<LockedNfsPage<'c>, Halt> {
        page.lock_page(task)
    }

    /// No thread takes a page from the file.
    fn has_mapping(&mut self, _: &Task, _: &'c NfsPage, _: Function) -> Result<bool, Halt> {
        Ok(true)
    }

    fn is_dirty(&mut self, task: &Task, page: &'c NfsPage, by: Function) -> Result<bool, Halt> {
        page.is_dirty(task, by)
    }

    fn is_writeback(&mut self, task: &Task, page: &'c NfsPage, by: Function) -> Result<bool, Halt> {
        page.is_writeback(task, by)
    }

    fn wait_on_page_writeback(
        &mut self,
        task: &Task,
        page: &LockedNfsPage<'c>,
    ) -> Result<(), Halt> {
        wait_on_writeback(task, self.call, page.page)
    }

    fn clear_page_dirty_for_io(
        &mut self,
        task: &Task,
        page: &LockedNfsPage<'c>,
    ) -> Result<bool, Halt> {
        page.page.test_clear_dirty(task)
    }

    fn clear_unless_writeback(
        &mut self,
        task: &Task,
        page: &'c NfsPage,
        _: &LockedNfsPage<'c>,
        _: Function,
    ) -> Result<bool, Halt> {
        page.clear_dirty_for_io(task)
    }

    fn writepage(
        &mut self,
        task: &Task,
        page: LockedNfsPage<'c>,
        wbc: &WritebackControl,
    ) -> Result<Errors<()>, Halt> {
        let pgio = self.pgio.as_deref_mut();
        writepage(task, self.client, self.call, *wbc, page, pgio)
    }

    fn wraps(&mut self, task: &Task) {
        task.cover("wraps");
    }
}

/// `wait_on_page_writeback`, in a caller that holds the page lock.
pub(super) fn wait_on_writeback(task: &Task, call: &Call, page: &NfsPage) -> Result<(), Halt> {
    no_self_wait(task, call, page);
    page.wait_on_page_writeback(task)
}

/// The thread is about to wait for a page's I/O or its request.
pub(super) fn no_self_wait(task: &Task, call: &Call, page: &NfsPage) {
    task.check(NO_SELF_WAIT, !call.in_hand.contains(&page.index), || {
        format!(
            "waits for the request of page {}, which is in its own unsubmitted descriptor",
            page.index
        )
    });
}

/// `nfs_writepage`: called with the page locked and its dirty bit cleared; unlocks it.
pub(super) fn writepage(
    task: &Task,
    client: &Client,
    call: &mut Call,
    wbc: WritebackControl,
    page: LockedNfsPage<'_>,
    pgio: Option<&mut Descriptor>,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WRITEPAGE);
    let result = writepage_locked(task, client, call, wbc, page.page, pgio)?;
    page.unlock_page();
    Ok(result)
}

/// `nfs_writepage_locked`. Without `wbc->for_writepages` the page is written on its own.
pub(super) fn writepage_locked(
    task: &Task,
    client: &Client,
    call: &mut Call,
    wbc: WritebackControl,
    page: &NfsPage,
    pgio: Option<&mut Descriptor>,
) -> Result<Errors<()>, Halt> {
    let _in = task.enter(f::NFS_WRITEPAGE_LOCKED);
    if wbc.for_writepages {
        return write_request(task, client, call, page, pgio);
    }
    if !client.has(&OWN_DESCRIPTOR) {
        let result = write_request(task, client, call, page, None)?;
        // What nfs_flush_mapping returns is not looked at.
        let flushed = flush_mapping(task, client, call, range(&wbc), true)?;
        error_told(task, result, flushed.err());
        return Ok(result);
    }
    let stable = wbc.for_reclaim || !client.has(&STABLE_FOR_RECLAIM);
    let mut own = client.descriptor(stable);
    let result = write_request(task, client, call, page, Some(&mut own))?;
    if client.has(&COMPLETE_AT_OUT) {
        own.complete(task, &client.file, call)?;
    }
    error_told(task, result, own.error);
    Ok(result)
}

/// The single page could not be sent, and its caller has to learn of it.
fn error_told(task: &Task, returned: Errors<()>, error: Option<Errno>) {
    if error.is_some() {
        task.cover("single-page-unsent");
    }
    task.check(ERROR_TOLD, returned.is_err() || error.is_none(), || {
        "nfs_writepage_locked returns 0, and the page could not be sent".to_string()
    });
}

/// The part of `nfs_writepage_locked` up to `out`: flushes the page's request, and makes or extends
/// one first where it does not cover the page.
fn write_request(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: &NfsPage,
    mut pgio: Option<&mut Descriptor>,
) -> Result<Errors<()>, Halt> {
    cond_complete(task, client, call, page, pgio.as_deref_mut())?;
    match async_flush(task, client, call, page, pgio.as_deref_mut())? {
        Err(error) => return Ok(Err(error)),
        Ok(false) => return Ok(Ok(())),
        Ok(true) => {}
    }
    cond_complete(task, client, call, page, pgio.as_deref_mut())?;
    if let Err(error) = writepage_setup(task, client, call, page)? {
        return Ok(Err(error));
    }
    Ok(async_flush(task, client, call, page, pgio)?.map(|_| ()))
}

fn cond_complete(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: &NfsPage,
    pgio: Option<&mut Descriptor>,
) -> Result<(), Halt> {
    match pgio {
        Some(pgio) if client.has(&COND_COMPLETE) => {
            pgio.cond_complete(task, &client.file, call, page.index)
        }
        _ => Ok(()),
    }
}

/// `nfs_page_async_flush`, or without a descriptor `nfs_page_mark_flush`: starts the writeback of a
/// locked page. Whether the page needs a request, or another one, first.
fn async_flush(
    task: &Task,
    client: &Client,
    call: &mut Call,
    page: &NfsPage,
    mut pgio: Option<&mut Descriptor>,
) -> Result<Errors<bool>, Halt> {
    let onto_dirty_list = !client.has(&OWN_DESCRIPTOR);
    let function = if onto_dirty_list {
        f::NFS_PAGE_MARK_FLUSH
    } else {
        f::NFS_PAGE_ASYNC_FLUSH
    };
    if !onto_dirty_list && pgio.is_none() {
        return Err(task.bug(NO_BUG, "wbc->fs_private is NULL"));
    }
    let _in = task.enter(function);
    let seen = loop {
        match client
            .file
            .start_writeback(task, page, function, call.who, onto_dirty_list)?
        {
            Flush::Not(Claim::None | Claim::Taken) => return Ok(Ok(true)),
            Flush::Not(Claim::Busy(waited)) => {
                task.cover("flush-waits-for-request");
                match pgio.as_deref_mut() {
                    Some(pgio) if client.has(&FLUSH_BEFORE_WAIT) => {
                        pgio.complete(task, &client.file, call)?;
                    }
                    _ => {}
                }
                if !call.in_hand.is_empty() {
                    task.cover("waits-with-requests-in-hand");
                }
                if let Err(error) =
                    wait_on_request(task, call, page, waited.generation, Some(waited.signalled))?
                {
                    return Ok(Err(error));
                }
            }
            Flush::Not(Claim::NeedCommit) => {
                task.cover("flush-meets-commit");
                unlock(task, client, page)?;
                match pgio {
                    Some(pgio) if client.has(&FLUSH_BEFORE_COMMIT) => {
                        pgio.complete(task, &client.file, call)?;
                    }
                    _ => {}
                }
                return Ok(Ok(true));
            }
            Flush::AlreadyWriteback => {
                not_under_writeback(task, page, true);
                if client.has(&BUG_IF_WRITEBACK) {
                    return Err(task.bug(NO_BUG, "BUG(): the page is under writeback already"));
                }
                break None;
            }
            Flush::Marked { need_flush, whole } => {
                call.owed.insert(page.index);
                if onto_dirty_list {
                    client.file.mark_inode_dirty(task)?;
                }
                break Some((need_flush, whole));
            }
        }
    };
    if let Some(pgio) = pgio {
        let item = Item {
            page: page.index,
            whole: seen.is_some_and(|(_, whole)| whole),
        };
        if pgio.is_full() {
            task.cover("rpc-is-full");
        }
        let added = pgio.add_request(task, &client.file, call, item)?;
        if !added {
            task.cover("descriptor-refuses");
            // Without the clause the result is not looked at, and the request is in no list.
            if client.has(&UNDO_REFUSED) {
                call.give_up(task, &client.file, page.index)?;
                let error = pgio.error;
                return Ok(error.map_or(Ok(false), Err));
            }
        }
    }
    // Of other threads, only a store through a mapping sets the bit of a request that is busy.
    let settled = client.has(&NEED_FLUSH_UNDER_LOCK) || !client.has_stores();
    let need_flush = match seen {
        Some((need_flush, _)) if settled => need_flush,
        _ => client.file.needs_flush(task, page, function)?,
    };
    if need_flush {
        task.cover("needs-flush");
    }
    if !client.has(&BUSY_UNTIL_DONE) {
        unlock(task, client, page)?;
    }
    Ok(Ok(need_flush))
}

/// A thread that has locked a request to change it finds its page not under writeback.
pub(super) fn not_under_writeback(task: &Task, page: &NfsPage, writeback: bool) {
    task.check(BUSY_WHILE_WRITEBACK, !writeback, || {
        format!(
            "has locked the request of page {}, which is under writeback",
            page.index
        )
    });
}

/// `nfs_unlock_request` of a request that this thread has busy. Where a request is to stay busy until
/// the I/O is done, its page is not under writeback then.
pub(super) fn unlock(task: &Task, client: &Client, page: &NfsPage) -> Result<(), Halt> {
    if client.has(&BUSY_UNTIL_DONE) {
        let writeback = page.is_writeback(task, f::NFS_UNLOCK_REQUEST)?;
        task.check(BUSY_WHILE_WRITEBACK, !writeback, || {
            format!(
                "unlocks the request of page {}, which is under writeback",
                page.index
            )
        });
    }
    let busy = page.unlock_request(task)?;
    task.bug_on(NO_BUG, !busy, "nfs_unlock_request: the request is not busy")
}
