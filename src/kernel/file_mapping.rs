//! A mapped file: what the VM asks of a filesystem.
//!
//! The VM's own steps are the same for every filesystem and call it where the kernel does: see
//! [`cleaning`](super::cleaning) and [`truncation`](super::truncation).
//!
//! A filesystem of one's own, which says what it relies on when the VM calls it:
//!
//! ```
//! # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
//! # use pagelock::kernel::{AddressSpace, Buffers, FileMapping, LockedPage, Page, Pte, truncation::truncate_inode_pages};
//! # use std::sync::Arc;
//! struct File(AddressSpace);
//!
//! impl FileMapping for File {
//!     fn pages(&self) -> &AddressSpace { &self.0 }
//!     fn ptes(&self, _: usize) -> &[Pte] { &[] }
//!     fn blocks_per_page(&self) -> usize { 1 }
//!     fn set_page_dirty(&self, _: &Task, _: &Page) -> Result<(), Halt> { Ok(()) }
//!     fn invalidate_page(&self, task: &Task, _: &LockedPage<'_>, _: usize) -> Result<(), Halt> {
//!         task.check("locked", task.holds("page lock"), || "the page is not locked".into());
//!         task.reach("invalidated");
//!         Ok(())
//!     }
//! }
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let file = File(AddressSpace::new(world, &[Buffers::default()], true));
//!     world.thread("truncate", move |task| truncate_inode_pages(task, &file, 0));
//! });
//! let found = search(&encoding, &Strategy::States).unwrap();
//! assert!(found.findings.is_empty() && found.reached.contains("invalidated"));
//! ```

use super::{AddressSpace, LockedPage, Page, Pte};
use crate::engine::{Halt, Task};

/// A mapped file, with the operations of its filesystem (`struct address_space_operations`).
///
/// A file of one page with two mappings, whose filesystem keeps nothing for it:
///
/// ```
/// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
/// # use pagelock::kernel::{AddressSpace, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
/// # use pagelock::kernel::cleaning::clear_page_dirty_for_io;
/// # use std::sync::Arc;
/// struct File {
///     pages: AddressSpace,
///     ptes: [Pte; 2],
/// }
///
/// impl FileMapping for File {
///     fn pages(&self) -> &AddressSpace { &self.pages }
///     fn ptes(&self, _: usize) -> &[Pte] { &self.ptes }
///     fn blocks_per_page(&self) -> usize { 1 }
///     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> {
///         self.pages.set_page_dirty_nobuffers(task, page)
///     }
///     fn invalidate_page(&self, _: &Task, _: &LockedPage<'_>, _: usize) -> Result<(), Halt> { Ok(()) }
/// }
///
/// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let dirty = PteState { write: true, dirty: true, ..PteState::READ_ONLY };
///     let file = File {
///         pages: AddressSpace::new(world, &[Buffers::default()], false),
///         ptes: ["one", "other"].map(|name| Pte::new(world, name, dirty)),
///     };
///     world.thread("flusher", move |task| {
///         let page = file.pages.page(0).lock_page(task)?;
///         // The page itself was clean: that it has to be written only its ptes knew.
///         assert!(clear_page_dirty_for_io(task, &file, &page)?);
///         Ok(())
///     });
/// });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// assert_eq!(found.findings, []);
/// ```
pub trait FileMapping {
    /// Its pages.
    ///
    /// What a filesystem in a model is made of stands in the encoding's own type:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
    /// # use std::sync::Arc;
    /// # struct File(AddressSpace, Vec<Pte>);
    /// # impl FileMapping for File {
    /// #     fn pages(&self) -> &AddressSpace { &self.0 }
    /// #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
    /// #     fn blocks_per_page(&self) -> usize { 2 }
    /// #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
    /// #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
    /// #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
    /// #     }
    /// # }
    /// # fn file(world: &World, pages: usize, pte: PteState) -> File {
    /// #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
    /// #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
    /// # }
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = file(world, 3, PteState::NONE);
    /// assert_eq!(file.pages().pages().len(), 3);
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    fn pages(&self) -> &AddressSpace;

    /// The ptes that may map a page.
    ///
    /// Every entry that may map the page, present or not:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
    /// # use std::sync::Arc;
    /// # struct File(AddressSpace, Vec<Pte>);
    /// # impl FileMapping for File {
    /// #     fn pages(&self) -> &AddressSpace { &self.0 }
    /// #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
    /// #     fn blocks_per_page(&self) -> usize { 2 }
    /// #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
    /// #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
    /// #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
    /// #     }
    /// # }
    /// # fn file(world: &World, pages: usize, pte: PteState) -> File {
    /// #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
    /// #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
    /// # }
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = file(world, 1, PteState::NONE);
    /// assert!(file.ptes(0).iter().all(|pte| pte.peek(|pte| !pte.present)));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    fn ptes(&self, page: usize) -> &[Pte];

