//! `nfs_pageio_descriptor`: how a caller coalesces NFS requests into RPCs.

use super::rpc::Rpc;
use super::{Errno, NfsFile};
use crate::kernel::functions as f;
use crate::model::{Halt, Task};
use std::collections::BTreeSet;

/// A call from the world outside: who makes it, and what it owes. Local to its thread.
///
/// A request that cannot be sent for want of memory is cancelled: the page is dirty again.
#[derive(Debug, Clone)]
pub struct Call {
    /// The thread's name.
    pub who: &'static str,
    /// Whether the thread is the one that the signal goes to, on a mount with `intr`.
    pub interruptible: bool,
    /// Whether the thread has seen its signal. It stays pending until the thread leaves the kernel.
    pub signalled: bool,
    /// Whether the thread's next `nfs_writedata_alloc` fails.
    short_of_memory: bool,
    /// The pages that the call has set `PageWriteback` on, and whose I/O it has neither submitted nor cancelled.
    pub owed: BTreeSet<usize>,
    /// The pages whose requests are in a descriptor of this thread, unsubmitted.
    pub in_hand: BTreeSet<usize>,
}

impl Call {
    /// A call of a thread, whose first `nfs_writedata_alloc` may fail.
    #[must_use]
    pub fn new(who: &'static str, interruptible: bool, short_of_memory: bool) -> Self {
        Self {
            who,
            interruptible,
            signalled: false,
            short_of_memory,
            owed: BTreeSet::new(),
            in_hand: BTreeSet::new(),
        }
    }

    /// `nfs_flush_one`: makes one WRITE of the requests and starts it, or gives each of them up if
    /// there is no memory for it. This thread holds `PG_BUSY` of what is on the list.
    #[track_caller]
    pub fn flush_one(
        &mut self,
        task: &Task,
        file: &NfsFile,
        list: &[Item],
        stable: bool,
    ) -> Result<Result<(), Errno>, Halt> {
        let _in = task.enter(f::NFS_FLUSH_ONE);
        let pages: Vec<usize> = list.iter().map(|item| item.page).collect();
        for page in &pages {
            self.in_hand.remove(page);
            self.owed.remove(page);
        }
        if !std::mem::take(&mut self.short_of_memory) {
            let whole = list.iter().filter(|item| item.whole);
            let whole: Vec<usize> = whole.map(|item| item.page).collect();
            let rpc = Rpc::new(false, stable, &pages);
            return Ok(Ok(file.rpcs.execute(task, rpc, &whole)?));
        }
        for page in pages {
            self.give_up(task, file, page)?;
        }
        Ok(Err(Errno::NoMemory))
    }

    /// Cancels the I/O of a request whose `PG_BUSY` this thread holds: the page is dirty again, `PageWriteback` goes, the
    /// request is unlocked.
    #[track_caller]
    pub fn give_up(&mut self, task: &Task, file: &NfsFile, page: usize) -> Result<(), Halt> {
        self.owed.remove(&page);
        let page = file.page(page);
        // nfs_redirty_request
        page.set_page_dirty_nobuffers(task)?;
        page.end_page_writeback(task)?;
        file.clear_tag_writeback(task, page)?;
        page.unlock_request(task)?;
        Ok(())
    }
}

/// A request on a list that belongs to one thread, by its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The page.
    pub page: usize,
    /// Whether the request is for the whole page.
    pub whole: bool,
}

/// A list of requests that will make one RPC (`struct nfs_pageio_descriptor`).
#[derive(Debug)]
pub struct Descriptor {
    /// `pg_list`, by page.
    list: Vec<Item>,
    /// `pg_error`.
    pub error: Option<Errno>,
    /// `pg_bsize`, in pages.
    most: usize,
    /// `FLUSH_STABLE` in `pg_ioflags`.
    stable: bool,
}

impl Descriptor {
    /// `nfs_pageio_init`.
    #[must_use]
    pub fn new(most: usize, stable: bool) -> Self {
        Self {
            list: Vec::new(),
            error: None,
            most,
            stable,
        }
    }

    /// `nfs_pageio_add_request`: starts the I/O of what is on the list if the request does not fit.
    /// Whether the request is on the list now.
    #[track_caller]
    pub fn add_request(
        &mut self,
        task: &Task,
        file: &NfsFile,
        call: &mut Call,
        item: Item,
    ) -> Result<bool, Halt> {
        let _in = task.enter(f::NFS_PAGEIO_ADD_REQUEST);
        while !self.fits(item.page) {
            self.doio(task, file, call)?;
            if self.error.is_some() {
                return Ok(false);
            }
        }
        self.list.push(item);
        call.in_hand.insert(item.page);
        Ok(true)
    }

    /// Whether `nfs_pageio_do_add_request` takes the request: a list takes pages that follow one another,
    /// as many as an RPC holds.
    fn fits(&self, page: usize) -> bool {
        let last = self.list.last();
        last.is_none_or(|last| last.page + 1 == page && !self.is_full())
    }

    /// Whether an RPC takes no more than what is on the list.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.list.len() >= self.most
    }

    /// `nfs_pageio_doio`.
    #[track_caller]
    fn doio(&mut self, task: &Task, file: &NfsFile, call: &mut Call) -> Result<(), Halt> {
        if !self.list.is_empty() {
            let list = std::mem::take(&mut self.list);
            let flushed = call.flush_one(task, file, &list, self.stable)?;
            if let Err(error) = flushed {
                self.error = Some(error);
            }
        }
        Ok(())
    }

    /// `nfs_pageio_complete`.
    #[track_caller]
    pub fn complete(&mut self, task: &Task, file: &NfsFile, call: &mut Call) -> Result<(), Halt> {
        let _in = task.enter(f::NFS_PAGEIO_COMPLETE);
        self.doio(task, file, call)
    }

    /// `nfs_pageio_cond_complete` (7fe7f8487ae7): starts the I/O unless the page follows the last on
    /// the list.
    #[track_caller]
    pub fn cond_complete(
        &mut self,
        task: &Task,
        file: &NfsFile,
        call: &mut Call,
        page: usize,
    ) -> Result<(), Halt> {
        let _in = task.enter(f::NFS_PAGEIO_COND_COMPLETE);
        if self.list.last().is_some_and(|last| last.page + 1 != page) {
            self.doio(task, file, call)?;
        }
        Ok(())
    }
}
