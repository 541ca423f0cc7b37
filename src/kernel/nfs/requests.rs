//! Critical sections of `req_lock`, the inode's lock of its NFS requests, on one request each.
//!
//! Each takes the lock, which is one step, and reads and changes what it guards; bits of pages and
//! `PG_BUSY` are further steps inside. Bits of requests that the kernel reads without the lock
//! (`PG_NEED_FLUSH` and `PG_NEED_COMMIT` of a request whose `PG_BUSY` the reader holds, `PagePrivate`) are
//! read under it here: no section changes them twice, so a reader cannot tell.

use super::state::{Claim, Flush, List, Request};
use super::{NfsFile, NfsPage, Section};
use crate::kernel::functions as f;
use crate::model::{Function, Halt, Task};

impl NfsFile {
    /// Reads `PagePrivate`: whether the page has a request. One step.
    #[track_caller]
    pub fn has_request(
        &self,
        task: &Task,
        page: &NfsPage,
        function: Function,
    ) -> Result<bool, Halt> {
        let index = page.index;
        let requests = task.acquire(&self.req_lock, function)?;
        Ok(requests.read(move |requests| requests.of[index].is_some()))
    }

    /// Reads `PG_NEED_FLUSH` of the page's request. One step.
    #[track_caller]
    pub fn needs_flush(
        &self,
        task: &Task,
        page: &NfsPage,
        function: Function,
    ) -> Result<bool, Halt> {
        let index = page.index;
        let requests = task.acquire(&self.req_lock, function)?;
        Ok(requests
            .read(move |requests| requests.of[index].is_some_and(|request| request.need_flush)))
    }

    /// `nfs_set_page_dirty`: a page with a request gets `PG_NEED_FLUSH`, another is dirtied. Whether
    /// the page had a request.
    ///
    /// A page with a request is not dirtied: its request has to be flushed first.
    #[track_caller]
    pub fn nfs_set_page_dirty(&self, task: &Task, page: &NfsPage) -> Result<bool, Halt> {
        let index = page.index;
        let mut requests = task.acquire(&self.req_lock, f::NFS_SET_PAGE_DIRTY)?;
        let found = requests.update(move |requests| {
            let request = requests.of[index].as_mut();
            request.map(|request| request.need_flush = true).is_some()
        });
        if !found {
            page.set_page_dirty_nobuffers(task)?;
        }
        Ok(found)
    }

    /// The section of `nfs_update_request` that looks for a request and takes it.
    #[track_caller]
    pub fn claim(
        &self,
        task: &Task,
        page: &NfsPage,
        function: Function,
        who: &'static str,
    ) -> Result<Claim, Halt> {
        let index = page.index;
        let requests = task.acquire(&self.req_lock, function)?;
        let Some(request) = requests.read(move |requests| requests.of[index]) else {
            return Ok(Claim::None);
        };
        if let Err(waited) = page.try_busy(task, request.generation, who)? {
            return Ok(Claim::Busy(waited));
        }
        Ok(if request.need_commit {
            Claim::NeedCommit
        } else {
            Claim::Taken
        })
    }

    /// The section of `nfs_page_async_flush`, or with `onto_dirty_list` of `nfs_page_mark_flush`: takes
    /// the request, sets `PageWriteback`, and tags the request or puts it on the dirty list.
    ///
    /// A page whose writeback no thread follows up with an RPC is an orphan: it stays under writeback, and no thread owns its
    /// request.
    #[track_caller]
    pub fn start_writeback(
        &self,
        task: &Task,
        page: &NfsPage,
        function: Function,
        who: &'static str,
        onto_dirty_list: bool,
    ) -> Result<Flush, Halt> {
        let index = page.index;
        let mut requests = task.acquire(&self.req_lock, function)?;
        let Some(request) = requests.read(move |requests| requests.of[index]) else {
            return Ok(Flush::Not(Claim::None));
        };
        let whole = match page.try_busy(task, request.generation, who)? {
            Err(waited) => return Ok(Flush::Not(Claim::Busy(waited))),
            Ok(whole) => whole,
        };
        if request.need_commit {
            return Ok(Flush::Not(Claim::NeedCommit));
        }
        if page.test_set_writeback(task)? {
            return Ok(Flush::AlreadyWriteback);
        }
        requests.update(move |requests| {
            let request = requests.get(index);
            request.marked_by = Some(who);
            if onto_dirty_list {
                request.list = List::Dirty;
            } else {
                request.tag_writeback = true;
            }
        });
        Ok(Flush::Marked {
            need_flush: request.need_flush,
            whole,
        })
    }

