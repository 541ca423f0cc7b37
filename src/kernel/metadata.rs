//! What a filesystem keeps for a dirty page, in order to write it: reserved blocks, or an NFS request.

use super::class::{METADATA, WRITEBACK};
use super::functions as f;
use crate::model::{Cell, Function, Guard, Halt, Lock, State, Task, World};
use std::hash::Hash;

/// The metadata of a page, and the page's content.
///
/// The filesystem has what it needs to write the page (an NFS request, reserved blocks, a snapshot
/// context) while the metadata is *attached*, which `PG_private` of the page says. It gets that before the page becomes dirty, and
/// drops it when a write of the page is done. The lock of the metadata is held from the submission of a
/// write until then, as NFS holds `PG_BUSY` of the page's request: a thread that needs the metadata
/// meanwhile waits for the I/O. The content is a version number: each store makes it one more.
#[derive(Debug, Clone)]
pub struct Metadata {
    lock: Lock<OnDisk>,
    io: Lock<()>,
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

impl Metadata {
    /// Makes the metadata of a page whose content is `content`, and of which the disk has version
    /// 0.
    #[must_use]
    pub fn new(world: &World, page: usize, content: u8) -> Self {
        Self {
            lock: world.lock(format!("page {page} metadata lock"), METADATA, OnDisk(0)),
            io: world.lock(format!("page {page} write"), WRITEBACK, ()),
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

    /// Looks from outside the program: the version on disk, and the version of the page.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(u8, u8) -> R) -> R {
        let on_disk = self.lock.peek(|on_disk| on_disk.0);
        self.content.peek(|content| read(on_disk, *content))
    }
}
