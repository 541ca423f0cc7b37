//! Threads and sizes: what a scenario sets.

use crate::kernel::nfs::{Busy, List, PageFlags, Request, Start};

/// What a thread does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// pdflush: `nfs_writepages` under `WB_SYNC_NONE`, so many times, from an index on.
    Flusher {
        /// Calls.
        rounds: usize,
        /// `mapping->writeback_index` of the first call.
        start: usize,
    },
    /// fsync: `nfs_wb_all`, so many times.
    Fsync {
        /// Calls.
        rounds: usize,
    },
    /// `nfs_writepages` under `WB_SYNC_ALL`, from an index on.
    Sync {
        /// The first index.
        start: usize,
    },
    /// `invalidate_inode_pages2` of one page: lock, wait for writeback, `nfs_wb_page`.
    Invalidate(usize),
    /// Reclaim of one page: `nfs_writepage` on its own.
    Reclaim(usize),
    /// `truncate_inode_pages` of one page: lock, wait for writeback.
    Truncate(usize),
    /// A store of new bytes through a mapping of one page.
    Store(usize),
    /// The same with bytes that the page has already: it is dirtied, and no more.
    Touch(usize),
    /// `write(2)` of one page.
    Write(usize),
    /// A signal for the interruptible thread, seen from every request that it may wait for.
    Signal(&'static [usize]),
}

/// A thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thread {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub role: Role,
    /// Whether the signal is for it.
    pub interruptible: bool,
    /// Whether its first `nfs_writedata_alloc` fails.
    pub short_of_memory: bool,
}

/// How the writeback loop treats a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loop {
    /// That of 2.6.21: it looks at `PageWriteback`, and wraps only if it has found no page at all.
    Of2007,
    /// That of January 2009, between 31a12666d8f0 and 515f4a037fb9: it always wraps once, and waits for writeback
    /// before it looks whether the page is dirty.
    Of2009,
    /// One that no kernel has: it leaves `PageWriteback` to the filesystem, and always wraps once.
    Blind,
}

/// The threads and sizes of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Config {
    /// The pages.
    pub pages: &'static [Start],
    /// The threads, without rpciod.
    pub threads: &'static [Thread],
    /// The writeback loop.
    pub writeback: Loop,
    /// Whether the server answers a WRITE that does not ask for stable storage before it has the
    /// bytes there: a COMMIT is needed then.
    pub unstable: bool,
    /// Whether the server fails the first WRITE that it answers.
    pub write_fails: bool,
    /// The pages that an RPC holds: `wsize`.
    pub wsize: usize,
}

const CLEAN: Start = Start::CLEAN;

const DIRTY: PageFlags = PageFlags {
    dirty: true,
    tagged: true,
    writeback: false,
};

/// Written by `write(2)`: dirty, with a request that covers what was written.
pub const WRITTEN: Start = Start {
    flags: DIRTY,
    request: Some(Request::NEW),
    written: true,
    ..CLEAN
};

/// Stored to through a mapping that is gone: dirty, without a request.
pub(super) const STORED: Start = Start {
    flags: DIRTY,
    stored: true,
    ..CLEAN
};

/// Dirty, without a request, and with no memory in the radix tree for one. What is on the page has
/// been sent: `nfs_inode_remove_request` dirties a page also where its request covered all of it.
pub(super) const NO_MEMORY: Start = Start {
    flags: DIRTY,
    no_memory: true,
    ..CLEAN
};

/// The same with content that was not sent.
pub(super) const NO_MEMORY_STORED: Start = Start {
    stored: true,
    ..NO_MEMORY
};

/// Written, and then stored to through a mapping.
pub(super) const NEEDS_FLUSH: Start = Start {
    request: Some(Request {
        need_flush: true,
        ..Request::NEW
    }),
    stored: true,
    ..WRITTEN
};

/// In a WRITE of some earlier call.
pub(super) const IN_FLIGHT: Start = Start {
    flags: PageFlags {
        writeback: true,
        ..CLEAN.flags
    },
    request: Some(Request {
        tag_writeback: true,
        ..Request::NEW
    }),
    busy: Busy::IN_RPC,
    ..CLEAN
};

/// On the server, but not stable there.
pub(super) const TO_COMMIT: Start = Start {
    request: Some(Request {
        need_commit: true,
        list: List::Commit,
        ..Request::NEW
    }),
    ..CLEAN
};

/// The same, and dirty: `nfs_updatepage` dirties a page although its wait for the COMMIT was
/// interrupted.
pub(super) const TO_COMMIT_DIRTY: Start = Start {
    flags: DIRTY,
    stored: true,
    ..TO_COMMIT
};

/// The same, in a COMMIT of some earlier call.
pub(super) const COMMITTING_DIRTY: Start = Start {
    request: Some(Request {
        need_commit: true,
        tag_writeback: true,
        ..Request::NEW
    }),
    busy: Busy::IN_RPC,
    ..TO_COMMIT_DIRTY
};
