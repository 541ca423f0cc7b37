//! The state of an NFS page and of its write requests.
//!
//! The parts are split as the kernel guards them: the flags of a page are atomic bits; the lists, tags
//! and other bits of *all* requests are guarded by one spinlock, `req_lock`; and `PG_BUSY` is a bit lock
//! that is taken under `req_lock` and released without it, and guards the region of its request.

use super::rpc::RPCIOD;
use crate::model::{State, Word};

/// The bits of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageFlags {
    /// `PageDirty`.
    pub dirty: bool,
    /// `PAGECACHE_TAG_DIRTY`.
    pub tagged: bool,
    /// `PageWriteback`.
    pub writeback: bool,
}

impl State for PageFlags {
    fn show(&self) -> String {
        let mut shown = vec![if self.dirty { "dirty" } else { "clean" }];
        // The tag follows the flag; it is shown only where the page is clean.
        shown.extend((self.tagged && !self.dirty).then_some("tagged"));
        shown.extend(self.writeback.then_some("writeback"));
        shown.join(" ")
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("PG_dirty", self.dirty),
            Word::new("PAGECACHE_TAG_DIRTY", self.tagged),
            Word::new("PG_writeback", self.writeback),
        ]
    }
}

/// The list that a request is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// None, or a list of the thread that holds its `PG_BUSY`, or that of a WRITE in flight.
    Own,
    /// The inode's list of dirty requests, `nfsi->dirty`.
    Dirty,
    /// The inode's list of requests that a COMMIT is needed for, `nfsi->commit`.
    Commit,
}

/// What `req_lock` guards of a write request (`struct nfs_page`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Request {
    /// Which request of its page this is.
    pub generation: u8,
    /// `PG_NEED_FLUSH`: the page has bytes that the request may not cover.
    pub need_flush: bool,
    /// `PG_NEED_COMMIT`.
    pub need_commit: bool,
    /// `NFS_PAGE_TAG_WRITEBACK`: locked for I/O. (`NFS_PAGE_TAG_DIRTY` says no more than the list.)
    pub tag_writeback: bool,
    /// Where it is.
    pub list: List,
    /// For the properties: the thread whose call put the page under writeback.
    pub marked_by: Option<&'static str>,
    /// For the properties: the thread whose scan took it off a list.
    pub taken_by: Option<&'static str>,
}

impl Request {
    /// A request that nothing has been done with yet.
    pub const NEW: Self = Self {
        generation: 0,
        need_flush: false,
        need_commit: false,
        tag_writeback: false,
        list: List::Own,
        marked_by: None,
        taken_by: None,
    };
}

/// What `req_lock` guards: the request of each page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Requests {
    /// By the index of the page.
    pub of: Vec<Option<Request>>,
    /// How many requests each page has had since the start.
    pub made: Vec<u8>,
}

impl Requests {
    /// The request of a page that has one.
    ///
    /// # Panics
    /// If the page has none: a request whose `PG_BUSY` is held stays with its page.
    pub fn get(&mut self, page: usize) -> &mut Request {
        self.of[page].as_mut().expect("a busy request stays")
    }
}

impl State for Requests {
    fn show(&self) -> String {
        let mut all = Vec::new();
        for (index, request) in self.of.iter().enumerate() {
            let Some(request) = request else { continue };
            let mut shown = index.to_string();
            for (holds, what) in [
                (request.list == List::Dirty, " dirty list"),
                (request.list == List::Commit, " commit list"),
                (request.tag_writeback, " locked for I/O"),
                (request.need_flush, " need-flush"),
            ] {
                shown.push_str(if holds { what } else { "" });
            }
            all.push(shown);
        }
        all.join(", ")
    }
}

