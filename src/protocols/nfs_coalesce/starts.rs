//! What a page and its request start from.

use crate::kernel::nfs::{Busy, List, PageFlags, Request, Start};

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
