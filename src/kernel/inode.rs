//! An ext4 inode: its sizes, its blocks, and what of it the journal has seen.

use super::class::{I_DATA_SEM, I_MUTEX};
use super::functions as f;
use crate::engine::{Cell, Function, Guard, Halt, Lock, State, Task, World};
use std::hash::Hash;

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

    /// The first block below `end` that the set does not have.
    #[must_use]
    pub fn first_missing_below(self, end: usize) -> Option<usize> {
        (0..end).find(|block| !self.contains(*block))
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

/// The part of an inode that belongs to the filesystem (`struct ext4_inode_info`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct InodeInfo {
    /// `i_disksize`, in blocks: the size that the next `ext4_mark_inode_dirty` logs.
    pub disksize: usize,
    /// `i_data`: the allocated blocks. Changed under `i_data_sem` only.
    pub blocks: Blocks,
    /// The inode's buffer in the running transaction.
    pub raw: RawInode,
}

impl State for InodeInfo {
    fn show(&self) -> String {
        format!(
            "i_disksize {} blocks {} logged {}/{}",
            self.disksize,
            self.blocks.show(),
            self.raw.size,
            self.raw.blocks.show()
        )
    }
}

/// An inode.
#[derive(Debug, Clone)]
pub struct Inode {
    mutex: Lock<()>,
    data_sem: Lock<()>,
    size: Cell<usize>,
    info: Cell<InodeInfo>,
}

impl Inode {
    /// Makes an inode of `size` blocks, of which the disk knows `info`.
    #[must_use]
    pub fn new(world: &World, size: usize, info: InodeInfo) -> Self {
        Self {
            mutex: world.lock("i_mutex", I_MUTEX, ()),
            data_sem: world.lock("i_data_sem", I_DATA_SEM, ()),
            size: world.cell("i_size", size),
            info: world.cell("ext4 inode", info),
        }
    }

    /// Takes `i_mutex`, which serialises `write(2)` and `truncate(2)` on a file, and which page
    /// faults cannot take. One step.
    pub fn lock_i_mutex(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        task.acquire(&self.mutex, function)
    }

    /// Takes `i_data_sem`, for reading or for writing. One step.
    ///
    /// The semaphore's readers exclude one another here. They take nothing else while they hold
    /// it, so this adds no wait to any cycle.
    pub fn down_i_data_sem(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        task.acquire(&self.data_sem, function)
    }

    /// `i_size_read`: without any lock. One step.
    pub fn i_size_read(&self, task: &Task) -> Result<usize, Halt> {
        task.step(&self.size, f::I_SIZE_READ, |size| *size)
    }

    /// `i_size_write`. One step.
    pub fn i_size_write(&self, task: &Task, new: usize) -> Result<(), Halt> {
        task.step(&self.size, f::I_SIZE_WRITE, move |size| *size = new)
    }

    /// Reads or changes `i_disksize`, the block map or the logged inode. One step; which lock the
    /// caller holds, if any, is as in the function that it mirrors.
    pub fn with_info<R: Hash>(
        &self,
        task: &Task,
        function: Function,
        change: impl Fn(&mut InodeInfo) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        task.step(&self.info, function, change)
    }

    /// `ext4_mark_inode_dirty`, as far as the journal sees it: copies `i_disksize` and the block
    /// map to the inode's buffer. One step: the copy is made under the buffer's lock.
    pub fn log(&self, task: &Task) -> Result<(), Halt> {
        self.with_info(task, f::EXT4_MARK_INODE_DIRTY, |info| {
            info.raw = RawInode {
                size: info.disksize,
                blocks: info.blocks,
            };
        })
    }

    /// Looks at the inode from outside the program.
    pub fn peek<R>(&self, read: impl FnOnce(usize, &InodeInfo) -> R) -> R {
        self.size.peek(|size| self.info.peek(|info| read(*size, info)))
    }
}