    /// The section of `nfs_update_request` that adds a new request for the whole page, with `PG_BUSY` held:
    /// `nfs_inode_add_request`. Whether there was memory.
    #[track_caller]
    pub fn add_request(
        &self,
        task: &Task,
        page: &NfsPage,
        who: &'static str,
    ) -> Result<bool, Halt> {
        let index = page.index;
        let mut requests = task.acquire(&self.req_lock, f::NFS_UPDATE_REQUEST)?;
        if page.no_memory {
            return Ok(false);
        }
        let generation = requests.update(move |requests| {
            requests.made[index] += 1;
            requests.made[index]
        });
        page.new_busy(task, generation, who)?;
        let need_flush = page.is_dirty(task, f::NFS_INODE_ADD_REQUEST)?;
        requests.update(move |requests| {
            requests.of[index] = Some(Request {
                generation,
                need_flush,
                ..Request::NEW
            });
        });
        Ok(true)
    }

    /// `nfs_inode_remove_request`: the page has no request any more, and is dirtied if it had bytes
    /// that the request may not have covered. Returns the request's generation.
    #[track_caller]
    pub fn remove_request(&self, task: &Task, page: &NfsPage) -> Result<Option<u8>, Halt> {
        let index = page.index;
        let mut requests = task.acquire(&self.req_lock, f::NFS_INODE_REMOVE_REQUEST)?;
        let request = requests.update(move |requests| requests.of[index].take());
        if request.is_some_and(|request| request.need_flush) {
            page.set_page_dirty_nobuffers(task)?;
        }
        Ok(request.map(|request| request.generation))
    }

    /// The first half of `nfs_clear_page_writeback`: the request is no longer locked for I/O. Returns
    /// its generation; `None` if the page has no request, where a design has sent one twice.
    #[track_caller]
    pub fn clear_tag_writeback(&self, task: &Task, page: &NfsPage) -> Result<Option<u8>, Halt> {
        let index = page.index;
        let mut requests = task.acquire(&self.req_lock, f::NFS_CLEAR_PAGE_WRITEBACK)?;
        Ok(requests.update(move |requests| {
            let request = requests.of[index].as_mut()?;
            request.tag_writeback = false;
            // It is still set only where the thread cancels the I/O of the request.
            request.marked_by = None;
            Some(request.generation)
        }))
    }

    /// `nfs_mark_request_commit`. Whether the page has a request.
    #[track_caller]
    pub fn mark_request_commit(&self, task: &Task, page: &NfsPage) -> Result<bool, Halt> {
        let index = page.index;
        let mut requests = task.acquire(&self.req_lock, f::NFS_MARK_REQUEST_COMMIT)?;
        Ok(requests.update(move |requests| {
            let Some(request) = requests.of[index].as_mut() else {
                return false;
            };
            request.list = List::Commit;
            request.need_commit = true;
            request.marked_by = None;
            true
        }))
    }

    /// Takes `req_lock` for a section that goes over several requests.
    #[track_caller]
    pub fn req_lock(&self, task: &Task, function: Function) -> Result<Section<'_>, Halt> {
        let requests = task.acquire(&self.req_lock, function)?;
        Ok(Section {
            file: self,
            requests,
        })
    }
}