    /// The blocks of a page.
    ///
    /// A size of three blocks ends in the middle of the second page:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
    /// # use std::sync::Arc;
    /// # struct File(AddressSpace, Vec<Pte>);
    /// # impl FileMapping for File {
    /// #     fn pages(&self) -> &AddressSpace { &self.0 }
    /// #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
    /// #     fn blocks_per_page(&self) -> usize { 2 }
    /// #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
    /// #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
    /// #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
    /// #     }
    /// # }
    /// # fn file(world: &World, pages: usize, pte: PteState) -> File {
    /// #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
    /// #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
    /// # }
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = file(world, 2, PteState::NONE);
    /// assert_eq!((3 / file.blocks_per_page(), 3_usize.div_ceil(file.blocks_per_page())), (1, 2));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    fn blocks_per_page(&self) -> usize;

    /// `->set_page_dirty`.
    ///
    /// The VM calls it for what it finds in a pte; a counterexample shows the filesystem's own steps there:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
    /// # use std::sync::Arc;
    /// # struct File(AddressSpace, Vec<Pte>);
    /// # impl FileMapping for File {
    /// #     fn pages(&self) -> &AddressSpace { &self.0 }
    /// #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
    /// #     fn blocks_per_page(&self) -> usize { 2 }
    /// #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
    /// #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
    /// #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
    /// #     }
    /// # }
    /// # fn file(world: &World, pages: usize, pte: PteState) -> File {
    /// #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
    /// #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
    /// # }
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = file(world, 1, PteState::NONE);
    /// world.thread("fault", move |task| {
    ///     let page = file.pages().page(0);
    ///     file.set_page_dirty(task, page)?;
    ///     assert!(page.is_dirty(task, f::DO_WP_PAGE)?);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt>;

    /// `wait_on_page_writeback`.
    ///
    /// A filesystem that keeps the I/O as a lock waits for that instead; this is the wait for the page's bit:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
    /// # use std::sync::Arc;
    /// # struct File(AddressSpace, Vec<Pte>);
    /// # impl FileMapping for File {
    /// #     fn pages(&self) -> &AddressSpace { &self.0 }
    /// #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
    /// #     fn blocks_per_page(&self) -> usize { 2 }
    /// #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
    /// #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
    /// #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
    /// #     }
    /// # }
    /// # fn file(world: &World, pages: usize, pte: PteState) -> File {
    /// #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
    /// #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
    /// # }
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = Arc::new(file(world, 1, PteState::NONE));
    /// let other = file.clone();
    /// world.thread("flusher", move |task| {
    ///     let page = file.pages().page(0).lock_page(task)?;
    ///     file.pages().test_set_page_writeback(task, &page)?;
    ///     page.unlock_page();
    ///     file.pages().page(0).end_page_writeback(task)
    /// });
    /// world.thread("truncate", move |task| {
    ///     let page = other.pages().page(0).lock_page(task)?;
    ///     other.wait_on_page_writeback(task, &page)?;
    ///     assert!(!page.page().is_writeback(task, f::TRUNCATE_COMPLETE_PAGE)?);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    fn wait_on_page_writeback(&self, task: &Task, page: &LockedPage<'_>) -> Result<(), Halt> {
        page.page().wait_on_page_writeback(task)
    }

    /// `->invalidatepage`: the blocks of the page from `from` on are no longer of the file.
    ///
    /// The second block of the page leaves the file, the first stays:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Halt, Strategy, Task, World, search};
    /// # use pagelock::kernel::{AddressSpace, BufferHead, Buffers, FileMapping, LockedPage, Page, Pte, PteState, functions as f};
    /// # use std::sync::Arc;
    /// # struct File(AddressSpace, Vec<Pte>);
    /// # impl FileMapping for File {
    /// #     fn pages(&self) -> &AddressSpace { &self.0 }
    /// #     fn ptes(&self, _: usize) -> &[Pte] { &self.1 }
    /// #     fn blocks_per_page(&self) -> usize { 2 }
    /// #     fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> { self.0.set_page_dirty_nobuffers(task, page) }
    /// #     fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
    /// #         page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| buffers.heads[from..].fill(BufferHead::HOLE))
    /// #     }
    /// # }
    /// # fn file(world: &World, pages: usize, pte: PteState) -> File {
    /// #     let buffers = vec![Buffers::new(&[BufferHead::ON_DISK; 2]); pages];
    /// #     File(AddressSpace::new(world, &buffers, true), vec![Pte::new(world, "pte", pte)])
    /// # }
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let file = file(world, 1, PteState::NONE);
    /// let end = file.pages().page(0).clone();
    /// world.thread("truncate", move |task| {
    ///     let page = file.pages().page(0).lock_page(task)?;
    ///     file.invalidate_page(task, &page, 1)
    /// });
    /// world.finally(move |_| {
    ///     let heads = end.peek(|_, _, buffers| buffers.heads.clone());
    ///     assert_eq!(heads, [BufferHead::ON_DISK, BufferHead::HOLE]);
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt>;
}
