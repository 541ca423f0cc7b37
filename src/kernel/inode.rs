//! An ext4 inode: its sizes, its blocks, and its copy in the journal.
//!
//! The size on disk may include a block whose allocation is not logged yet:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::model::{Encoding, World};
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
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert!(found.finding("disksize").is_some());
//! ```

use super::blocks::Blocks;
use super::class::{I_DATA_SEM, I_MUTEX, I_RAW_LOCK};
use super::functions as f;
use super::raw_inode::{Logged, RawInode};
use super::variable::Variable;
use crate::model::{Cell, Function, Guard, Halt, Lock, Task, World};

/// An inode.
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
    #[track_caller]
    pub fn lock_i_mutex(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        task.acquire(&self.mutex, function)
    }

    /// Takes `i_data_sem`, for reading or for writing, and with it the map of the allocated
    /// blocks. One step.
    ///
    /// The semaphore's readers exclude one another here. They take nothing else while they hold
    /// it, so this adds no wait to any cycle.
    #[track_caller]
    pub fn down_i_data_sem(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<Guard<'_, Blocks>, Halt> {
        task.acquire(&self.data_sem, function)
    }

    /// `i_size_read`: without any lock. One step where the scenario changes `i_size`.
    #[track_caller]
    pub fn i_size_read(&self, task: &Task) -> Result<usize, Halt> {
        self.size.read(task, f::I_SIZE_READ)
    }

    /// `i_size_write`. One step.
    #[track_caller]
    pub fn i_size_write(&self, task: &Task, new: usize) -> Result<(), Halt> {
        self.size.write(task, f::I_SIZE_WRITE, new)
    }

    /// Reads `i_disksize`. One step; which lock the caller holds, if any, is as in the function
    /// that it mirrors.
    #[track_caller]
    pub fn disksize(&self, task: &Task, function: Function) -> Result<usize, Halt> {
        task.step(&self.disksize, function, |disksize| *disksize)
    }

    /// Stores `i_disksize`. One step.
    #[track_caller]
    pub fn set_disksize(&self, task: &Task, function: Function, new: usize) -> Result<(), Halt> {
        task.step(&self.disksize, function, move |disksize| *disksize = new)
    }

    /// `ext4_mark_inode_dirty`, as far as the journal sees it: reads `i_disksize` and copies it to
    /// the inode's buffer, and then what has just happened, as `ext4_do_update_inode` copies the inode word by word.
    /// Three steps: nothing keeps another thread from changing `i_disksize`, and logging that, in between. With
    /// `locked` they are one critical section of `i_raw_lock`.
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
        })?;
        task.step(&self.raw, f::EXT4_MARK_INODE_DIRTY, move |raw| match what {
            Logged::Allocation(new) => raw.blocks.0 |= new.0,
            Logged::Orphan => raw.orphan = true,
            Logged::Freed(first) => {
                raw.blocks.truncate(first);
                raw.orphan = false;
            }
        })
    }

    /// Looks at `i_size` and `i_disksize` from outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek_sizes(&self) -> (usize, usize) {
        (self.size.peek(), self.disksize.peek(|disksize| *disksize))
    }

    /// Reads the inode's buffer. One step.
    #[track_caller]
    pub fn raw(&self, task: &Task, function: Function) -> Result<RawInode, Halt> {
        task.step(&self.raw, function, |raw| *raw)
    }
}
