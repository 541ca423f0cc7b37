//! The copy of an inode that the journal will write.
//!
//! The journal's copy is as old as the last call of `ext4_mark_inode_dirty`:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{Blocks, Inode, Logged, RawInode, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let inode = Inode::new(world, 1, RawInode { size: 1, ..RawInode::default() }, false);
//! world.thread("writer", move |task| {
//!     inode.set_disksize(task, f::EXT4_DA_WRITE_END, 2)?;
//!     assert_eq!(inode.raw(task, f::COMMIT_TRANSACTION)?.size, 1); // What a crash would leave.
//!     inode.log(task, Logged::Allocation(Blocks::of([1])), true)?;
//!     let expected = RawInode { size: 2, blocks: Blocks::of([1]), orphan: false };
//!     assert_eq!(inode.raw(task, f::COMMIT_TRANSACTION)?, expected);
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::Blocks;
use crate::model::{State, Word};

/// The inode as its buffer in the journal holds it (`struct ext4_inode`): what a commit makes
/// permanent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RawInode {
    /// The size on disk, in blocks.
    pub size: usize,
    /// The allocated blocks.
    pub blocks: Blocks,
    /// It is on the orphan list: recovery truncates it to `size`.
    pub orphan: bool,
}

impl State for RawInode {
    fn show(&self) -> String {
        let orphan = if self.orphan { " orphan" } else { "" };
        format!("size {} blocks {}{orphan}", self.size, self.blocks.show())
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("i_disksize", self.size),
            Word::new("i_block", self.blocks),
            Word::new("orphan list", self.orphan),
        ]
    }
}

/// What of an inode `ext4_mark_inode_dirty` copies to the journal besides its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    /// These blocks, just allocated.
    Allocation(Blocks),
    /// That the inode is on the orphan list.
    Orphan,
    /// That its blocks from here on are freed, and that it is off the list.
    Freed(usize),
}
