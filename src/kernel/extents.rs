//! The extents of a file: which of its blocks are allocated on disk, and which of them are written.
//!
//! A block on its way from a hole to data and back:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{ExtentMap, Found, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let map = ExtentMap::new(world, &[Found::Hole]);
//! world.thread("one", move |task| {
//!     assert_eq!(map.create(task, f::EXT4_GET_BLOCKS_WRAP, 0, 1)?, (Found::Hole, 1));
//!     assert_eq!(map.look_up(task, f::EXT4_GET_BLOCK, 0)?, Found::Written);
//!     map.truncate(task, f::EXT4_TRUNCATE, 0)?;
//!     assert_eq!(map.look_up(task, f::EXT4_GET_BLOCK, 0)?, Found::Hole);
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::blocks::Blocks;
use super::class::I_DATA_SEM;
use crate::model::{Function, Halt, Lock, State, Task, World};

/// What a look-up of one block finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// The file does not have the block.
    Hole,
    /// The block is allocated and reads as zeroes (`fallocate`).
    Unwritten,
    /// The block is allocated and holds data.
    Written,
}

/// The extents of an inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Extents {
    written: Blocks,
    unwritten: Blocks,
}

impl Extents {
    const fn find(self, block: usize) -> Found {
        if self.written.contains(block) {
            Found::Written
        } else if self.unwritten.contains(block) {
            Found::Unwritten
        } else {
            Found::Hole
        }
    }
}

impl State for Extents {
    fn show(&self) -> String {
        format!(
            "written {} unwritten {}",
            self.written.show(),
            self.unwritten.show()
        )
    }
}

/// The extents of an inode under `i_data_sem`.
///
/// The semaphore's readers exclude one another here. They take nothing else while they hold it.
#[derive(Debug, Clone)]
pub struct ExtentMap(Lock<Extents>);

impl ExtentMap {
    /// Makes the map of a file whose blocks are given in their order.
    #[must_use]
    pub fn new(world: &World, blocks: &[Found]) -> Self {
        let those = |what: Found| {
            let found = blocks.iter().enumerate().filter(move |(_, f)| **f == what);
            Blocks::of(found.map(|(block, _)| block))
        };
        let extents = Extents {
            written: those(Found::Written),
            unwritten: those(Found::Unwritten),
        };
        Self(world.lock("extents", I_DATA_SEM, extents))
    }

    /// `ext4_get_blocks` without `create`: looks one block up. One step.
    #[track_caller]
    pub fn look_up(&self, task: &Task, function: Function, block: usize) -> Result<Found, Halt> {
        let map = task.acquire(&self.0, function)?;
        Ok(map.read(move |extents| extents.find(block)))
    }

    /// `ext4_get_blocks` with `create`: allocates, or converts, up to `most` blocks in a row from
    /// `block` on that are alike. Returns what they were, and how many. One step.
    #[track_caller]
    pub fn create(
        &self,
        task: &Task,
        function: Function,
        block: usize,
        most: usize,
    ) -> Result<(Found, usize), Halt> {
        let mut map = task.acquire(&self.0, function)?;
        Ok(map.update(move |extents| {
            let was = extents.find(block);
            let alike = |b: &usize| extents.find(*b) == was;
            let count = (block..block + most).take_while(alike).count();
            for b in block..block + count {
                extents.unwritten.remove(b);
                extents.written.insert(b);
            }
            (was, count)
        }))
    }

    /// `ext4_truncate`: frees the blocks from `size` on. One step.
    #[track_caller]
    pub fn truncate(&self, task: &Task, function: Function, size: usize) -> Result<(), Halt> {
        let mut map = task.acquire(&self.0, function)?;
        map.update(move |extents| {
            extents.written = extents.written.below(size);
            extents.unwritten = extents.unwritten.below(size);
        });
        Ok(())
    }

    /// `ext4_alloc_file_blocks` of a zero-range: the block is allocated, and reads as zeroes. One step.
    #[track_caller]
    pub fn zero(&self, task: &Task, function: Function, block: usize) -> Result<(), Halt> {
        let mut map = task.acquire(&self.0, function)?;
        map.update(move |extents| {
            extents.written.remove(block);
            extents.unwritten.insert(block);
        });
        Ok(())
    }

    /// Looks at a block from outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek(&self, block: usize) -> Found {
        self.0.peek(|extents| extents.find(block))
    }
}
