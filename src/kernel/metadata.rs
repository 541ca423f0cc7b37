//! What a filesystem keeps for a dirty page, in order to write it: reserved blocks, or an NFS request.
//!
//! A `->writepage` that needs what `->page_mkwrite` has attached; here nothing orders the two:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::model::{Encoding, World};
//! use pagelock::kernel::{Metadata, functions as f};
//! use std::sync::Arc;
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let metadata = Metadata::new(world, 0, false, 0);
//!     let flushed = metadata.clone();
//!     world.thread("fault", move |task| metadata.set_attached(task, f::PAGE_MKWRITE, true));
//!     world.thread("flusher", move |task| {
//!         let there = flushed.is_attached(task, f::WRITEPAGE)?;
//!         task.check("metadata", there, || "nothing to write the page by".into());
//!         Ok(())
//!     });
//! });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert!(found.finding("metadata").is_some());
//! ```

use super::class::{METADATA, WRITEBACK};
use super::functions as f;
use crate::model::{Cell, Function, Guard, Halt, Lock, State, Task, World};
use std::hash::Hash;

/// The metadata of a page, and the page's content.
///
/// The filesystem has what it needs to write the page (an NFS request, reserved blocks, a snapshot
/// context) while the metadata is *attached*. It gets that before the page becomes dirty, and
/// drops it when a write of the page is done. The lock of the metadata is held from the submission of a
/// write until then, as NFS holds `PG_BUSY` of the page's request: a thread that needs the metadata
/// meanwhile waits for the I/O. The content is a version number: each store makes it one more.
#[derive(Debug, Clone)]
pub struct Metadata {
    lock: Lock<OnDisk>,
    io: Lock<()>,
    attached: Cell<Attached>,
    content: Cell<u8>,
}

/// The version of a page's content on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OnDisk(pub u8);

impl State for OnDisk {
    fn show(&self) -> String {
        format!("v{} on disk", self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Attached(bool);

impl State for Attached {
    fn show(&self) -> String {
        if self.0 { "attached" } else { "none" }.to_string()
    }
}

impl Metadata {
    /// Makes the metadata of a page whose content is `content`, and of which the disk has version
    /// 0.
    #[must_use]
    pub fn new(world: &World, page: usize, attached: bool, content: u8) -> Self {
        Self {
            lock: world.lock(format!("page {page} metadata lock"), METADATA, OnDisk(0)),
            io: world.lock(format!("page {page} write"), WRITEBACK, ()),
            attached: world.cell(format!("page {page} metadata"), Attached(attached)),
            content: world.cell(format!("page {page} content"), content),
        }
    }

    /// Takes the metadata's lock, and waits for I/O that is under way. One step.
    #[track_caller]
    pub fn lock(&self, task: &Task, function: Function) -> Result<Guard<'_, OnDisk>, Halt> {
        task.acquire(&self.lock, function)
    }

    /// The write of the page is under way, until the guard is dropped: it is held by the thread that has set
    /// `PageWriteback`, from before he does, under the page lock, to `end_page_writeback`. One step.
    #[track_caller]
    pub fn start_write(&self, task: &Task) -> Result<Guard<'_, ()>, Halt> {
        let guard = task.acquire(&self.io, f::TEST_SET_PAGE_WRITEBACK)?;
        Ok(guard.unlocked_by(f::END_PAGE_WRITEBACK))
    }

    /// `wait_on_page_writeback`, for a caller that has the page locked: waits for the write that is
    /// under way, if any. It is the same wait as
    /// [that of the page](super::Page::wait_on_page_writeback), as a lock, which costs an exhaustive
    /// search less. One step.
    #[track_caller]
    pub fn wait_for_write(&self, task: &Task) -> Result<(), Halt> {
        task.acquire(&self.io, f::WAIT_ON_PAGE_WRITEBACK).map(drop)
    }

    /// Whether the metadata is attached. One step.
    #[track_caller]
    pub fn is_attached(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.attached, function, |attached| attached.0)
    }

    /// Attaches the metadata, or drops it. One step.
    #[track_caller]
    pub fn set_attached(
        &self,
        task: &Task,
        function: Function,
        attached: bool,
    ) -> Result<(), Halt> {
        task.step(&self.attached, function, move |now| now.0 = attached)
    }

    /// A store into the page, through a pte whose lock the caller holds, or by `write(2)` under
    /// the page lock. One step.
    #[track_caller]
    pub fn store(&self, task: &Task, function: Function) -> Result<(), Halt> {
        task.step(&self.content, function, |content| *content += 1)
    }

    /// The version that a write of the page takes to the disk. One step.
    #[track_caller]
    pub fn content(&self, task: &Task, function: Function) -> Result<u8, Halt> {
        task.step(&self.content, function, |content| *content)
    }

    /// Looks from outside the program: whether the metadata is attached, the version on disk, and
    /// the version of the page.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(bool, u8, u8) -> R) -> R {
        let attached = self.attached.peek(|attached| attached.0);
        let on_disk = self.lock.peek(|on_disk| on_disk.0);
        self.content
            .peek(|content| read(attached, on_disk, *content))
    }
}
