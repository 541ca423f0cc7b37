//! The write side of an NFS client: pages with their requests, the descriptors by which requests are
//! coalesced, and the RPC engine.
//!
//! Mirrors fs/nfs/write.c and fs/nfs/pagelist.c of 2.6.21, before and after c63c7b051395.
//!
//! A flusher takes a page's request and sends it; rpciod completes it when the server answers:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::model::{Encoding, World};
//! use pagelock::kernel::nfs::{Call, Descriptor, Flush, Item, NfsFile, PageFlags, RPCIOD, Request, Start};
//! use pagelock::kernel::functions as f;
//! use std::sync::Arc;
//!
//! const WRITTEN: Start = Start {
//!     flags: PageFlags { dirty: true, tagged: true, writeback: false },
//!     request: Some(Request::NEW),
//!     written: true,
//!     ..Start::CLEAN
//! };
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let file = NfsFile::new(world, &[WRITTEN]);
//!     let (served, end) = (file.clone(), file.clone());
//!     world.thread("flusher", move |task| {
//!         let mut call = Call::new("flusher", false, false);
//!         let mut descriptor = Descriptor::new(1, true);
//!         let page = file.page(0);
//!         page.test_clear_dirty(task)?;
//!         let function = f::NFS_PAGE_ASYNC_FLUSH;
//!         let flush = file.start_writeback(task, page, function, call.who, false)?;
//!         if let Flush::Marked { whole, .. } = flush {
//!             descriptor.add_request(task, &file, &mut call, Item { page: 0, whole })?;
//!         }
//!         descriptor.complete(task, &file, &mut call)
//!     });
//!     world.thread(RPCIOD, move |task| loop {
//!         let rpc = served.rpcs.next(task)?;
//!         for index in rpc.pages() {
//!             let page = served.page(index);
//!             page.end_page_writeback(task)?;
//!             if let Some(generation) = served.remove_request(task, page)? {
//!                 page.unlock_removed(task, generation, Some(rpc))?;
//!             }
//!         }
//!     });
//!     world.finally(move |task| {
//!         let sent = !end.rpcs.peek_unsent(0) && end.peek_request(0).is_none();
//!         task.check("sent", sent, || "the page has content that no RPC carried".into());
//!     });
//! });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert_eq!(found.findings, []);
//! ```

mod busy;
mod page;
mod pageio;
mod requests;
mod rpc;
mod section;
mod state;

pub use page::{LockedNfsPage, NfsPage};
pub use pageio::{Call, Descriptor, Item};
pub use rpc::{RPCIOD, Rpc, Rpcs};
pub use section::{Scanned, Section};
pub use state::{Busy, Claim, Flush, List, PageFlags, Request, Requests, Start, Waited};

use super::functions as f;
use super::variable::Variable;
use crate::model::{Halt, Lock, Task, World};

/// The class of `req_lock` in a lock order.
const REQ_LOCK: &str = "req_lock";

/// Why a function of the kernel fails.
///
/// What a function returns that can fail: the outer `Result` is the checker's, the inner one the kernel's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Errno {
    /// `-ERESTARTSYS`: a signal is pending.
    Interrupted,
    /// `-ENOMEM`.
    NoMemory,
}

/// A file of an NFS client (`struct nfs_inode`).
#[derive(Debug, Clone)]
pub struct NfsFile {
    pages: Vec<NfsPage>,
    /// `nfsi->req_lock`, with what it guards.
    req_lock: Lock<Requests>,
    /// `I_DIRTY_PAGES` of the inode, where the model has it.
    dirty_pages: Variable<bool>,
    /// The RPCs under way.
    pub rpcs: Rpcs,
}

/// What an NFS file's designs differ in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kind {
    /// Whether `I_DIRTY_PAGES` of the inode matters. Only a design that leaves requests on the dirty list depends on it:
    /// a page that is dirty always has an inode that is.
    pub has_inode: bool,
    /// Whether requests are unlocked when they are queued, and not by the completion of their WRITE.
    pub unlocks_early: bool,
}

impl NfsFile {
    /// Makes a file from its pages. A page whose request is in an RPC already has one under way.
    #[must_use]
    pub fn new(world: &World, pages: &[Start]) -> Self {
        Self::with(world, pages, Kind::default())
    }

    /// The same for a design of another kind.
    #[must_use]
    pub fn with(world: &World, pages: &[Start], kind: Kind) -> Self {
        let dirty = pages.iter().any(|start| start.flags.tagged);
        let dirty_pages = Variable::new(world, "I_DIRTY_PAGES", dirty, kind.has_inode);
        let rpcs = Rpcs::new(world, pages, !kind.unlocks_early);
        let requests = Requests {
            of: pages.iter().map(|start| start.request).collect(),
            made: vec![0; pages.len()],
        };
        let mut made = Vec::new();
        for (index, start) in pages.iter().enumerate() {
            made.push(NfsPage::new(world, index, start, (&rpcs, &dirty_pages)));
        }
        Self {
            pages: made,
            req_lock: world.lock("req_lock", REQ_LOCK, requests),
            dirty_pages,
            rpcs,
        }
    }

    /// `__mark_inode_dirty(I_DIRTY_PAGES)`: pdflush will write the inode's pages some time. One step.
    #[track_caller]
    pub fn mark_inode_dirty(&self, task: &Task) -> Result<(), Halt> {
        mark_inode_dirty(task, &self.dirty_pages)
    }

    /// `__sync_single_inode`, before it writes the pages: takes the inode to be clean. One step.
    #[track_caller]
    pub fn clear_inode_dirty(&self, task: &Task) -> Result<(), Halt> {
        match &self.dirty_pages {
            Variable::Constant(_) => Ok(()),
            shared @ Variable::Shared(_) => shared.write(task, f::SYNC_SINGLE_INODE, false),
        }
    }

    /// The same, after it has written them: the inode is dirty all the same if a page is tagged.
    #[track_caller]
    pub fn redirty_inode_if_tagged(&self, task: &Task) -> Result<(), Halt> {
        if let Variable::Constant(_) = self.dirty_pages {
            return Ok(());
        }
        for page in &self.pages {
            if page.is_tagged(task)? {
                return self.mark_inode_dirty(task);
            }
        }
        Ok(())
    }

    /// Whether pdflush will write the inode's pages, from outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek_inode_dirty(&self) -> bool {
        self.dirty_pages.peek()
    }

    /// The request of a page, from outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek_request(&self, page: usize) -> Option<Request> {
        self.req_lock.peek(|requests| requests.of[page])
    }

    /// Every page, in ascending order of the index.
    #[must_use]
    pub fn pages(&self) -> &[NfsPage] {
        &self.pages
    }

    /// The page at an index.
    ///
    /// # Panics
    /// If the file has no such page.
    #[must_use]
    pub fn page(&self, index: usize) -> &NfsPage {
        &self.pages[index]
    }
}

#[track_caller]
fn mark_inode_dirty(task: &Task, dirty_pages: &Variable<bool>) -> Result<(), Halt> {
    match dirty_pages {
        Variable::Constant(_) => Ok(()),
        shared @ Variable::Shared(_) => shared.write(task, f::MARK_INODE_DIRTY, true),
    }
}
