//! An ext4 inode: its sizes, its blocks, and what of it the journal has seen.
//!
//! The size on disk passes a block whose allocation is not logged yet:
//!
//! ```
//! use pagelock::engine::{Encoding, Strategy, World, search};
//! use pagelock::kernel::{Blocks, Inode, Logged, RawInode, functions as f};
//! use std::sync::Arc;
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let inode = Inode::new(world, 1, RawInode::default(), false);
//!     let (other, committed) = (inode.clone(), inode.clone());
//!     world.thread("writer", move |task| {
//!         inode.set_disksize(task, f::EXT4_WB_UPDATE_I_DISKSIZE, 1)?;
//!         inode.log(task, Logged::Allocation(Blocks::of([0])), false)
//!     });
//!     // Logs the inode for a reason of its own, with whatever `i_disksize` is then.
//!     world.thread("truncate", move |task| other.log(task, Logged::Orphan, false));
//!     world.thread("kjournald2", move |task| {
//!         let raw = committed.raw(task, f::COMMIT_TRANSACTION)?;
//!         let covered = (0..raw.size).all(|block| raw.blocks.contains(block));
//!         task.check("disksize", covered, || "a crash shows what was never written".into());
//!         Ok(())
//!     });
//! });
//! let found = search(&encoding, &Strategy::States).unwrap();
//! assert!(found.finding("disksize").is_some());
//! ```

use super::blocks::Blocks;
use super::class::{I_DATA_SEM, I_MUTEX, I_RAW_LOCK};
use super::functions as f;
use super::raw_inode::{Logged, RawInode};
use super::variable::Variable;
use crate::engine::{Cell, Function, Guard, Halt, Lock, Task, World};

/// An inode.
///
/// A writer without `i_mutex` loses what the other has added:
///
/// ```
/// # use pagelock::engine::{Encoding, Strategy, World, search};
/// # use pagelock::kernel::{Inode, RawInode, functions as f};
/// # use std::sync::Arc;
/// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let inode = Inode::new(world, 0, RawInode::default(), true);
///     let end = inode.clone();
///     for name in ["one", "other"] {
///         let inode = inode.clone();
///         world.thread(name, move |task| {
///             let size = inode.i_size_read(task)?;
///             inode.i_size_write(task, size + 1)
///         });
///     }
///     world.finally(move |task| {
///         let (size, _) = end.peek_sizes();
///         task.check("appended", size == 2, || format!("i_size is {size}"));
///     });
/// });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// assert!(found.finding("appended").is_some());
/// ```
#[derive(Debug, Clone)]
pub struct Inode {
    mutex: Lock<()>,
    /// `i_data_sem`, with `i_data`: the allocated blocks.
    data_sem: Lock<Blocks>,
    size: Variable<usize>,
    /// `i_disksize`: the size that the next `ext4_mark_inode_dirty` logs.
    disksize: Cell<usize>,
    /// The inode's buffer in the running transaction.
    raw: Cell<RawInode>,
    /// `i_raw_lock`, of later kernels.
    raw_lock: Lock<()>,
}

impl Inode {
    /// Makes an inode of `size` blocks, of which the disk knows `raw`. `grows` says whether any
    /// thread of the scenario writes `i_size`.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Blocks, Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// // Delayed allocation: the file has two blocks, and the disk knows of one.
    /// let raw = RawInode { size: 1, blocks: Blocks::of([0]), orphan: false };
    /// let inode = Inode::new(world, 2, raw, false);
    /// assert_eq!(inode.peek_sizes(), (2, 1));
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn new(world: &World, size: usize, raw: RawInode, grows: bool) -> Self {
        Self {
            mutex: world.lock("i_mutex", I_MUTEX, ()),
            data_sem: world.lock("i_data_sem", I_DATA_SEM, raw.blocks),
            size: Variable::new(world, "i_size", size, grows),
            disksize: world.cell("i_disksize", raw.size),
            raw: world.cell("inode buffer", raw),
            raw_lock: world.lock("i_raw_lock", I_RAW_LOCK, ()),
        }
    }

