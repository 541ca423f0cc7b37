//! What a filesystem keeps for a page while it is dirty.
//!
//! A writepage that needs what `page_mkwrite` has attached; nothing keeps the two in order here:
//!
//! ```
//! use pagelock::engine::{Encoding, Strategy, World, search};
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
//! let found = search(&encoding, &Strategy::States).unwrap();
//! assert!(found.finding("metadata").is_some());
//! ```

use super::class::{METADATA, WRITEBACK};
use super::functions as f;
use crate::engine::{Cell, Function, Guard, Halt, Lock, State, Task, World};
use std::hash::Hash;

/// The metadata of a page, and the page's content.
///
/// The filesystem has what it needs to write the page (an NFS request, reserved blocks, a snapshot
/// context) while the metadata is *attached*. It gets that before the page becomes dirty, and gives
/// it up when a write of the page is done. The lock of the metadata is held from the submission of a
/// write until then, as NFS holds `PG_BUSY` of the page's request: whoever comes for the metadata
/// meanwhile waits for the I/O. The content is a version number: each store makes it one more.
///
/// A whole write of a page, from `writepage` to the end of the I/O:
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::{Metadata, OnDisk, functions as f};
/// # use std::sync::Arc;
/// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
/// let metadata = Metadata::new(world, 0, true, 3);
/// let end = metadata.clone();
/// world.thread("flusher", move |task| {
///     let mut on_disk = metadata.lock(task, f::WRITEPAGE)?;
///     let version = metadata.content(task, f::WRITEPAGE)?;
///     let io = metadata.start_write(task)?;
///     on_disk.update(move |disk| *disk = OnDisk(version));
///     metadata.set_attached(task, f::WRITE_END_IO, false)?;
///     io.release();
///     Ok(())
/// });
/// world.finally(move |_| end.peek(|attached, on_disk, _| assert_eq!((attached, on_disk), (false, 3))));
/// # });
/// # let found = search(&encoding, &Strategy::States).unwrap();
/// # assert_eq!(found.findings, []);
/// ```
#[derive(Debug, Clone)]
pub struct Metadata {
    lock: Lock<OnDisk>,
    io: Lock<()>,
    attached: Cell<Attached>,
    content: Cell<u8>,
}

