//! A set of blocks of a file.
//!
//! A truncation frees the blocks of the file beyond its new end:
//!
//! ```
//! use pagelock::kernel::Blocks;
//!
//! let file = Blocks::of([0, 1, 4]);
//! let freed = Blocks::of((1..8).filter(|block| file.contains(*block)));
//! assert_eq!(freed, Blocks::of([1, 4]));
//! assert_eq!(file.below(1), Blocks::of([0]));
//! ```

use crate::model::State;

/// A set of blocks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Blocks(pub(super) u32);

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

    /// Takes every block from `first` on away.
    pub const fn truncate(&mut self, first: usize) {
        *self = self.below(first);
    }

    /// Takes a block away.
    pub const fn remove(&mut self, block: usize) {
        self.0 &= !(1 << block);
    }

    /// The blocks of the set that lie below `size`.
    #[must_use]
    pub const fn below(self, size: usize) -> Self {
        Self(self.0 & ((1 << size) - 1))
    }

    pub(super) fn show(self) -> String {
        let blocks = (0..32).filter(|block| self.contains(*block));
        let blocks: Vec<String> = blocks.map(|block| block.to_string()).collect();
        format!("[{}]", blocks.join(" "))
    }
}

impl State for Blocks {
    fn show(&self) -> String {
        Blocks::show(*self)
    }
}
