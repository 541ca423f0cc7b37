//! The descriptors by which requests are coalesced into RPCs. They belong to their caller.

use super::rpc::Rpc;
use super::{Errno, NfsFile};
use crate::engine::{Halt, Task};
use crate::kernel::functions as f;
use std::collections::BTreeSet;

/// A call from the world outside: who makes it, and what it owes. Local to its thread.
///
/// A request that cannot be sent for want of memory is given up: the page is dirty again.
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::nfs::{Call, Errno, Item, NfsFile, Request, Start};
/// # use pagelock::kernel::functions as f;
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let start = Start { request: Some(Request::NEW), ..Start::CLEAN };
/// let file = NfsFile::new(world, &[start]);
/// let end = file.page(0).clone();
/// world.thread("flusher", move |task| {
///     let mut call = Call::new("flusher", false, true); // Short of memory, once.
///     file.start_writeback(task, file.page(0), f::NFS_PAGE_ASYNC_FLUSH, call.who, false)?;
///     let list = [Item { page: 0, whole: true }];
///     assert_eq!(call.flush_one(task, &file, &list, false)?, Err(Errno::NoMemory));
///     Ok(())
/// });
/// world.finally(move |_| assert!(end.peek(|page| page.dirty && page.tagged && !page.writeback)));
/// # });
/// # let found = search(&encoding, &Strategy::States).unwrap();
/// # assert_eq!(found.findings, []);
/// ```
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
    /// The pages that the call has set `PageWriteback` on, and neither submitted nor given up.
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
    /// there is no memory for it. What is on the list is busy, by this thread.
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

    /// Gives up the I/O of a request that is busy: the page is dirty again, `PageWriteback` goes, the
    /// request is unlocked.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::nfs::{Call, NfsFile, Request, Start};
    /// # use pagelock::kernel::functions as f;
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let start = Start { request: Some(Request::NEW), ..Start::CLEAN };
    /// let file = NfsFile::new(world, &[start]);
    /// world.thread("flusher", move |task| {
    ///     let mut call = Call::new("flusher", false, false);
    ///     file.start_writeback(task, file.page(0), f::NFS_PAGE_ASYNC_FLUSH, call.who, false)?;
    ///     call.owed.insert(0); // What the properties know of it.
    ///     call.give_up(task, &file, 0)?;
    ///     assert!(call.owed.is_empty() && !file.page(0).is_busy(task, 0)?);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
///
/// ```
/// use pagelock::kernel::nfs::Item;
///
/// // Only a request for the whole page carries what was stored through a mapping.
/// let list = [Item { page: 0, whole: true }, Item { page: 1, whole: false }];
/// let whole: Vec<usize> = list.iter().filter(|item| item.whole).map(|item| item.page).collect();
/// assert_eq!(whole, [0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The page.
    pub page: usize,
    /// Whether the request is for the whole page.
    pub whole: bool,
}

/// A list of requests that will make one RPC (`struct nfs_pageio_descriptor`).
///
/// Requests of pages that follow one another share an RPC; one that does not fit sends the others first:
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::nfs::{Call, Descriptor, Item, NfsFile, Start};
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let file = NfsFile::new(world, &[Start::CLEAN; 4]);
/// world.thread("flusher", move |task| {
///     let mut call = Call::new("flusher", false, false);
///     let mut descriptor = Descriptor::new(2, true);
///     for page in [0, 1, 3] {
///         descriptor.add_request(task, &file, &mut call, Item { page, whole: true })?;
///         assert_eq!(descriptor.is_full(), page == 1);
///     }
///     assert_eq!([0, 1, 3].map(|page| file.rpcs.peek_has(page)), [true, true, false]);
///     assert!(call.in_hand.contains(&3));
///     descriptor.complete(task, &file, &mut call)?;
///     assert!(file.rpcs.peek_has(3) && call.in_hand.is_empty() && descriptor.error.is_none());
///     Ok(())
/// });
/// # });
/// # let found = search(&encoding, &Strategy::States).unwrap();
/// # assert_eq!(found.findings, []);
/// ```
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
    ///
    /// Before a thread waits for a page that its list cannot take, it sends the list:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::nfs::{Call, Descriptor, Item, NfsFile, Start};
    /// # use pagelock::kernel::functions as f;
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = NfsFile::new(world, &[Start::CLEAN; 3]);
    /// world.thread("flusher", move |task| {
    ///     let mut call = Call::new("flusher", false, false);
    ///     let mut descriptor = Descriptor::new(2, true);
    ///     descriptor.add_request(task, &file, &mut call, Item { page: 0, whole: true })?;
    ///     descriptor.cond_complete(task, &file, &mut call, 1)?; // Page 1 follows page 0.
    ///     assert!(!file.rpcs.has(task, f::NFS_PAGEIO_COND_COMPLETE, 0)?);
    ///     descriptor.cond_complete(task, &file, &mut call, 2)?;
    ///     assert!(file.rpcs.has(task, f::NFS_PAGEIO_COND_COMPLETE, 0)?);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