    /// Takes `i_mutex`, which serialises `write(2)` and `truncate(2)` on a file, and which page
    /// faults cannot take. One step.
    ///
    /// With `i_mutex` both writers count:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 0, RawInode::default(), true);
    /// let end = inode.clone();
    /// for name in ["one", "other"] {
    ///     let inode = inode.clone();
    ///     world.thread(name, move |task| {
    ///         let _mutex = inode.lock_i_mutex(task, f::GENERIC_FILE_AIO_WRITE)?;
    ///         let size = inode.i_size_read(task)?;
    ///         inode.i_size_write(task, size + 1)
    ///     });
    /// }
    /// world.finally(move |_| assert_eq!(end.peek_sizes().0, 2));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn lock_i_mutex(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        task.acquire(&self.mutex, function)
    }

    /// Takes `i_data_sem`, for reading or for writing, and with it the map of the allocated
    /// blocks. One step.
    ///
    /// The semaphore's readers exclude one another here. They take nothing else while they hold
    /// it, so this adds no wait to any cycle.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Blocks, Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 1, RawInode::default(), false);
    /// world.thread("flusher", move |task| {
    ///     let mut allocated = inode.down_i_data_sem(task, f::EXT4_GET_BLOCKS_WRAP)?;
    ///     let new = allocated.update(|blocks| {
    ///         let new = !blocks.contains(0);
    ///         blocks.insert(0);
    ///         new
    ///     });
    ///     assert!(new && task.holds("i_data_sem"));
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn down_i_data_sem(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<Guard<'_, Blocks>, Halt> {
        task.acquire(&self.data_sem, function)
    }

    /// `i_size_read`: without any lock. One step where the scenario changes `i_size`.
    ///
    /// Where nobody writes `i_size`, reading it is no step:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// let states = |grows: bool| {
    ///     let encoding: Arc<dyn Encoding> = Arc::new(move |world: &mut World| {
    ///         let inode = Inode::new(world, 1, RawInode::default(), grows);
    ///         world.thread("reader", move |task| inode.i_size_read(task).map(drop));
    ///     });
    ///     search(&encoding, &Strategy::States).unwrap().receipt.states.unwrap().states
    /// };
    /// assert!(states(false) < states(true));
    /// ```
    #[track_caller]
    pub fn i_size_read(&self, task: &Task) -> Result<usize, Halt> {
        self.size.read(task, f::I_SIZE_READ)
    }

    /// `i_size_write`. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 3, RawInode::default(), true);
    /// world.thread("truncate", move |task| {
    ///     inode.i_size_write(task, 0)?;
    ///     assert_eq!(inode.i_size_read(task)?, 0);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn i_size_write(&self, task: &Task, new: usize) -> Result<(), Halt> {
        self.size.write(task, f::I_SIZE_WRITE, new)
    }

    /// Reads `i_disksize`. One step; which lock the caller holds, if any, is as in the function
    /// that it mirrors.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 2, RawInode { size: 1, ..RawInode::default() }, false);
    /// world.thread("flusher", move |task| {
    ///     // Two sizes: that of the file, and that which goes to disk next.
    ///     assert_eq!(inode.i_size_read(task)?, 2);
    ///     assert_eq!(inode.disksize(task, f::EXT4_MARK_INODE_DIRTY)?, 1);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn disksize(&self, task: &Task, function: Function) -> Result<usize, Halt> {
        task.step(&self.disksize, function, |disksize| *disksize)
    }

    /// Stores `i_disksize`. One step.
    ///
    /// "Raise it if it is lower" in two steps, each correct by itself:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 2, RawInode::default(), false);
    /// let end = inode.clone();
    /// for (name, to) in [("one", 1), ("other", 2)] {
    ///     let inode = inode.clone();
    ///     world.thread(name, move |task| {
    ///         if inode.disksize(task, f::EXT4_DA_WRITE_END)? < to {
    ///             inode.set_disksize(task, f::EXT4_DA_WRITE_END, to)?;
    ///         }
    ///         Ok(())
    ///     });
    /// }
    /// world.finally(move |task| {
    ///     let (_, disksize) = end.peek_sizes();
    ///     task.check("highest", disksize == 2, || format!("i_disksize is {disksize}"));
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("highest").is_some());
    /// ```
    #[track_caller]
    pub fn set_disksize(&self, task: &Task, function: Function, new: usize) -> Result<(), Halt> {
        task.step(&self.disksize, function, move |disksize| *disksize = new)
    }

    /// `ext4_mark_inode_dirty`, as far as the journal sees it: reads `i_disksize` and copies it to
    /// the inode's buffer, together with what has just happened. Two steps: nothing keeps another
    /// thread from changing `i_disksize`, and logging that, in between. With `locked` they are one
    /// critical section of `i_raw_lock`.
    ///
    /// Between the look at `i_disksize` and the copy another thread may log a newer one; `i_raw_lock`
    /// mends it:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, Logged, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// let stale = |locked: bool| {
    ///     let encoding: Arc<dyn Encoding> = Arc::new(move |world: &mut World| {
    ///         let inode = Inode::new(world, 2, RawInode::default(), false);
    ///         let other = inode.clone();
    ///         world.thread("truncate", move |task| inode.log(task, Logged::Orphan, locked));
    ///         world.thread("writer", move |task| {
    ///             other.set_disksize(task, f::EXT4_DA_WRITE_END, 2)?;
    ///             other.log(task, Logged::Freed(2), locked)?;
    ///             let logged = other.raw(task, f::COMMIT_TRANSACTION)?.size;
    ///             task.check("newest", logged == 2, || format!("the journal has {logged}"));
    ///             Ok(())
    ///         });
    ///     });
    ///     search(&encoding, &Strategy::States).unwrap().finding("newest").is_some()
    /// };
    /// assert!(stale(false) && !stale(true));
    /// ```
    #[track_caller]
    pub fn log(&self, task: &Task, what: Logged, locked: bool) -> Result<(), Halt> {
        let _raw_lock = if locked {
            Some(task.acquire(&self.raw_lock, f::EXT4_MARK_INODE_DIRTY)?)
        } else {
            None
        };
        let size = self.disksize(task, f::EXT4_MARK_INODE_DIRTY)?;
        task.step(&self.raw, f::EXT4_MARK_INODE_DIRTY, move |raw| {
            raw.size = size;
            match what {
                Logged::Allocation(new) => raw.blocks.0 |= new.0,
                Logged::Orphan => raw.orphan = true,
                Logged::Freed(first) => {
                    raw.blocks.truncate(first);
                    raw.orphan = false;
                }
            }
        })
    }

    /// Looks at `i_size` and `i_disksize` from outside the program.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 1, RawInode { size: 1, ..RawInode::default() }, true);
    /// let end = inode.clone();
    /// world.thread("truncate", move |task| inode.i_size_write(task, 0));
    /// world.finally(move |task| {
    ///     let (size, disksize) = end.peek_sizes();
    ///     task.check("sizes", size == disksize, || format!("{disksize} on disk, and {size}"));
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("sizes").is_some()); // Truncation has to set both.
    /// ```
    #[track_caller]
    #[must_use]
    pub fn peek_sizes(&self) -> (usize, usize) {
        (self.size.peek(), self.disksize.peek(|disksize| *disksize))
    }

    /// Reads the inode's buffer. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{Inode, Logged, RawInode, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let inode = Inode::new(world, 1, RawInode::default(), false);
    /// let other = inode.clone();
    /// world.thread("truncate", move |task| inode.log(task, Logged::Orphan, false));
    /// world.thread("kjournald2", move |task| {
    ///     let committed = other.raw(task, f::COMMIT_TRANSACTION)?;
    ///     task.reach(if committed.orphan { "orphan" } else { "not yet" });
    ///     Ok(())
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert_eq!(found.reached.len(), 2);
    /// ```
    #[track_caller]
    pub fn raw(&self, task: &Task, function: Function) -> Result<RawInode, Halt> {
        task.step(&self.raw, function, |raw| *raw)
    }
}
