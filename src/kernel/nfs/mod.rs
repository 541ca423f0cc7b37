//! The write side of an NFS client: pages with their requests, the descriptors by which requests are
//! coalesced, and the RPC engine.
//!
//! Mirrors fs/nfs/write.c and fs/nfs/pagelist.c of 2.6.21, before and after c63c7b051395.

mod page;
mod pageio;
mod requests;
mod rpc;
mod state;

pub use page::{LockedNfsPage, NfsPage};
pub use pageio::{Call, Descriptor, Item};
pub use requests::{Scanned, Section};
pub use rpc::{RPCIOD, Rpc, Rpcs};
pub use state::{Busy, Claim, Flush, List, PageFlags, Request, Requests, Start, Waited};

use crate::engine::{Lock, World};

/// The class of `req_lock` in a lock order.
const REQ_LOCK: &str = "req_lock";

/// Why a function of the kernel fails.
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
    /// The RPCs under way.
    pub rpcs: Rpcs,
}

impl NfsFile {
    /// Makes a file from its pages. A page whose request is in an RPC already has one under way.
    #[must_use]
    pub fn new(world: &World, pages: &[Start]) -> Self {
        let rpcs = Rpcs::new(world, pages);
        let page = |(index, start): (usize, &Start)| NfsPage::new(world, index, start, &rpcs);
        let requests = Requests {
            of: pages.iter().map(|start| start.request).collect(),
            made: vec![0; pages.len()],
        };
        Self {
            pages: pages.iter().enumerate().map(page).collect(),
            req_lock: world.lock("req_lock", REQ_LOCK, requests),
            rpcs,
        }
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
