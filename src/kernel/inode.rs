//! An ext4 inode: its sizes, its blocks, and what of it the journal has seen.

use super::class::{I_DATA_SEM, I_MUTEX};
use super::functions as f;
use super::variable::Variable;
use crate::engine::{Cell, Function, Guard, Halt, Lock, State, Task, World};

/// A set of blocks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Blocks(u32);

impl Blocks {
    /// The set of the given blocks.
    #[must_use]
    pub fn of(blocks: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::default();
        blocks.into_iter().for_each(|block| set.insert(block));
        set
    }

    /// Whether the set has the block.
    #[must_use]
    pub const fn contains(self, block: usize) -> bool {
        self.0 >> block & 1 == 1
    }

    /// Adds a block.
    pub const fn insert(&mut self, block: usize) {
        self.0 |= 1 << block;
    }

    fn show(self) -> String {
        let blocks = (0..32).filter(|block| self.contains(*block));
        let blocks: Vec<String> = blocks.map(|block| block.to_string()).collect();
        format!("[{}]", blocks.join(" "))
    }
}

/// The inode as its buffer in the journal holds it (`struct ext4_inode`): what a commit makes
/// permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RawInode {
    /// The size on disk, in blocks.
    pub size: usize,
    /// The allocated blocks.
    pub blocks: Blocks,
}

impl State for RawInode {
    fn show(&self) -> String {
        format!("size {} blocks {}", self.size, self.blocks.show())
    }
}

impl State for Blocks {
    fn show(&self) -> String {
        Blocks::show(*self)
    }
}

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
        }
    }

    /// Takes `i_mutex`, which serialises `write(2)` and `truncate(2)` on a file, and which page
    /// faults cannot take. One step.
    pub fn lock_i_mutex(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        task.acquire(&self.mutex, function)
    }

    /// Takes `i_data_sem`, for reading or for writing, and with it the map of the allocated
    /// blocks. One step.
    ///
    /// The semaphore's readers exclude one another here. They take nothing else while they hold
    /// it, so this adds no wait to any cycle.
    pub fn down_i_data_sem(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<Guard<'_, Blocks>, Halt> {
        task.acquire(&self.data_sem, function)
    }

    /// `i_size_read`: without any lock. One step where the scenario changes `i_size`.
    pub fn i_size_read(&self, task: &Task) -> Result<usize, Halt> {
        self.size.read(task, f::I_SIZE_READ)
    }

    /// `i_size_write`. One step.
    pub fn i_size_write(&self, task: &Task, new: usize) -> Result<(), Halt> {
        self.size.write(task, f::I_SIZE_WRITE, new)
    }

    /// Reads `i_disksize`. One step; which lock the caller holds, if any, is as in the function
    /// that it mirrors.
    pub fn disksize(&self, task: &Task, function: Function) -> Result<usize, Halt> {
        task.step(&self.disksize, function, |disksize| *disksize)
    }

    /// Stores `i_disksize`. One step.
    pub fn set_disksize(&self, task: &Task, function: Function, new: usize) -> Result<(), Halt> {
        task.step(&self.disksize, function, move |disksize| *disksize = new)
    }

    /// `ext4_mark_inode_dirty`, as far as the journal sees it: reads `i_disksize` and copies it to
    /// the inode's buffer, together with `new` blocks that the caller has just allocated. Two
    /// steps: nothing keeps another thread from changing `i_disksize` in between.
    pub fn log(&self, task: &Task, new: Blocks) -> Result<(), Halt> {
        let size = self.disksize(task, f::EXT4_MARK_INODE_DIRTY)?;
        task.step(&self.raw, f::EXT4_MARK_INODE_DIRTY, move |raw| {
            raw.size = size;
            raw.blocks.0 |= new.0;
        })
    }

    /// Reads the inode's buffer. One step.
    pub fn raw(&self, task: &Task, function: Function) -> Result<RawInode, Halt> {
        task.step(&self.raw, function, |raw| *raw)
    }
}