/// `PG_BUSY` of a page's requests, and what it guards. The owner is the thread that set it, also when
/// an RPC holds the request: then [`Rpcs`](super::Rpcs) says so.
///
/// A request that is no longer its page's may still be busy while there is a new one. rpciod completes one RPC after
/// another, so no more than two of a page are busy at once, and they are neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Busy {
    /// Who holds `PG_BUSY` of which request, by whether its generation is even or odd.
    owners: [Option<(u8, &'static str)>; 2],
    /// The generation of the page's last request.
    last: u8,
    /// Whether the request's region is the whole page.
    pub whole: bool,
    /// Whether the one thread that gets a signal has one pending. It is kept with each request, so
    /// that a thread that waits for one sees it. The signal sets the bits one after the other, and to the
    /// one thread that looks, a bit that is not set yet is a signal that has not come yet.
    pub signalled: bool,
    /// The answer that rpciod has unlocked it by last: see [`Rpcs::peek_will_unlock`](super::rpc::Rpcs).
    pub(super) answer: Option<u8>,
}

impl Busy {
    /// No request, or one that is not busy.
    pub const FREE: Self = Self {
        owners: [None, None],
        last: 0,
        whole: false,
        signalled: false,
        answer: None,
    };

    /// A request in an RPC.
    pub const IN_RPC: Self = Self {
        owners: [Some((0, RPCIOD)), None],
        ..Self::FREE
    };

    /// Who holds `PG_BUSY` of the request of a generation.
    #[must_use]
    pub fn owner_of(&self, generation: u8) -> Option<&'static str> {
        let owner = self.owners[usize::from(generation % 2)];
        owner.and_then(|(busy, owner)| (busy == generation).then_some(owner))
    }

    /// Who holds `PG_BUSY` of the page's last request.
    #[must_use]
    pub fn owner(&self) -> Option<&'static str> {
        self.owner_of(self.last)
    }

    /// The generation of the page's last request.
    pub(super) fn last(&self) -> u8 {
        self.last
    }

    /// Whether a request is the page's last one, and the one before it is still busy.
    pub(super) fn replaces_busy(&self, generation: u8) -> bool {
        let before = generation.checked_sub(1);
        generation == self.last && before.is_some_and(|before| self.owner_of(before).is_some())
    }

    /// Sets the owner of the page's last request, and returns whether there was one.
    pub(super) fn set_last_owner(&mut self, owner: Option<&'static str>) -> bool {
        self.set_owner(self.last, owner)
    }

    /// Sets the owner of a generation, and returns whether there was one.
    pub(super) fn set_owner(&mut self, generation: u8, owner: Option<&'static str>) -> bool {
        self.last = generation.max(self.last);
        let was_busy = self.owner_of(generation).is_some();
        self.owners[usize::from(generation % 2)] = owner.map(|owner| (generation, owner));
        was_busy
    }
}

impl State for Busy {
    fn show(&self) -> String {
        let mut shown: Vec<String> = (self.owners.iter().flatten())
            .map(|(_, owner)| format!("busy:{owner}"))
            .collect();
        if shown.is_empty() {
            shown.push("free".into());
        }
        shown.extend(self.whole.then(|| "whole".into()));
        shown.extend(self.signalled.then(|| "signal".into()));
        shown.join(" ")
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("PG_BUSY of request 0", self.owners[0]),
            Word::new("PG_BUSY of request 1", self.owners[1]),
            Word::new("last request", self.last),
            Word::new("wb_bytes", self.whole),
            Word::new("pending signal", self.signalled),
            Word::new("answer", self.answer),
        ]
    }
}

/// A page and its request at the start of a scenario.
///
/// The bits need not agree with what the kernel would have made of them: a scenario may start in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Start {
    /// The page's bits.
    pub flags: PageFlags,
    /// Its request.
    pub request: Option<Request>,
    /// Whether that is busy.
    pub busy: Busy,
    /// Whether the page has bytes of `write(2)` that were not sent.
    pub written: bool,
    /// Whether it has bytes stored through a mapping that were not sent.
    pub stored: bool,
    /// Whether the radix tree has no memory for a new request.
    pub no_memory: bool,
}

impl Start {
    /// A clean page without a request.
    pub const CLEAN: Self = Self {
        flags: PageFlags {
            dirty: false,
            tagged: false,
            writeback: false,
        },
        request: None,
        busy: Busy::FREE,
        written: false,
        stored: false,
        no_memory: false,
    };
}

/// What came of an attempt to take a page's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The page has no request.
    None,
    /// Another thread holds its `PG_BUSY`.
    Busy(Waited),
    /// It is for a COMMIT; this thread holds its `PG_BUSY` now.
    NeedCommit,
    /// This thread holds its `PG_BUSY` now.
    Taken,
}

/// A request to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Waited {
    /// Which request of its page.
    pub generation: u8,
    /// Whether the signal was pending already.
    pub signalled: bool,
}

/// What came of the section of `nfs_page_async_flush` or `nfs_page_mark_flush`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flush {
    /// As for any attempt to take the request, where it was not taken or is for a COMMIT.
    Not(Claim),
    /// `PageWriteback` was set already; the request is busy now.
    AlreadyWriteback,
    /// `PageWriteback` is set and the request is busy.
    Marked {
        /// `PG_NEED_FLUSH`, as the section saw it.
        need_flush: bool,
        /// Whether the request is for the whole page.
        whole: bool,
    },
}
