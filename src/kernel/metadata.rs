//! What a filesystem keeps for a page while it is dirty.

use super::class::METADATA;
use crate::engine::{Cell, Function, Guard, Halt, Lock, State, Task, World};

/// What the filesystem knows of a page (`page->private`), under the filesystem's own lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MetadataState {
    /// The filesystem has what it needs to write the page: an NFS request, reserved blocks, a
    /// snapshot context. It gets that before the page becomes dirty, and gives it up when the page
    /// is written.
    pub attached: bool,
    /// The version of the page's content on disk.
    pub on_disk: u8,
}

impl State for MetadataState {
    fn show(&self) -> String {
        let attached = if self.attached { "attached" } else { "none" };
        format!("{attached} v{} on disk", self.on_disk)
    }
}

/// The metadata of a page, and the page's content.
///
/// The lock of the metadata is held from the submission of a write until it is done, as NFS holds
/// `PG_BUSY` of the page's request: whoever comes for the metadata meanwhile waits for the I/O.
/// The content is a version number: each store makes it one more.
#[derive(Debug, Clone)]
pub struct Metadata {
    lock: Lock<MetadataState>,
    content: Cell<u8>,
}

impl Metadata {
    /// Makes the metadata of a page whose content is `content`, and of which the disk has version
    /// 0.
    #[must_use]
    pub fn new(world: &World, page: usize, attached: bool, content: u8) -> Self {
        let state = MetadataState {
            attached,
            on_disk: 0,
        };
        Self {
            lock: world.lock(format!("page {page} metadata"), METADATA, state),
            content: world.cell(format!("page {page} content"), content),
        }
    }

    /// Takes the metadata's lock, and waits for I/O that is under way. One step.
    pub fn lock(&self, task: &Task, function: Function) -> Result<Guard<'_, MetadataState>, Halt> {
        task.acquire(&self.lock, function)
    }

    /// A store into the page, through a pte whose lock the caller holds, or by `write(2)` under
    /// the page lock. One step.
    pub fn store(&self, task: &Task, function: Function) -> Result<(), Halt> {
        task.step(&self.content, function, |content| *content += 1)
    }

    /// The version that a write of the page takes to the disk. One step.
    pub fn content(&self, task: &Task, function: Function) -> Result<u8, Halt> {
        task.step(&self.content, function, |content| *content)
    }

    /// Looks at the metadata and the content from outside the program.
    pub fn peek<R>(&self, read: impl FnOnce(&MetadataState, u8) -> R) -> R {
        self.lock
            .peek(|state| self.content.peek(|content| read(state, *content)))
    }
}