/// The version of a page's content on disk.
///
/// ```
/// use pagelock::engine::State;
/// use pagelock::kernel::OnDisk;
///
/// // What a counterexample shows where the flusher has taken version 2 to the disk.
/// assert_eq!(OnDisk(2).show(), "v2 on disk");
/// ```
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
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// // Dirty from the start: one store is not on disk yet.
    /// let metadata = Metadata::new(world, 0, true, 1);
    /// metadata.peek(|attached, on_disk, content| assert_eq!((attached, on_disk, content), (true, 0, 1)));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
    ///
    /// Of two threads that come for the metadata one waits, and a scenario can require that it is reached:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, true, 0);
    /// for name in ["fault", "flusher"] {
    ///     let metadata = metadata.clone();
    ///     world.thread(name, move |task| {
    ///         let mark = "waits for the other";
    ///         let lock = || metadata.lock(task, f::PAGE_MKWRITE);
    ///         let _guard = task.marking_waits("metadata", mark, lock)?;
    ///         metadata.set_attached(task, f::PAGE_MKWRITE, true)
    ///     });
    /// }
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.reached.contains("waits for the other"));
    /// ```
    #[track_caller]
    pub fn lock(&self, task: &Task, function: Function) -> Result<Guard<'_, OnDisk>, Halt> {
        task.acquire(&self.lock, function)
    }

    /// The write of the page is under way, until the guard is dropped: it is held by whoever has set
    /// `PageWriteback`, from before he does, under the page lock, to `end_page_writeback`. One step.
    ///
    /// The I/O has an owner for as long as the guard lives, so a wait for it is a wait for a thread:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, true, 0);
    /// world.thread("flusher", move |task| {
    ///     let _io = metadata.start_write(task)?;
    ///     metadata.wait_for_write(task) // Before it has ended it.
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// let edge = &found.finding(NO_DEADLOCK).unwrap().cycles[0].edges[0];
    /// assert_eq!(edge.ended_by, "end_page_writeback");
    /// ```
    #[track_caller]
    pub fn start_write(&self, task: &Task) -> Result<Guard<'_, ()>, Halt> {
        let guard = task.acquire(&self.io, f::TEST_SET_PAGE_WRITEBACK)?;
        Ok(guard.unlocked_by(f::END_PAGE_WRITEBACK))
    }

    /// `wait_on_page_writeback`, for a caller that has the page locked: waits for the write that is
    /// under way, if any. It is the same wait as
    /// [that of the page](super::Page::wait_on_page_writeback), as a lock, which costs an exhaustive
    /// search less. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, true, 0);
    /// let other = metadata.clone();
    /// world.thread("flusher", move |task| {
    ///     let _io = metadata.start_write(task)?;
    ///     metadata.set_attached(task, f::WRITEPAGE, true)?;
    ///     metadata.set_attached(task, f::WRITE_END_IO, false)
    /// });
    /// world.thread("truncate", move |task| {
    ///     // Comes before the write or after, and never finds one half done.
    ///     other.wait_for_write(task)
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn wait_for_write(&self, task: &Task) -> Result<(), Halt> {
        task.acquire(&self.io, f::WAIT_ON_PAGE_WRITEBACK).map(drop)
    }

    /// Whether the metadata is attached. One step.
    ///
    /// A `page_mkwrite` that attaches what is not there, and does it twice with nothing to exclude another:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, false, 0);
    /// for name in ["one", "other"] {
    ///     let metadata = metadata.clone();
    ///     world.thread(name, move |task| {
    ///         if !metadata.is_attached(task, f::PAGE_MKWRITE)? {
    ///             let again = metadata.is_attached(task, f::PAGE_MKWRITE)?;
    ///             task.check("once", !again, || "attached by somebody else".into());
    ///             metadata.set_attached(task, f::PAGE_MKWRITE, true)?;
    ///         }
    ///         Ok(())
    ///     });
    /// }
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("once").is_some());
    /// ```
    #[track_caller]
    pub fn is_attached(&self, task: &Task, function: Function) -> Result<bool, Halt> {
        task.step(&self.attached, function, |attached| attached.0)
    }

    /// Attaches the metadata, or drops it. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, false, 0);
    /// world.thread("fault", move |task| {
    ///     metadata.set_attached(task, f::PAGE_MKWRITE, true)?;
    ///     assert!(metadata.is_attached(task, f::WRITEPAGE)?);
    ///     metadata.set_attached(task, f::INVALIDATE, false)?;
    ///     assert!(!metadata.is_attached(task, f::WRITEPAGE)?);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, true, 0);
    /// let end = metadata.clone();
    /// for name in ["one", "other"] {
    ///     let metadata = metadata.clone();
    ///     world.thread(name, move |task| metadata.store(task, f::MEMORY_STORE));
    /// }
    /// world.finally(move |_| end.peek(|_, _, content| assert_eq!(content, 2)));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn store(&self, task: &Task, function: Function) -> Result<(), Halt> {
        task.step(&self.content, function, |content| *content += 1)
    }

    /// The version that a write of the page takes to the disk. One step.
    ///
    /// The version that a write takes along may be the last one or the one before:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, true, 0);
    /// let other = metadata.clone();
    /// world.thread("store", move |task| metadata.store(task, f::MEMORY_STORE));
    /// world.thread("flusher", move |task| {
    ///     let version = other.content(task, f::WRITEPAGE)?;
    ///     task.reach(format!("v{version}"));
    ///     Ok(())
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.reached.contains("v0") && found.reached.contains("v1"));
    /// ```
    #[track_caller]
    pub fn content(&self, task: &Task, function: Function) -> Result<u8, Halt> {
        task.step(&self.content, function, |content| *content)
    }

    /// Looks from outside the program: whether the metadata is attached, the version on disk, and
    /// the version of the page.
    ///
    /// The property that no store is lost:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Metadata, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let metadata = Metadata::new(world, 0, true, 0);
    /// let end = metadata.clone();
    /// world.thread("store", move |task| metadata.store(task, f::MEMORY_STORE));
    /// world.finally(move |task| {
    ///     let kept = end.peek(|_, on_disk, content| on_disk == content);
    ///     task.check("store", kept, || "the page holds what the disk does not".into());
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("store").is_some()); // Nobody writes the page.
    /// ```
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(bool, u8, u8) -> R) -> R {
        let attached = self.attached.peek(|attached| attached.0);
        let on_disk = self.lock.peek(|on_disk| on_disk.0);
        self.content
            .peek(|content| read(attached, on_disk, *content))
    }
}
