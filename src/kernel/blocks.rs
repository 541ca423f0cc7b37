//! A set of blocks of a file.
//!
//! What a truncation frees is what the file has behind its new end:
//!
//! ```
//! use pagelock::kernel::Blocks;
//!
//! let file = Blocks::of([0, 1, 4]);
//! let freed = Blocks::of((1..8).filter(|block| file.contains(*block)));
//! assert_eq!(freed, Blocks::of([1, 4]));
//! assert_eq!(file.below(1), Blocks::of([0]));
//! ```

use crate::engine::State;

/// A set of blocks of a file.
///
/// ```
/// use pagelock::engine::State;
/// use pagelock::kernel::Blocks;
///
/// let mut blocks = Blocks::of(0..4);
/// blocks.remove(1); // A hole is punched.
/// blocks.truncate(3);
/// assert_eq!(blocks.show(), "[0 2]");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Blocks(pub(super) u32);

impl Blocks {
    /// The set of the given blocks.
    ///
    /// ```
    /// # use pagelock::kernel::Blocks;
    /// // The blocks of a page of two, by its index: neither their order nor a block named twice matters.
    /// let page = |index: usize| Blocks::of([2 * index + 1, 2 * index, 2 * index]);
    /// assert_eq!(page(1), Blocks::of(2..4));
    /// ```
    #[must_use]
    pub fn of(blocks: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::default();
        blocks.into_iter().for_each(|block| set.insert(block));
        set
    }

    /// Whether the set has the block.
    ///
    /// ```
    /// # use pagelock::kernel::Blocks;
    /// let allocated = Blocks::of([0, 2]);
    /// // The first block that a size of 3 covers and that was never allocated.
    /// assert_eq!((0..3).find(|block| !allocated.contains(*block)), Some(1));
    /// ```
    #[must_use]
    pub const fn contains(self, block: usize) -> bool {
        self.0 >> block & 1 == 1
    }

    /// Adds a block.
    ///
    /// ```
    /// # use pagelock::kernel::Blocks;
    /// let mut blocks = Blocks::default();
    /// blocks.insert(5);
    /// blocks.insert(5);
    /// assert_eq!(blocks, Blocks::of([5]));
    /// ```
    pub const fn insert(&mut self, block: usize) {
        self.0 |= 1 << block;
    }

    /// Takes every block from `first` on away.
    ///
    /// ```
    /// # use pagelock::kernel::Blocks;
    /// let mut blocks = Blocks::of([0, 1, 4]);
    /// blocks.truncate(1);
    /// assert_eq!(blocks, Blocks::of([0]));
    /// ```
    pub const fn truncate(&mut self, first: usize) {
        *self = self.below(first);
    }

    /// Takes a block away.
    ///
    /// ```
    /// # use pagelock::kernel::Blocks;
    /// let mut blocks = Blocks::of([0, 1, 2]);
    /// blocks.remove(1);
    /// assert!(blocks.contains(2) && !blocks.contains(1));
    /// ```
    pub const fn remove(&mut self, block: usize) {
        self.0 &= !(1 << block);
    }

    /// The blocks of the set that lie below `size`.
    ///
    /// ```
    /// # use pagelock::kernel::Blocks;
    /// let allocated = Blocks::of([0, 1, 4]);
    /// // What recovery leaves of an inode on the orphan list whose size is 2.
    /// assert_eq!(allocated.below(2), Blocks::of([0, 1]));
    /// assert!(allocated.contains(4), "the set itself is as it was");
    /// ```
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
