//! Which blocks of a file the disk has, and which of them were ever written.
//!
//! A block on its way from a hole to data and back:
//!
//! ```
//! # use pagelock::engine::{Encoding, Strategy, World, search};
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
//! # let found = search(&encoding, &Strategy::States).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::blocks::Blocks;
use super::class::I_DATA_SEM;
use crate::engine::{Function, Halt, Lock, State, Task, World};

/// What a look-up of one block finds.
///
/// ```
/// use pagelock::kernel::Found;
///
/// // What a read of a block gives before anybody has written it: only one of the three is data.
/// let is_data = |found: Found| found == Found::Written;
/// assert_eq!([Found::Hole, Found::Unwritten, Found::Written].map(is_data), [false, false, true]);
/// ```
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
///
/// Two threads that fill the same hole without a common lock: the second finds it filled.
///
/// ```
/// use pagelock::engine::{Encoding, Strategy, World, search};
/// use pagelock::kernel::{ExtentMap, Found, functions as f};
/// use std::sync::Arc;
///
/// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let map = ExtentMap::new(world, &[Found::Hole]);
///     for name in ["one", "other"] {
///         let map = map.clone();
///         world.thread(name, move |task| {
///             if map.look_up(task, f::EXT4_GET_BLOCK, 0)? == Found::Hole {
///                 let (was, _) = map.create(task, f::EXT4_GET_BLOCKS_WRAP, 0, 1)?;
///                 task.reach(if was == Found::Hole { "filled" } else { "too late" });
///             }
///             Ok(())
///         });
///     }
/// });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// assert!(found.reached.contains("too late"));
/// ```
#[derive(Debug, Clone)]
pub struct ExtentMap(Lock<Extents>);

impl ExtentMap {
    /// Makes the map of a file whose blocks are given in their order.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{ExtentMap, Found, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let map = ExtentMap::new(world, &[Found::Written, Found::Hole, Found::Unwritten]);
    /// assert_eq!([0, 1, 2, 3].map(|block| map.peek(block)), [
    ///     Found::Written, Found::Hole, Found::Unwritten,
    ///     Found::Hole, // Beyond the file.
    /// ]);
    /// # world.thread("nobody", |_| Ok(()));
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{ExtentMap, Found, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let map = ExtentMap::new(world, &[Found::Written]);
    /// let truncated = map.clone();
    /// world.thread("writepage", move |task| {
    ///     let found = map.look_up(task, f::NOALLOC_GET_BLOCK_WRITE, 0)?;
    ///     task.reach(if found == Found::Hole { "hole" } else { "block" });
    ///     Ok(())
    /// });
    /// world.thread("truncate", move |task| truncated.truncate(task, f::EXT4_TRUNCATE, 0));
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert_eq!(found.reached.len(), 2);
    /// ```
    #[track_caller]
    pub fn look_up(&self, task: &Task, function: Function, block: usize) -> Result<Found, Halt> {
        let map = task.acquire(&self.0, function)?;
        Ok(map.read(move |extents| extents.find(block)))
    }

    /// `ext4_get_blocks` with `create`: allocates, or converts, up to `most` blocks in a row from
    /// `block` on that are alike. Returns what they were, and how many. One step.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{ExtentMap, Found, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let map = ExtentMap::new(world, &[Found::Unwritten, Found::Unwritten, Found::Hole]);
    /// world.thread("flusher", move |task| {
    ///     // As far as the blocks are alike, and no further.
    ///     assert_eq!(map.create(task, f::EXT4_GET_BLOCKS_WRAP, 0, 3)?, (Found::Unwritten, 2));
    ///     assert_eq!(map.create(task, f::EXT4_GET_BLOCKS_WRAP, 2, 1)?, (Found::Hole, 1));
    ///     assert_eq!([0, 1, 2].map(|block| map.peek(block)), [Found::Written; 3]);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
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
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{ExtentMap, Found, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let map = ExtentMap::new(world, &[Found::Written; 3]);
    /// world.thread("truncate", move |task| {
    ///     map.truncate(task, f::EXT4_TRUNCATE, 1)?;
    ///     assert_eq!([0, 1, 2].map(|b| map.peek(b)), [Found::Written, Found::Hole, Found::Hole]);
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn truncate(&self, task: &Task, function: Function, size: usize) -> Result<(), Halt> {
        let mut map = task.acquire(&self.0, function)?;
        map.update(move |extents| {
            extents.written = extents.written.below(size);
            extents.unwritten = extents.unwritten.below(size);
        });
        Ok(())
    }

    /// Looks at a block from outside the program.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{ExtentMap, Found, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let map = ExtentMap::new(world, &[Found::Hole]);
    /// let end = map.clone();
    /// world.thread("writepage", move |task| map.create(task, f::EXT4_GET_BLOCK, 0, 1).map(drop));
    /// world.finally(move |task| {
    ///     let allocated = end.peek(0) != Found::Hole;
    ///     task.check("no-allocation", !allocated, || "writepage has filled a hole".into());
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding("no-allocation").is_some());
    /// ```
    #[track_caller]
    #[must_use]
    pub fn peek(&self, block: usize) -> Found {
        self.0.peek(|extents| extents.find(block))
    }
}
