//! Critical sections of `req_lock`, the inode's lock of its NFS requests, that scan several requests.

use super::state::{List, Requests};
use super::{Item, NfsFile};
use crate::model::{Function, Guard, Halt, Task};

/// What a scan has taken, and a request that it has left: its page, and its generation.
pub type Scanned = (Vec<Item>, Option<(usize, u8)>);

/// A section under `req_lock`. Dropping it releases the lock.
///
/// A COMMIT: what the server has, but not on stable storage, is taken off its list and locked for I/O.
#[derive(Debug)]
pub struct Section<'f> {
    pub(super) file: &'f NfsFile,
    pub(super) requests: Guard<'f, Requests>,
}

impl Section<'_> {
    /// The first page from an index on whose request is locked for I/O, and the request's generation.
    #[must_use]
    pub fn locked_for_io(&self, start: usize) -> Option<(usize, u8)> {
        self.requests.read(move |requests| {
            for (page, request) in requests.of.iter().enumerate().skip(start) {
                match request {
                    Some(request) if request.tag_writeback => {
                        return Some((page, request.generation));
                    }
                    _ => {}
                }
            }
            None
        })
    }

    /// `nfs_scan_dirty` or `nfs_scan_commit`: takes the requests of a list in a range of pages, and
    /// locks them for I/O. One step for each. Returns their pages, and a request that was on the list and
    /// busy.
    #[track_caller]
    pub fn scan(
        &mut self,
        task: &Task,
        list: List,
        range: (usize, usize),
        who: &'static str,
    ) -> Result<Scanned, Halt> {
        let (mut taken, mut skipped) = (Vec::new(), None);
        let (start, end) = range;
        for page in self.file.pages().iter().take(end).skip(start) {
            let index = page.index;
            let request = self.requests.read(move |requests| requests.of[index]);
            let Some(request) = request.filter(|request| request.list == list) else {
                continue;
            };
            let Ok(whole) = page.try_busy(task, request.generation, who)? else {
                skipped = Some((index, request.generation));
                continue;
            };
            self.requests.update(move |requests| {
                let request = requests.get(index);
                request.tag_writeback = true;
                request.list = List::Own;
                request.taken_by = Some(who);
            });
            taken.push(Item { page: index, whole });
        }
        Ok((taken, skipped))
    }

    /// Whether a page is still as a call of `who` has put it under writeback, and whether its request
    /// is owned by no thread then. A step of the property, where the request is on no list.
    #[track_caller]
    pub fn owes(
        &self,
        task: &Task,
        page: usize,
        function: Function,
        who: &'static str,
    ) -> Result<(bool, bool), Halt> {
        let request = self.requests.read(move |requests| requests.of[page]);
        let Some(request) = request.filter(|request| request.marked_by == Some(who)) else {
            return Ok((false, false));
        };
        if request.list == List::Dirty {
            return Ok((true, true));
        }
        let owed = !self.file.rpcs.has(task, function, page)?;
        // Another thread that has taken it off the dirty list has not started its I/O yet.
        Ok((
            owed,
            owed && request.taken_by.is_none_or(|other| other == who),
        ))
    }
}
