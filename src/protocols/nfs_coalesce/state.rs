//! One file on one NFS mount.

use super::config::{Config, Role, Thread};
use super::{DATA, NO_ORPHAN, NO_ORPHAN_AT_END, SUBMITTED_AT_EXIT};
use crate::kernel::functions as f;
use crate::kernel::nfs::{Call, Descriptor, List, NfsFile};
use crate::model::{Function, Guard, Halt, Lock, Task};
use crate::spec::{Clause, Variant};

/// The class of `NFS_INO_FLUSHING` in a lock order.
pub(super) const FLUSHING: &str = "NFS_INO_FLUSHING";

/// A file on an NFS mount.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) file: NfsFile,
    /// `NFS_INO_FLUSHING`, a bit that is waited for as a lock is.
    pub(super) flushing: Lock<()>,
    pub(super) config: Config,
    pub(super) variant: Variant,
}

impl Client {
    /// Whether the variant has a clause.
    pub(super) fn has(&self, clause: &Clause) -> bool {
        self.variant.has(clause)
    }

    /// Whether any thread of the scenario stores through a mapping.
    pub(super) fn has_stores(&self) -> bool {
        let stores = |thread: &Thread| matches!(thread.role, Role::Store(_) | Role::Touch(_));
        self.config.threads.iter().any(stores)
    }

    /// Waits until no other thread is in `nfs_writepages` of the inode.
    pub(super) fn flushing(&self, task: &Task) -> Result<Guard<'_, ()>, Halt> {
        let wait = || task.acquire(&self.flushing, f::NFS_WRITEPAGES);
        task.covering_waits(FLUSHING, "writeback-waits-for-page", wait)
    }

    /// A descriptor of a call.
    pub(super) fn descriptor(&self, stable: bool) -> Descriptor {
        Descriptor::new(self.config.wsize, stable)
    }

    /// The call returns to its caller: the I/O that it has begun is submitted or cancelled.
    pub(super) fn leave(
        &self,
        task: &Task,
        call: &mut Call,
        function: Function,
    ) -> Result<(), Halt> {
        let owed = std::mem::take(&mut call.owed);
        if owed.is_empty() {
            return Ok(());
        }
        let section = self.file.req_lock(task, function)?;
        for page in owed {
            let (owed, orphan) = section.owes(task, page, function, call.who)?;
            task.check(SUBMITTED_AT_EXIT, !owed, || {
                format!("returns with page {page} under writeback and no I/O started")
            });
            task.check(NO_ORPHAN, !orphan, || {
                format!("leaves page {page} under writeback without an owner")
            });
        }
        Ok(())
    }

    /// At the end no page is under writeback, and whatever was cleaned has been sent, or will be: `pdflush` writes
    /// the dirty list of an inode that is dirty, once more than the scenario has it run.
    pub(super) fn check_end(&self, task: &Task) {
        for page in self.file.pages() {
            let index = page.index;
            let request = self.file.peek_request(index);
            let later = request.is_some_and(|req| req.need_flush && req.list == List::Commit);
            let dirty = self.file.peek_inode_dirty();
            let queued = request.is_some_and(|req| req.list == List::Dirty) && dirty;
            let unsent = self.file.rpcs.peek_unsent(index);
            let (writeback, found) =
                page.peek(|page| (page.writeback, (page.dirty && page.tagged) || later));
            task.check(NO_ORPHAN_AT_END, !writeback || queued, || {
                format!("page {index} is under writeback, and no thread is left")
            });
            task.check(DATA, !unsent || found || queued, || {
                format!("the content of page {index} was not sent, and the page is not dirty again")
            });
        }
    }
}
